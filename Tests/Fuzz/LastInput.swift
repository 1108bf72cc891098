import Foundation

/// A file that holds the input being read, so that it is there when the process dies of it.
final class LastInput {
    /// Larger inputs are kept as far as they fit.
    private static let room = 4 * 1024 * 1024
    let path: String
    private let memory: UnsafeMutableRawPointer

    init(path: String) throws {
        self.path = path
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw Finding(sentence: "\(path) cannot be written") }
        defer { close(file) }
        guard ftruncate(file, off_t(Self.room)) == 0,
            let memory = mmap(nil, Self.room, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
        else { throw Finding(sentence: "\(path) cannot be mapped") }
        self.memory = memory
    }

    deinit { munmap(memory, Self.room) }

    /// The length goes first, in eight bytes of this machine's order.
    func keep(_ bytes: [UInt8]) {
        let count = min(bytes.count, Self.room - 8)
        memory.storeBytes(of: UInt64(count), as: UInt64.self)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { memory.advanced(by: 8).copyMemory(from: base, byteCount: count) }
        }
    }

    /// Takes the file away: whatever was read, the process has survived it.
    func forget() { unlink(path) }

    /// An input as it was kept by a process that died, or any other file.
    static func read(_ path: String) throws -> [UInt8] {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        guard bytes.count == room else { return bytes }
        let count = bytes.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        return count <= UInt64(room - 8) ? Array(bytes[8..<(8 + Int(count))]) : bytes
    }
}
