/// Bytes that grow piece by piece and never beyond one past a limit.
///
/// The one past is what tells a body that ends at the limit from one that goes on.
struct BoundedOutput {
    private(set) var bytes: [UInt8] = []
    private var piece: [UInt8]
    let limit: Int

    init(limit: Int, expected: Int) {
        self.limit = limit
        piece = [UInt8](repeating: 0, count: min(128 * 1024, limit + 1))
        bytes.reserveCapacity(min(limit, max(expected, 0)) + 1)
    }

    var isExceeded: Bool { bytes.count > limit }

    /// Lets `body` write into what room is left; it returns how many bytes it read and wrote.
    mutating func fill(_ body: (UnsafeMutableBufferPointer<UInt8>) -> (read: Int, written: Int)) -> (read: Int, written: Int) {
        let room = min(piece.count, limit + 1 - bytes.count)
        let moved = piece.withUnsafeMutableBufferPointer { body(UnsafeMutableBufferPointer(rebasing: $0[..<max(room, 0)])) }
        bytes.append(contentsOf: piece[..<moved.written])
        return moved
    }
}
