import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage

/// What an edit judges of gaps: an assessment of a risk and a measure against a gap are of what was required and offered when they were
/// made, so this is written down with them.
struct GapJudgement {
    let kind: Kind
    let state: RecordState?
    /// The list in which the values are written down.
    let list: Kind
    private let isJudged: @Sendable (RecordID) -> Bool

    /// - Returns: `nil` where nothing is judged.
    init?(_ assignments: [FieldAssignment], of target: EditTarget, _ schema: SchemaRegistry) {
        func list(_ name: String) -> Kind? { schema.lists(of: target.kind.name).first { $0.list?.name == name } }
        let (kind, state) = (target.kind, target.state)
        let held = Set(state?.members("gapIds").compactMap(Self.record) ?? [])
        switch kind.name {
        case "risk":
            let isAssessed = assignments.contains { assignment in
                guard (GapForms.assessment + ["assessedOn"]).contains(assignment.field), case .value(let typed) = assignment.content,
                    !typed.isEmpty, let field = kind.field(assignment.field)
                else { return false }
                return typed != state?.value(field.name).map { FieldValue.print($0, as: field.type) }
            }
            guard isAssessed, let items = list("assessedGaps") else { return nil }
            (self.list, isJudged) = (items, { _ in true })
        case "supplementary-measure":
            guard let items = list("closedGaps") else { return nil }
            (self.list, isJudged) = (items, { !held.contains($0) })
        default: return nil
        }
        (self.kind, self.state) = (kind, state)
    }

    private static func record(_ element: Element) -> RecordID? { if case .id(let bytes) = element { RecordID(bytes) } else { nil } }

    /// The gaps that are judged by an edit.
    func gaps(_ assignments: [FieldAssignment]) -> Set<RecordID> {
        var gaps = Set(state?.members("gapIds").compactMap(Self.record) ?? [])
        func ids(_ texts: [String]) -> Set<RecordID> { Set(texts.compactMap { RecordID(uuid: $0) }) }
        for assignment in assignments where assignment.field == "gapIds" {
            switch assignment.content {
            case .value(let text): gaps = ids(FieldAssignment.list(text))
            case .members(let texts): gaps = ids(texts)
            case .adding(let texts): gaps.formUnion(ids(texts))
            case .removing(let texts): gaps.subtract(ids(texts))
            }
        }
        return gaps.filter(isJudged)
    }

    /// The lists that are written, and in them what is required and offered now of each gap that is judged; what stands there already is
    /// not written again.
    func adding(_ gaps: [Gap], to lists: [ListAssignment], held: [RecordState]) -> [ListAssignment] {
        let index = lists.firstIndex { $0.kind.name == list.name }
        var typed: [ListAssignment.Item] = []
        var isExact = false
        switch index.map({ lists[$0].content }) {
        case .exactly(let items)?: (typed, isExact) = (items, true)
        case .adding(let items)?: typed = items
        // Whoever takes values out of the list judges nothing by that.
        case .removing?: return lists
        case nil: break
        }
        let written = Set((isExact ? [] : held.map(Self.words)) + typed.map { Self.words($0.assignments) })
        let new = gaps.compactMap { gap -> ListAssignment.Item? in
            guard let id = gap.id?.record else { return nil }
            let words = [id.uuid, gap.values.required, gap.values.offered]
            guard !written.contains(words) else { return nil }
            return ListAssignment.Item(zip(Self.fields, words).map { FieldAssignment(field: $0, content: .value($1)) })
        }
        guard !new.isEmpty else { return lists }
        let assignment = ListAssignment(kind: list, isExact ? .exactly(typed + new) : .adding(typed + new))
        guard let index else { return lists + [assignment] }
        return lists[..<index] + [assignment] + lists[(index + 1)...]
    }

    private static let fields = ["gapId", "requiredValue", "offeredValue"]

    private static func words(_ state: RecordState) -> [String] {
        [state.value("gapId")?.bytes.flatMap { RecordID($0) }?.uuid ?? ""] + fields.dropFirst().map { state.text($0) ?? "" }
    }

    private static func words(_ assignments: [FieldAssignment]) -> [String] {
        fields.map { field in
            guard case .value(let text)? = assignments.first(where: { $0.field == field })?.content else { return "" }
            return text
        }
    }
}

extension EditSession {
    /// The lists of an edit with what it judges of gaps as they are now, in whichever engagement they are.
    func judging(_ assignments: [FieldAssignment], _ lists: [ListAssignment], _ reader: any StoreReader) throws -> [ListAssignment] {
        guard let judgement = GapJudgement(assignments, of: subject.target, open.reading.schema) else { return lists }
        let meant = judgement.gaps(assignments)
        guard !meant.isEmpty else { return lists }
        let gaps = try selector.directory.engagements.filter { $0.side != nil }.flatMap { engagement in
            try ReadGaps(engagement, on: invocation.today, selector, open.reading, reader).analysis.gaps
        }.filter { gap in gap.id?.record.map(meant.contains) ?? false }
        let held = try reader.items(of: subject.target.record, kind: judgement.list, in: subject.target.space)
        return judgement.adding(gaps, to: lists, held: held.map(\.shown))
    }
}
