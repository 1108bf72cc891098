package import BuntanProtocol
package import Merging

/// Says what a store files a record under, computed once when the record is written.
///
/// A store never looks into a state itself: what makes a conflict is the core's to decide, and both kinds of store must
/// list the same records.
package protocol RecordIndexing: Sendable {
    /// Grows whenever flags or briefs come out otherwise than before: a store filed by another version files its records anew.
    var version: Int { get }
    /// Life, conflict and seam of a state; `pending` is the store's own to add.
    func flags(of state: RecordState) -> RecordFlags
    /// The few bytes that lists and counts need.
    func brief(of state: RecordState, record: RecordID, space: SpaceID) -> [UInt8]
}
