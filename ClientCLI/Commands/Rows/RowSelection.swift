import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
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
                throw CommandFailure(
                    .unknownRow, ["row": .text(word)],
                    candidates: nearest.map { CommandFailure.Candidate(name: index.address(of: $0)) })
            }
        }
        var seen = Set<RowKey>()
        return found.filter { seen.insert($0).inserted }
    }
}

/// Conditions of `--where`, all of which must hold.
struct RowConditions {
    private let conditions: [(field: String, value: String)]

    init(_ texts: [String]) throws {
        conditions = try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw CommandFailure(.invalidWhere, ["value": .text(text)]) }
            return (String(parts[0]), String(parts[1]))
        }
    }

    func hold(for row: MatrixRow) -> Bool {
        conditions.allSatisfy { field, value in
            switch field {
            case "state": row.negotiation.state.rawValue == value
            case "allocation": row.negotiation.provider.text == value
            default: row.row?.text(field) == value
            }
        }
    }
}

extension RowSide.Allocation {
    /// The value as fields hold it; `nil` where there is none or several.
    var text: String? { if case .settled(let value) = self { value } else { nil } }

    var shown: String {
        switch self {
        case .empty: "-"
        case .settled(let value): value
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
    var shown: String { itemKey == RowKey.mainItem ? controlId : "\(controlId)/\(itemKey)" }
}

extension MatrixRow {
    /// The words of the row that fit a list.
    func words(_ language: String) -> String {
        let texts = row?.texts("customerAction").spoken(language) ?? row?.texts("providerStatement").spoken(language) ?? ""
        return texts.replacing("\n", with: " ")
    }
}
