import ChangeLog
import Syncing
import ArgumentParser
import BuntanProtocol
import Foundation
import Storage
import StorageSQLite
import Wording

/// Where the store is, how large, and what is in it.
struct StoreCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "store", abstract: CommandPhrases.store.spoken,
            subcommands: [StoreBackupCommand.self, StoreRestoreCommand.self, StoreCheckCommand.self])
    }

    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let (spaces, entries) = try open.store.counts()
        let size = open.layout.size
        let item: JSONValue = [
            "path": .text(open.layout.folder), "size": .number(size), "version": .number(SQLiteStore.schemaVersion),
            "spaces": .number(spaces), "entries": .number(entries),
        ]
        try invocation.print(
            .single("store/1", nil, fields: ["path", "size", "version", "spaces", "entries"], item) { page in
                page.say(
                    StartPhrases.storePath,
                    ["path": .text(open.layout.folder), "size": .number(size), "version": .number(SQLiteStore.schemaVersion)])
            })
        return .done
    }
}

/// Writes a consistent copy while others may read and write.
struct StoreBackupCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "backup", abstract: CommandPhrases.storeBackup.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        guard !FileManager.default.fileExists(atPath: file) else { throw CommandFailure(.fileExists, ["path": .text(file)]) }
        do { try open.store.backup(to: file) } catch let fault as StorageFault {
            throw CommandFailure(.cannotWrite, ["path": .text(file), "reason": .text(fault.shortReason)])
        }
        let size = StoreLayout.size(of: file)
        let keys = open.layout.folder + "/keys"
        let item: JSONValue = ["path": .text(file), "size": .number(size), "keys": .text(keys)]
        try invocation.print(
            .change("store-backup/1", nil, fields: ["path", "size", "keys"], item) { page in
                page.say(StartPhrases.storeBackedUp, ["path": .text(file), "size": .number(size), "keys": .text(keys)])
            })
        return .done
    }
}

/// Brings a copy back to where there is no store.
struct StoreRestoreCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "restore", abstract: CommandPhrases.storeRestore.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        // A store is never written over: it may hold changes that exist nowhere else.
        guard !layout.exists else { throw CommandFailure(.fileExists, ["path": .text(layout.database)]) }
        guard FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(.fileMissing, ["file": .text(file)], place: CommandFailure.Place(file: file))
        }
        try layout.makeFolders()
        let part = layout.database + ".part"
        defer { for path in [part, part + "-wal", part + "-shm"] { do { try FileManager.default.removeItem(atPath: path) } catch {} } }
        do { try FileManager.default.copyItem(atPath: file, toPath: part) } catch {
            throw CommandFailure(.fileUnreadable, ["file": .text(file), "reason": .text(SystemReason.of(error))])
        }
        let findings: [StoreFinding]
        do {
            // The copy is opened under another name: what is no sound store never takes the store's place.
            let store = try SQLiteStore.open(at: part, indexing: StateIndexing())
            findings = try store.check()
            try store.close()
        } catch StorageFault.notAStore {
            throw CommandFailure(.storeNotOurs, ["path": .text(file)])
        } catch StorageFault.damaged(let detail) {
            throw CommandFailure(.storeDamaged, ["path": .text(file), "detail": .text(detail)])
        }
        if let first = findings.first {
            throw CommandFailure(.storeDamaged, ["path": .text(file), "detail": .text(first.place)])
        }
        guard rename(part, layout.database) == 0 else {
            throw CommandFailure(.cannotWrite, ["path": .text(layout.database), "reason": .text(SystemReason.of(errno: errno))])
        }
        let item: JSONValue = ["path": .text(layout.folder), "from": .text(file), "size": .number(layout.size)]
        try invocation.print(
            .change("store-restore/1", nil, fields: ["path", "from", "size"], item) { page in
                page.say(StartPhrases.storeRestored, ["path": .text(file)])
                page.next("buntan sync")
            })
        return .done
    }
}

/// Verifies every row against what the logs prove.
struct StoreCheckCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "check", abstract: CommandPhrases.storeCheck.spoken)
    }

    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let findings = try open.store.check()
        let (spaces, entries) = try open.store.counts()
        let items = findings.map { finding -> JSONValue in ["what": .text(finding.name), "place": .text(finding.place)] }
        try invocation.print(
            .list("store-check/1", nil, fields: ["what", "place"], items) { page in
                if findings.isEmpty {
                    return page.say(StartPhrases.storeChecked, ["entries": .number(entries), "spaces": .number(spaces)])
                }
                for finding in findings { page.say(DoctorPhrases.storeDamaged, ["place": .text(finding.place)], .bad) }
            })
        return findings.isEmpty ? .done : .unverified
    }
}

extension SQLiteStore {
    func counts() throws -> (spaces: Int, entries: Int) {
        try read { reader in
            let spaces = try reader.spaces()
            return (spaces.count, try spaces.reduce(0) { $0 + (try reader.standing(of: $1)?.size ?? 0) })
        }
    }
}

extension StoreLayout {
    /// Bytes of the store with what its engine keeps beside it.
    var size: Int { Self.size(of: database) + Self.size(of: database + "-wal") }

    static func size(of path: String) -> Int {
        do { return (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0 } catch { return 0 }
    }
}

extension StorageFault {
    /// What the system would say, for a file that is not the store itself.
    var shortReason: String {
        switch self {
        case .diskFull: SystemReason.of(errno: ENOSPC)
        case .readOnly: SystemReason.of(errno: EROFS)
        case .noPermission: SystemReason.of(errno: EACCES)
        case .busy: SystemReason.of(errno: EBUSY)
        case .newer, .damaged, .notAStore, .conflict, .engine: SystemReason.of(errno: EIO)
        }
    }
}

extension StoreFinding {
    /// What is wrong, in kebab-case.
    var name: String {
        switch self {
        case .engine: "engine"
        case .leaf: "leaf"
        case .tile: "tile"
        case .gap: "gap"
        case .root: "root"
        case .genesis: "genesis"
        case .record: "record"
        case .standing: "standing"
        case .usedBytes: "used-bytes"
        }
    }

    /// Where it is: a space, and the position in its log where there is one.
    var place: String {
        switch self {
        case .engine(let words): words
        case .leaf(let space, let position), .tile(let space, let position), .gap(let space, let position): "\(space.hex)/\(position)"
        case .root(let space, let size): "\(space.hex)/\(size)"
        case .genesis(let space), .standing(let space): space.hex
        case .record(let space, let record): "\(space.hex)/\(Hexadecimal.text(record.bytes))"
        case .usedBytes(let space, let counted, let found): "\(space.hex): \(counted)/\(found)"
        }
    }
}
