import Agreements
import BuntanProtocol
import Merging
import Records
import Testing

@Suite("What an agreement is about")
struct ScopeTests {
    static let keys = [
        RowKey(framework: "iso27017-2015", controlId: "5.1.1"), RowKey(framework: "iso27017-2015", controlId: "5.1.10", itemKey: "a"),
        RowKey(framework: "iso27017-2015", controlId: "15.1"), RowKey(framework: "iso27017", controlId: "5.1.1"),
        RowKey(framework: "nist-800-53r4", controlId: "AC-2(1)", itemKey: "管理者"), RowKey(framework: "f", controlId: "c", itemKey: ""),
    ]

    @Test(
        "A key as it lies in a brief is in scope exactly where the key itself is",
        arguments: [
            nil, [], [["iso27017-2015"]], [["iso27017"]], [["iso27017-2015", "5."]], [["iso27017-2015", "5.1.1"]],
            [["iso27017-2015", "5.1.1", "main"]], [["iso27017-2015", "5.1.1", "mai"]], [["nist-800-53r4", "AC-2(1)", "管"]],
            [["iso27017", "15"], ["iso27017-2015", "15"]], [["f", "c", ""]], [["f", "c", "", ""]], [[""]], [[]],
        ] as [[[String]]?])
    func packedKeys(beginnings: [[String]]?) throws {
        let part = ScopePart(space: SpaceID(high: 1, low: 2), kind: "responsibility", keys: beginnings)
        for key in Self.keys {
            let brief = RowBrief(name: RowName(key), side: nil, rowSide: RowSide(allocation: .settled("shared"), covered: nil), key: key)
            let isIn: Bool? = RecordBrief.row(brief).encoded().withUnsafeBytes { bytes in
                RecordBrief.read(bytes).map { part.includes(key: $0.key) }
            }
            #expect(isIn == part.includes(key: key.texts), "\(key)")
        }
    }

    @Test("A brief gives back the key that it was made with")
    func briefKeys() {
        for key in Self.keys {
            let brief = RecordBrief.row(RowBrief(name: RowName(key), side: .customer, rowSide: nil, key: key))
            #expect(RecordBrief(decoding: brief.encoded()) == brief)
        }
    }
}
