import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// Finds the agreement that was typed, and says of agreements what every command says alike.
struct AgreementForms {
    let engagement: KnownEngagement
    let directory: StoreDirectory
    let known: [KnownAgreement]
    /// Those whose documents were erased, oldest first: none of them is among the others.
    let erased: [ErasedAgreement]
    /// The letters by which each goes in the whole store, so that what is printed can be typed for any command.
    private var shorts: [RecordID: String]
    private let found: ShortIDs<RecordID>
    private let labels: [DeviceID: String]
    let invocation: Invocation

    init(
        _ engagement: KnownEngagement, _ directory: StoreDirectory, _ workspace: Workspace, _ invocation: Invocation,
        on day: CalendarDate? = nil, _ reader: any StoreReader
    ) throws {
        let known = try workspace.agreements(of: engagement, day: { day ?? invocation.day(in: $0) }, reader)
        try self.init(engagement, directory, workspace, known, invocation, reader)
    }

    /// - Parameters:
    ///   - known: the engagement's agreements, where they have been read.
    ///   - names: what things of this store go by, where those of several engagements are asked for.
    init(
        _ engagement: KnownEngagement, _ directory: StoreDirectory, _ workspace: Workspace, _ known: [KnownAgreement],
        _ invocation: Invocation, naming names: ShortNames? = nil, _ reader: any StoreReader
    ) throws {
        self.engagement = engagement
        self.directory = directory
        self.known = known
        self.invocation = invocation
        erased = try workspace.erasedAgreements(of: engagement, reader)
        let ids = known.map(\.id) + erased.map(\.id)
        found = ShortIDs(ids)
        if let names {
            shorts = Dictionary(try ids.map { ($0, try names.of($0)) }) { first, _ in first }
        } else {
            let letters = try reader.shortIDs(of: Set(ids.map { .record($0) }))
            shorts = Dictionary(ids.map { ($0, letters[.record($0)] ?? leastLetters(of: $0.bytes)) }) { first, _ in first }
        }
        let rights = try reader.standing(of: engagement.space)?.rights
        labels = Dictionary(
            (rights?.enrolledDevices ?? []).compactMap { device in
                rights?.organisation(of: device).flatMap { rights?.chain(of: $0) }?.devices[device].map { (device, $0.label) }
            }
        ) { first, _ in first }
    }

    func short(_ id: RecordID) -> String { shorts[id] ?? leastLetters(of: id.bytes) }

    /// Takes up what an agreement goes by that nobody has signed yet.
    mutating func name(_ id: RecordID, _ reader: any StoreReader) throws {
        if shorts[id] == nil { shorts[id] = try reader.shortID(of: .record(id)) }
    }

    /// The agreement of a short or a full id.
    func agreement(_ typed: String) throws -> KnownAgreement {
        if let id = RecordID(uuid: typed), let found = try held(id) { return found }
        switch found.find(typed) {
        case .one(let id):
            if let found = try held(id) { return found }
        case .several(let ids):
            throw CommandFailure(
                .ambiguousID, ["id": .text(typed)], candidates: ids.map { CommandFailure.Candidate(name: short($0)) })
        case .none(let nearest):
            throw CommandFailure(
                .unknownID, ["id": .text(typed)], next: "buntan agreements",
                candidates: nearest.map { CommandFailure.Candidate(name: short($0)) })
        case .notAShortID: break
        }
        throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan agreements")
    }

    /// The agreement of an id; one whose document was erased is said to be so.
    private func held(_ id: RecordID) throws -> KnownAgreement? {
        if let gone = erased.first(where: { $0.id == id }) { throw failure(gone) }
        return known.first { $0.id == id }
    }

    /// The one meant where none is named: the newest that binds both, else the newest there is.
    func newest() throws -> KnownAgreement {
        guard let found = known.binding ?? known.last else {
            if let gone = erased.last { throw failure(gone) }
            throw CommandFailure(.noAgreement, ["counterpart": .text(counterpart)], next: "buntan agree")
        }
        return found
    }

    /// The one whose evidence is meant where none is named: what is in force today, else as above.
    func telling() throws -> KnownAgreement { try known.provable ?? newest() }

    var counterpart: String { engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle }

    func name(of organisation: OrganisationID) -> String {
        let language = invocation.language.rawValue
        if organisation == engagement.counterpart { return engagement.counterpartName.spoken(language) ?? organisation.fingerprint }
        if organisation == engagement.party { return engagement.partyName.spoken(language) ?? organisation.fingerprint }
        return organisation.fingerprint
    }

    func device(_ device: DeviceID) -> String { labels[device] ?? String(device.hex.prefix(16)) }

    func day(_ millis: Int64) -> String { invocation.times.day(Date(timeIntervalSince1970: Double(millis / 1000))).text }

    /// When a signature was received; for one that waits, nothing.
    func signedOn(_ found: PartySignature?) -> String {
        found?.place.map { day($0.received) } ?? AgreementPhrases.unsentYet.text(in: invocation.language)
    }

    /// The day from which an agreement binds: that of the second signature, or its own first day if that is later; `nil`
    /// while the second signature waits to be sent.
    func since(_ agreement: KnownAgreement) -> String? {
        guard let signed = agreement.content.signedAt.map({ day($0) }) else { return nil }
        return max(signed, agreement.head.validFrom?.text ?? signed)
    }

    private func beginning(of agreement: KnownAgreement) -> Fact? { since(agreement).map { .text($0) } }

    /// The day until which an agreement was stale: what has been replaced since is not any longer. `nil` for one that is stale still.
    func end(of span: StaleSpan, of agreement: KnownAgreement) -> String? {
        if let to = span.to { return day(to) }
        guard case .superseded(let by) = agreement.status else { return nil }
        return known.first { $0.id == by }?.content.signedAt.map { day($0) }
    }

    // MARK: words

    /// What an agreement is worth, in a sentence, with the end that a side has said for a day to come.
    ///
    /// - Parameter spans: when what it covers was something else, for the day from which it is now.
    func standing(_ agreement: KnownAgreement, _ spans: [StaleSpan] = []) -> Fact {
        let status = status(agreement, staleSince: spans.last.flatMap { $0.to == nil ? day($0.from) : nil })
        guard let ending = agreement.comingEnd else { return status }
        return .word(
            AgreementPhrases.statusUntil,
            [
                "status": status, "date": .text(ending.endsOn.text), "organisation": .text(name(of: ending.by)),
                "reason": .text(ending.message ?? "-"),
            ])
    }

    private func status(_ agreement: KnownAgreement, staleSince: String?) -> Fact {
        let since = beginning(of: agreement)
        let changed = agreement.changed
        let them: Fact = .text(counterpart)
        switch agreement.status {
        case .proposed:
            return .word(AgreementPhrases.proposed)
        case .halfSigned(let side):
            guard engagement.side != nil else {
                return .word(
                    AuditorPhrases.halfSigned,
                    [
                        "organisation": .text(name(of: agreement.head.organisation(side))),
                        "counterpart": .text(name(of: agreement.head.organisation(side.other))),
                    ])
            }
            return .word(side == engagement.side ? AgreementPhrases.halfSignedYou : .halfSignedThem, ["counterpart": them])
        case .inForce: return since.map { .word(AgreementPhrases.inForce, ["date": $0]) } ?? .word(AgreementPhrases.inForceUnsent)
        case .stale:
            return since.map {
                .word(
                    staleSince == nil ? AgreementPhrases.inForceStale : .inForceStaleSince,
                    ["date": $0, "changed": changed, "from": .text(staleSince ?? "")])
            }
                ?? .word(AgreementPhrases.inForceStaleUnsent, ["changed": changed])
        case .contested(let sides):
            let organisations = sides.map { name(of: agreement.head.organisation($0)) }.joined(separator: ", ")
            return .word(
                AgreementPhrases.contested, ["reason": .word(AgreementPhrases.compromisedAfter, ["organisation": .text(organisations)])])
        case .signed:
            return .word(AgreementPhrases.signedUnseen, ["date": .text(agreement.content.signedAt.map { day($0) } ?? "-")])
        case .notYetValid(let from):
            let facts: Facts = ["date": .text(from.text), "changed": changed]
            return .word(agreement.differences.isEmpty ? AgreementPhrases.notYetValid : .notYetValidStale, facts)
        case .expired(let day): return .word(AgreementPhrases.expired, ["date": .text(day.text)])
        case .ended(let ending):
            let facts: Facts = [
                "date": .text(ending.endsOn.text), "reason": .text(ending.message ?? "-"), "organisation": .text(name(of: ending.by)),
            ]
            guard !agreement.content.isWhole else { return .word(AgreementPhrases.ended, facts) }
            return .word(agreement.isOffered(by: ending.by) ? AgreementPhrases.offerWithdrawn : .offerDeclined, facts)
        case .superseded(let by):
            let newer = known.first { $0.id == by }.flatMap { beginning(of: $0) }
            return newer.map { .word(AgreementPhrases.superseded, ["id": .text(short(by)), "date": $0]) }
                ?? .word(AgreementPhrases.supersededUnsent, ["id": .text(short(by))])
        }
    }

    /// The one word for a status.
    static func word(_ status: AgreementStatus) -> Fact {
        switch status {
        case .proposed: .word(AgreementPhrases.statusProposed)
        case .halfSigned: .word(AgreementPhrases.statusHalfSigned)
        case .inForce: .word(TermPhrases.inForce)
        case .stale: .word(TermPhrases.stale)
        case .contested: .word(TermPhrases.contested)
        case .signed: .word(TermPhrases.signed)
        case .notYetValid: .word(AgreementPhrases.statusNotYetValid)
        case .expired: .word(AgreementPhrases.statusExpired)
        case .ended: .word(TermPhrases.ended)
        case .superseded: .word(TermPhrases.superseded)
        }
    }

    // MARK: JSON

    static let fields = [
        "id", "short", "kind", "status", "document", "release", "validFrom", "validTo", "timeZone", "rows", "excepted", "signedAt",
        "signatures", "differing", "staleSpans", "end", "supersededBy", "sent", "erased",
    ]

    func json(_ agreement: KnownAgreement, spans: [StaleSpan]) -> JSONValue {
        let document = agreement.head
        let rows = agreement.content.outline.rowCount
        var end: JSONValue?
        var supersededBy: JSONValue?
        if let ending = agreement.end {
            end = Self.json(ending)
        }
        if case .superseded(let by) = agreement.status { supersededBy = .text(by.uuid) }
        return .identified(
            agreement.id.uuid, short: short(agreement.id), ("kind", "agreement"), ("status", .text(agreement.status.name)),
            ("document", .text(agreement.content.digest.hex)),
            (
                "release",
                .members(
                    ("id", .text(document.release.record.uuid)), ("label", .text(orNull: agreement.release?.label)),
                    ("digest", .text(document.release.digest.hex)), ("withdrawn", .bool(agreement.release?.isWithdrawn ?? false)))
            ), ("validFrom", .text(orNull: document.validFrom?.text)), ("validTo", .text(orNull: document.validTo?.text)),
            ("timeZone", .text(document.terms.timeZone)), ("rows", .number(rows)), ("excepted", .number(document.except.count)),
            ("signedAt", .text(orNull: agreement.content.signedAt.map { Timestamp.rfc3339(milliseconds: $0) })),
            ("signatures", .list(agreement.content.signatures.map { json($0.signature, $0.standing, in: document) })),
            ("differing", .list(agreement.differingRows.map(\.json))),
            (
                "staleSpans",
                .list(
                    spans.map {
                        [
                            "from": .text(Timestamp.rfc3339(milliseconds: $0.from)),
                            "to": .text(orNull: $0.to.map { Timestamp.rfc3339(milliseconds: $0) }),
                        ]
                    })
            ), ("end", end), ("supersededBy", supersededBy), ("sent", .bool(agreement.isSent)))
    }

    static func json(_ ending: AgreementEnding) -> JSONValue {
        ["on": .text(ending.endsOn.text), "by": .text(ending.by.hex), "message": .text(orNull: ending.message)]
    }

    private func json(_ signature: PartySignature, _ standing: SignatureStanding, in document: AgreementHead) -> JSONValue {
        json(signature, side: signature.organisation == document.provider ? .provider : .customer, standing: standing.name)
    }

    func json(_ signature: PartySignature, side: Side, standing: String) -> JSONValue {
        .members(
            ("side", .text(side.name)),
            ("organisation", .text(signature.organisation.hex)), ("name", .text(signature.name)), ("title", .text(signature.title)),
            ("device", .text(device(signature.device))), ("key", .text(signature.device.hex)),
            ("time", .text(orNull: signature.place.map { Timestamp.rfc3339(milliseconds: $0.received) })),
            ("position", signature.place.map { .number($0.position) } ?? .null), ("standing", .text(standing)))
    }
}

extension KnownAgreement {
    /// The end that has come, or that a side has said for a day to come.
    var end: AgreementEnding? {
        if case .ended(let ending) = status { return ending }
        return comingEnd
    }

    /// The end of one that binds both, said by a side for today or a day to come.
    var comingEnd: AgreementEnding? { status.isBinding ? content.ending : nil }

    /// The last day on which it holds, as far as anybody has said one.
    var lastDay: CalendarDate? { [head.validTo, end?.endsOn].compactMap { $0 }.min() }

    /// Whether the one signature there is, is this organisation's.
    func isOffered(by organisation: OrganisationID) -> Bool { content.signatures.contains { $0.signature.organisation == organisation } }
}

extension SignatureStanding {
    /// The name of a standing in JSON.
    var name: String {
        switch self {
        case .valid: "valid"
        case .contested: "contested"
        case .unseen: "log-missing"
        case .void(let fault):
            switch fault {
            case .doesNotVerify: "does-not-verify"
            case .notAParty: "not-a-party"
            case .notEnrolled: "not-enrolled"
            case .revoked: "revoked"
            case .noRight: "no-right"
            case .viewMissing, .viewNotPrefix, .viewForeign: "other-log"
            }
        }
    }
}

extension Invocation {
    /// The day that views answer for, in the zone that is set here.
    var today: CalendarDate { day(in: settings.timeZone.identifier) }

    /// The day that views answer for, in a zone: today, unless another was asked for.
    func day(in zone: String) -> CalendarDate { askedDay ?? ZonedDays.day(of: console.now(), zone: zone) }
}

/// Days as a zone has them.
enum ZonedDays {
    /// The day of a time in a zone of the tz database; in UTC where the zone is unknown here.
    static func day(of time: Date, zone: String) -> CalendarDate {
        let zone = TimeZone(identifier: zone) ?? .gmt
        let day = TimeDisplay(zone: zone, language: .en).day(time)
        return CalendarDate(year: day.year, month: day.month, day: day.day) ?? Self.first
    }

    /// A day as an option takes it.
    static func day(reading text: String) throws -> CalendarDate {
        let day = try CalendarDay(reading: text)
        return CalendarDate(year: day.year, month: day.month, day: day.day) ?? Self.first
    }

    private static var first: CalendarDate {
        guard let day = CalendarDate(year: 1, month: 1, day: 1) else { preconditionFailure("the calendar begins with a day") }
        return day
    }
}

extension KnownAgreement {
    /// How much of what was signed is something else now: rows, and records beside them.
    var changed: Fact {
        let (rows, records) = (differingRows.count, differences.count { $0.row == nil })
        let facts: Facts = ["rows": .number(rows), "n": .number(records)]
        if rows > 0, records > 0 { return .word(AgreementPhrases.changedBoth, facts) }
        return .word(records > 0 ? AgreementPhrases.changedRecordCount : .changedRows, facts)
    }

    /// The records beside the rows that are something else now, by what they are or are items of.
    var changedRecords: (kinds: [String], count: Int) {
        let beside = differences.filter { $0.row == nil }
        return (Set(beside.map { String($0.kind.prefix { $0 != "." }) }).sorted(), beside.count)
    }
}
