package import Foundation
import Synchronization

/// Lines that another process writes, as they arrive.
///
/// Read from the descriptor itself: other tests send this process signals, and Foundation's file handles end it when one
/// interrupts them in reading.
package final class PipeLines: Sendable {
    private let pipe: Pipe
    /// What has arrived and belongs to no line that was handed out.
    private let unread = Mutex<[UInt8]>([])

    package init(_ pipe: Pipe) { self.pipe = pipe }

    /// The next line, waiting for it; `nil` at the end.
    package func next() -> String? {
        while true {
            if let line = takeLine() { return line }
            guard more() else { return nil }
        }
    }

    /// The next line that holds these words, passing over others; `nil` if none comes.
    package func next(with words: String) -> String? {
        while let line = next() { if line.contains(words) { return line } }
        return nil
    }

    private func takeLine() -> String? {
        unread.withLock { unread in
            guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { unread.removeFirst(end + 1) }
            return String(decoding: unread[..<end], as: UTF8.self)
        }
    }

    private func more() -> Bool {
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            unread.withLock { $0 += buffer[..<count] }
            return true
        }
    }
}
