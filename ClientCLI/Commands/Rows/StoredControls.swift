import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// The controls of a framework that was taken in, with the baselines that choose them; of few, also what they are mapped to.
struct StoredControls {
    private let typed: String
    private let words: [String]
    private let cut: CutOptions

    init(_ typed: String, _ words: [String], _ cut: CutOptions) { (self.typed, self.words, self.cut) = (typed, words, cut) }

    private static let fields = ["framework", "controlId", "title", "group", "baselines", "withdrawn", "mappings"]

    /// How a control stands to one of another framework.
    private struct Mapping {
        /// The control itself, or the statement of it that is meant.
        let own: String
        let other: (framework: String, control: String)
        let relationships: [String]
        /// Whether the other one is what the mapping begins with.
        let isReversed: Bool
    }

    func run(_ invocation: Invocation) throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        return try open.store.read { reader in
            guard let home = try StoreDirectory(reader).home(reader), let choice = try StoredFramework.Choice(typed, reader) else {
                let known = try StoredFramework.all(reader).map(\.id)
                throw CommandFailure(
                    .unknownFramework, ["framework": .text(typed)], next: "buntan import CATALOG.json",
                    candidates: known.map { CommandFailure.Candidate(name: $0) })
            }
            let all = try choice.controls(in: home, reader)
            let meant = try controls(among: all, of: choice.framework.id)
            let (shown, more) = try cut.part(of: meant) { $0.id }
            let mappings = try mappings(of: choice.framework.id, Set(shown.map(\.id)), in: home, reader)
            try invocation.print(
                .list(
                    "framework-controls/1", nil, fields: Self.fields, of: shown, more: more,
                    form: { json($0, choice.framework.id, mappings[$0.id] ?? []) }
                ) { page in
                    show(shown, of: choice.framework, all, mappings, &page)
                })
            return invocation.status(ofListWith: meant.count)
        }
    }

    /// The controls that any of the words means: an id however it is written, the beginning of one, or a text in a title; all for none.
    private func controls(among all: [StoredFramework.Control], of framework: String) throws -> [StoredFramework.Control] {
        guard !words.isEmpty else { return all }
        /// The runs of letters and of digits in an id, whatever stands between them.
        func plain(_ id: String) -> [String] {
            var (runs, isNumber): ([String], Bool?) = ([], nil)
            for sign in id.lowercased() {
                guard sign.isLetter || sign.isNumber else {
                    isNumber = nil
                    continue
                }
                if isNumber == sign.isNumber { runs[runs.count - 1].append(sign) } else { runs.append(String(sign)) }
                isNumber = sign.isNumber
            }
            return runs
        }
        var meant = Set<String>()
        for word in words {
            let found = all.filter { plain($0.id) == plain(word) }
            let family = found.isEmpty ? all.filter { $0.id.lowercased().hasPrefix(word.lowercased() + "-") } : found
            let titled = family.isEmpty ? all.filter { $0.title.values.contains { $0.lowercased().contains(word.lowercased()) } } : family
            guard !titled.isEmpty else {
                throw CommandFailure(
                    .unknownControl, ["framework": .text(framework), "control": .text(word)],
                    next: "buntan controls --framework \(framework)",
                    candidates: Nearest.words(to: word, among: all.map(\.id)).map { CommandFailure.Candidate(name: $0) })
            }
            meant.formUnion(titled.map(\.id))
        }
        return all.filter { meant.contains($0.id) }
    }

    private func mappings(
        of framework: String, _ controls: Set<String>, in home: SpaceID, _ reader: any StoreReader
    ) throws -> [String: [Mapping]] {
        var found: [String: [Mapping]] = [:]
        for stored in try reader.records(of: "control-mapping", in: home, after: nil, limit: .max) where stored.shown.standing != .deleted {
            let state = stored.shown
            let source = (framework: state.text("sourceFramework") ?? "", control: state.text("sourceControl") ?? "")
            let target = (framework: state.text("targetFramework") ?? "", control: state.text("targetControl") ?? "")
            let relationships = state.cells(of: "relationships").compactMap { cell -> String? in
                guard cell.state.filled?.isTrue == true, case .code(let code)? = cell.key.element else { return nil }
                return code
            }.sorted()
            let origin = controls.contains(source.control) ? source.control : controlHolding(source.control) ?? source.control
            if source.framework == framework, controls.contains(origin) {
                found[origin, default: []].append(
                    Mapping(own: source.control, other: target, relationships: relationships, isReversed: false))
            }
            // A mapping may speak of a statement; the framework knows its control.
            let control = controls.contains(target.control) ? target.control : controlHolding(target.control) ?? target.control
            if target.framework == framework, controls.contains(control) {
                found[control, default: []].append(
                    Mapping(own: target.control, other: source, relationships: relationships, isReversed: true))
            }
        }
        return found.mapValues { all in all.sorted { ($0.other.framework, $0.other.control) < ($1.other.framework, $1.other.control) } }
    }

    private func json(_ control: StoredFramework.Control, _ framework: String, _ mappings: [Mapping]) -> JSONValue {
        .members(
            ("framework", .text(framework)), ("controlId", .text(control.id)), ("title", .texts(control.title)),
            ("group", .texts(control.groupTitle)), ("baselines", .list(control.baselines.sorted().map { .text($0) })),
            ("withdrawn", .bool(control.isWithdrawn)),
            (
                "mappings",
                .list(
                    mappings.map {
                        .members(
                            ("own", .text($0.own)), ("framework", .text($0.other.framework)), ("controlId", .text($0.other.control)),
                            ("relationships", .list($0.relationships.map { .text($0) })), ("reversed", .bool($0.isReversed)))
                    })
            ))
    }

    private func show(
        _ controls: [StoredFramework.Control], of framework: StoredFramework, _ all: [StoredFramework.Control],
        _ mappings: [String: [Mapping]], _ page: inout Page
    ) {
        let language = page.language
        page.say(
            CataloguePhrases.headingStored,
            [
                "framework": .text(framework.id), "version": .text(framework.version), "n": .number(all.count),
                "withdrawn": .number(all.count(where: \.isWithdrawn)),
            ])
        if controls.count < all.count { page.say(CataloguePhrases.part, ["shown": .number(controls.count), "n": .number(all.count)]) }
        var table = Table(columns: [
            Column(title: CataloguePhrases.headControl.text(in: language)),
            Column(title: CataloguePhrases.headTitle.text(in: language), fit: .wrapped, minimum: 20),
            Column(title: CataloguePhrases.headBaselines.text(in: language)),
        ])
        for control in controls {
            let title = control.title.spoken(language.rawValue) ?? "-"
            let baselines =
                control.isWithdrawn ? CataloguePhrases.withdrawn.text(in: language) : control.baselines.sorted().joined(separator: " ")
            table.rows.append([Span(control.id), Span(title), Span(baselines, control.isWithdrawn ? .faint : .plain)])
        }
        page.blank()
        page.table(table)
        guard !mappings.isEmpty else { return }
        page.blank()
        for control in controls {
            for mapping in mappings[control.id] ?? [] {
                let told = mapping.relationships.map { CodeLabels.shown($0, of: "relationships", in: "control-mapping", language) }
                let relationship = told.isEmpty ? "-" : told.joined(separator: language == .ja ? "、" : ", ")
                let (first, second) = mapping.isReversed ? (mapping.other.control, mapping.own) : (mapping.own, mapping.other.control)
                page.say(
                    CataloguePhrases.mapsTo,
                    [
                        "control": .text(first), "relationship": .text(relationship), "other": .text(second),
                        "framework": .text(mapping.isReversed ? framework.id : mapping.other.framework),
                    ], indent: 2)
            }
        }
    }
}
