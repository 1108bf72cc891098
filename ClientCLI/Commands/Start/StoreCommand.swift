import ChangeLog
import Syncing
import ArgumentParser
import BuntanProtocol
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

#if canImport(Glibc)
    import Glibc
#endif

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
        let (spaces, entries) = try open.file.counts()
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
        // The engine writes a file: a stream has no place for it, and a folder that is not there no name.
        guard file != "-" else { throw CommandFailure(.invalidValue, ["value": .text(file), "option": "FILE"]) }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        do { try open.file.backup(to: file) } catch let fault as StorageFault {
            let reason = access(folder, W_OK | X_OK) == 0 ? fault.shortReason : SystemReason.of(errno: errno)
            throw CommandFailure(.cannotWrite, ["path": .text(file), "reason": .text(reason)])
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
        let place = CommandFailure.Place(file: file)
        guard FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(.fileMissing, ["file": .text(file)], place: place)
        }
        guard !Self.isFolder(file) else {
            throw CommandFailure(.fileUnreadable, ["file": .text(file), "reason": .text(SystemReason.of(errno: EISDIR))], place: place)
        }
        // What was not here before goes again, if it is empty.
        let made = [layout.folder + "/keys", layout.folder].filter { !FileManager.default.fileExists(atPath: $0) }
        try layout.makeFolders()
        let part = layout.database + ".part"
        var leftovers = ["", "-wal", "-shm", ".writer"].map { part + $0 }
        defer {
            for path in leftovers {
                do { try FileManager.default.removeItem(atPath: path) } catch {}
            }
            if !layout.exists { for folder in made { _ = rmdir(folder) } }
        }
        do { try FileManager.default.copyItem(atPath: file, toPath: part) } catch {
            throw CommandFailure(.fileUnreadable, ["file": .text(file), "reason": .text(SystemReason.of(error))])
        }
        let findings: [StoreFinding]
        do {
            // The copy is opened under another name: what is no sound store never takes the store's place.
            let store = try SQLiteStore.open(at: part, indexing: StateIndexing())
            // The file that was given is the old one.
            if case .migrated(_, _, let backup)? = store.notice { leftovers.append(backup) }
            invocation.sayMigrated(store, keptAt: file)
            findings = try store.check()
            let isFounded = try store.read { try $0.value(StoredName.identity) != nil }
            try store.close()
            guard isFounded else { throw CommandFailure(.fileNotStore, ["file": .text(file)], place: place) }
        } catch StorageFault.notAStore {
            throw CommandFailure(.fileNotStore, ["file": .text(file)], place: place)
        } catch StorageFault.damaged(let detail) {
            throw CommandFailure(.backupDamaged, ["file": .text(file), "detail": .text(detail)], place: place)
        }
        if let first = findings.first {
            throw CommandFailure(.backupDamaged, ["file": .text(file), "detail": .text(first.place)], place: place)
        }
        guard rename(part, layout.database) == 0 else {
            throw CommandFailure(.cannotWrite, ["path": .text(layout.database), "reason": .text(SystemReason.of(errno: errno))])
        }
        let item: JSONValue = ["path": .text(layout.folder), "from": .text(file), "size": .number(layout.size)]
        try invocation.print(
            .change("store-restore/1", nil, fields: ["path", "from", "size"], item) { page in
                page.say(StartPhrases.storeRestored, ["path": .text(file)])
                // A copy holds neither: both lie beside the store.
                if !FileManager.default.fileExists(atPath: layout.deviceKey) {
                    page.say(StartPhrases.restoreKeys, ["path": .text(layout.folder + "/keys")], .warning)
                }
                let settings = SettingsFile.read(Settings.filePath(ofStore: layout.folder))
                if settings.values.isEmpty { page.say(StartPhrases.restoreSettings, ["path": .text(settings.path)]) }
                page.next("buntan sync")
            })
        return .done
    }
}

extension StoreRestoreCommand {
    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
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
    /// The space that it is in; `nil` for the engine's own pages.
    var space: SpaceID? {
        switch self {
        case .engine: nil
        case .leaf(let space, _), .tile(let space, _), .gap(let space, _), .root(let space, _), .genesis(let space),
            .record(let space, _), .standing(let space), .lead(let space), .listing(let space, _), .usedBytes(let space, _, _):
            space
        }
    }

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
        case .lead: "lead"
        case .listing: "listing"
        case .usedBytes: "used-bytes"
        }
    }

    /// Where it is: a space, and the position in its log where there is one.
    var place: String {
        switch self {
        case .engine(let words): words
        case .leaf(let space, let position), .tile(let space, let position), .gap(let space, let position),
            .listing(let space, let position):
            "\(space.hex)/\(position)"
        case .root(let space, let size): "\(space.hex)/\(size)"
        case .genesis(let space), .standing(let space), .lead(let space): space.hex
        case .record(let space, let record): "\(space.hex)/\(Hexadecimal.text(record.bytes))"
        case .usedBytes(let space, let counted, let found): "\(space.hex): \(counted)/\(found)"
        }
    }
}
