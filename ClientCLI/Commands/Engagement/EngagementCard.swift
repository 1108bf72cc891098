import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Wording

/// An engagement as a list tells of it: with whom and for what, where its rows and its agreement stand, since when.
struct EngagementCard {
    let engagement: KnownEngagement
    /// The handle of the service; `nil` while nothing of it has come.
    private let service: String?
    private let counts: RowTally.Counts
    private let agreement: (known: KnownAgreement, short: String)?
    /// The newest whose document was erased, where there is no other.
    private let erased: (gone: ErasedAgreement, short: String)?
    /// When it was begun, as its server received it; `nil` for one that waits to be sent.
    private let since: Int64?
    private let behind: CatchingUp?

    /// - Parameters:
    ///   - day: the day for which it is told what the agreement is worth; `nil` for today, in the agreement's own zone.
    ///   - names: what things of this store go by.
    init(
        _ engagement: KnownEngagement, _ selector: Selector, _ workspace: Workspace, on day: CalendarDate? = nil, naming names: ShortNames,
        _ reader: any StoreReader
    ) throws {
        self.engagement = engagement
        let standing = try workspace.standing(of: engagement, day: { day ?? selector.invocation.day(in: $0) }, reader)
        counts = standing.rows.counts
        let forms = try AgreementForms(
            engagement, selector.directory, workspace, standing.agreements, selector.invocation, naming: names, reader)
        agreement = (standing.agreements.binding ?? standing.agreements.last).map { ($0, forms.short($0.id)) }
        erased = agreement == nil ? forms.erased.last.map { ($0, forms.short($0.id)) } : nil
        service = selector.directory.service(of: engagement)?.handle
        since = try reader.received(0, in: engagement.space)
        behind = try [engagement.space, engagement.service].compactMap { try workspace.catchingUp(in: $0, reader) }.first
    }

    /// The states in the order in which they are told.
    private static let states: [RowState] = [.agreed, .disputed, .open, .unsettled, .reworded, .unpublished]

    // MARK: words

    static func table(_ cards: [EngagementCard], _ invocation: Invocation, _ language: Language) -> Table {
        let today = invocation.today
        var table = Table(columns: [
            Column(.headName, in: language), Column(.headCounterpart, in: language, fit: .cut),
            Column(.headService, in: language, fit: .cut), Column(.headRows, in: language, fit: .wrapped),
            Column(.headAgreement, in: language), Column(.headBegan, in: language), Column(.headState, in: language),
        ])
        for card in cards {
            let engagement = card.engagement
            let confirmed = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
            let reading = engagement.audit?.text(invocation.times, in: language)
            let verification = card.behind.map {
                StatusPhrases.catchingUp.text(in: language, ["done": .number($0.verified), "total": .number($0.size)])
            }
            let standing = [
                reading ?? confirmed.text(in: language), engagement.end?.text(on: today, in: language), verification,
            ].compactMap(\.self)
            let since = card.since.map { invocation.times.day(Date(milliseconds: $0)).text }
            table.rows.append([
                Span(engagement.handle),
                Span(engagement.others.map { $0.name.spoken(language.rawValue) ?? "-" }.joined(separator: language == .ja ? "、" : ", ")),
                Span(engagement.serviceName.spoken(language.rawValue) ?? "-"), Span(card.rows(language)), Span(card.worth(language)),
                Span(since ?? "-"), Span(standing.joined(separator: language == .ja ? "、" : ", ")),
            ])
        }
        return table
    }

    /// The rows by state.
    func rows(_ language: Language) -> String {
        let told = Self.states.filter { counts[$0] > 0 }.map { state in
            AgreementPhrases.partCount.text(in: language, ["state": .word(state.phrase), "n": .number(counts[state])])
        }
        return told.isEmpty ? "-" : told.joined(separator: language == .ja ? "、" : ", ")
    }

    /// The agreement that tells most, and what it is worth.
    func worth(_ language: Language) -> String {
        guard let agreement else {
            return erased.map {
                EngagementPhrases.agreementWorth.text(
                    in: language, ["id": .text($0.short), "status": .word(AgreementPhrases.statusErased)])
            } ?? "-"
        }
        return EngagementPhrases.agreementWorth.text(
            in: language, ["id": .text(agreement.short), "status": AgreementForms.word(agreement.known.status)])
    }

    // MARK: JSON

    static let fields = KnownEngagement.fields + ["service", "rows", "agreement", "since", "verified"]

    func json(_ shorts: ShortNames) throws -> JSONValue {
        guard case .object(let members) = try engagement.json(shorts) else { return .null }
        let rows = JSONValue.object(Self.states.map { .init($0.rawValue, .number(counts[$0])) })
        let worth = agreement.map { known, short -> JSONValue in
            .members(("id", .text(known.id.uuid)), ("short", .text(short)), ("status", .text(known.status.name)))
        }
        let gone = erased.map { gone, short -> JSONValue in
            .members(("id", .text(gone.id.uuid)), ("short", .text(short)), ("status", .text(ErasedAgreement.status)))
        }
        return .object(
            members + [
                .init("service", .text(orNull: service)), .init("rows", rows), .init("agreement", worth ?? gone ?? .null),
                .init("since", .text(orNull: since.map { Timestamp.rfc3339(milliseconds: $0) })),
                .init("verified", .bool(behind == nil)),
            ])
    }
}
