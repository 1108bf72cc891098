import BuntanProtocol
import Merging
import Records
import Rules
import Storage
import Wording

/// Who has approved a statement of applicability when, and how much of it was written after that.
struct StatementApproval {
    let today: CalendarDate
    private let statement: RecordState
    private let by: (name: String, day: String)?
    /// Decisions of it that were written after the approval.
    private let later: Int

    /// - Parameter entries: its decisions.
    init(
        of statement: RecordState, deciding entries: [RecordState], today: CalendarDate, _ reader: any StoreReader
    ) throws {
        self.today = today
        self.statement = statement
        by = statement.text("approvedBy").flatMap { name in statement.text("approvedOn").map { (name, $0) } }
        // What waits to be sent stands behind everything in the log, in the order in which it was written.
        let waiting = try reader.outboxPlaces(of: nil)
        let order = Dictionary(waiting.map { ($0.change, $0.number) }) { first, _ in first }
        func newest(_ state: RecordState, _ isMeant: (CellKey) -> Bool) -> Place? {
            state.cells.filter { isMeant($0.key) }.flatMap(\.heads).map { head in
                Place(isWaiting: head.position == nil, number: head.position ?? order[head.op.change] ?? .max)
            }.max()
        }
        let approved = newest(statement) { ["approvedBy", "approvedOn"].contains($0.field) }
        func isLater(_ state: RecordState, _ isMeant: (CellKey) -> Bool = { _ in true }) -> Bool {
            guard let approved, let written = newest(state, isMeant) else { return false }
            return written > approved
        }
        let isOther = isLater(statement) { ["position", "edition27001", "edition27017"].contains($0.field) }
        later = entries.count { isLater($0) } + (isOther ? 1 : 0)
    }

    private struct Place: Comparable {
        let isWaiting: Bool
        let number: Int

        static func < (a: Self, b: Self) -> Bool { a.isWaiting != b.isWaiting ? b.isWaiting : a.number < b.number }
    }

    private var isToCome: Bool { by.flatMap { CalendarDate(canonical: $0.day) }.map { today < $0 } ?? false }

    /// Whether it is approved as it stands.
    var holds: Bool { by != nil && later == 0 && !isToCome }

    /// By which editions the statement is made, and where its approval stands.
    func text(_ language: Language) -> String {
        let editions = ["edition27001", "edition27017"].compactMap { field in
            statement.text(field).map { Labels.code($0, of: field, kind: "soa", language) ?? $0 }
        }
        let list: Fact = .text(editions.isEmpty ? "-" : editions.joined(separator: language == .ja ? "、" : ", "))
        guard let by else { return ApplicabilityPhrases.notApproved.text(in: language, ["editions": list]) }
        return (isToCome ? ApplicabilityPhrases.approvedAhead : later > 0 ? .approvedBefore : .approved).text(
            in: language, ["editions": list, "name": .text(by.name), "date": .text(by.day), "n": .number(later)])
    }
}
