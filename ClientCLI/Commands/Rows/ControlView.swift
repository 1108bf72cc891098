import BuntanProtocol
import Records
import Rules
import Wording

/// A control of a standard as people look at it: its titles and numbers, and what it asks of each side.
struct ControlView {
    let control: Control
    let catalogue: Catalogue

    init(control: Control, catalogue: Catalogue) { (self.control, self.catalogue) = (control, catalogue) }

    /// The control of a row; `nil` where its framework is not in a catalogue here, or has no such control.
    init?(of row: RowKey) throws {
        let catalogue = try Catalogue.iso27017()
        guard row.framework == catalogue.edition.id, let control = catalogue.control(row.controlId) else { return nil }
        self.init(control: control, catalogue: catalogue)
    }

    /// The members of a control, in their order.
    static let fields = ["framework", "controlId", "clause", "title", "extended", "numbers", "guidance", "unverified"]

    var json: JSONValue {
        [
            "framework": .text(catalogue.edition.id), "controlId": .text(control.id),
            "clause": .list(catalogue.path(of: control).map { ["id": .text($0.id), "title": $0.title.json] }), "title": control.title.json,
            "extended": .bool(control.isExtended),
            "numbers": control.numbersJSON,
            "guidance": guidance,
            "unverified": control.unverifiedJSON,
        ]
    }

    /// Its numbers in later editions in a line, as `27002:2022 8.13`; `nil` where no later edition has it.
    func numbers(in language: Language) -> String? {
        let told = zip(catalogue.later, control.numbers).filter { !$0.1.ids.isEmpty }.map { edition, number in
            "\(edition.short.text(in: language)) \(control.listed(number))"
        }
        return told.isEmpty ? nil : told.joined(separator: language == .ja ? "、" : "; ")
    }

    /// What is asked of each side.
    var guidance: JSONValue {
        .object(Side.allCases.map { .init($0.name, control.guidance(for: $0)?.json ?? .null) })
    }

    func show(_ page: inout Page) {
        let language = page.language
        var heading = [Span(control.id, .strong), Span("  \(control.title.text(in: language))")]
        if control.isExtended { heading.append(Span("  " + CataloguePhrases.extended.text(in: language))) }
        page.line(spans: heading)
        for clause in catalogue.path(of: control) { page.paragraph("\(clause.id) \(clause.title.text(in: language))", .faint, indent: 2) }
        showNumbers(&page)
        page.blank()
        showGuidance(&page, indent: 0)
        page.blank()
    }

    /// Its number in each later edition, or that it has none there.
    func showNumbers(_ page: inout Page) {
        let language = page.language
        for (edition, number) in zip(catalogue.later, control.numbers) {
            let name = Fact.text(edition.name.text(in: language))
            if number.ids.isEmpty {
                page.say(CataloguePhrases.noNumber, ["edition": name], indent: 2)
            } else {
                page.say(CataloguePhrases.numbered, ["edition": name, "ids": .text(number.ids.joined(separator: ", "))], indent: 2)
            }
        }
    }

    /// What is asked of each side, or that nothing is, and what of all this nobody has verified yet.
    func showGuidance(_ page: inout Page, indent: Int) {
        let language = page.language
        defer {
            for doubt in control.unverified {
                page.say(CataloguePhrases.unverified, ["what": .text(doubt.phrase.text(in: language))], .faint, indent: indent)
            }
        }
        guard !control.guidance.isEmpty else { return page.say(CataloguePhrases.noGuidanceForEither, indent: indent) }
        for (side, name) in [(Side.customer, RowPhrases.sideCustomer), (.provider, .sideProvider)] {
            let spoken = Fact.text(name.text(in: language))
            guard let guidance = control.guidance(for: side) else {
                page.say(CataloguePhrases.noGuidance, ["side": spoken], indent: indent)
                continue
            }
            page.say(
                CataloguePhrases.asks, ["side": spoken, "act": .text(guidance.act.phrase.text(in: language))], .strong, indent: indent)
            page.paragraph(guidance.text.text(in: language), indent: indent + 2)
            page.say(CataloguePhrases.recordedAs, ["kind": .text(guidance.kind)], .faint, indent: indent + 2)
        }
    }
}

extension BilingualText {
    func text(in language: Language) -> String {
        switch language {
        case .en: en
        case .ja: ja
        }
    }

    /// Both languages, as texts of records stand in JSON.
    var json: JSONValue { ["ja": .text(ja), "en": .text(en)] }
}

extension Control {
    /// Its numbers in later editions, by edition.
    var numbersJSON: JSONValue { .object(numbers.map { .init($0.edition, .list($0.ids.map { .text($0) })) }) }

    /// What nobody has verified of it.
    var unverifiedJSON: JSONValue { .list(unverified.map { .text($0.rawValue) }) }

    // MARK: as it stands in a list, where a star marks what nobody has verified

    func listedTitle(_ language: Language) -> String { title.text(in: language) + Self.star(isTitleStarred(language)) }

    /// Its number in a later edition; nothing where it has none there.
    func listed(_ number: Number) -> String {
        number.ids.isEmpty ? "" : number.ids.joined(separator: ", ") + Self.star(isNumberStarred)
    }

    /// What is said of its guidance.
    func listed(guidance text: String) -> String { text + Self.star(isGuidanceStarred) }

    /// Whether a list that shows its title and numbers has a star here.
    func isStarred(_ language: Language) -> Bool { isTitleStarred(language) || isNumberStarred }

    private func isTitleStarred(_ language: Language) -> Bool { language == .ja && unverified.contains(.titleUnchecked) }
    private var isNumberStarred: Bool { unverified.contains(.numberNearest) || unverified.contains(.numberUnconfirmed) }
    var isGuidanceStarred: Bool { unverified.contains(.guidanceByElimination) || unverified.contains(.guidanceNotRead) }

    private static func star(_ isMarked: Bool) -> String { isMarked ? "*" : "" }
}

extension Control.Guidance {
    var json: JSONValue { ["act": .text(act.rawValue), "text": text.json, "kind": .text(kind)] }
}

extension Control.Act {
    var phrase: CataloguePhrases {
        switch self {
        case .define: .define
        case .agree: .agree
        case .verify: .verify
        case .perform: .perform
        case .document: .document
        case .notify: .notify
        case .provideInformation: .provideInformation
        case .provideFunction: .provideFunction
        }
    }
}

extension Control.Unverified {
    var phrase: CataloguePhrases {
        switch self {
        case .guidanceByElimination: .guidanceByElimination
        case .guidanceNotRead: .guidanceNotRead
        case .titleUnchecked: .titleUnchecked
        case .numberNearest: .numberNearest
        case .numberUnconfirmed: .numberUnconfirmed
        }
    }
}
