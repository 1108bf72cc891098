package import BuntanProtocol
package import Merging

/// How programs file records: life, conflict and seam as the merging room sees them.
package struct StateIndexing: RecordIndexing {
    package init() {}

    package var version: Int { RecordBrief.version }

    package func flags(of state: RecordState) -> RecordFlags {
        var flags: RecordFlags = []
        if state.isAlive { flags.insert(.alive) }
        if state.isConflicted { flags.insert(.conflicted) }
        if state.seam != nil { flags.insert(.seam) }
        return flags
    }

    package func brief(of state: RecordState, record: RecordID, space: SpaceID) -> [UInt8] {
        RecordBrief(state, record: record, space: space)?.encoded() ?? []
    }
}
