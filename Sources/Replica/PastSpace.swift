import BuntanProtocol
import Merging
import Storage
import Syncing

/// What a space was at a moment.
struct PastSpace: Sendable {
    /// The log as it is now, by which this is told from what another moment of it gives.
    private let now: Extent
    /// What the space was; `nil` where its log had not begun.
    let standing: SpaceStanding?
    /// The records that are shown otherwise now, as they were; `nil` for one that the log had not named.
    let records: [RecordID: RecordState?]

    /// - Parameter moment: milliseconds since 1970, by the clock of whoever keeps the log.
    init(of space: SpaceID, _ standing: SpaceStanding, at moment: Int64, _ reader: any StoreReader) throws {
        now = Extent(standing)
        let size = try Self.size(of: space, standing.size, at: moment, reader)
        guard size > 0 else {
            (self.standing, records) = (nil, [:])
            return
        }
        var records: [RecordID: RecordState?] = [:]
        // What waits to be sent is shown now, and stands in no log.
        for place in try reader.outboxPlaces(of: space) {
            for record in try reader.outboxRecords(place.number) { records[record] = .some(try reader.record(record, in: space)) }
        }
        guard size < standing.size else {
            (self.standing, self.records) = (standing, records)
            return
        }
        let cut = try reader.cut(of: space, to: size, keys: reader.spaceKeys(of: [space]))
        records.merge(cut.records) { $1 }
        (self.standing, self.records) = (cut.standing, records)
    }

    /// Whether the log is still the one that this was made from.
    func isOf(_ standing: SpaceStanding) -> Bool { now == Extent(standing) }

    /// How many entries the log had: up to the last that was received by then.
    private static func size(of space: SpaceID, _ size: Int, at moment: Int64, _ reader: any StoreReader) throws -> Int {
        // From the end: a keeper's clock may have been put back, and a day that is asked about is rarely long ago.
        for position in stride(from: size - 1, through: 0, by: -1) {
            guard let stored = try reader.entries(of: space, from: position, maxBytes: 0).first else { continue }
            if try Entry(decoding: stored.bytes).received <= moment { return position + 1 }
        }
        return 0
    }
}

/// How far a log has come.
private struct Extent: Hashable, Sendable {
    let epoch: Int
    let size: Int

    init(_ standing: SpaceStanding) { (epoch, size) = (standing.epoch, standing.size) }
}
