import BuntanProtocol

/// What a body may measure on the wire and unfolded.
package struct BodyLimits: Sendable, Hashable {
    package let bytes: Int
    package let ratio: Int

    package init(bytes: Int, ratio: Int) {
        precondition(bytes > 0 && ratio > 0, "limits are positive")
        self.bytes = bytes
        self.ratio = ratio
    }

    /// PROTOCOL.md section 9: the largest body there is.
    package static let protocolBody = BodyLimits(bytes: Limits.bodyBytes, ratio: Limits.decompressionRatio)

    /// The largest body of a method that needs no session.
    package static let openBody = BodyLimits(bytes: Limits.openBodyBytes, ratio: Limits.decompressionRatio)

    /// Returns how many bytes a compressed body of this length may unfold to.
    func unfolded(from count: Int) -> Int { min(bytes, count.multipliedReportingOverflow(by: ratio).overflow ? bytes : count * ratio) }

    /// Returns the fault of a body that goes beyond `unfolded(from:)`.
    func excess(from count: Int) -> BodyFault {
        unfolded(from: count) < bytes ? .tooDense(ratio: ratio) : .tooLarge(limit: bytes)
    }
}
