import ArgumentParser
import BuntanProtocol
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Wording

/// Goes on without what a restored backup lacks and nobody gives back.
struct ReopenCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "reopen", abstract: ServerHelpPhrases.reopen.spoken)
    }
    @OptionGroup var data: DataOption
    @Argument(help: .spoken(.reopenSpace))
    var space: String?
    @Flag(help: .spoken(.acceptLoss))
    var acceptLoss = false

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            let store = try folder.existingStore(speaker)
            guard let identity = try folder.heldIdentity() else { throw ServerFolderFault.unreadable(path: folder.identityPath) }
            guard let space else {
                let mark = try FileMark.reading(folder.marksPath)
                return try list(store.read { try FallenBack.reconcile($0, with: mark) }, store, speaker)
            }
            // A server that runs holds the mark; this begins only once it has stopped.
            let mark = try FileMark(path: folder.marksPath)
            let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
            guard let id = SpaceID(Hexadecimal.bytes(space) ?? []) else {
                throw speaker.refusing(.usage, ServerPhrases.unknownSpace, ["space": .text(space)])
            }
            guard let loss = fallen.spaces[id] else {
                let isKnown = try store.read { try $0.standing(of: id) != nil }
                throw speaker.refusing(
                    .usage, isKnown ? ServerPhrases.spaceNotRecovering : ServerPhrases.unknownSpace, ["space": .text(space)])
            }
            let held = try store.read { try $0.standing(of: id)?.size }
            guard let from = loss.left(of: held) else {
                throw speaker.refusing(.usage, loss.isFork ? ServerPhrases.nothingSigned : .nothingLeft, ["space": .text(space)])
            }
            guard acceptLoss else {
                // Where something else stands than was signed, nothing that is given back mends it.
                throw speaker.refusing(
                    .usage, loss.isFork ? ServerPhrases.cutNotAccepted : .lossNotAccepted,
                    ["from": .number(from), "to": .number(max(loss.mark.size, held ?? 0) - 1), "space": .text(space)])
            }
            let registrar = Registrar(identity: identity, mark: mark, frozen: fallen)
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let reopening: Reopening
            do { reopening = try store.write { try registrar.reopen(id, at: now, $0) } } catch ReopenFault.chainLost(let organisation) {
                throw speaker.refusing(.usage, ServerPhrases.chainFirst, ["organisation": .text(organisation.fingerprint)])
            }
            // Before this the store is ahead of its mark, which the next start mends: nobody has been told anything.
            try mark.take(reopening)
            speaker.say(
                ServerPhrases.reopened,
                ["space": .text(space), "epoch": .number(reopening.place.epoch), "entry": .number(reopening.ended.size)])
        }
    }

    /// Which logs wait for somebody to give their end back.
    private func list(_ fallen: FallenBack, _ store: SQLiteStore, _ speaker: Speaker) throws {
        if fallen.spaces.isEmpty { speaker.say(ServerPhrases.noneRecovering) }
        for (space, loss) in fallen.spaces.sorted(by: { $0.key < $1.key }) {
            let held = try store.read { try $0.standing(of: space)?.size ?? 0 }
            speaker.say(
                ServerPhrases.recoveringLine,
                ["space": .text(space.hex), "held": .number(held), "size": .number(loss.mark.size), "epoch": .number(loss.mark.epoch)])
        }
    }
}
