import Agreements
import BuntanProtocol
import ChangeLog
import MergeReference
import Merging
import Records
import TestKit

/// What the agreements of an engagement are worth, told from its logs by the words of PROTOCOL.md section 15 (P9).
///
/// What was signed is compared with what stands value by value: no digest, no brief and no outline is looked at.
struct AgreementCheck {
    private struct Signed {
        let side: Side
        let position: Int
        /// Its device was doubted from a time on that lies before.
        let isDoubted: Bool
    }

    private struct Agreement {
        let document: AgreementDocument
        let signed: [Signed]
        /// The last day that somebody has named.
        let endsOn: CalendarDate?

        func first(_ side: Side) -> Signed? {
            signed.filter { $0.side == side }.min { ($0.isDoubted ? 1 : 0, $0.position) < ($1.isDoubted ? 1 : 0, $1.position) }
        }
        var completed: Int? {
            guard let provider = first(.provider), let customer = first(.customer) else { return nil }
            return max(provider.position, customer.position)
        }
        var isDoubted: Bool { Side.allCases.contains { first($0)?.isDoubted == true } }
    }

    private let logs: [SpaceID: ReferenceLog]
    private let agreements: [RecordID: Agreement]
    /// Those of which a signature was salvaged: what its device might do when that was first taken, this log does not say.
    private let untold: Set<RecordID>

    init(service: ReferenceLog, engagement: ReferenceLog) throws {
        logs = [service.space: service, engagement.space: engagement]
        var untold: Set<RecordID> = []
        var documents: [RecordID: (AgreementDocument, [UInt8])] = [:]
        var signed: [RecordID: [Signed]] = [:]
        var ends: [RecordID: CalendarDate] = [:]
        let firsts = Self.firsts(in: engagement)
        for (record, change) in firsts where engagement.kinds[record] == "agreement" {
            guard let text = Self.values(of: record, in: change)["document"]?.text else { continue }
            documents[record] = (try AgreementDocument(decoding: Array(text.utf8)), Array(text.utf8))
        }
        for (record, change) in firsts where engagement.kinds[record] == PartySignature.kind {
            let values = Self.values(of: record, in: change)
            guard let signature = PartySignature(record: record, values: { values[$0] }, place: nil),
                let (document, bytes) = documents[signature.agreement],
                let side = Side.allCases.first(where: { document.organisation($0) == signature.organisation }),
                signature.words(for: SHA.digest(bytes)).isSigned(signature.signature, by: signature.device)
            else { continue }
            if change.isSalvaged { untold.insert(signature.agreement) }
            guard let authority = engagement.authorities[change.position],
                authority.rights(of: signature.device, signature.organisation).contains(.sign)
            else { continue }
            let doubt = engagement.authority.doubts[signature.device]
            signed[signature.agreement, default: []].append(
                Signed(side: side, position: change.position, isDoubted: doubt.map { change.received > $0 } ?? false))
        }
        for (record, change) in firsts where engagement.kinds[record] == AgreementEnding.kind {
            let values = Self.values(of: record, in: change)
            guard let agreement = values["agreement"]?.bytes.flatMap({ RecordID($0) }),
                let day = values["endsOn"]?.text.flatMap({ CalendarDate(canonical: $0) })
            else { continue }
            ends[agreement] = min(ends[agreement] ?? day, day)
        }
        agreements = Dictionary(
            uniqueKeysWithValues: documents.map { ($0, Agreement(document: $1.0, signed: signed[$0] ?? [], endsOn: ends[$0])) })
        self.untold = untold
    }

    /// What each agreement that both have signed is worth on a day, by its status's name; `nil` for one that cannot be told.
    func statuses(on day: CalendarDate) -> [RecordID: String?] {
        Dictionary(
            uniqueKeysWithValues: agreements.compactMap { id, agreement in
                agreement.completed.map { (id, untold.isEmpty ? status(of: agreement, completed: $0, on: day) : nil) }
            })
    }

    private func status(of own: Agreement, completed: Int, on day: CalendarDate) -> String {
        if let last = own.endsOn, last < day { return "ended" }
        let isTakenOver = agreements.values.contains { other in
            guard let later = other.completed, later > completed, !other.isDoubted else { return false }
            let parts = other.document.scope.map { [$0.space.hex, $0.kind] }
            return other.document.validFrom.map { $0 <= day } ?? true
                && own.document.scope.allSatisfy { parts.contains([$0.space.hex, $0.kind]) }
        }
        if isTakenOver { return "superseded" }
        if let first = own.document.validFrom, day < first { return "not-yet-valid" }
        if let last = own.document.validTo, last < day { return "expired" }
        if current(in: own.document) != signed(in: own.document) { return "stale" }
        return own.isDoubted ? "contested" : "in-force"
    }

    // MARK: what stands

    private func signed(in document: AgreementDocument) -> [RecordID: [CellKey: EncodedValue]?] {
        Dictionary(
            uniqueKeysWithValues: document.records.map { record in
                (record.record, Dictionary(uniqueKeysWithValues: record.cells.map { ($0.key, $0.value) }))
            })
    }

    /// The live records of a scope, each with its values; without any where one of them is not settled.
    private func current(in document: AgreementDocument) -> [RecordID: [CellKey: EncodedValue]?] {
        var found: [RecordID: [CellKey: EncodedValue]?] = [:]
        for part in document.scope {
            guard let log = logs[part.space] else { continue }
            for (record, kind) in log.kinds where kind == part.kind || kind.hasPrefix(part.kind + ".") {
                guard !document.except.contains(record), let state = log.state(of: record) else { continue }
                let values = state.cells.map { cell in (cell.key, Set(cell.heads.map(\.value))) }
                let life = values.first { $0.0 == .life }?.1 ?? []
                if life == [.false], values.count == 1 { continue }
                guard life == [.true], values.allSatisfy({ $0.1.count == 1 && $0.1.first != .some(nil) }) else {
                    found[record] = .some(nil)
                    continue
                }
                var cells: [CellKey: EncodedValue] = [:]
                for (key, heads) in values where key != .life {
                    guard case .some(.some(let value)) = heads.first else { continue }
                    if value.isNull || value.isFalse && key.element != nil { continue }
                    cells[key] = value
                }
                found[record] = cells
            }
        }
        return found
    }

    /// The change that began each record.
    private static func firsts(in log: ReferenceLog) -> [RecordID: ReferenceLog.LoggedChange] {
        var found: [RecordID: ReferenceLog.LoggedChange] = [:]
        for change in log.changes { for edit in change.edits where found[edit.record] == nil { found[edit.record] = change } }
        return found
    }

    /// What a change says of a record.
    private static func values(of record: RecordID, in change: ReferenceLog.LoggedChange) -> [String: Value] {
        var found: [String: Value] = [:]
        for op in change.ops where op.record == record { found[op.cell.field] = op.value?.value }
        return found
    }
}
