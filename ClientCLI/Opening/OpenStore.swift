import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// The system's clock, for people to read.
struct SystemClock: WallClock {
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

/// Where a store keeps its parts.
struct StoreLayout: Sendable {
    let folder: String

    var database: String { folder + "/store.db" }
    var deviceKey: String { folder + "/keys/device.key" }
    var rootKey: String { folder + "/keys/root.key" }
    /// The root key that is to come, until the organisation's word for it is in its logs.
    var nextRootKey: String { folder + "/keys/root.key.next" }
    /// A recovery code that nobody has been shown yet.
    var newCode: String { folder + "/keys/recovery.code" }
    var exists: Bool { FileManager.default.fileExists(atPath: database) }
    /// Whether the device has asked to be enrolled and has not joined yet: making an organisation would be a mistake.
    var waitsForEnrolment: Bool { !exists && FileManager.default.fileExists(atPath: deviceKey) }
    /// What begins or goes on where there is no store yet.
    var beginning: String { waitsForEnrolment ? "buntan join FINGERPRINT@SERVER" : "buntan init --org NAME" }

    /// Takes away a store that nothing has been entered in yet; keys stay.
    func removeStore() throws {
        for file in ["", "-wal", "-shm"].map({ database + $0 }) where FileManager.default.fileExists(atPath: file) {
            try FileManager.default.removeItem(atPath: file)
        }
    }

    /// Whether there is a store; one that this user may not look at is no reason to speak of making one.
    func isThere() throws -> Bool {
        var status = stat()
        if stat(database, &status) == 0 { return true }
        guard errno == EACCES || errno == EPERM else { return false }
        throw CommandFailure(.noPermission, ["path": .text(folder)])
    }
}

extension Invocation {
    /// Says that a store was of an older version, where it was.
    ///
    /// - Parameter copy: where the old one lies, if not where the opening has put it.
    func sayMigrated(_ store: SQLiteStore, keptAt copy: String? = nil) {
        guard case .migrated(let from, let to, let backup)? = store.notice else { return }
        notice(StartPhrases.storeMigrated, ["from": .number(from), "to": .number(to), "path": .text(copy ?? backup)])
    }
}

/// A store that a command has opened, with what it needs to work on it.
struct OpenStore: Sendable {
    let invocation: Invocation
    let layout: StoreLayout
    /// The file that it is.
    let file: SQLiteStore
    /// What is read and written: the file, or what it was on a day that has passed.
    let store: any SpaceStore

    /// Opens the store that the invocation names, as of the day that was asked for; there must be one.
    static func existing(_ invocation: Invocation) throws -> OpenStore {
        let layout = StoreLayout(folder: invocation.storePath)
        guard try layout.isThere() else { throw CommandFailure(.noStore, ["path": .text(layout.folder)], next: layout.beginning) }
        let open = try opening(layout, invocation)
        guard let moment = invocation.pastMoment else { return open }
        let past = PastStore(open.file, at: moment)
        guard try past.read({ try !$0.spaces().isEmpty }) else { throw invocation.nothingThen ?? CommandFailure(.noService) }
        return OpenStore(invocation: invocation, layout: layout, file: open.file, store: past)
    }

    /// Opens the store, making folder and file if there are none.
    static func making(_ invocation: Invocation) throws -> OpenStore {
        let layout = StoreLayout(folder: invocation.storePath)
        do {
            try FileManager.default.createDirectory(
                atPath: layout.folder + "/keys", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.noPermission, ["path": .text(layout.folder)])
        }
        return try opening(layout, invocation)
    }

    private static func opening(_ layout: StoreLayout, _ invocation: Invocation) throws -> OpenStore {
        let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
        invocation.sayMigrated(store)
        return OpenStore(invocation: invocation, layout: layout, file: store, store: store)
    }

    // MARK: keys

    /// The workspace for reading: no key is opened.
    var reading: Workspace {
        Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: nil)
    }

    /// The workspace for writing, with this device's keys; asks for the passphrase if they are sealed.
    func writing() throws -> Workspace {
        let keys = try deviceKeys()
        return Workspace(
            store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys, fastStart: invocation.console.fastStart)
    }

    func deviceKeys() throws -> DeviceKeys {
        // Lost for good, they are made anew in the name of the root.
        guard FileManager.default.fileExists(atPath: layout.deviceKey) else {
            throw CommandFailure(.keysMissing, ["path": .text(layout.deviceKey)], next: "buntan key recover")
        }
        let file = try KeyStorage.read(layout.deviceKey)
        // Whatever they would sign could only be refused.
        if let device = try store.read({ try $0.value(StoredName.identity) == nil ? nil : try $0.identity().device }),
            file.publicKey != device
        {
            throw CommandFailure(.keysForeign, ["path": .text(layout.deviceKey)], next: "buntan doctor")
        }
        return try KeyStorage.device(in: file, at: layout.deviceKey, invocation)
    }

    /// The root key where it is on this machine, for what this device may not say itself; asks for the passphrase if it is sealed.
    func rootKey() throws -> SigningKey? {
        let paths = [layout.rootKey, layout.nextRootKey].filter { FileManager.default.fileExists(atPath: $0) }
        guard var path = paths.first else { return nil }
        var file = try KeyStorage.read(path)
        // After a rotation that was cut short both are here, and what the chain says decides.
        if let next = paths.dropFirst().first, case let other = try KeyStorage.read(next),
            try other.publicKey == store.read({ try reading.ownOrganisationChain($0) }).rootKey
        {
            (path, file) = (next, other)
        }
        let passphrase = file.isSealed ? try String(decoding: invocation.prompt.passphrase(), as: UTF8.self) : nil
        do { return try file.openRoot(passphrase: passphrase) } catch { throw KeyStorage.failure(error, path) }
    }
}

extension OpenStore {
    /// Puts the root key that was to come in the place of the one before, once the organisation's word for it has been taken.
    ///
    /// Where another word came first it goes, and the recovery code that came with it: neither will ever be of use.
    ///
    /// - Returns: whether it went.
    func settleRootKey() throws -> Bool {
        guard FileManager.default.fileExists(atPath: layout.nextRootKey) else { return false }
        let (root, isSaid) = try store.read { (try reading.ownOrganisationChain($0).rootKey, try reading.hasSaidAll($0)) }
        guard try KeyStorage.read(layout.nextRootKey).publicKey == root else {
            try removeNextRootKey()
            return true
        }
        guard isSaid else { return false }
        guard rename(layout.nextRootKey, layout.rootKey) == 0 else {
            throw CommandFailure(.cannotWrite, ["path": .text(layout.rootKey), "reason": .text(SystemReason.of(errno: errno))])
        }
        return false
    }

    /// Takes away a root key that will not be one, with its recovery code.
    func removeNextRootKey() throws {
        for path in [layout.nextRootKey, layout.newCode] where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
    }
}

/// Key files: readable for their owner alone.
enum KeyStorage {
    static func read(_ path: String) throws -> KeyFile {
        let bytes: [UInt8]
        do { bytes = try InputFile.bytes(path, limit: fileLimit) } catch let failure as CommandFailure {
            switch failure.code {
            case InputErrorPhrases.fileMissing.code: throw CommandFailure(.keysMissing, ["path": .text(path)])
            case InputErrorPhrases.fileTooLarge.code: throw CommandFailure(.keysDamaged, ["path": .text(path)])
            default: throw CommandFailure(.cannotReadMachine, failure.facts.merging(["path": .text(path)]) { $1 })
            }
        }
        do { return try KeyFile(decoding: bytes) } catch { throw failure(error, path) }
    }

    /// A device's keys; asks for the passphrase if they are sealed.
    static func device(in file: KeyFile, at path: String, _ invocation: Invocation) throws -> DeviceKeys {
        let passphrase = file.isSealed ? try String(decoding: invocation.prompt.passphrase(), as: UTF8.self) : nil
        do { return try file.openDevice(passphrase: passphrase) } catch { throw failure(error, path) }
    }

    /// Far more than any of ours takes.
    private static let fileLimit = 1 << 16

    /// Writes a key file whole or not at all.
    static func write(_ file: KeyFile, to path: String) throws { try write(file.encoded(), to: path) }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename(part, path) == 0
        else { throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(errno: errno))]) }
    }

    /// Seals a key with a passphrase, or leaves it open where there is none.
    static func sealed(_ key: StoredKey, passphrase: [UInt8]?) throws -> KeyFile {
        guard let passphrase else { return KeyFile(unsealed: key) }
        var random = SystemRandom()
        return try KeyFile(sealing: key, passphrase: String(decoding: passphrase, as: UTF8.self), random: &random)
    }

    static func failure(_ fault: KeyFileFault, _ path: String) -> CommandFailure {
        switch fault {
        case .wrongPassphrase: CommandFailure(.passphraseWrong)
        default: CommandFailure(.keysDamaged, ["path": .text(path)])
        }
    }
}
