import ArgumentParser
import BuntanProtocol
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Wording

/// Erases values by a legal order, in the server's own name.
struct EraseCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "erase", abstract: ServerHelpPhrases.erase.spoken)
    }
    @OptionGroup var data: DataOption
    @Argument(help: .spoken(.reopenSpace))
    var space: String
    @Argument(help: .spoken(.eraseRecord))
    var record: String
    @Argument(help: .spoken(.eraseField))
    var field: String?
    @Option(help: .spoken(.reference))
    var reference: String
    @Flag(help: .spoken(.eraseForGood))
    var forGood = false

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            guard !reference.isEmpty, reference.utf8.count <= Limits.referenceBytes else {
                throw speaker.refusing(.usage, ServerPhrases.referenceLength, ["limit": .number(Limits.referenceBytes)])
            }
            let store = try folder.existingStore(speaker)
            guard let identity = try folder.heldIdentity() else { throw ServerFolderFault.unreadable(path: folder.identityPath) }
            let id = try speaker.space(named: space) { id in try store.read { try $0.standing(of: id) != nil } }
            // A server that runs holds the mark; this begins only once it has stopped.
            let mark = try FileMark(path: folder.marksPath)
            let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
            let registrar = Registrar(identity: identity, mark: mark, frozen: fallen)
            let ops = try store.read { try meant(in: id, $0) }
            let values = ops.reduce(0) { $0 + $1.indices.count }
            let facts: Facts = ["n": .number(values), "space": .text(space), "record": .text(record)]
            guard !ops.isEmpty else { throw speaker.refusing(.usage, ServerPhrases.nothingToErase, facts) }
            guard forGood else { throw speaker.refusing(.usage, ServerPhrases.eraseNotAgreed, facts) }
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let place: MarkedPlace
            do {
                place = try store.write { try registrar.erase(ops, in: id, reference: reference, at: now, $0) }
            } catch ErasureOrderFault.notWhole {
                throw speaker.refusing(.usage, ServerPhrases.eraseNotWhole, ["space": .text(space)])
            }
            // Before this the store is ahead of its mark, which the next start mends: nobody has been told anything.
            try mark.advance([id: place], chains: [:])
            try store.scrubIfDue()
            speaker.say(ServerPhrases.erased, facts.merging(["entry": .number(place.size - 1)]) { $1 })
        }
    }

    /// Every op on a field of a record that still has its value; of a sealed space, which nobody here can read, a whole change.
    private func meant(in space: SpaceID, _ reader: any StoreReader) throws -> [ErasedOps] {
        guard let field else {
            guard let change = ChangeID(Hexadecimal.bytes(record) ?? []), let place = try reader.place(of: change, in: space),
                let stored = try reader.entries(of: space, from: place.position, maxBytes: 1).first, stored.payload != nil
            else { return [] }
            let edits = try Change(decoding: Entry(decoding: stored.bytes).unwrapped().content).edits
            let ops = edits?.flatMap(\.ops)
            return [ErasedOps(change, ops.map { ops in ops.indices.filter { ops[$0].cell != .life } } ?? [0])]
        }
        guard let id = RecordID(Hexadecimal.bytes(record.replacing("-", with: "")) ?? []) else { return [] }
        return try reader.standingOps(on: field, element: nil, of: id, in: space)
    }
}
