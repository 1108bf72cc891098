import Foundation
import Glibc
import Wording

/// A file that a person named: read whole, or refused with its name and the reason.
enum InputFile {
    private static let pieceBytes = 1 << 18

    /// Reads a file, or standard input for `-`, a pipe included; a device that never ends is given up at the limit, and a wait for more ends when the
    /// process is interrupted.
    static func bytes(_ path: String, limit: Int) throws -> [UInt8] {
        let place = CommandFailure.Place(file: path)
        func unreadable(_ number: Int32) -> CommandFailure {
            CommandFailure(.fileUnreadable, ["file": .text(path), "reason": .text(SystemReason.of(errno: number))], place: place)
        }
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            throw number == ENOENT || number == ENOTDIR
                ? CommandFailure(.fileMissing, ["file": .text(path)], place: place) : unreadable(number)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        func tooLarge(_ size: Int) -> CommandFailure {
            CommandFailure(.fileTooLarge, ["file": .text(path), "size": .number(size), "limit": .number(limit)], place: place)
        }
        let announced = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        guard announced <= limit else { throw tooLarge(announced) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(announced)
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            var waiting = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: Interruption.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&waiting, nfds_t(waiting.count), -1) < 0, errno != EINTR { throw unreadable(errno) }
            if waiting[1].revents != 0 { throw CancellationError() }
            guard waiting[0].revents != 0 else { continue }
            let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(errno)
            }
            guard bytes.count + count <= limit else { throw tooLarge(bytes.count + count) }
            bytes += piece[..<count]
        }
    }

    /// Returns what bytes say in UTF-8, without a mark at their beginning; what is none of it is refused with its line.
    static func text(_ bytes: [UInt8], of path: String) throws -> String {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let content = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        if let text = String(validating: content, as: UTF8.self) { return text }
        var line = 1
        for piece in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard String(validating: piece, as: UTF8.self) != nil else { break }
            line += 1
        }
        throw CommandFailure(
            .textEncoding, ["file": .text(path), "line": .number(line)], place: CommandFailure.Place(file: path, row: line))
    }
}
