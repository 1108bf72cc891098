package import Merging

/// How programs file records: life, conflict and seam as the merging room sees them.
package struct StateIndexing: RecordIndexing {
    package init() {}

    package func flags(of state: RecordState) -> RecordFlags {
        var flags: RecordFlags = []
        if state.isAlive { flags.insert(.alive) }
        if state.isConflicted { flags.insert(.conflicted) }
        if state.seam != nil { flags.insert(.seam) }
        return flags
    }

    /// Nothing: no list reads briefs yet, and what they will hold is part of the list that does.
    package func brief(of state: RecordState) -> [UInt8] { [] }
}
