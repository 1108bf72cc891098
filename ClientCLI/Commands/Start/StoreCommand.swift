import ChangeLog
import Syncing
import ArgumentParser
import BuntanProtocol
import Foundation
import Replica
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
            let isFounded = try store.read { try $0.value(StoredName.identity) != nil }
            try store.close()
            guard isFounded else { throw CommandFailure(.storeNotOurs, ["path": .text(file)]) }
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

/// Verifies every row against what the logs prove, and writes anew what they give otherwise.
struct StoreCheckCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "check", abstract: CommandPhrases.storeCheck.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: .spoken(.dryRun)) var dryRun = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let before = try open.store.check()
        let proofs = try open.reading.proveRecords(repairing: !dryRun)
        // What a repair has left is what counts.
        let after = dryRun ? before : try open.store.check()
        let left = dryRun ? proofs : try open.reading.proveRecords(repairing: false)
        let (spaces, entries) = try open.store.counts()
        let findings = Set(after.map { Finding($0) } + left.flatMap { Finding.all($0) })
        let repaired = Set(before.map { Finding($0) } + proofs.flatMap { Finding.all($0) }).subtracting(findings)
        func items(_ findings: Set<Finding>, isRepaired: Bool) -> [JSONValue] {
            findings.sorted().map { ["what": .text($0.what), "place": .text($0.place), "isRepaired": .bool(isRepaired)] }
        }
        try invocation.print(
            .list(
                "store-check/1", nil, fields: ["what", "place", "isRepaired"],
                items(findings, isRepaired: false) + items(repaired, isRepaired: true)
            ) { page in
                for finding in findings.sorted() { page.say(DoctorPhrases.storeDamaged, ["place": .text(finding.place)], .bad) }
                if !repaired.isEmpty { page.say(StartPhrases.storeRepaired, ["n": .number(repaired.count)]) }
                if findings.isEmpty { page.say(StartPhrases.storeChecked, ["entries": .number(entries), "spaces": .number(spaces)]) }
            })
        return findings.isEmpty ? .done : .unverified
    }

    /// One thing that is not as it should be.
    private struct Finding: Hashable, Comparable {
        let what: String
        let place: String

        init(_ finding: StoreFinding) { (what, place) = (finding.name, finding.place) }

        static func all(_ proof: RecordProof) -> [Finding] {
            switch proof {
            case .records(let space, let records): records.map { Finding(.record(space, $0)) }
            case .brokenLog(let space): [Finding(.standing(space))]
            }
        }

        static func < (a: Finding, b: Finding) -> Bool { (a.what, a.place) < (b.what, b.place) }
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
