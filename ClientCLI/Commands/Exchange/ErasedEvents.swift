import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Storage
import Wording

extension ArrivedEvents {
    /// What others have erased in an engagement's log or a service's, and the server by an order (design section 10).
    mutating func readErasures(in space: SpaceID, _ service: String?, _ engagement: KnownEngagement?) throws {
        guard let known = before.erasures(in: space) else { return }
        let own = directory.identity.organisation
        for erasure in try workspace.knownErasures(in: space, reader) where erasure.organisation != own && !known.contains(erasure.word) {
            let who = sayer(of: erasure)
            let documents = erasure.lost.filter { $0.kind == "agreement" && $0.cell == CellKey("document") }
            for document in documents {
                let short = try reader.shortID(of: .record(document.record))
                add(
                    "document-erased", service, engagement,
                    who.counterpart + [.init("agreement", .text(document.record.uuid)), .init("short", .text(short))] + who.reference,
                    .arrivedDocumentErased,
                    ["counterpart": who.name, "id": .text(short)])
            }
            let cells = erasure.lost.filter { !documents.contains($0) }
            guard !cells.isEmpty else { continue }
            let names = try cells.map { "\(try name(of: $0.record, in: space)) \($0.cell.shown)" }
            add(
                "erased", service, engagement,
                who.counterpart + [.init("cells", .list(try cells.map { try json($0, in: space) }))] + who.reference, .arrivedErased,
                [
                    "counterpart": who.name, "n": .number(cells.count),
                    "list": .text(names.joined(separator: language == .ja ? "、" : ", ")),
                ])
        }
    }

    /// What this organisation still holds of it, and the command that erases it here.
    mutating func readCopies(in engagement: KnownEngagement, _ service: String?) throws {
        let ways = ErasureWays(directory)
        for copy in try workspace.heldCopies(of: engagement, reader) where !before.knows(copy) {
            let name = try ways.name(of: copy, in: engagement, reader)
            let place = directory.engagements.count > 1 ? " -e \(engagement.handle)" : ""
            let command = ways.command(copy, address: name.address, place: place)
            add(
                "erase-asked", service, engagement,
                [
                    .init("kind", .text(copy.kind)), .init("short", .text(try reader.shortID(of: .record(copy.record)))),
                    .init("field", .text(copy.cell.shown)), .init("next", .text(command)),
                ], .arrivedEraseAsked, ["record": .text(name.shown), "field": .text(copy.cell.shown), "command": .text(command)])
        }
    }

    private func sayer(of erasure: KnownErasure)
        -> (name: Fact, counterpart: [JSONValue.Member], reference: [JSONValue.Member])
    {
        guard let organisation = erasure.organisation else {
            let reference = erasure.word.reference ?? "-"
            return (.word(SyncPhrases.serverByOrder, ["reference": .text(reference)]), [], [.init("reference", .text(reference))])
        }
        let other = directory.engagements.lazy.flatMap(\.others).first { $0.organisation == organisation }
        let name = other?.name.spoken(language.rawValue) ?? organisation.fingerprint
        return (.text(name), other.map { [.init("counterpart", .texts($0.name))] } ?? [], [])
    }

    private func row(of record: RecordID, in space: SpaceID) throws -> RowKey? {
        try reader.shown(record, in: space).flatMap { RowKey($0) }
    }

    private func name(of record: RecordID, in space: SpaceID) throws -> String {
        try row(of: record, in: space)?.shown ?? reader.shortID(of: .record(record))
    }

    private func json(_ lost: KnownErasure.Lost, in space: SpaceID) throws -> JSONValue {
        .members(
            ("kind", .text(lost.kind)), ("field", .text(lost.cell.field)), ("element", .text(orNull: lost.cell.elementText)),
            ("row", try row(of: lost.record, in: space)?.json ?? .null))
    }
}
