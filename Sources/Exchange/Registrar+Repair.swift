package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// What of a log a disk has left whole, where something of it or of what is kept with it is not as it was written (sync.md
/// section 10).
///
/// ```
/// | genesis … entry 41 | entry 42: a bit is another | 43 … 60 |
///   hold: made anew      given up until somebody who holds them brings them back, as after a restored backup
/// ```
package struct LogRepair: Hashable, Sendable {
    package let space: SpaceID
    /// Entries that hold, from the genesis on.
    package let whole: Int
    /// Entries that there were, as far as the mark and the store can tell.
    package let size: Int
    /// Entries that stood here.
    let held: Int

    package var isWhole: Bool { whole == size }

    /// What a log needs; `nil` where it holds with all that is kept of it.
    ///
    /// - Parameter isFaulty: whether the store itself has found something in the space.
    package static func needed(
        in space: SpaceID, isFaulty: Bool, _ mark: any HighWaterMark, _ reader: any StoreReader
    ) throws -> LogRepair? {
        let standing: SpaceStanding?
        do { standing = try reader.standing(of: space) } catch StorageFault.damaged { standing = nil }
        let built = try LogRebuild.build(space, reader)
        let (whole, places) = (try soundSize(built), try mark.history(of: space))
        let signed = places.last.flatMap { $0.isUnknown ? nil : $0.size } ?? 0
        let repair = LogRepair(
            space: space, whole: try built.ledger.map { try vouchedSize($0, upTo: whole, places) } ?? whole,
            size: max(built.whole, standing?.size ?? 0, signed), held: standing?.size ?? max(built.whole, signed))
        guard !isFaulty, let standing, repair.whole == standing.size else { return repair }
        return try LogRebuild.compare(built, with: standing, reader).isEmpty ? nil : repair
    }

    /// How far it holds with its values: what lacks some that no entry has erased is as damaged as one that cannot be read.
    private static func soundSize(_ built: LogRebuild.Built) throws -> Int {
        guard let ledger = built.ledger else { return built.whole }
        return try ledger.unnamed.keys.compactMap { try ledger.place(of: $0)?.position }.min() ?? built.whole
    }

    /// How far it is what was signed: where it is not, up to the last place before that was.
    private static func vouchedSize(_ built: Ledger, upTo size: Int, _ places: [MarkedPlace]) throws -> Int {
        var ledger = built
        let within = places.filter { $0.epoch == ledger.standing.epoch && $0.size <= size }
        // Whatever stands before a place that holds, holds.
        var (good, bad) = (0, within.count)
        while good < bad {
            let middle = (good + bad) / 2
            if try ledger.root(ofSize: within[middle].size) == within[middle].root { good = middle + 1 } else { bad = middle }
        }
        return good == within.count ? size : within[..<good].last?.size ?? 0
    }
}

extension Registrar {
    /// Makes logs and all that is kept of them anew from the entries that hold.
    ///
    /// The mark stays: with what was given up a log is behind it, and waits until that is brought back. It stays paid for.
    package func repair(_ repairs: [LogRepair], _ writer: any StoreWriter) throws {
        var standings: [SpaceStanding] = []
        for repair in repairs {
            let built = try LogRebuild.build(repair.space, most: repair.whole, writer, schema: schema)
            try writer.drop(repair.space)
            guard let ledger = built.ledger else { continue }
            standings.append(ledger.standing)
            if !repair.isWhole { try writer.setNumber(repair.held, for: StoredNames.paid(repair.space)) }
            try writer.apply(try ledger.finished())
        }
        // Once all of them can be read: who reads a service is said in other logs.
        for standing in standings {
            let readers = try writer.readings().filter { $0.space == standing.id }.map(\.organisation)
            _ = try settleReading(of: standing, after: readers, writer)
        }
    }
}
