import BuntanProtocol
import Merging
import Records
import Replica
import Wording

extension ArrivedEvents {
    /// The rows of which a release has changed what this organisation had answered: each customer hears of its own.
    mutating func readChangedAnswers(of engagement: KnownEngagement) throws {
        guard engagement.side == .customer, !report.newSpaces.contains(engagement.service) else { return }
        let published = try states(engagement.service).filter { $0.state.kind == "responsibility" }.compactMap { RowKey($0.state) }
        var changed: [RowKey] = []
        var isDisputed = false
        for key in RowKey.sorted(published) {
            let negotiation = try workspace.row(key, of: engagement, reader).negotiation
            guard negotiation.customer != .empty, [.reworded, .disputed].contains(negotiation.state) else { continue }
            changed.append(key)
            isDisputed = isDisputed || negotiation.state == .disputed
        }
        guard !changed.isEmpty else { return }
        let names = changed.prefix(Self.namedRows).map(\.shown).joined(separator: language == .ja ? "、" : ", ")
        let next = "buntan \(isDisputed ? "disputes" : "answer --where state=reworded") -e \(engagement.handle)"
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
