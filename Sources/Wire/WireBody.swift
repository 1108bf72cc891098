/// A body as it travels, with the coding that its header names.
package struct WireBody: Sendable, Hashable {
    package let bytes: [UInt8]
    package let coding: ContentCoding

    /// Bodies up to this length travel as they are.
    package static let compressedAbove = 1_024

    package init(bytes: [UInt8], coding: ContentCoding) {
        self.bytes = bytes
        self.coding = coding
    }

    /// Packs a message for the other side.
    ///
    /// The message travels as it is when it is short, when compression gains nothing, and when it would gain
    /// so much that a reader holding to the ratio must take it for a bomb. Nothing is carried over from one
    /// body to the next: what one space holds cannot show in the length of another's body.
    package init(packing message: [UInt8], as wanted: ContentCoding, limits: BodyLimits = .protocolBody) {
        let packed: [UInt8]?
        switch wanted {
        case _ where message.count <= Self.compressedAbove: packed = nil
        case .identity: packed = nil
        case .zstd: packed = ZstdCoding.packed(message)
        case .gzip: packed = GzipCoding.packed(message)
        }
        if let packed, packed.count < message.count, message.count <= limits.unfolded(from: packed.count) {
            self.init(bytes: packed, coding: wanted)
        } else {
            self.init(bytes: message, coding: .identity)
        }
    }

    /// Returns the message, never holding more than the limits allow.
    package func message(within limits: BodyLimits = .protocolBody) throws(BodyFault) -> [UInt8] {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        switch coding {
        case .identity: return bytes
        case .zstd: return try ZstdCoding.unpacked(bytes, within: limits)
        case .gzip: return try GzipCoding.unpacked(bytes, within: limits)
        }
    }
}
