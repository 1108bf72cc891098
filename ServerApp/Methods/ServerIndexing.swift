import BuntanProtocol
import Merging
import Storage

/// How the server files records: it lists none, and keeps no more about them than a check needs.
struct ServerIndexing: RecordIndexing {
    let version = 1

    func flags(of state: RecordState) -> RecordFlags {
        var flags: RecordFlags = []
        if state.isAlive { flags.insert(.alive) }
        if state.isConflicted { flags.insert(.conflicted) }
        if state.seam != nil { flags.insert(.seam) }
        return flags
    }

    func brief(of state: RecordState, record: RecordID, space: SpaceID) -> [UInt8] { [] }
}
