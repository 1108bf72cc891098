package import BuntanProtocol
package import Merging

/// Everything a party looks at before it signs: the records in scope, how the rows stand, what is left open.
package struct SigningScene: Sendable {
    /// A row of the matrix with the records that make it: the published row and both positions, whether they exist or not.
    package struct Row: Sendable {
        package let record: RecordID
        package let members: [RecordID]
        package let state: RowState

        package init(record: RecordID, members: [RecordID], state: RowState) {
            self.record = record
            self.members = members
            self.state = state
        }
    }

    package struct Record: Sendable {
        package let record: RecordID
        package let space: SpaceID
        /// The log's state with the outbox applied.
        package let state: RecordState
        package let publication: Publication

        package init(record: RecordID, space: SpaceID, state: RecordState, publication: Publication) {
            self.record = record
            self.space = space
            self.state = state
            self.publication = publication
        }
    }

    package let rows: [Row]
    package let records: [Record]
    /// Records of the newest release that are in scope and not there any more: a publish is under way.
    package let missing: [RecordID]
    /// The rows left open on purpose, by the record of the row.
    package let excepted: Set<RecordID>

    package init(rows: [Row], records: [Record], missing: [RecordID], excepted: Set<RecordID>) {
        self.rows = rows
        self.records = records
        self.missing = missing
        self.excepted = excepted
    }

    /// What can be signed, and what stands in the way.
    package struct Judgement: Sendable {
        package let records: [SettledRecord]
        package let obstacles: [Obstacle]
        /// The records that the document lists as left open.
        package let except: Set<RecordID>
    }

    /// Why a row or another record in scope cannot be signed.
    package struct Obstacle: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            /// The two sides do not agree on the row, or not on its words.
            case row(RowState)
            case record(Unsettled)
        }

        package let record: RecordID
        package let reason: Reason

        package init(record: RecordID, reason: Reason) {
            self.record = record
            self.reason = reason
        }
    }

    package func judged(schema: SchemaRegistry) -> Judgement {
        let except = Set(rows.filter { excepted.contains($0.record) }.flatMap(\.members))
        var obstacles: [Obstacle] = []
        for row in rows where row.state != .agreed && !excepted.contains(row.record) {
            obstacles.append(Obstacle(record: row.record, reason: .row(row.state)))
        }
        for record in missing where !except.contains(record) {
            obstacles.append(Obstacle(record: record, reason: .record(.unreleased)))
        }
        var settled: [SettledRecord] = []
        settled.reserveCapacity(records.count)
        for record in records where !except.contains(record.record) {
            do throws(Unsettled) {
                settled.append(
                    try SettledRecord(
                        record.state, record: record.record, space: record.space, schema: schema, publication: record.publication))
            } catch {
                // What is deleted is not there, and nothing stands in its way.
                if error != .notAlive { obstacles.append(Obstacle(record: record.record, reason: .record(error))) }
            }
        }
        return Judgement(records: settled, obstacles: obstacles, except: except)
    }
}
