import BuntanProtocol
import MergeReference
import Merging
import Testing

/// The checks against random work: what honest devices make is admitted, what is spoiled leaves no trace.
@Suite struct AdmissionTests {
    static let schema = SchemaRegistry(
        version: 1,
        kinds: [
            Kind(
                History.kind, sides: [.provider, .customer], spaces: [.private], key: nil,
                fields: [
                    Field("text", .text), Field("label", .string), Field("roles", .enumeration(["x"]), .set),
                    Field("topic", .text, .languages),
                ])
        ])

    /// Notes where the ops of a change stand.
    private func note(_ change: MadeChange, _ places: inout [OpID: OpPlace]) {
        for op in change.loggedOps { places[op.id] = OpPlace(record: op.record, cell: op.cell, position: op.position, author: op.author) }
    }

    private func refusal(_ change: MadeChange, _ replica: TestReplica, _ places: [OpID: OpPlace]) throws -> Refusal? {
        var first = 0
        for edit in change.edits {
            let context = EditContext(
                space: SpaceID(high: 1, low: 1), spaceType: .private, organisation: History.organisation, side: .provider,
                author: change.author, baseSize: change.baseSize, firstOp: first, changeSchema: 1)
            let refusal = try EditCheck.refusal(
                of: edit, values: { change.values[$0] }, state: replica.states[edit.record], context: context, schema: Self.schema,
                keepsUnknownSchema: false, opPlace: { places[$0] })
            if let refusal { return refusal }
            first += edit.ops.count
        }
        return nil
    }

    @Test("Whatever devices write over what they see is admitted in the order it arrives", arguments: PropertyTests.seeds)
    func honestWorkIsAdmitted(seed: UInt64) throws {
        let history = History(seed: seed)
        var replica = TestReplica()
        var places: [OpID: OpPlace] = [:]
        for (index, change) in history.log.enumerated() {
            #expect(try refusal(change, replica, places) == nil, "seed \(seed), change \(index)")
            replica.deliver(change)
            note(change, &places)
        }
    }

    @Test("A change with one spoiled op is refused whole, wherever the op stands", arguments: 0..<40 as Range<UInt64>)
    func spoiledWork(seed: UInt64) throws {
        let history = History(seed: seed, steps: 20)
        var random = SeededRandom(seed: seed)
        var replica = TestReplica()
        var places: [OpID: OpPlace] = [:]
        for (index, change) in history.log.enumerated() {
            var values = change.values
            values[Int.random(in: values.indices, using: &random)] = Value.int(7).encoded
            let spoiled = MadeChange(
                id: change.id, author: change.author, baseSize: change.baseSize, edits: change.edits, values: values,
                position: change.position)
            let refusal = try refusal(spoiled, replica, places)
            #expect(refusal?.code == .invalid || refusal?.code == .unknownRecord, "seed \(seed), change \(index)")
            replica.deliver(change)
            note(change, &places)
        }
    }
}
