package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// What a log has lost for good, once its operator has said so.
package struct Reopening: Hashable, Sendable {
    package let space: SpaceID
    /// The epoch that has ended, and where: what had been signed beyond is lost unless somebody holds it.
    package let ended: Base
    /// Entries that had been signed beyond that place; `nil` where that went with the marks.
    package let lost: Int?
    /// Entries held here beyond that place, which were not what was signed.
    package let cut: Int
    /// The end of its first entry and where the log stands now, to be marked one after the other.
    package let beginning: MarkedPlace
    package let place: MarkedPlace
}

/// Why a log cannot be reopened.
package enum ReopenFault: Error, Hashable, Sendable {
    /// No log of this name has lost anything here.
    case nothingLost
    /// Not even its beginning is left.
    case nothingLeft
    /// What a party said last is lost, too, and may be the end of a device's rights: that has to come back first.
    case chainLost(OrganisationID)
}

extension Registrar {
    /// Begins the next epoch of a log whose end nobody gives back: its first entry says where the one before was cut.
    ///
    /// Clients go back to that place, keep the rest, and hand it over again with its proofs (sync.md section 10). The caller
    /// moves the mark once this is durable, and before anything is served.
    package func reopen(_ space: SpaceID, at now: Int64, _ writer: any StoreWriter) throws -> Reopening {
        guard let loss = try loss(of: space, writer) else { throw ReopenFault.nothingLost }
        guard var standing = try writer.standing(of: space), let size = loss.left(of: standing.size) else {
            throw ReopenFault.nothingLeft
        }
        for party in standing.genesis.parties where try !isWhole(chainOf: party.organisation, writer) {
            throw ReopenFault.chainLost(party.organisation)
        }
        let cut = standing.size - size
        if cut > 0 {
            let back = try writer.cut(of: space, to: size)
            try writer.cut(back)
            standing = back.standing
        }
        try writer.setValue(nil, for: StoredNames.paid(space))
        // Without the marks nobody knows how many epochs there were; no two may share a number, and time only goes on.
        let last = loss.mark.isUnknown ? Int(now / 1_000) : 0
        let ended = Base(epoch: max(loss.mark.epoch, standing.epoch, last), size: size, root: standing.frontier.root)
        var ledger = Ledger(standing, source: try writer.source(of: space), schema: schema, keepsUnknownSchema: true)
        let word = ServerStatement(space: space, act: .epoch(ended: ended.epoch, lastGoodSize: ended.size, root: ended.root))
        _ = try ledger.admit(serverStatement: word.signed(by: identity.logKey), received: now)
        try writer.apply(try ledger.finished())
        let whole = try bringUpToDate(ledger.standing, at: now, writer)
        // What was cut off may have let an auditor in.
        _ = try settleReading(of: whole, after: writer.readings().filter { $0.space == space }.map(\.organisation), writer)
        return Reopening(
            space: space, ended: ended, lost: loss.mark.isUnknown ? nil : max(0, loss.mark.size - size), cut: cut,
            beginning: MarkedPlace(ledger.standing),
            place: MarkedPlace(whole))
    }
}

extension HighWaterMark {
    /// Takes note of an epoch: the end of its first entry before anything behind it, so that a later loss knows where the one
    /// before was cut.
    package func take(_ reopening: Reopening) throws {
        try advance([reopening.space: reopening.beginning], chains: [:])
        try advance([reopening.space: reopening.place], chains: [:])
    }
}
