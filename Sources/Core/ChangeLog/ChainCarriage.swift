package import BuntanProtocol

/// How far a log carries what an organisation has said of itself (sync.md section 5).
///
/// A server may be stricter than a log, never laxer: in a log that lacks a revocation the revoked device can still write.
package enum ChainCarriage: Hashable, Sendable {
    case complete
    /// The log holds the first `held` statements and none of those that follow.
    case lacking(held: Int)
    /// The log goes another way: the organisation is said to have said something else.
    case other
}

extension SpaceRights {
    /// Whether a party's chain in this log comes as far as a statement, which is told by its digest: it may be asked of many logs.
    package func carries(_ statement: Digest, of organisation: OrganisationID) -> Bool {
        chains[organisation]?.holds(statement) ?? false
    }

    /// Compares a party's chain in this log with the statements that are known to stand in it, from the first on.
    ///
    /// - Parameter known: statements that the organisation's home server had taken before this log was asked for.
    package func carriage(of known: [SignedBytes], by organisation: OrganisationID) -> ChainCarriage {
        guard let last = known.last else { return .complete }
        guard let carried = chain(of: organisation) else { return .lacking(held: 0) }
        if carried.holds(last) { return .complete }
        let head = carried.head
        guard head.number < known.count else { return .other }
        let isPrefix = head.number == 0 || head.digest == SHA.digest(known[head.number - 1].bytes)
        return isPrefix ? .lacking(held: head.number) : .other
    }
}
