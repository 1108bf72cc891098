import Foundation
import Merging
import Replica
import Wording

/// All that a store holds in a line each, and what to do next, where nothing is chosen.
struct StandingOverview {
    let views: [StandingView]
    private let now: Date
    private let times: TimeDisplay

    /// The lines there are for it, beside what else `buntan` alone prints.
    private static let lines = 4

    init(_ views: [StandingView], now: Date, times: TimeDisplay) {
        // With counterparts one has something to settle; what is only one's own comes after.
        self.views = views.filter { $0.selection.isEngagement } + views.filter { !$0.selection.isEngagement }
        self.now = now
        self.times = times
    }

    func show(_ page: inout Page) {
        let shown = views.count > Self.lines ? views.prefix(Self.lines - 1) : views.prefix(Self.lines)
        var table = Table(columns: [Column(title: ""), Column(title: "", fit: .cut)], hasHeads: false)
        for view in shown {
            table.rows.append([Span("  " + view.selection.handle), Span(view.brief(page.language, now: now, times: times))])
        }
        page.table(table)
        if shown.count < views.count { page.say(StatusPhrases.furtherPlaces, ["n": .number(views.count - shown.count)], indent: 2) }
        if let next { page.next(next) } else { page.say(StatusPhrases.nothingToDo) }
    }

    /// The first thing to do that is not a sync, with what it is about; else the sync, if any of them asks for one.
    var next: String? {
        let asked = views.compactMap(\.next)
        return asked.first { $0 != "buntan sync" } ?? asked.first
    }

    /// `null` where something is chosen or nothing is there.
    var json: JSONValue {
        guard !views.isEmpty else { return .null }
        return .list(
            views.map { view in
                [
                    "name": .text(view.selection.handle), "rows": .number(view.rows), "release": .text(orNull: view.standing.release),
                    "next": .text(orNull: view.next),
                ]
            })
    }
}

extension StandingView {
    /// Where it stands in few words: the rows by state, else the draft or the release.
    fileprivate func brief(_ language: Language, now: Date, times: TimeDisplay) -> String {
        let over = (listLines.first { $0.label == .ended }?.hint).map { [$0.phrase.text(in: language, $0.facts)] } ?? []
        let states = stateLines.filter { !$0.count.isEmpty }.map { "\($0.label.text(in: language)) \($0.count)" }
        return over.isEmpty && states.isEmpty
            ? summary(language, now: now, times: times) : (over + states).joined(separator: language == .ja ? "、" : ", ")
    }
}
