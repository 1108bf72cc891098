import ArgumentParser
import BuntanProtocol
import Records
import Rules
import Wording

/// The catalogue of the standard, as a table; one control that is meant alone, with what it asks of each side.
struct ControlsCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "controls", abstract: CommandPhrases.controls.spoken)
    }

    @Argument(help: .spoken(.controls)) var words: [String] = []
    @Option(help: .spoken(.storedFramework)) var framework: String?
    @OptionGroup var cut: CutOptions
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        if let framework { return try StoredControls(framework, words, cut).run(invocation) }
        let catalogue = try Catalogue.iso27017()
        let meant = try Self.controls(meantBy: words, in: catalogue, spoken: invocation.language)
        let (shown, more) = try cut.part(of: meant) { $0.id }
        try invocation.print(
            .list(
                "controls/1", nil, fields: ControlView.fields, of: shown, more: more,
                form: { ControlView(control: $0, catalogue: catalogue).json }
            ) { page in
                if meant.count == 1 {
                    ControlView(control: meant[0], catalogue: catalogue).show(&page)
                } else {
                    Self.show(shown, of: catalogue, &page)
                }
            })
        return invocation.status(ofListWith: meant.count)
    }

    /// The controls that any of the words means, in order of the catalogue; all for none.
    static func controls(meantBy words: [String], in catalogue: Catalogue, spoken language: Language) throws -> [Control] {
        guard !words.isEmpty else { return catalogue.controls }
        var meant = Set<String>()
        for word in words {
            let found = catalogue.controls(meantBy: word)
            guard !found.isEmpty else {
                let near = Nearest.words(to: word, among: catalogue.controls.map(\.id))
                throw CommandFailure(
                    .unknownControl, ["framework": .text(catalogue.edition.name.text(in: language)), "control": .text(word)],
                    next: "buntan controls",
                    candidates: near.map { CommandFailure.Candidate(name: $0) })
            }
            meant.formUnion(found.map(\.id))
        }
        return catalogue.controls.filter { meant.contains($0.id) }
    }

    private static func show(_ controls: [Control], of catalogue: Catalogue, _ page: inout Page) {
        let language = page.language
        func count(_ side: Side) -> Fact { .number(catalogue.controls.count { $0.guidance(for: side) != nil }) }
        page.say(
            CataloguePhrases.heading,
            [
                "edition": .text(catalogue.edition.name.text(in: language)), "n": .number(catalogue.controls.count),
                "provider": count(.provider), "customer": count(.customer),
            ])
        if controls.count < catalogue.controls.count {
            page.say(CataloguePhrases.part, ["shown": .number(controls.count), "n": .number(catalogue.controls.count)])
        }
        var table = Table(columns: [
            Column(title: CataloguePhrases.headControl.text(in: language)),
            Column(title: CataloguePhrases.headTitle.text(in: language), fit: .wrapped, minimum: 20),
            Column(title: CataloguePhrases.headAsks.text(in: language)),
        ])
        table.columns += catalogue.later.map { Column(title: $0.short.text(in: language)) }
        var clause = ""
        for control in controls {
            if control.clause != clause, let path = catalogue.path(of: control).last {
                clause = control.clause
                table.rows.append([Span(path.id, .strong), Span(path.title.text(in: language), .strong)])
            }
            table.rows.append(
                [
                    Span(control.id), Span(control.listedTitle(language)),
                    Span(control.listed(guidance: Self.asked(by: control)?.text(in: language) ?? "")),
                ] + control.numbers.map { Span(control.listed($0)) })
        }
        page.blank()
        page.table(table)
        if controls.contains(where: { $0.isStarred(language) || $0.isGuidanceStarred }) {
            page.say(CataloguePhrases.starredHere, [:], .faint)
        }
    }

    /// Which sides a control has guidance for.
    private static func asked(by control: Control) -> CataloguePhrases? {
        switch (control.guidance(for: .customer), control.guidance(for: .provider)) {
        case (_?, _?): .both
        case (_?, nil): .customer
        case (nil, _?): .provider
        case (nil, nil): nil
        }
    }
}
