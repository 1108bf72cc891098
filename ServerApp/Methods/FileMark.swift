import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Synchronization

/// Why the mark of a data folder cannot be used.
enum FileMarkFault: Error, Hashable {
    case inUse(path: String)
    case damaged(path: String, line: Int)
    case system(path: String, errno: Int32)
}

/// The high-water mark in a file that only grows, one sync each time.
///
/// ```
/// s <space> <epoch> <size> <root> <check>            where a log stood
/// c <organisation> <number> <digest> <check>         where an organisation's chain stood; the last of several counts
/// ```
/// What is marked at once stands in one line, with ` ; ` between, which ends in the beginning of its own SHA-256. A last line
/// that does not is what a crash cut short, whichever of its bytes had reached the disk: nobody was answered on its strength.
/// It lies beside the store and must stay out of its backups.
final class FileMark: HighWaterMark {
    private struct File {
        let descriptor: Int32
        var length: Int
        /// A file that could not be cut back after a failed write holds half a line: nothing may follow it.
        var isBroken = false
    }

    private let path: String
    private let known = MemoryMark(keepsHistory: false)
    private let file: Mutex<File>

    /// Opens the mark for one server process, making it if there is none.
    init(path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileMarkFault.system(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw FileMarkFault.inUse(path: path)
        }
        let length: Int
        do {
            length = try Self.read(path, into: known)
            guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
                throw FileMarkFault.system(path: path, errno: errno)
            }
        } catch {
            close(descriptor)
            throw error
        }
        try Self.syncFolder(of: path)
        file = Mutex(File(descriptor: descriptor, length: length))
    }

    deinit {
        file.withLock {
            // A child that was being started shares the descriptor for a moment, and with it the lock.
            _ = flock($0.descriptor, LOCK_UN)
            _ = close($0.descriptor)
        }
    }

    /// Reads a mark that another process may be writing, for checks.
    static func reading(_ path: String) throws -> MemoryMark {
        let mark = MemoryMark()
        _ = try read(path, into: mark)
        return mark
    }

    func place(of space: SpaceID) -> MarkedPlace? { known.place(of: space) }
    func places() -> [SpaceID: MarkedPlace] { known.places() }
    func chains() -> [OrganisationID: ChainHead] { known.chains() }

    func advance(_ places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) throws {
        guard !places.isEmpty || !chains.isEmpty else { return }
        try file.withLock { file in
            let held = known.chains()
            let newPlaces = places.filter { space, place in known.place(of: space).map { place.isBeyond($0) } ?? true }
            let newChains = chains.filter { organisation, head in held[organisation].map { head.number > $0.number } ?? true }
            guard !newPlaces.isEmpty || !newChains.isEmpty else { return }
            try append(Self.line(newPlaces, newChains), to: &file)
            known.advance(newPlaces, chains: newChains)
        }
    }

    /// Of one chain the last line counts, whatever its number.
    func giveUp(_ chains: [OrganisationID: ChainHead]) throws {
        guard !chains.isEmpty else { return }
        try file.withLock { file in
            try append(Self.line([:], chains), to: &file)
            known.giveUp(chains)
        }
    }

    private func append(_ bytes: [UInt8], to file: inout File) throws {
        guard !file.isBroken else { throw FileMarkFault.system(path: path, errno: EIO) }
        do {
            try Self.write(bytes, to: file.descriptor, at: file.length, path)
            guard fdatasync(file.descriptor) == 0 else { throw FileMarkFault.system(path: path, errno: errno) }
        } catch {
            if ftruncate(file.descriptor, off_t(file.length)) != 0 { file.isBroken = true }
            throw error
        }
        file.length += bytes.count
    }

    // MARK: lines

    private static func line(_ places: [SpaceID: MarkedPlace], _ chains: [OrganisationID: ChainHead]) -> [UInt8] {
        let marks =
            places.sorted { $0.key < $1.key }.map { space, place in "s \(space.hex) \(place.epoch) \(place.size) \(place.root.hex)" }
            + chains.sorted { $0.key < $1.key }.map { organisation, head in
                "c \(organisation.hex) \(head.number) \(head.digest?.hex ?? "-")"
            }
        let text = marks.joined(separator: " ; ")
        return Array("\(text) \(check(text))\n".utf8)
    }

    private static func check(_ text: String) -> String { String(SHA.digest(Array(text.utf8)).hex.prefix(16)) }

    /// Takes in what a file holds; returns how many bytes of it are sound.
    private static func read(_ path: String, into mark: MemoryMark) throws -> Int {
        var places: [SpaceID: MarkedPlace] = [:]
        var chains: [OrganisationID: ChainHead] = [:]
        let length = try eachLine(of: path) { take($0, &places, &chains) }
        mark.advance(places, chains: chains)
        return length
    }

    /// Gives the lines of a file to `body` until it refuses one; returns how many bytes stand in those it took.
    private static func eachLine(of path: String, _ body: (String) -> Bool) throws -> Int {
        let content: [UInt8]
        do { content = Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch CocoaError.fileReadNoSuchFile { return 0 }
        var (count, length) = (0, 0)
        while let end = content[length...].firstIndex(of: UInt8(ascii: "\n")) {
            guard body(String(decoding: content[length..<end], as: UTF8.self)) else {
                guard !content[(end + 1)...].contains(UInt8(ascii: "\n")) else { throw FileMarkFault.damaged(path: path, line: count + 1) }
                break
            }
            count += 1
            length = end + 1
        }
        return length
    }

    /// Reads the file once more: only a server that has fallen back asks.
    func history(of space: SpaceID) throws -> [MarkedPlace] { try Self.history(of: space, in: path) }

    static func history(of space: SpaceID, in path: String) throws -> [MarkedPlace] {
        var history: [MarkedPlace] = []
        _ = try eachLine(of: path) { line in
            var (places, chains): ([SpaceID: MarkedPlace], [OrganisationID: ChainHead]) = ([:], [:])
            guard take(line, &places, &chains) else { return false }
            if let place = places[space] { history.append(place) }
            return true
        }
        return history
    }

    private static func take(
        _ line: String, _ places: inout [SpaceID: MarkedPlace], _ chains: inout [OrganisationID: ChainHead]
    ) -> Bool {
        guard let end = line.lastIndex(of: " "), check(String(line[..<end])) == line[line.index(after: end)...] else { return false }
        return line[..<end].split(separator: " ; ", omittingEmptySubsequences: false).allSatisfy { takeMark($0, &places, &chains) }
    }

    private static func takeMark(
        _ mark: Substring, _ places: inout [SpaceID: MarkedPlace], _ chains: inout [OrganisationID: ChainHead]
    ) -> Bool {
        let words = mark.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 2, let subject = Hexadecimal.bytes(words[1]) else { return false }
        switch (words[0], words.count) {
        case ("s", 5):
            guard let space = SpaceID(subject), let epoch = Int(words[2]), let size = Int(words[3]),
                let root = Hexadecimal.bytes(words[4]).flatMap({ Digest($0) })
            else { return false }
            places[space] = MarkedPlace(epoch: epoch, size: size, root: root)
            return true
        case ("c", 4):
            guard let organisation = OrganisationID(subject), let number = Int(words[2]) else { return false }
            let digest = words[3] == "-" ? nil : Hexadecimal.bytes(words[3]).flatMap { Digest($0) }
            guard (digest == nil) == (number == 0) else { return false }
            chains[organisation] = ChainHead(number: number, digest: digest)
            return true
        default: return false
        }
    }

    // MARK: the file

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int, _ path: String) throws {
        var rest = bytes[...]
        var position = off_t(offset)
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, position) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw FileMarkFault.system(path: path, errno: errno) }
            rest = rest.dropFirst(written)
            position += off_t(written)
        }
    }

    private static func syncFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileMarkFault.system(path: folder, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileMarkFault.system(path: folder, errno: errno) }
    }
}
