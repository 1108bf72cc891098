import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// A client that sends exactly the bytes it is given, and returns exactly those that come back.
enum RawClient {
    struct Answer: Sendable, Hashable {
        let head: String
        let body: [UInt8]

        var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
        /// The head without the time of day, for comparing answers.
        var timelessHead: String { head.split(separator: "\r\n").filter { !$0.lowercased().hasPrefix("date:") }.joined(separator: "\n") }

        func header(_ name: String) -> String? {
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return line.map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    static func with<T: Sendable>(port: Int, tls: NIOSSLContext? = nil, _ body: (Connection) async throws -> T) async throws -> T {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let connection = Connection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(connection)
        }
    }

    /// A bare connection, whose answers are read only if asked.
    static func bare(port: Int, isRead: Bool, _ body: (any Channel) async throws -> Void) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: isRead)
            .connect(host: "127.0.0.1", port: port).get()
        try await body(channel)
        if channel.isActive { try await channel.close() }
    }

    /// One connection; used by one task.
    final class Connection {
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var pending: [UInt8] = []

        init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
            self.inbound = inbound
            self.outbound = outbound
        }

        func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

        func send(_ text: String) async throws { try await send(Array(text.utf8)) }

        func post(_ path: String, headers: [String] = [], body: [UInt8] = []) async throws {
            try await send(RawClient.head("POST", path, headers: headers, length: body.count) + body)
        }

        /// The next answer, or `nil` if the connection ended before one.
        func answer() async throws -> Answer? {
            while true {
                if let answer = takeAnswer() { return answer }
                guard let piece = try await inbound.next() else { return nil }
                pending += Array(piece.readableBytesView)
            }
        }

        private func takeAnswer() -> Answer? {
            let blank = Array("\r\n\r\n".utf8)
            guard let end = pending.indices.first(where: { pending[$0...].starts(with: blank) }) else { return nil }
            let head = String(decoding: pending[..<end], as: UTF8.self)
            let length = Answer(head: head, body: []).header("content-length").flatMap { Int($0) } ?? 0
            let start = end + blank.count
            guard pending.count >= start + length else { return nil }
            let answer = Answer(head: head, body: Array(pending[start..<(start + length)]))
            pending.removeFirst(start + length)
            return answer
        }
    }

    static func head(_ verb: String, _ path: String, headers: [String] = [], length: Int?) -> [UInt8] {
        var lines = ["\(verb) \(path) HTTP/1.1", "host: localhost"]
        if !headers.contains(where: { $0.hasPrefix("content-type") }) { lines.append("content-type: application/cbor") }
        if let length { lines.append("content-length: \(length)") }
        return Array(((lines + headers).joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Sends one request on a connection of its own.
    static func post(
        _ path: String, headers: [String] = [], body: [UInt8] = [], port: Int, tls: NIOSSLContext? = nil
    ) async throws -> Answer {
        let answer = try await with(port: port, tls: tls) { connection in
            try await connection.post(path, headers: headers, body: body)
            return try await connection.answer()
        }
        return try #require(answer)
    }
}
