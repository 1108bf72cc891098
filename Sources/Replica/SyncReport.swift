package import BuntanProtocol
package import Syncing

/// What a sync did, as facts.
package struct SyncReport: Sendable {
    /// Entries that arrived, by space, without this replica's own.
    package var arrived: [SpaceID: Int] = [:]
    /// Entries of logs that were fetched again, which had been here before; they are none of those that arrived.
    package var restored: [SpaceID: Int] = [:]
    package var sentChanges = 0
    package var rejected: [(number: Int, code: Code?, detail: String?)] = []
    package var waiting: [(number: Int, code: Code?, detail: String?)] = []
    package var founded: [SpaceID] = []
    package var moved: [SpaceID] = []
    package var newSpaces: [SpaceID] = []
    /// Records others wrote, by space: for lists of what arrived.
    package var touched: [SpaceID: Set<RecordID>] = [:]
    package var frozen: [(SpaceID, LogFault)] = []
    /// Spaces of which the server says that its log is not what this replica was shown and has verified.
    package var denied: [SpaceID] = []
    /// Engagements that the server would not begin.
    package var unfounded: [(SpaceID, code: Code?, detail: String?)] = []
    /// Own spaces that the server would not take over.
    package var unmoved: [(SpaceID, code: Code?, detail: String?)] = []
    /// Spaces whose server has less than this replica was shown before.
    package var fellBack: [SpaceID] = []
    /// Entries given back to a server that had lost them, by space.
    package var restoredThere: [SpaceID: Int] = [:]
    /// Logs that have gone on without their end, with how many entries this replica no longer has in them.
    package var reopened: [(SpaceID, lost: Int)] = []
    /// Logs of which this replica has heard that an epoch has ended, whether or not it held anything beyond.
    package var begunEpochs: Set<SpaceID> = []
    /// Entries of ended epochs that the server has taken into the log again, by space.
    package var salvaged: [SpaceID: Int] = [:]
    /// Changes that came here by file and that the server has taken now, by space, and those it will never take.
    package var relayed: [SpaceID: Int] = [:]
    package var relayRefused: [(SpaceID, code: Code?, detail: String?)] = []
    package var unreachable: [SpaceID] = []
    /// Engagements of others that this organisation could read before, and cannot any more.
    package var unfollowed: Set<SpaceID> = []
    /// Spaces whose log has come as far as they were shown before, and agrees with that.
    package var verified: [SpaceID] = []
    /// What came of comparing states with the server's.
    package var compared: [SpaceID: StatesCompared] = [:]
    /// Logs that lack what the organisation has said, though the server has taken it.
    package var uncarried: [UncarriedChain] = []
    /// Logs that contradicted what was seen, were asked for again, and go on.
    package var unfrozen: [SpaceID] = []
    /// Logs whose server shows them to their end without values that no entry erases, with how many changes lack any.
    package var withheld: [(space: SpaceID, changes: Int)] = []
    /// What was said here for the organisation, was overtaken by another device's words, and must be said anew by somebody.
    package var unsaid: [Statement.Act] = []
    /// Sealed spaces whose changes wait here for the next key.
    package var keyAwaited: [KeyAwaited] = []
    package var visible: Set<SpaceID>?
    package var serverTime: Int64?

    package init() {}
}
