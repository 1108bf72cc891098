/// Why a body cannot be taken.
package enum BodyFault: Error, Hashable, Sendable {
    /// The body is longer than the limit, before or after decompression.
    case tooLarge(limit: Int)
    /// The body unfolds to more than the allowed multiple of its compressed length.
    case tooDense(ratio: Int)
    /// The bytes are not what their coding says.
    case corrupt(ContentCoding)
    /// The compressed body ends before its end.
    case truncated(ContentCoding)
    /// Bytes follow the end of the compressed body.
    case trailing(ContentCoding, count: Int)
    /// The library could not get the memory it needs.
    case noMemory
}
