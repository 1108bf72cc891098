import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Wording

/// Answers that were given elsewhere: in another engagement, or in an agreement that was signed in this one.
struct AnswerSource {
    /// What it is called.
    let name: String
    private let held: (RowKey, any StoreReader) throws -> HeldRow?

    func row(_ key: RowKey, _ reader: any StoreReader) throws -> HeldRow? { try held(key, reader) }

    /// Finds what was typed: a release or an agreement of this engagement, else another engagement by its name.
    ///
    /// A release stands for the newest agreement over it that this side has signed: nothing else says what was held to then.
    init(_ typed: String, for engagement: KnownEngagement, _ selector: Selector, _ open: OpenStore, _ reader: any StoreReader) throws {
        let workspace = open.reading
        let forms = try AgreementForms(engagement, selector.directory, workspace, open.invocation, reader)
        let signed = forms.known.filter { $0.content.signature(of: engagement.seat) != nil }
        let isLetters = typed.count >= ShortID.leastLetters
        let found =
            signed.last { $0.release?.label == typed }
            ?? signed.last { $0.id.uuid == typed || (isLetters && ShortID.letters(of: $0.id).hasPrefix(typed.lowercased())) }
        if let found {
            guard let document = try workspace.document(of: found.id, in: engagement, reader) else {
                throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan agreements")
            }
            var records: [RecordID: CoveredRecord] = [:]
            for record in document.records { records[record.record] = record }
            name = typed
            held = { [records] key, _ in
                guard let own = records[key.position(of: engagement.seat, in: engagement.space)] else { return nil }
                let theirs = [
                    records[key.responsibility(in: engagement.service)],
                    records[key.position(of: engagement.seat.other, in: engagement.space)],
                ]
                return HeldRow(own: own.held, theirs: theirs.map { $0?.said ?? [:] })
            }
            return
        }
        if try workspace.releases(of: engagement.service, reader).contains(where: { $0.label == typed }) {
            throw CommandFailure(
                .releaseUnsigned, ["label": .text(typed), "counterpart": .text(forms.counterpart)], next: "buntan agreements")
        }
        let other = try selector.requireParty(of: selector.engagement(named: typed))
        guard other.space != engagement.space, other.seat == engagement.seat else {
            throw CommandFailure(.unknownName, ["name": .text(typed)], next: "buntan engagements")
        }
        name = other.handle
        held = { key, reader in
            // What was answered before the words changed answers nothing that stands there now.
            let row = try workspace.row(key, of: other, reader)
            return row.negotiation.state == .reworded ? nil : HeldRow(row, for: other.seat)
        }
    }
}

/// What the two sides hold to on a row, as values to be compared and copied.
struct HeldRow: Equatable {
    /// The fields of an answer.
    let own: [CellKey: Value]
    /// What it answers: the published words, and the other side's own over them.
    let theirs: [CellKey: Value]

    init(own: [CellKey: Value], theirs: [[CellKey: Value]]) {
        self.own = own
        self.theirs = theirs.reduce(into: [:]) { $0.merge($1) { $1 } }
    }

    /// `nil` where something is in conflict: nobody can say then what is held to.
    init?(_ row: MatrixRow, for side: Side) {
        guard row.negotiation.unsettledSides.isEmpty else { return nil }
        let (own, other) =
            side == .customer ? (row.customerPosition, row.providerPosition) : (row.providerPosition, row.customerPosition)
        self.init(own: own?.held ?? [:], theirs: [row.row?.said ?? [:], other?.said ?? [:]])
    }

    var allocation: String? { own[CellKey("allocation")]?.text }
    /// What the other side says that the row is.
    var theirAllocation: String? { theirs[CellKey("allocation")]?.text }

    /// What a side has read and whence its answer comes are no words of the row.
    fileprivate static let unsaid: Set = ["accepts", "followsControl", "side"]

    /// The fields of an answer that are copied. Persons and records that a position names belong to one engagement alone.
    fileprivate static let fields: Set<String> = [
        "allocation", "providerStatement", "customerAction", "boundaryNote", "customerStatement", "implementationStatus", "canFulfil",
        "notApplicableReason",
    ]
}

extension RecordState {
    /// The filled fields of a row or a position.
    fileprivate var held: [CellKey: Value] {
        guard isAlive else { return [:] }
        return cells.reduce(into: [:]) { held, cell in
            guard HeldRow.fields.contains(cell.key.field), let value = cell.state.filled else { return }
            held[cell.key] = value.value
        }
    }
}

extension RecordState {
    /// Everything that a row or a position says.
    fileprivate var said: [CellKey: Value] {
        guard isAlive else { return [:] }
        return cells.reduce(into: [:]) { said, cell in
            guard cell.key != .life, !HeldRow.unsaid.contains(cell.key.field), let value = cell.state.filled, !value.isNull else { return }
            said[cell.key] = value.value
        }
    }
}

extension CoveredRecord {
    fileprivate var said: [CellKey: Value] {
        cells.reduce(into: [:]) { said, cell in
            guard cell.key != .life, !HeldRow.unsaid.contains(cell.key.field), !cell.value.isNull else { return }
            said[cell.key] = cell.value.value
        }
    }

    fileprivate var held: [CellKey: Value] {
        cells.reduce(into: [:]) { held, cell in
            if HeldRow.fields.contains(cell.key.field), !cell.value.isNull { held[cell.key] = cell.value.value }
        }
    }
}

/// Which answers of a source fit the rows that wait here.
struct AnswerCopy {
    let source: AnswerSource
    let total: Int
    /// Answers on the same words, as they would be written.
    private(set) var taken: [(key: RowKey, cells: [CellKey: Value])] = []
    /// Rows that have an answer there, on other words: they are looked at by a person.
    private(set) var changed: [(key: RowKey, before: String?, now: String?)] = []

    init(
        _ source: AnswerSource, _ waiting: [RowKey], in engagement: KnownEngagement, _ workspace: Workspace, _ reader: any StoreReader
    ) throws {
        self.source = source
        total = waiting.count
        for key in RowKey.sorted(waiting) {
            guard let there = try source.row(key, reader), there.allocation != nil,
                let here = HeldRow(try workspace.row(key, of: engagement, reader), for: engagement.seat)
            else { continue }
            // Words of one's own that stand here are not written over unseen.
            let isOver = here.own.contains { $0.key != CellKey("allocation") && there.own[$0.key] != $0.value }
            if there.theirs == here.theirs, !isOver {
                taken.append((key, there.own))
            } else {
                changed.append((key, there.theirAllocation, here.theirAllocation))
            }
        }
    }

    /// The same list, of which only so much was taken: what has changed while it was shown was not.
    func taking(_ other: AnswerCopy) -> AnswerCopy {
        let keys = Set(other.taken.map(\.key))
        var copy = self
        copy.taken = taken.filter { keys.contains($0.key) }
        return copy
    }

    var without: Int { total - taken.count - changed.count }

    /// The positions to write, as the rows stand.
    func drafts(in engagement: KnownEngagement, _ workspace: Workspace, _ reader: any StoreReader) throws -> [RecordDraft] {
        try taken.map { key, cells in
            workspace.position(key, in: engagement, row: try workspace.row(key, of: engagement, reader), cells: cells)
        }
    }

    // MARK: forms

    static let fields = ["change", "short", "dryRun", "from", "taken", "changed", "without"]
    private static let most = 10

    func json(_ change: WrittenChange?, dryRun: Bool) -> JSONValue {
        .written(
            change, ("dryRun", .bool(dryRun)), ("from", .text(source.name)), ("taken", .number(taken.count)),
            (
                "changed",
                .list(
                    changed.map {
                        ["row": $0.key.json, "before": .text(orNull: $0.before), "now": .text(orNull: $0.now)]
                    })
            ), ("without", .number(without)))
    }

    func show(_ page: inout Page) {
        let language = page.language
        page.say(
            AnswerPhrases.copyFound, ["rows": .number(taken.count), "total": .number(total), "from": .text(source.name)])
        if !changed.isEmpty {
            page.say(AnswerPhrases.copyChanged, ["rows": .number(changed.count)], .warning)
            func word(_ code: String?) -> Fact { .text(code.map { CodeLabels.shown($0, language) } ?? "-") }
            for row in changed.prefix(Self.most) {
                page.say(
                    AnswerPhrases.copyRow, ["row": .text(row.key.shown), "before": word(row.before), "now": word(row.now)], indent: 2)
            }
            if changed.count > Self.most { page.say(RecordPhrases.moreFields, ["n": .number(changed.count - Self.most)], indent: 2) }
        }
        if without > 0 { page.say(AnswerPhrases.copyWithout, ["rows": .number(without)]) }
    }
}
