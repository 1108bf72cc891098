package import BuntanProtocol
package import Merging
package import Storage

/// A plain way to file records, for tests of stores alone.
package struct PlainIndexing: RecordIndexing {
    package let version: Int
    package init(version: Int = 1) { self.version = version }

    package func flags(of state: RecordState) -> RecordFlags {
        var flags: RecordFlags = []
        if state.isAlive { flags.insert(.alive) }
        if state.isConflicted { flags.insert(.conflicted) }
        if state.seam != nil { flags.insert(.seam) }
        return flags
    }

    /// The first value beside `@life`, at most 32 bytes of it.
    package func brief(of state: RecordState, record: RecordID, space: SpaceID) -> [UInt8] {
        Array(state.cells.first { $0.key != .life }?.heads.first?.value?.bytes.prefix(32) ?? [])
    }
}
