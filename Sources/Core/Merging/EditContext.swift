package import BuntanProtocol

/// Where an op stands that another names as its predecessor.
package struct OpPlace: Hashable, Sendable {
    package let record: RecordID
    package let cell: CellKey
    /// `nil` while its change waits in the outbox, which holds this device's own alone.
    package let position: Int?
    package let author: Int

    package init(record: RecordID, cell: CellKey, position: Int?, author: Int) {
        self.record = record
        self.cell = cell
        self.position = position
        self.author = author
    }

    /// Finds an op among the edits of its change.
    package init?(_ op: OpID, in edits: [Edit], position: Int?, author: Int) {
        var first = 0
        for edit in edits {
            if op.index < first + edit.ops.count {
                self.init(record: edit.record, cell: edit.ops[op.index - first].cell, position: position, author: author)
                return
            }
            first += edit.ops.count
        }
        return nil
    }
}

/// Who edits, where, and with what in view.
package struct EditContext: Sendable {
    package let space: SpaceID
    package let spaceType: SpaceType
    package let organisation: OrganisationID
    package let side: Side
    package let author: Int
    package let baseSize: Int
    /// The number of the edit's first op in its change.
    package let firstOp: Int
    /// The schema version the change was written with: what does not fit an older registry may fit that one.
    package let changeSchema: Int
    /// Its author had a log in view that has lost entries since: what was in it there is not asked again.
    package let isOfEarlierEpoch: Bool
    /// The change was admitted once: what has been erased since was there when it was judged.
    package let isStanding: Bool

    package init(
        space: SpaceID, spaceType: SpaceType, organisation: OrganisationID, side: Side, author: Int, baseSize: Int, firstOp: Int,
        changeSchema: Int = 0, isOfEarlierEpoch: Bool = false, isStanding: Bool = false
    ) {
        self.space = space
        self.spaceType = spaceType
        self.organisation = organisation
        self.side = side
        self.author = author
        self.baseSize = baseSize
        self.firstOp = firstOp
        self.changeSchema = changeSchema
        self.isOfEarlierEpoch = isOfEarlierEpoch
        self.isStanding = isStanding
    }
}
