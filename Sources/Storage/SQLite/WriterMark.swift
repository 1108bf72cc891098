import Foundation

/// Names the process that writes to a store, in a file beside it.
///
/// SQLite locks the store but does not say for whom. Whoever holds its lock writes its process number here, and wipes it
/// before letting go; a number is only read by those who found the store locked, so one left by a crash misleads nobody:
/// processes that are gone are not named.
final class WriterMark: Sendable {
    private let descriptor: Int32
    private static let width = 12

    /// Opens the mark; without the right to write here, nothing is marked.
    init(besideStoreAt path: String) {
        descriptor = open(path + ".writer", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func take() { write(String(getpid())) }
    func release() { write("") }

    /// The process that holds the store, if it is known and still runs.
    var holder: Int32? {
        guard descriptor >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.width)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, Self.width, 0) }
        guard count == Self.width, let process = Int32(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)),
            kill(process, 0) == 0 || errno == EPERM
        else { return nil }
        return process
    }

    private func write(_ text: String) {
        guard descriptor >= 0 else { return }
        let bytes = Array(text.utf8) + [UInt8](repeating: 0x20, count: Self.width - text.utf8.count)
        // A mark that cannot be written costs a name in a message, nothing else.
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, Self.width, 0) }
    }
}
