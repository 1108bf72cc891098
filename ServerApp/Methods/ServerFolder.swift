import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import StorageSQLite
import Wording

#if canImport(Glibc)
    import Glibc
#endif

/// Why a data folder cannot be used.
enum ServerFolderFault: Error, Hashable {
    /// The folder holds no server's data.
    case missing(path: String)
    /// Signatures here are bound to another name.
    case otherName(path: String, held: String, given: String)
    case unreadable(path: String)
    case cannotWrite(path: String, errno: Int32)
}

/// The folder in which a server keeps everything: its identity, its store and its mark.
///
/// ```
/// identity     name, log key and secret; without it no log can go on         mode 0600
/// store.db     logs, records and registry
/// marks        how far each log had come; stays out of backups of the store
/// ```
struct ServerFolder {
    let path: String

    var identityPath: String { path + "/identity" }
    var storePath: String { path + "/store.db" }
    var marksPath: String { path + "/marks" }

    /// Makes the folder, with a new identity, unless it is there.
    func identity(named name: String?, orElse fallback: String) throws -> ServerIdentity {
        if let held = try heldIdentity() {
            if let name, name != held.name { throw ServerFolderFault.otherName(path: path, held: held.name, given: name) }
            return held
        }
        // Logs without their key are another's: a new one must not be put beside them.
        guard !FileManager.default.fileExists(atPath: storePath) else { throw ServerFolderFault.unreadable(path: identityPath) }
        var random = SystemRandom()
        let identity = ServerIdentity(name: name ?? fallback, random: &random)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw ServerFolderFault.cannotWrite(path: path, errno: Self.number(of: error)) }
        try write(identity)
        return identity
    }

    /// The identity of a folder that is in use already.
    func heldIdentity() throws -> ServerIdentity? {
        guard let data = FileManager.default.contents(atPath: identityPath) else {
            guard !FileManager.default.fileExists(atPath: identityPath) else { throw ServerFolderFault.unreadable(path: identityPath) }
            return nil
        }
        do {
            return try CBORReader.decode(Array(data)) { r throws(DecodingFault) in
                try r.array(of: 3)
                return ServerIdentity(
                    name: try r.text(most: Limits.serverNameBytes), logKey: SigningKey(seed: try r.fixed()), secret: try r.fixed())
            }
        } catch { throw ServerFolderFault.unreadable(path: identityPath) }
    }

    /// The system's number behind a file fault; there is always one beneath.
    private static func number(of error: any Error) -> Int32 {
        ((error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError)?.code.rawValue ?? EACCES
    }

    private func write(_ identity: ServerIdentity) throws {
        let bytes = CBORWriter.encode { w in
            w.array(3)
            w.text(identity.name)
            w.fixed(identity.logKey.seed)
            w.fixed(identity.secret)
        }
        let partial = identityPath + ".partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ServerFolderFault.cannotWrite(path: partial, errno: errno) }
        defer { close(descriptor) }
        guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count, fsync(descriptor) == 0,
            rename(partial, identityPath) == 0
        else { throw ServerFolderFault.cannotWrite(path: identityPath, errno: errno) }
    }

    /// Opens the store for an operator's command, which is told where it was of an older version.
    func existingStore(_ speaker: Speaker) throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: storePath) else { throw ServerFolderFault.missing(path: path) }
        let store = try openStore()
        if case .migrated(let from, let to, let backup)? = store.notice {
            speaker.tell(StartPhrases.storeMigrated, ["from": .number(from), "to": .number(to), "path": .text(backup)])
        }
        return store
    }

    func openStore() throws -> SQLiteStore { try SQLiteStore.open(at: storePath, indexing: ServerIndexing(), options: .server) }
}
