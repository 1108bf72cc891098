import Records
import Testing

@Suite struct RowAddressTests {
    static let nist = "nist-800-53r4"
    static let iso = "iso27017-2015"
    static let rows: [RowKey] =
        ["AC-1", "AC-2", "AC-2 (1)", "AC-2(3)", "AC-2(5)", "AC-2(3)(a)", "AC-10", "AU-2", "CA-8"].map {
            RowKey(framework: nist, controlId: $0)
        } + [
            RowKey(framework: iso, controlId: "9.2.1"), RowKey(framework: iso, controlId: "9.4.1"),
            RowKey(framework: iso, controlId: "12.3.1"), RowKey(framework: iso, controlId: "12.3.1", itemKey: "retention"),
            RowKey(framework: iso, controlId: "12.3.1", itemKey: "12.3.1/restore-test"),
            RowKey(framework: iso, controlId: "12.3.1", itemKey: "main~2"),
            RowKey(framework: iso, controlId: "CLD.6.3.1"), RowKey(framework: iso, controlId: "18.1.1"),
            RowKey(framework: "ccm4", controlId: "A&A-01"), RowKey(framework: "ccm4", controlId: "A&A-02"),
            RowKey(framework: "own", controlId: "18.1.1"),
            RowKey(framework: "own", controlId: "統制 第1号"),
        ]

    private func found(_ text: String) throws -> [String] {
        guard case .rows(let rows) = try RowAddress(text).match(in: Self.rows) else { return [] }
        return rows.map { $0.itemKey == "main" ? $0.controlId : "\($0.controlId)/\($0.itemKey)" }
    }

    @Test(
        "An address means the rows it is written for, however it is typed",
        arguments: [
            ("12.3.1", ["12.3.1", "12.3.1/12.3.1/restore-test", "12.3.1/main~2", "12.3.1/retention"]),
            ("12.3.1/retention", ["12.3.1/retention"]),
            ("12.3.1/Retention", ["12.3.1/retention"]),
            ("12.3.1/restore-test", ["12.3.1/12.3.1/restore-test"]),
            ("12.3.1/main", ["12.3.1"]),
            ("12.3.1/main~2", ["12.3.1/main~2"]),
            ("ac-2.5", ["AC-2(5)"]),
            ("AC-2(5)", ["AC-2(5)"]),
            ("AC-02 (05)", ["AC-2(5)"]),
            ("ＡＣ－２（５）", ["AC-2(5)"]),
            ("ac-2.3.a", ["AC-2(3)(a)"]),
            ("ac-2", ["AC-2"]),
            ("ac-2.1", ["AC-2 (1)"]),
            ("aa-01", ["A&A-01"]),
            ("A & A-1", ["A&A-01"]),
            ("A&A-01", ["A&A-01"]),
            ("cld.6.3.1", ["CLD.6.3.1"]),
            ("cld", ["CLD.6.3.1"]),
            ("ac 2 5", ["AC-2(5)"]),
            ("9", ["9.2.1", "9.4.1"]),
            ("9.2", ["9.2.1"]),
            ("ac", ["AC-1", "AC-2", "AC-2 (1)", "AC-2(3)", "AC-2(3)(a)", "AC-2(5)", "AC-10"]),
            ("nist-800-53r4:ac-2.5", ["AC-2(5)"]),
            ("NIST-800-53r4: AC-2.5", ["AC-2(5)"]),
            ("own:18.1.1", ["18.1.1"]),
            ("統制第1号", ["統制 第1号"]),
        ])
    func meansRows(typed: String, rows: [String]) throws { #expect(try found(typed) == rows) }

    @Test(
        "A number is whole: 1 is not the beginning of 12",
        arguments: ["1", "12.3.10", "ac-20", "a", "zz", "9.2.1/retention", "nist-800-53r4:9"])
    func meansNothing(typed: String) throws {
        guard case .none = try RowAddress(typed).match(in: Self.rows) else {
            Issue.record("\(typed) was taken for \(try found(typed))")
            return
        }
    }

    @Test("An id that two frameworks have asks for the framework and says how")
    func asksForFramework() throws {
        #expect(try RowAddress("18.1.1").match(in: Self.rows) == .severalFrameworks(["iso27017-2015:18.1.1", "own:18.1.1"]))
    }

    @Test("An unknown address offers the rows that come nearest")
    func offersNearest() throws {
        guard case .none(let nearest) = try RowAddress("ac-2.9").match(in: Self.rows) else {
            Issue.record("ac-2.9 was found")
            return
        }
        #expect(nearest.map(\.controlId) == ["AC-2", "AC-2 (1)", "AC-2(3)"])
        #expect(try RowAddress("12.3.1/nothing").match(in: Self.rows) != .none(nearest: []))
        #expect(try RowAddress("zz-9").match(in: Self.rows) == .none(nearest: []))
    }

    @Test(
        "What could never be an address is refused with the part that is missing",
        arguments: [
            ("", RowAddress.Fault.empty), ("  ", .empty), ("()", .noControl("()")), ("/retention", .noControl("/retention")),
            ("12.3.1/", .noItem("12.3.1/")), (":ac-2", .noFramework(":ac-2")), ("own:", .noControl("own:")),
        ])
    func refuses(typed: String, fault: RowAddress.Fault) { #expect(throws: fault) { try RowAddress(typed) } }

    @Test(
        "A row's pasteable form needs no quotes",
        arguments: [
            (RowKey(framework: nist, controlId: "AC-2(5)"), "ac-2.5"), (RowKey(framework: nist, controlId: "AC-2 (3)(a)"), "ac-2.3.a"),
            (RowKey(framework: "ccm4", controlId: "A&A-01"), "aa-01"), (RowKey(framework: iso, controlId: "CLD.6.3.1"), "cld.6.3.1"),
            (RowKey(framework: iso, controlId: "12.3.1", itemKey: "retention"), "12.3.1/retention"),
            (RowKey(framework: iso, controlId: "12.3.1", itemKey: "12.3.1/Log retention"), "12.3.1/logretention"),
        ])
    func pasteable(row: RowKey, text: String) { #expect(row.pasteable == text) }

    @Test("Every row is found again by the address that is printed for it, and by that alone")
    func addressFindsItsRow() throws {
        let index = RowIndex(Self.rows)
        for row in Self.rows {
            let address = index.address(of: row)
            guard case .rows(let found) = try RowAddress(address).match(in: index) else {
                Issue.record("\(address) finds nothing")
                continue
            }
            #expect(found.first == row, "\(address)")
            #expect(found.allSatisfy { $0.controlId == row.controlId && $0.framework == row.framework })
            #expect(!address.contains { "()&;|<>$`'\"*?[]{} ".contains($0) })
        }
    }

    @Test("Rows stand in the order people count, whatever order they came in", arguments: 0..<20)
    func naturalOrder(seed: UInt64) {
        let expected = ["6.1.1", "9.2.1", "12.3.1", "AC-1", "AC-2", "AC-2(1)", "AC-2(2)", "AC-2(10)", "AC-10", "AU-2", "CLD.6.3.1"]
        var random = SeededRandom(seed: seed)
        let sorted = RowKey.sorted(expected.shuffled(using: &random).map { RowKey(framework: "f", controlId: $0) })
        #expect(sorted.map(\.controlId) == expected)
        let items = ["main", "main~2", "main~10", "retention"].map { RowKey(framework: "f", controlId: "1", itemKey: $0) }
        #expect(items.shuffled(using: &random).sorted().map(\.itemKey) == items.map(\.itemKey))
    }
}

extension RowAddressTests {
    @Test("Rows stand in the order of their parts, compared one by one, whatever is in their ids", arguments: 0..<40)
    func orderOfParts(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let letters = ["a", "B", "ab", "1", "10", "010", "2", "-", ".", "(", " ", "&", "\u{0}", "é", "条", "１", "~"]
        func text() -> String {
            (0..<Int.random(in: 1...5, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
        }
        let keys = (0..<60).map { _ in
            RowKey(
                framework: Bool.random(using: &random) ? "f" : text(), controlId: text(),
                itemKey: Bool.random(using: &random) ? RowKey.mainItem : text())
        }
        let wanted = Set(keys).sorted { Self.precedes($0, $1) }
        #expect(RowKey.sorted(Set(keys)) == wanted && Set(keys).sorted() == wanted, "seed \(seed)")
    }

    /// The order as it is told: parts of the framework, of the control and of the item; ids of the same parts by their letters.
    private static func precedes(_ a: RowKey, _ b: RowKey) -> Bool {
        func parts(_ key: RowKey) -> [[RowToken]] {
            [
                RowToken.tokens(key.framework), RowToken.tokens(key.controlId),
                key.itemKey == RowKey.mainItem ? [] : RowToken.tokens(key.itemKey),
            ]
        }
        for (x, y) in zip(parts(a), parts(b)) where x != y { return x.lexicographicallyPrecedes(y) }
        for (x, y) in zip(a.texts, b.texts) where x != y { return x.utf8.lexicographicallyPrecedes(y.utf8) }
        return false
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
