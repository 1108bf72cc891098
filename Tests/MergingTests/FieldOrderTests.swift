import BuntanProtocol
import Merging
import Records
import Testing

@Suite("Fields of one record that follow each other")
struct FieldOrderTests {
    @Test("Whatever kind has both of a pair is held to their order, and either of them is the one that was typed")
    func pairs() throws {
        for (first, last) in FieldOrder.pairs {
            let kinds = SchemaRegistry.current.kinds.filter { $0.field(first) != nil && $0.field(last) != nil }
            for kind in kinds {
                let isSpan = kind.field(first)?.type == .duration
                let (less, more) = isSpan ? ("P30D", "P1Y") : ("2026-01-31", "2026-02-01")
                let new = RecordEditing(kind: kind, side: nil, state: nil)
                func cells(_ from: String, _ to: String) -> [CellKey: Value] { [CellKey(first): .text(from), CellKey(last): .text(to)] }
                try new.requireOrdered(cells(less, more))
                try new.requireOrdered(cells(less, less))
                try new.requireOrdered([CellKey(first): .text(more), CellKey(last): .null])
                let fault = #expect(throws: RecordEditFault.self) { try new.requireOrdered(cells(more, less)) }
                guard case .outOfOrder(let field, let from, let to)? = fault else {
                    Issue.record("\(kind.name): \(String(describing: fault))")
                    continue
                }
                #expect(field == last && from.field == first && from.text == more && to.field == last && to.text == less, "\(kind.name)")
            }
        }
        #expect(FieldOrder.pairs.count { pair in SchemaRegistry.current.kinds.contains { $0.field(pair.first) != nil } } > 7)
    }

    @Test("Durations are held against each other by their length, times by their day, and what is neither is in any order")
    func values() {
        #expect(FieldOrder.isBroken("P1Y", "P30D") && !FieldOrder.isBroken("P30D", "P1M"))
        #expect(FieldOrder.isBroken("2026-03-02T09:00:00Z", "2026-03-01T10:00:00Z"))
        #expect(!FieldOrder.isBroken("2026-03-01", "P1D") && !FieldOrder.isBroken("b", "a"))
    }
}
