import BuntanProtocol
import Merging
import Records
import Replica
import Wording

extension ArrivedEvents {
    /// The rows of which a release has changed what this organisation had answered: each customer hears of its own.
    mutating func readChangedAnswers(of engagement: KnownEngagement) throws {
        guard engagement.side == .customer, !report.newSpaces.contains(engagement.service) else { return }
        let touched = try states(engagement.service).filter { $0.state.kind == "responsibility" }
        var rows = try touched.compactMap { RowKey($0.state) }.map { try workspace.row($0, of: engagement, reader) }
        // What is gone says no longer which row it was: the answer does.
        let gone = Set(touched.filter { RowKey($0.state) == nil }.map(\.id))
        if !gone.isEmpty { rows += try workspace.rows(of: engagement, reader).filter { gone.contains($0.rowID) } }
        let answered = rows.filter {
            $0.negotiation.customer != .empty && [.reworded, .disputed, .unpublished].contains($0.negotiation.state)
        }
        let changed = RowKey.sorted(answered.map(\.key))
        guard !changed.isEmpty else { return }
        let standings = Set(answered.map(\.negotiation.state))
        let names = changed.prefix(Self.namedRows).map(\.shown).joined(separator: language == .ja ? "、" : ", ")
        let command = standings == [.reworded] ? "answer --where state=reworded" : standings == [.disputed] ? "disputes" : "todo"
        let next = "buntan \(command) -e \(engagement.handle)"
        add(
            "answers-changed", directory.service(of: engagement)?.handle, engagement,
            [.init("rows", .list(changed.map(\.json))), .init("next", .text(next))], SyncPhrases.arrivedAnswersChanged,
            [
                "counterpart": .text(engagement.counterpartName.spoken(language.rawValue) ?? engagement.handle),
                "rows": .number(changed.count), "list": .text(names + (changed.count > Self.namedRows ? ", …" : "")), "next": .text(next),
            ])
    }

    private static let namedRows = 8
}
