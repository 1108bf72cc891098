package import BuntanProtocol
package import Merging

/// A log taken back to what it was at an earlier size, with the records that the entries beyond it had touched.
package struct LogCut: Sendable {
    /// What the space was at that size.
    package let standing: SpaceStanding
    /// Each record that goes back, as it was; `nil` for one that began later.
    package let records: [RecordID: RecordState?]

    package init(standing: SpaceStanding, records: [RecordID: RecordState?]) {
        self.standing = standing
        self.records = records
    }
}
