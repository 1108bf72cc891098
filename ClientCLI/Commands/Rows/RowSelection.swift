import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// Rows as typed, found in what the command works on.
struct RowSelection {
    let index: RowIndex

    init(_ keys: [RowKey]) { index = RowIndex(keys) }

    /// The rows that the words name; all of them for no word.
    func rows(_ words: [String]) throws -> [RowKey] {
        guard !words.isEmpty else { return index.keys }
        var found: [RowKey] = []
        for word in words {
            let address: RowAddress
            do { address = try RowAddress(word) } catch { throw CommandFailure(.unknownRow, ["row": .text(word)]) }
            switch address.match(in: index) {
            case .rows(let rows): found += rows
            case .severalFrameworks(let examples):
                throw CommandFailure(.ambiguousRow, ["row": .text(word), "example": .text(examples.first ?? word)])
            case .none(let nearest):
                let later = try renumbered(word)
                guard later.isEmpty else {
                    found += later
                    continue
                }
                throw CommandFailure(
                    .unknownRow, ["row": .text(word)],
                    candidates: nearest.map { CommandFailure.Candidate(name: index.address(of: $0)) })
            }
        }
        var seen = Set<RowKey>()
        return found.filter { seen.insert($0).inserted }
    }

    /// The rows that words name each by itself: its item, or a control that has no other rows.
    func rows(naming words: [String]) throws -> Set<RowKey> {
        Set(
            try words.flatMap { word in
                let found = try rows([word])
                return try found.count == 1 || RowAddress(word).item != nil ? found : []
            })
    }

    /// The rows of the controls that a later edition numbers so: no row goes by that number itself.
    private func renumbered(_ word: String) throws -> [RowKey] {
        let catalogue = try Catalogue.iso27017()
        let controls = Set(catalogue.controls(numberedLater: word).map(\.id))
        return index.keys.filter { $0.framework == catalogue.edition.id && controls.contains($0.controlId) }
    }

    /// The rows that words name which may name other things as well.
    func known(_ words: [String]) -> Set<RowKey> {
        Set(
            words.flatMap { word -> [RowKey] in
                do { return try rows([word]) } catch {
                    // What is no row here is looked for among the other things, and its mistake is told there.
                    return []
                }
            })
    }

    /// Rows that an error names at most.
    private static let named = 20

    /// The failure of a command that takes one row, given a word that stands for several.
    func several(_ typed: String, _ rows: [RowKey]) -> CommandFailure {
        let names = rows.prefix(Self.named).map(single)
        return CommandFailure(
            .severalRows, ["row": .text(typed), "n": .number(rows.count), "example": .text(names.first ?? typed)],
            next: rows.count > Self.named ? "buntan matrix \(typed)" : nil, candidates: names.map { CommandFailure.Candidate(name: $0) })
    }

    /// What names a row alone, where its control has other items beside it.
    private func single(_ row: RowKey) -> String {
        let address = index.address(of: row)
        // An address that names no rows needs no more said than itself.
        guard row.itemKey == RowKey.mainItem, let all = try? rows([address]), all.count > 1 else { return address }
        return "\(address)/\(RowKey.mainItem)"
    }
}

/// Conditions of `--where`, all of which must hold.
struct RowConditions {
    private let conditions: [(field: String, value: String)]

    var isEmpty: Bool { conditions.isEmpty }

    /// Reads conditions and refuses what no row could ever fulfil: an unknown field, or a value outside of its vocabulary.
    init(_ texts: [String], schema: SchemaRegistry = .current) throws {
        conditions = try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { throw CommandFailure(.invalidWhere, ["value": .text(text)]) }
            let field = CodeLabels.fieldName(parts[0], of: schema.kind("responsibility"))
            return (field, try Self.value(parts[1], of: field, schema))
        }
    }

    private static func value(_ typed: String, of field: String, _ schema: SchemaRegistry) throws -> String {
        let fields = schema.kind("responsibility")?.fields ?? []
        let known: [String]
        if field == "state" {
            if let state = CodeLabels.state(typed) { return state.rawValue }
            known = RowState.allCases.map(\.rawValue)
        } else if let described = fields.first(where: { $0.name == field }) {
            guard case .enumeration(let codes) = described.type else { return typed }
            known = codes
        } else {
            throw CommandFailure(
                .unknownField, ["field": .text(field), "known": .text((["state"] + fields.map(\.name)).joined(separator: ", "))])
        }
        // Letter case does not count for codes, as it does not for ids, and their words in either language are taken.
        if typed.isEmpty { return typed }
        if let code = CodeLabels.code(typed, among: known) { return code }
        throw CommandFailure(
            .invalidValueOf, ["value": .text(typed), "option": .text(field), "known": .text(known.joined(separator: ", "))])
    }

    func hold(for row: MatrixRow) -> Bool {
        conditions.allSatisfy { field, value in
            switch field {
            case "state": row.negotiation.state.rawValue == value
            case "allocation": (row.negotiation.provider.text ?? "") == value
            default: Self.holds(row.row, field, value)
            }
        }
    }
}

extension RowConditions {
    /// A set holds the value as an element, a text in languages in one of them.
    private static func holds(_ row: RecordState?, _ field: String, _ value: String) -> Bool {
        let cells = row?.cells(of: field) ?? []
        if value.isEmpty { return !cells.contains { $0.state.filled.map { !$0.isFalse } ?? false } }
        return cells.contains { cell in
            guard let filled = cell.state.filled else { return false }
            if filled.isTrue, cell.key.elementText == value { return true }
            return ShownConflict.shown(filled) == value
        }
    }
}

extension RowSide.Allocation {
    /// The value as fields hold it; `nil` where there is none or several.
    var text: String? { if case .settled(let value) = self { value } else { nil } }

    func shown(_ language: Language) -> String {
        switch self {
        case .empty: "-"
        case .settled(let value): CodeLabels.shown(value, language)
        case .unsettled: "?"
        }
    }

    /// The value for a document whose fields say what stands where nothing is settled.
    var json: JSONValue { text.map { .text($0) } ?? (self == .unsettled ? ["heads": []] : .null) }
}

extension RowKey {
    var json: JSONValue {
        .members(("framework", .text(framework)), ("controlId", .text(controlId)), ("itemKey", .text(itemKey)))
    }

    /// The id as its framework writes it.
    var shown: String {
        guard itemKey != RowKey.mainItem else { return controlId }
        // An item may bear its control's id already.
        return itemKey.hasPrefix(controlId + "/") ? itemKey : "\(controlId)/\(itemKey)"
    }
}

extension MatrixRow {
    /// The words of the row that fit a list.
    func words(_ language: String) -> String {
        let texts = row?.texts("customerAction").spoken(language) ?? row?.texts("providerStatement").spoken(language) ?? ""
        return texts.replacing("\n", with: " ")
    }
}
