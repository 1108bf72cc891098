import ArgumentParser
import BuntanProtocol
import Records
import Replica
import Testing

@testable import Benchmarks

/// What is measured where nobody says otherwise: figures of different days are compared by it.
@Suite("The sizes of the benchmarks")
struct SizeTests {
    private func options(_ words: String...) throws -> BenchOptions { try BenchOptions.parse(words) }

    @Test("10,000 rows are measured, over 64 connections")
    func rows() throws {
        let options = try options()
        #expect(options.rows == 10_000 && options.connections == 64)
        #expect(options.server == nil && options.input == nil && options.tenants == nil && options.clients == nil)
        #expect(try SampleRows.make(options).count == 10_000)
    }

    @Test("Two devices make 1,000 edits each, 100 of them on the same fields; of few rows, fewer")
    func conflict() throws {
        #expect(ConflictMeeting.counts(try options().rows) == (edits: 1_000, common: 100))
        #expect(ConflictMeeting.counts(1_900) == (edits: 1_000, common: 100))
        #expect(ConflictMeeting.counts(1_899) == (edits: 999, common: 99))
        #expect(ConflictMeeting.counts(1) == (edits: 1, common: 1))
        // All edits are of rows that there are.
        for rows in [1, 19, 50, 1_899, 1_900, 10_000] {
            let (edits, common) = ConflictMeeting.counts(rows)
            #expect(edits * 2 - common <= rows, "\(rows)")
        }
    }

    @Test("200 tenants with 16 clients each are the load, with five those who wait")
    func tenants() throws {
        #expect(Load.size(try options()) == (tenants: 200, each: 16))
        #expect(Waiting.size(try options()) == (tenants: 200, each: 5))
        #expect(Load.size(try options("--tenants", "3", "--clients", "4")) == (tenants: 3, each: 4))
        #expect(Waiting.size(try options("--tenants", "3", "--clients", "4")) == (tenants: 3, each: 4))
    }

    @Test("A provider and a customer have valid records of every kind that they write beside rows and agreements")
    func records() throws {
        let organisation = try #require(OrganisationID([UInt8](repeating: 7, count: 16)))
        let spaces = (0..<3).map { SpaceID(high: 1, low: UInt64($0)) }
        let service = RecordID.natural(space: spaces[0], kind: "cloud-service", key: [])
        var written: Set<String> = []
        for side in Side.allCases {
            var records = SampleRecords(of: organisation, side, service: service)
            let drafts =
                (side == .provider ? records.drafted(in: spaces[0]) : []) + records.kept(in: spaces[1]) + records.shared(in: spaces[2])
            for draft in drafts {
                written.insert(draft.kind)
                let kind = try #require(SchemaRegistry.current.kind(draft.kind))
                let cells = draft.cells.merging(draft.key.map { (CellKey($0.field), $0.value) }) { first, _ in first }
                for field in kind.fields where field.isRequired {
                    #expect(cells.keys.contains { $0.field == field.name }, "\(draft.kind).\(field.name)")
                }
                for (key, value) in cells {
                    let field = try #require(kind.field(key.field))
                    if field.merge == .set {
                        #expect(key.element.map { FieldCheck.accepts($0, as: field.type) } == true, "\(draft.kind).\(field.name)")
                    } else {
                        #expect(FieldCheck.accepts(value.encoded, as: field.type), "\(draft.kind).\(field.name)")
                    }
                }
            }
        }
        #expect(written == Set(SchemaRegistry.current.kinds.map(\.name)).subtracting(SampleRecords.elsewhere))
    }

    @Test("A row has 15 fields and about 830 bytes, the same for the same number, and a name of its own")
    func row() throws {
        let rows = try SampleRows.make(try options())
        #expect(rows.allSatisfy { $0.cells.count + $0.key.fields.count == 15 })
        let mean = Double(rows.reduce(0) { $0 + $1.bytes }) / Double(rows.count)
        #expect(abs(mean - 830) < 10, "\(mean) bytes")
        #expect(SampleRows.madeUp(77).cells == SampleRows.madeUp(77).cells && SampleRows.madeUp(77).cells != SampleRows.madeUp(78).cells)
        #expect(Set(rows.map { "\($0.key.framework) \($0.key.controlId) \($0.key.itemKey)" }).count == rows.count)
    }
}
