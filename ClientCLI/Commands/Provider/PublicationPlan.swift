import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// What a publish would do, looked at before it is done.
struct PublicationPlan {
    /// The label of the newest release if nothing differs from it.
    let unchangedSince: String?
    /// The fields that leave the organisation with it.
    let fields: Set<String>
    /// The columns of imported files that stay behind, as remarks of the organisation's own.
    private let columns: [String]
    private let heldBack: DisclosedView
    private let reallocated: [RowKey]
    /// What it does to what is said and signed with customers.
    private let effects: [PublicationEffect]
    private let ids: [RecordID: String]
    /// The rows that would be published and name nobody.
    private let unallocated: [RowKey]
    /// The rows that the release has, and the records that it changes.
    private let rows: Int
    private let changed: Int
    private let service: Fact
    private let label: String

    init(_ label: String, _ service: ProvidedService, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws {
        let drafts = try workspace.publicationDrafts(service, reader)
        fields = Workspace.fields(leavingIn: drafts)
        let releases = try workspace.releases(of: service.service, reader)
        if let taken = releases.first(where: { $0.label == label }) {
            let date = try reader.received(taken.position, in: service.service).map {
                selector.invocation.times.day(Date(timeIntervalSince1970: Double($0) / 1_000)).text
            }
            throw CommandFailure(
                .releaseExists, ["label": .text(label), "date": date.map { .text($0) } ?? .word(AgreementPhrases.unsentYet)],
                next: "buntan releases")
        }
        let last = releases.last
        let changing = try workspace.changedRecords(among: drafts, of: service, reader)
        changed = changing.count
        let drafted = try workspace.rows(in: service.draft, reader)
        rows = drafted.count
        unallocated = drafted.filter { ["", "unallocated"].contains($0.state.text("allocation") ?? "") }.map(\.key)
        self.label = label
        let named = selector.directory.services.first { $0.service == service.service }
        self.service = .text(named?.name.spoken(selector.invocation.language.rawValue) ?? named?.handle ?? "")
        let isUnchanged = last?.isWithdrawn == false && changed == 0
        unchangedSince = isUnchanged ? last?.label : nil
        reallocated = try workspace.rowsReallocatedWithoutWords(among: changing, of: service, reader)
        effects = try workspace.publicationEffects(
            changing: changing, of: service, selector.directory, day: { selector.invocation.day(in: $0) }, reader)
        let names = ShortNames(reader)
        ids = try Dictionary(uniqueKeysWithValues: effects.flatMap(\.outgrown).map { ($0.agreement.id, try names.of($0.agreement.id)) })
        guard let known = selector.directory.services.first(where: { $0.service == service.service }) else {
            (heldBack, columns) = (DisclosedView(), [])
            return
        }
        heldBack = try workspace.disclosed(known, nil, to: .everybody, view: .nextRelease, reader)
        let own = try workspace.disclosed(known, nil, to: .myself, view: .nextRelease, reader)
        columns = Set(own.records.filter { $0.kind == "annotation" }.compactMap { $0.state.text("label") }).sorted()
    }

    /// What people call these fields, each name once.
    static func names(of fields: some Sequence<String>) -> Phrase {
        func names(_ language: Language) -> [String] { Set(fields.map { Labels.field($0, of: nil, language) ?? $0 }).sorted() }
        return Phrase(names(.en).joined(separator: ", "), ja: names(.ja).joined(separator: "、"))
    }

    /// Says what leaves and what does not, before it leaves.
    func say(_ invocation: Invocation) {
        invocation.notice(ProviderPhrases.publishFields, ["fields": .phrase(Self.names(of: fields), [:])])
        sayEffects(invocation)
        if !columns.isEmpty { invocation.notice(ProviderPhrases.publishStays, ["columns": .text(columns.joined(separator: ", "))]) }
        for part in heldBack.heldBack where part.kind != "annotation" {
            let what = CodeLabels.field(part.field, of: part.kind, invocation.language)
            invocation.notice(
                ExportPhrases.heldBack, ["n": .number(part.count), "what": .text(what), "reason": .word(part.reason.phrase)])
        }
    }

    /// Says what it does not change though it seems to, and what that was signed would no longer fit.
    private func sayEffects(_ invocation: Invocation) {
        if !unallocated.isEmpty {
            invocation.notice(ProviderPhrases.publishUnallocated, ["rows": .number(unallocated.count), "shown": Self.first(unallocated)])
        }
        for effect in effects {
            let name = effect.engagement.counterpartName.spoken(invocation.language.rawValue) ?? effect.engagement.handle
            let option = Selection.engagement(effect.engagement).option
            if let row = effect.overruled.first {
                invocation.notice(
                    ProviderPhrases.publishOverruled,
                    [
                        "rows": .number(effect.overruled.count), "shown": Self.first(effect.overruled), "counterpart": .text(name),
                        "command": .text("buntan propose \(row.pasteable) --withdraw \(option)"),
                    ])
            }
            for (agreement, records) in effect.outgrown {
                let facts: Facts = ["id": .text(ids[agreement.id] ?? ""), "counterpart": .text(name), "n": .number(records)]
                switch agreement.status {
                case .halfSigned(by: .customer):
                    invocation.notice(
                        ProviderPhrases.publishOutgrowsTheirs, facts.merging(["command": .text("buntan agree \(option)")]) { $1 })
                case .halfSigned: invocation.notice(ProviderPhrases.publishOutgrowsYours, facts)
                default: invocation.notice(ProviderPhrases.publishOutgrows, facts)
                }
            }
        }
    }

    private static func first(_ rows: [RowKey]) -> Fact { .text(rows.prefix(5).map(\.shown).joined(separator: ", ")) }

    /// Asks before more than a few records go out.
    func confirm(_ invocation: Invocation) throws {
        try invocation.prompt.confirmsMany(
            changed, ProviderPhrases.publishQuestion,
            ["label": .text(label), "service": service, "rows": .number(rows), "changed": .number(changed)])
    }

    /// The reason of the release; asked for where an allocation changes while its words stay.
    func reason(_ message: String?, _ invocation: Invocation) throws -> String? {
        let message = message.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        if message != nil || reallocated.isEmpty { return message }
        invocation.notice(
            ProviderPhrases.publishReallocated, ["rows": .number(reallocated.count), "shown": Self.first(reallocated)])
        guard let typed = try invocation.prompt.line(ProviderPhrases.publishReason, ["rows": .number(reallocated.count)], flag: "-m") else {
            throw CommandFailure(.reasonMissing)
        }
        return typed
    }
}
