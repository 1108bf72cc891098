import BuntanProtocol
import Records
import Replica
import Rules
import Storage
import Wording

/// What is required and not offered in an engagement, and what could not be compared.
struct GapBoard {
    let gaps: [GapView]
    let uncompared: [UncomparedView]

    init(gaps: [GapView], uncompared: [UncomparedView]) { (self.gaps, self.uncompared) = (gaps, uncompared) }

    /// Those of all places together.
    init(of places: [ReportPlace]) {
        let boards = places.compactMap(\.board)
        self.init(gaps: boards.flatMap(\.gaps), uncompared: boards.flatMap(\.uncompared))
    }

    /// Gaps that wait for their next step.
    var open: Int { gaps.count { !$0.isFollowedThrough } }
}

extension ReportBuilder {
    /// Rows without an answer that are told among the gaps: the matrix has all of them.
    private static let mostRows = 10

    /// The gaps of the engagement, as `gaps` tells them; `nil` where there is no engagement, or for the counterpart: they rest on records
    /// of one's own.
    func gapBoard() throws -> GapBoard? {
        guard let engagement, isForMyself else { return nil }
        let read = try ReadGaps(engagement, on: day, selector, workspace, reader)
        return GapBoard(
            gaps: read.analysis.gaps.map { GapView($0, read.forms) },
            uncompared: read.analysis.uncompared.map { UncomparedView($0, read.forms) })
    }

    func gaps(_ board: GapBoard) -> ReportDocument.Section {
        let compared = board.gaps.filter { $0.gap.area != .responsibilities }
        let unanswered = board.gaps.filter { $0.gap.area == .responsibilities }
        let told = compared + unanswered.prefix(Self.mostRows)
        let left = board.gaps.count - told.count
        let gaps = ReportDocument.Table(
            name: "gaps", caption: say(.gapsCaption), form: .stacked,
            columns: [
                column(.headRequirement, .name), column(.headSeverity, .mark), column(.headGap, .text), column(.headFollowed, .text),
            ], rows: told.map(row))
        let others = ReportDocument.Table(
            name: "uncompared", caption: say(.uncomparedCaption), form: .stacked, columns: [column(.headFinding, .text)],
            rows: board.uncompared.map { ReportDocument.Row(cells: [[.typed($0.text(in: language))]], value: $0.json) })
        let none = board.uncompared.isEmpty ? [] : [say(.noGaps)]
        return ReportDocument.Section(
            name: .gaps, title: say(.sectionGaps), lead: board.gaps.isEmpty ? none : [say(.gapsLead)], tables: [gaps, others],
            none: say(.noGaps), left: left, cut: say(.gapsCut, ["n": .number(left)]), isPrivate: true)
    }

    private func row(_ view: GapView) -> ReportDocument.Row {
        var parts: [ReportDocument.Run] = []
        for part in view.gap.parts { parts += (parts.isEmpty ? [] : [.next]) + [.typed(view.sentence(of: part, language))] }
        var followed: [ReportDocument.Run] = []
        for line in view.standing(language) { followed += (followed.isEmpty ? [] : [.next]) + [.typed(line)] }
        let tone: ReportDocument.Tone = view.isFollowedThrough ? .plain : view.severity == .must ? .bad : .warning
        return ReportDocument.Row(
            cells: [
                [.typed(view.title.text(in: language)), .next, .faint(view.rules.joined(separator: ", "))],
                [.mark(view.severity.phrase.text(in: language), tone)], parts, followed.isEmpty ? [.faint("–")] : followed,
            ], value: view.json)
    }
}
