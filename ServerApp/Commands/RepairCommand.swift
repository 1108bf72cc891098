import ArgumentParser
import BuntanProtocol
import Exchange
import Storage
import StorageSQLite
import Wording

/// Makes what a disk has changed anew from what holds; the rest is brought back by those who hold it.
struct RepairCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "repair", abstract: ServerHelpPhrases.repair.spoken)
    }
    @OptionGroup var data: DataOption
    @Argument(help: .spoken(.reopenSpace))
    var space: String?
    @Flag(help: .spoken(.repairAll))
    var all = false

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            if let space, all { throw speaker.refusing(.usage, ServerPhrases.oneOrAll, ["space": .text(space)]) }
            let store = try folder.existingStore(speaker)
            guard space != nil || all else {
                let repairs = try needed(store, FileMark.reading(folder.marksPath), speaker)
                guard !repairs.isEmpty else { return speaker.say(ServerPhrases.repairNone) }
                for repair in repairs { speaker.say(repair.isWhole ? ServerPhrases.repairStates : .repairLog, Self.facts(of: repair)) }
                speaker.say(ServerPhrases.repairHow)
                throw ExitCode(ServerExit.found.rawValue)
            }
            guard let identity = try folder.heldIdentity() else { throw ServerFolderFault.unreadable(path: folder.identityPath) }
            // A server that runs holds the mark; this begins only once it has stopped.
            let mark = try FileMark(path: folder.marksPath)
            let meant = try space.map { name in try speaker.space(named: name) { id in try store.read { try $0.spaces().contains(id) } } }
            let repairs = try needed(store, mark, speaker, in: meant)
            guard !repairs.isEmpty else {
                // Of one that holds nothing is said about others.
                guard let meant else { return speaker.say(ServerPhrases.repairNone) }
                return speaker.say(ServerPhrases.repairNotNeeded, ["space": .text(meant.hex)])
            }
            let registrar = Registrar(identity: identity, mark: mark)
            try store.write { try registrar.repair(repairs, $0) }
            for repair in repairs { speaker.say(repair.isWhole ? ServerPhrases.repairedStates : .repairedLog, Self.facts(of: repair)) }
        }
    }

    /// What each log needs, or one that is meant; that the database itself is damaged is said, and nothing here mends it.
    private func needed(_ store: SQLiteStore, _ mark: any HighWaterMark, _ speaker: Speaker, in meant: SpaceID? = nil) throws -> [LogRepair]
    {
        let findings = try store.check(most: 1_000_000)
        for case .engine(let detail) in findings {
            speaker.complain(ServerPhrases.dataDamaged, ["path": .text(data.folder.storePath), "detail": .text(detail)])
        }
        let faulty = Set(findings.compactMap(\.space))
        return try store.read { reader in
            try (meant.map { [$0] } ?? reader.spaces()).compactMap {
                try LogRepair.needed(in: $0, isFaulty: faulty.contains($0), mark, reader)
            }
        }
    }

    private static func facts(of repair: LogRepair) -> Facts {
        [
            "space": .text(repair.space.hex), "whole": .number(repair.whole), "size": .number(repair.size),
            "n": .number(repair.size - repair.whole),
        ]
    }
}
