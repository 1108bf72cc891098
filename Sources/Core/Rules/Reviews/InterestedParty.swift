package import BuntanProtocol
package import Merging

/// A customer below or a provider above, and what its engagement says (G 4.3): what a management review hears of interested parties.
package struct InterestedParty: Sendable {
    package let engagement: FactID
    package let service: FactID
    package let name: BilingualText
    /// The other party's side: a customer downstream, a provider upstream.
    package let side: Side
    package let published: Int
    package let agreed: Int
    package let disputed: Int
    /// Rows that wait for an answer or to be read again.
    package let open: Int
    /// Whether an agreement that both have signed stands on the day.
    package let isAgreed: Bool
    /// Requests for information that nobody has answered yet.
    package let requests: Int
    package let gaps: Int
    /// Gaps that are not followed through to the approval of what is left, or were and have changed since.
    package let openGaps: Int
    /// The risks of gaps that were followed further, for other values than are required and offered now.
    package let reopenedRisks: Set<FactID>
}

extension InterestedParty {
    /// Makes one of what its engagement holds.
    ///
    /// - Parameters:
    ///   - facts: The facts of the engagement's own scope.
    ///   - analysis: Its gaps on the day.
    package init(
        engagement: FactID, service: FactID, name: BilingualText, side: Side, rows: RowTally.Counts, isAgreed: Bool, facts: RecordFacts,
        analysis: GapAnalysis
    ) {
        let requests = facts.all(.informationRequest).count { request in
            guard case .text(let outcome)? = request[.outcome] else { return true }
            return outcome == "open"
        }
        let openGaps = analysis.gaps.count { $0.chain.map { $0.stage != .approved || $0.isReopened } ?? true }
        self.init(
            engagement: engagement, service: service, name: name, side: side, published: rows.published, agreed: rows[.agreed],
            disputed: rows[.disputed], open: rows[.open] + rows[.reworded], isAgreed: isAgreed, requests: requests,
            gaps: analysis.gaps.count, openGaps: openGaps,
            reopenedRisks: Set(analysis.gaps.compactMap(\.chain).filter(\.isReopened).compactMap(\.risk)))
    }
}
