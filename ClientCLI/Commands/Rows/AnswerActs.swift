import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// What was done while walking through rows: each act is stored at once, and can be taken back one after the other.
struct AnswerActs {
    /// One of them.
    struct Act {
        /// The row it was done on, by its place in the walk.
        let index: Int
        /// The last change of its write; `nil` where the row was passed over.
        let change: ChangeID?
        let space: SpaceID
        let isNote: Bool
        /// Items that took the answer over.
        let followers: Int
        /// The row after which the walk would have begun before: it begins there again once the act is taken back.
        let place: RowKey?
    }

    private let open: OpenStore
    private let workspace: Workspace
    private let subject: AnswerSubject
    private let items: RowItems
    private let language: Language
    private(set) var acts: [Act] = []
    /// The items of the row that was shown, as they stood then.
    private var seen: [RowKey: Negotiation] = [:]

    init(_ open: OpenStore, _ subject: AnswerSubject, _ items: RowItems) throws {
        (self.open, self.subject, self.items) = (open, subject, items)
        language = open.invocation.language
        workspace = try open.writing()
    }

    /// What came of a walk.
    struct Summary {
        var answered = 0
        /// Items that took an answer over.
        var followers = 0
        var notes = 0
        var skipped = 0
    }

    /// The newest change that stands.
    var last: ChangeID? { acts.last { $0.change != nil }?.change }
    var summary: Summary {
        acts.reduce(into: Summary()) { summary, act in
            summary.followers += act.followers
            if act.isNote { summary.notes += 1 } else if act.change == nil { summary.skipped += 1 } else { summary.answered += 1 }
        }
    }

    /// Notes how the items stand of a row that is shown.
    mutating func see(_ row: MatrixRow, _ reader: any StoreReader) throws {
        seen = [:]
        for key in items.items(of: row.key) { seen[key] = try subject.row(key, workspace, reader).negotiation }
    }

    /// Answers a row as it was shown, with a remark that both sides see.
    ///
    /// - Returns: how many items took the answer over; `nil` where the row has changed since it was shown, and nothing was written.
    mutating func answer(_ answer: RowAnswer, _ row: MatrixRow, words: String, at index: Int) throws -> Int? {
        let made = try open.store.write { transaction -> (committed: Committed, followers: Int, place: RowKey?)? in
            let now = try subject.row(row.key, workspace, transaction)
            guard now.negotiation == row.negotiation else { return nil }
            var drafts: [RecordDraft]
            var followers = 0
            if let engagement = subject.engagement {
                let made = try workspace.answers(answer, on: [now], items: items, in: engagement, transaction)
                // An item that takes the answer over is answered as it was shown, too.
                guard try made.followers.allSatisfy({ try subject.row($0, workspace, transaction).negotiation == seen[$0] }) else {
                    return nil
                }
                drafts = made.drafts
                followers = made.followers.count
                if !words.isEmpty { drafts.append(workspace.comment(on: row.rowID, text: words)) }
            } else {
                drafts = [draft(answer, row, words: words)]
            }
            let place = try workspace.answeringPlace(in: subject.space, transaction)
            try workspace.setAnsweringPlace(row.key, in: subject.space, transaction)
            return (try workspace.commit(drafts, in: subject.space, transaction), followers, place)
        }
        guard let made else { return nil }
        acts.append(
            Act(
                index: index, change: made.committed.changes.last, space: subject.space, isNote: false, followers: made.followers,
                place: made.place))
        return made.followers
    }

    /// The row of a draft with its allocation, and the words as its provider's statement.
    private func draft(_ answer: RowAnswer, _ row: MatrixRow, words: String) -> RecordDraft {
        var cells: [CellKey: Value] = [:]
        if case .proposal(let allocation?) = answer { cells[CellKey("allocation")] = .text(allocation) }
        if !words.isEmpty { cells[CellKey("providerStatement", language.rawValue)] = .text(words) }
        return RecordDraft(space: subject.space, kind: "responsibility", key: row.key.fields, cells: cells)
    }

    /// Writes a private remark on a row.
    mutating func note(_ text: String, on row: MatrixRow, home: SpaceID, at index: Int) throws {
        let committed = try workspace.commit([workspace.note(on: subject.remarked(row), text: text)], in: home)
        acts.append(Act(index: index, change: committed.changes.last, space: home, isNote: true, followers: 0, place: nil))
    }

    /// Passes a row over: it comes again once the walk begins anew.
    mutating func pass(_ row: MatrixRow, at index: Int) throws {
        let place = try open.store.write { transaction in
            let place = try workspace.answeringPlace(in: subject.space, transaction)
            try workspace.setAnsweringPlace(row.key, in: subject.space, transaction)
            return place
        }
        acts.append(Act(index: index, change: nil, space: subject.space, isNote: false, followers: 0, place: place))
    }

    /// Takes back the last act that still stands.
    ///
    /// - Returns: the act, or `nil` where there is none.
    mutating func undo() throws -> Act? {
        guard let act = acts.last else { return nil }
        try open.store.write { transaction in
            if let change = act.change {
                guard let recorded = try SpaceHistory(act.space, transaction)?.change(change) else { throw UndoFault.unknown(change) }
                _ = try workspace.undo(recorded, transaction)
            }
            if !act.isNote { try workspace.setAnsweringPlace(act.place, in: subject.space, transaction) }
        }
        acts.removeLast()
        return act
    }
}
