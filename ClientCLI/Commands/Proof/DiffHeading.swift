import Agreements
import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// What a group of differences has in common.
enum DiffHeading: Hashable, Comparable {
    case allocation(before: String, after: String)
    /// Rows of controls that became rows of their items.
    case divided
    case added, removed, answered, withdrawn, conflicted, erased, words
    /// Another status or other marks, in the same words.
    case marks
    /// Of records that are no rows.
    case recordsChanged, recordsAdded, recordsRemoved, recordsConflicted, recordsErased

    init(_ difference: AgreementDifference, _ story: DiffStory) {
        guard DiffForms.row(difference) != nil else {
            self =
                switch difference.change {
                case .changed: .recordsChanged
                case .vanished: .recordsRemoved
                case .conflicted: .recordsConflicted
                case .erased: .recordsErased
                case .added: .recordsAdded
                }
            return
        }
        if story.isDivided(difference) {
            self = .divided
            return
        }
        switch difference.change {
        case .changed(let cells):
            guard let cell = cells.first(where: { $0.key == CellKey("allocation") }) else {
                let isReworded = DiffForms.isPosition(difference) || cells.contains { DiffStory.isProse($0.key) || $0.key.field == "topic" }
                self = isReworded ? .words : .marks
                return
            }
            self = .allocation(before: cell.before?.value.text ?? "-", after: cell.after?.value.text ?? "-")
        case .vanished: self = DiffForms.isPosition(difference) ? .withdrawn : .removed
        case .conflicted: self = .conflicted
        case .erased: self = .erased
        case .added: self = DiffForms.isPosition(difference) ? .answered : .added
        }
    }

    /// What the group is called, with how many are in it.
    func text(_ members: [AgreementDifference], _ story: DiffStory, _ language: Language) -> String {
        let count: Fact = .number(members.rowKeys.count + members.count { DiffForms.row($0) == nil })
        return switch self {
        case .divided:
            RowPhrases.diffDivided.text(
                in: language,
                [
                    "before": .number(story.parents.count), "after": .number(story.divided.count), "same": .number(story.asParent.count),
                ])
        case .allocation(let before, let after):
            RowPhrases.diffAllocation.text(
                in: language,
                [
                    "rows": count, "before": .text(CodeLabels.shown(before, language)), "after": .text(CodeLabels.shown(after, language)),
                ])
        case .words: RowPhrases.diffReworded.text(in: language, ["rows": count])
        case .marks: RowPhrases.diffMarks.text(in: language, ["rows": count])
        case .added: RowPhrases.diffAdded.text(in: language, ["rows": count])
        case .removed: RowPhrases.diffRemoved.text(in: language, ["rows": count])
        case .answered: RowPhrases.diffAnswered.text(in: language, ["rows": count])
        case .withdrawn: RowPhrases.diffWithdrawn.text(in: language, ["rows": count])
        case .conflicted: RowPhrases.diffConflicted.text(in: language, ["rows": count])
        case .erased: RowPhrases.diffErased.text(in: language, ["rows": count])
        case .recordsChanged: RowPhrases.diffRecordsChanged.text(in: language, ["n": count])
        case .recordsAdded: RowPhrases.diffRecordsAdded.text(in: language, ["n": count])
        case .recordsRemoved: RowPhrases.diffRecordsRemoved.text(in: language, ["n": count])
        case .recordsConflicted: RowPhrases.diffRecordsConflicted.text(in: language, ["n": count])
        case .recordsErased: RowPhrases.diffRecordsErased.text(in: language, ["n": count])
        }
    }
}
