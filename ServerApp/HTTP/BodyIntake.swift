import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// Collects one body, never holding more than the limits and the room for bodies permit.
struct BodyIntake {
    enum Outcome {
        case whole([UInt8])
        case refused(ShellRefusal)
    }

    let request: Request
    /// The most bytes that the body may have.
    let mostBytes: Int
    /// How long it may take to arrive.
    let seconds: Int
    let lease: BodyRoom.Lease

    func collect() async throws -> Outcome {
        let announced: Int?
        if let header = request.headers[.contentLength] {
            guard let length = Int(header), length >= 0 else { return .refused(.incomplete) }
            guard length <= mostBytes else { return .refused(.tooLarge) }
            announced = length
        } else {
            announced = nil
        }

        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        for try await piece in request.body {
            guard bytes.count + piece.readableBytes <= mostBytes else { return .refused(.tooLarge) }
            guard clock.now < deadline else { return .refused(.incomplete) }
            guard lease.take(piece.readableBytes) else { return .refused(.busy) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        // A client that goes away in the middle ends the body without an error; half a body must not be answered.
        if let announced, announced != bytes.count { return .refused(.incomplete) }
        return .whole(bytes)
    }
}
