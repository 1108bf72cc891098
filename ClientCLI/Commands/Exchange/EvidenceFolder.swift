import BuntanProtocol
import ClientTransport
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Where the proof lies of what a server showed and cannot be: a file for each, none ever written over.
struct EvidenceFolder {
    let layout: StoreLayout

    private var folder: String { layout.folder + "/evidence" }

    /// Where the proof that a store holds for a space lies, or will.
    func path(of space: SpaceID, _ reader: any StoreReader) throws -> String {
        path(of: space, holding: try reader.value(StoredName.evidence(space)) ?? [])
    }

    /// Writes what is held for frozen spaces and lies in no file yet.
    func keep(_ store: SQLiteStore) throws {
        for space in try store.read({ try $0.frozenSpaces() }) {
            guard let bytes = try store.read({ try $0.value(StoredName.evidence(space)) }) else { continue }
            let path = path(of: space, holding: bytes)
            if !FileManager.default.fileExists(atPath: path) { try write(bytes, to: path) }
        }
    }

    /// The file that holds these bytes, or the first name that is free: a store that was brought back may be lied to again.
    private func path(of space: SpaceID, holding bytes: [UInt8]) -> String {
        var number = 1
        while true {
            let path = folder + "/\(space.hex)\(number == 1 ? "" : "-\(number)").cbor"
            guard let there = FileManager.default.contents(atPath: path) else {
                if !FileManager.default.fileExists(atPath: path) { return path }
                number += 1
                continue
            }
            if there.elementsEqual(bytes) { return path }
            number += 1
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(error))]) }
    }
}
