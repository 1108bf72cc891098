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
    @Flag(help: .spoken(.reopenAll))
    var all = false
    @Flag(help: .spoken(.acceptLoss))
    var acceptLoss = false
    @Option(name: .long, help: .spoken(.acceptLostStatements))
    var acceptLostStatements: [String] = []

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            if let space, all { throw speaker.refusing(.usage, ServerPhrases.oneOrAll, ["space": .text(space)]) }
            let store = try folder.existingStore(speaker)
            guard let identity = try folder.heldIdentity() else { throw ServerFolderFault.unreadable(path: folder.identityPath) }
            guard space != nil || all || !acceptLostStatements.isEmpty else {
                let mark = try FileMark.reading(folder.marksPath)
                return try list(store.read { try FallenBack.reconcile($0, with: mark) }, store, speaker)
            }
            // A server that runs holds the mark; this begins only once it has stopped.
            let mark = try FileMark(path: folder.marksPath)
            try giveUpStatements(store, mark, speaker)
            let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
            let operation = Operation(
                registrar: Registrar(identity: identity, mark: mark, frozen: fallen), fallen: fallen, store: store, mark: mark,
                speaker: speaker, acceptsLoss: acceptLoss)
            if let space { return try operation.reopen(named: space) }
            if fallen.spaces.isEmpty { speaker.say(ServerPhrases.noneRecovering) }
            // What cannot be reopened is said, and keeps no other log waiting.
            var refused: ExitCode?
            for space in fallen.spaces.keys.sorted() {
                do { try operation.reopen(space) } catch let error as ExitCode { refused = error }
            }
            if let refused { throw refused }
        }
    }

    /// Lets organisations go on from what is held of their statements, each on its operator's own word: what one of them said last
    /// may be the end of a device's rights, and that device may act until it is said anew.
    private func giveUpStatements(_ store: SQLiteStore, _ mark: FileMark, _ speaker: Speaker) throws {
        guard !acceptLostStatements.isEmpty else { return }
        let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
        let chosen = try store.read { reader in
            try acceptLostStatements.map { try OrganisationChoice($0, reader).chosen(speaker).id }
        }
        let lost = try store.read { try fallen.statements($0) }
        for organisation in chosen where fallen.organisations[organisation] == nil {
            throw speaker.refusing(.usage, ServerPhrases.statementsWhole, ["organisation": .text(organisation.fingerprint)])
        }
        try store.read { try mark.giveUp(statementsOf: chosen, $0) }
        for part in lost where chosen.contains(part.organisation) {
            speaker.say(
                ServerPhrases.statementsGivenUp,
                ["organisation": .text(part.organisation.fingerprint), "n": .number(max(1, part.marked - part.held))])
        }
    }

    /// Which logs wait for somebody to give their end back, and what organisations said that is lost.
    private func list(_ fallen: FallenBack, _ store: SQLiteStore, _ speaker: Speaker) throws {
        if fallen.spaces.isEmpty { speaker.say(ServerPhrases.noneRecovering) }
        for part in try store.read({ try fallen.statements($0) }) {
            speaker.say(
                ServerPhrases.statementsLine,
                [
                    "organisation": .text(part.organisation.fingerprint), "held": .number(part.held), "n": .number(part.marked),
                ])
        }
        for (space, loss) in fallen.spaces.sorted(by: { $0.key < $1.key }) {
            let held = try store.read { try $0.standing(of: space)?.size ?? 0 }
            speaker.say(
                loss.mark.isUnknown ? ServerPhrases.unknownLine : .recoveringLine,
                ["space": .text(space.hex), "held": .number(held), "size": .number(loss.mark.size), "epoch": .number(loss.mark.epoch)])
        }
    }

    /// A server's folder in the hands of its operator.
    private struct Operation {
        let registrar: Registrar
        let fallen: FallenBack
        let store: SQLiteStore
        let mark: FileMark
        let speaker: Speaker
        let acceptsLoss: Bool

        func reopen(named name: String) throws {
            let space = try speaker.space(named: name) { id in
                try fallen.spaces[id] != nil || store.read { try $0.standing(of: id) != nil }
            }
            guard fallen.spaces[space] != nil else {
                throw speaker.refusing(.usage, ServerPhrases.spaceNotRecovering, ["space": .text(name)])
            }
            try reopen(space)
        }

        func reopen(_ space: SpaceID) throws {
            guard let loss = fallen.spaces[space] else { return }
            let held = try store.read { try $0.standing(of: space)?.size }
            guard let from = loss.left(of: held) else {
                throw speaker.refusing(.usage, loss.isFork ? ServerPhrases.nothingSigned : .nothingLeft, ["space": .text(space.hex)])
            }
            guard acceptsLoss else {
                // Where something else stands than was signed, nothing that is given back mends it.
                let question =
                    if loss.isFork { ServerPhrases.cutNotAccepted } else {
                        loss.mark.isUnknown ? ServerPhrases.unknownNotAccepted : .lossNotAccepted
                    }
                let last = (loss.mark.isUnknown ? held ?? 0 : max(loss.mark.size, held ?? 0)) - 1
                throw speaker.refusing(.usage, question, ["from": .number(from), "to": .number(last), "space": .text(space.hex)])
            }
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let reopening: Reopening
            do { reopening = try store.write { try registrar.reopen(space, at: now, $0) } } catch ReopenFault.chainLost(let organisation) {
                throw speaker.refusing(.usage, ServerPhrases.chainFirst, ["organisation": .text(organisation.fingerprint)])
            }
            // Before this the store is ahead of its mark, which the next start mends: nobody has been told anything.
            try mark.take(reopening)
            speaker.say(
                ServerPhrases.reopened,
                ["space": .text(space.hex), "epoch": .number(reopening.place.epoch), "entry": .number(reopening.ended.size)])
        }
    }
}
