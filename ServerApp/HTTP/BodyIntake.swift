import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Wire

/// Collects one body, never holding more than the limits and the server's allowance permit.
final class BodyIntake: Sendable {
    enum Outcome {
        case whole([UInt8])
        case refused(ShellRefusal)
    }

    private let request: Request
    private let limits: ShellLimits
    private let allowance: Allowance
    private let taken = Mutex(0)

    init(_ request: Request, limits: ShellLimits, allowance: Allowance) {
        self.request = request
        self.limits = limits
        self.allowance = allowance
    }

    func collect() async throws -> Outcome {
        let announced: Int?
        if let header = request.headers[.contentLength] {
            guard let length = Int(header), length >= 0 else { return .refused(.incomplete) }
            guard length <= limits.body.bytes else { return .refused(.tooLarge) }
            announced = length
        } else {
            announced = nil
        }

        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(limits.bodySeconds)
        var bytes: [UInt8] = []
        for try await piece in request.body {
            guard bytes.count + piece.readableBytes <= limits.body.bytes else { return .refused(.tooLarge) }
            guard clock.now < deadline else { return .refused(.incomplete) }
            guard take(piece.readableBytes) else { return .refused(.busy) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        // A client that goes away in the middle ends the body without an error; half a body must not be answered.
        if let announced, announced != bytes.count { return .refused(.incomplete) }
        return .whole(bytes)
    }

    /// Gives the allowance back; a second time does nothing.
    func release() {
        let count = taken.withLock { taken in
            defer { taken = 0 }
            return taken
        }
        if count > 0 { allowance.giveBack(count) }
    }

    private func take(_ count: Int) -> Bool {
        guard allowance.take(count) else { return false }
        taken.withLock { $0 += count }
        return true
    }
}
