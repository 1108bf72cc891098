import BuntanProtocol
import Foundation
import Records
import Replica

/// One row of a responsibility matrix, ready to be written into a space.
struct SampleRow: Sendable {
    let key: RowKey
    let cells: [CellKey: Value]

    func draft(in space: SpaceID) -> RecordDraft { RecordDraft(space: space, kind: "responsibility", key: key.fields, cells: cells) }

    /// Bytes of the values, the key's among them.
    var bytes: Int {
        cells.values.reduce(0) { $0 + $1.encoded.bytes.count } + key.fields.reduce(0) { $0 + $1.value.encoded.bytes.count }
    }
}

enum SampleRowFault: Error { case unreadable(line: Int) }

enum SampleRows {
    /// Rows as a bench's options ask for them: from a file, or made up.
    static func make(_ options: BenchOptions) throws -> [SampleRow] {
        guard let input = options.input else { return (0..<options.rows).map(madeUp) }
        let rows = try read(input)
        guard !rows.isEmpty else { throw SampleRowFault.unreadable(line: 1) }
        // A short file is repeated under other items.
        return (0..<options.rows).map { number in
            let row = rows[number % rows.count]
            guard number >= rows.count else { return row }
            let item = "\(row.key.itemKey)~\(number / rows.count + 1)"
            return SampleRow(key: RowKey(framework: row.key.framework, controlId: row.key.controlId, itemKey: item), cells: row.cells)
        }
    }

    static let allocations = ["provider", "customer", "shared", "provider", "shared"]

    /// 15 fields and about 830 bytes, the same for the same number.
    static func madeUp(_ number: Int) -> SampleRow {
        var words = Words(seed: UInt64(number))
        let cells: [CellKey: Value] = [
            CellKey("topic", "en"): .text(words.english(5)), CellKey("topic", "ja"): .text(words.japanese(4)),
            CellKey("allocation"): .text(allocations[number % allocations.count]),
            CellKey("providerStatement", "en"): .text(words.english(29)), CellKey("providerStatement", "ja"): .text(words.japanese(10)),
            CellKey("customerAction", "en"): .text(words.english(25)), CellKey("customerAction", "ja"): .text(words.japanese(9)),
            CellKey("boundaryNote", "en"): .text(words.english(20)), CellKey("implementationStatus"): .text("implemented"),
            CellKey("lastReviewedOn"): .text("2026-0\(1 + number % 9)-1\(number % 10)"), CellKey("providerShares"): .bool(number % 3 == 0),
            CellKey("foundFlag"): .text("row \(number + 1)"),
        ]
        let key = RowKey(
            framework: "iso27017-2015", controlId: "\(5 + number % 14).\(1 + number / 14 % 9).\(1 + number / 126)", itemKey: "main")
        return SampleRow(key: key, cells: cells)
    }

    /// `{"framework": …, "controlId": …, "itemKey": …, "field": value, "field.en": text, "set.code": true, …}` a line.
    static func read(_ path: String) throws -> [SampleRow] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").enumerated().map { index, line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let framework = object["framework"] as? String, let control = object["controlId"] as? String
            else { throw SampleRowFault.unreadable(line: index + 1) }
            var cells: [CellKey: Value] = [:]
            for (name, value) in object where !["framework", "controlId", "itemKey"].contains(name) {
                let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
                let cell = parts.count == 2 ? CellKey(parts[0], parts[1]) : CellKey(name)
                switch value {
                case let text as String: cells[cell] = .text(text)
                // Truth values and numbers arrive as one type; the first have a type code of their own.
                case let number as NSNumber:
                    cells[cell] = String(cString: number.objCType) == "c" ? .bool(number.boolValue) : .int(number.int64Value)
                default: throw SampleRowFault.unreadable(line: index + 1)
                }
            }
            return SampleRow(
                key: RowKey(framework: framework, controlId: control, itemKey: object["itemKey"] as? String ?? "main"), cells: cells)
        }
    }
}

/// Words without end, the same for the same seed; close to text in how well they compress.
struct Words {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func english(_ count: Int) -> String {
        (0..<count).map { _ in Self.english[next(Self.english.count)] }.joined(separator: " ")
    }
    mutating func japanese(_ count: Int) -> String { (0..<count).map { _ in Self.japanese[next(Self.japanese.count)] }.joined() }

    private static let english = """
        access account administrator agreement alert audit backup between boundary capacity change cloud configuration consumer \
        control copy customer data delete deploy device document encrypt event evidence export failure host identity incident \
        inform key latency log manage monitor network notify operate owner patch policy portal procedure provider publish \
        record recover region release report request restore retain review role rotate schedule secure segregate service \
        session share storage tenant test transfer user verify version virtual vulnerability within zone
        """.split(separator: " ").map(String.init)
    private static let japanese = [
        "利用者", "管理", "記録", "提供者", "設定", "暗号化", "監視", "通知", "責任", "共有", "復旧", "認証", "権限", "点検", "契約", "手順", "変更", "証跡",
    ]
}
