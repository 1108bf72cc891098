import HTTPTypes
import Hummingbird
import NIOCore

/// What a health check reads: one word, for machines.
enum HealthAnswer: String {
    case live, ready
    case notReady = "not ready"

    var response: Response {
        Response(
            status: self == .notReady ? .serviceUnavailable : .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: rawValue + "\n")))
    }
}
