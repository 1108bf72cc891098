import Wording

/// An error as its user meets it: a stable code, an exit status, a sentence with its facts, and what to type next.
struct CommandFailure: Error, Sendable {
    var code: String
    var exit: CommandExit
    var phrase: Phrase
    var facts: Facts
    /// The command to type next.
    var next: String?
    var place = Place()
    /// What an ambiguous or unknown name could mean, what to type and what it is; or where else the same is wrong.
    var candidates: [Candidate] = []
    var listing = Listing.meant

    enum Listing: Sendable {
        case meant
        /// Further places, of which there may be more.
        case further
    }

    /// What the error is about, as far as there is one.
    struct Place: Sendable, Equatable {
        var record: String?
        var field: String?
        var file: String?
        /// The part of a workbook's archive, and the line of that part or of a table of text.
        var part: String?
        var line: Int?
        var sheet: String?
        var row: Int?
        var column: String?
    }

    struct Candidate: Sendable, Equatable {
        var name: String
        var detail: String = ""
    }

    init(
        _ error: ErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place(), candidates: [Candidate] = [],
        listing: Listing = .meant
    ) {
        self.init(code: error.code, exit: error.exit, phrase: error.phrase, facts: facts, next: next, place: place, candidates: candidates)
        self.listing = listing
    }

    init(
        _ error: InputErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place(), candidates: [Candidate] = [],
        listing: Listing = .meant
    ) {
        self.init(code: error.code, exit: .inputFile, phrase: error.phrase, facts: facts, next: next, place: place, candidates: candidates)
        self.listing = listing
    }

    init(
        _ error: RecordErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place(), candidates: [Candidate] = []
    ) {
        self.init(code: error.code, exit: error.exit, phrase: error.phrase, facts: facts, next: next, place: place, candidates: candidates)
    }

    init(
        _ error: ExportErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place(), candidates: [Candidate] = []
    ) {
        self.init(code: error.code, exit: error.exit, phrase: error.phrase, facts: facts, next: next, place: place, candidates: candidates)
    }

    init(_ error: CodeErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place()) {
        self.init(code: error.code, exit: error.exit, phrase: error.phrase, facts: facts, next: next, place: place, candidates: [])
    }

    init(_ error: MachineErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place()) {
        self.init(code: error.code, exit: .machine, phrase: error.phrase, facts: facts, next: next, place: place, candidates: [])
    }

    init(_ error: NetworkErrorPhrases, _ facts: Facts = [:], next: String? = nil, place: Place = Place()) {
        self.init(code: error.code, exit: .network, phrase: error.phrase, facts: facts, next: next, place: place, candidates: [])
    }

    /// Makes the failure of a request that the server refused.
    init(_ refusal: RefusalPhrases, next: String? = nil, place: Place = Place()) {
        self.init(
            code: refusal.rawValue.replacing("_", with: "-"), exit: refusal.exit, phrase: refusal.phrase, facts: [:], next: next,
            place: place,
            candidates: [])
    }

    private init(
        code: String, exit: CommandExit, phrase: Phrase, facts: Facts, next: String?, place: Place, candidates: [Candidate]
    ) {
        self.code = code
        self.exit = exit
        self.phrase = phrase
        self.facts = facts
        self.next = next
        self.place = place
        self.candidates = candidates
    }

    func message(in language: Language) -> String { phrase.text(in: language, facts) }

    /// Returns the lines for standard error: what happened, what could be meant, what to do next.
    func text(in language: Language) -> String {
        var lines = [HelpPhrases.errorLine.text(in: language).replacing("{message}", with: message(in: language))]
        if listing == .meant, candidates.count == 1, let only = candidates.first, only.detail.isEmpty {
            lines.append(HelpPhrases.didYouMean.text(in: language, ["word": .text(only.name)]))
        } else if !candidates.isEmpty {
            lines.append((listing == .meant ? HelpPhrases.candidates : .further).text(in: language))
            let measure = DisplayWidth.standard
            let width = candidates.map { measure($0.name.visible) }.max() ?? 0
            for candidate in candidates {
                let detail = candidate.detail.isEmpty ? "" : "  " + candidate.detail.visible
                lines.append("  " + (detail.isEmpty ? candidate.name.visible : measure.padded(candidate.name.visible, to: width)) + detail)
            }
        }
        if let next { lines.append(HelpPhrases.nextLine.text(in: language, ["command": .text(next)])) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Returns the object `buntan.error/1` with the members that apply.
    func json(in language: Language) -> JSONValue {
        .members(
            ("format", "buntan.error/1"), ("code", .text(code)), ("exit", .integer(Int64(exit.rawValue))),
            ("message", .text(message(in: language))), ("next", next.map { .text($0) }), ("record", place.record.map { .text($0) }),
            ("field", place.field.map { .text($0) }), ("file", place.file.map { .text($0) }),
            ("part", place.part.map { .text($0) }), ("line", place.line.map { .number($0) }), ("sheet", place.sheet.map { .text($0) }),
            ("row", place.row.map { .number($0) }), ("column", place.column.map { .text($0) }),
            ("candidates", candidates.isEmpty ? nil : .list(candidates.map { .text($0.name) })))
    }
}

extension RefusalPhrases {
    /// The exit status when a refusal ends a command.
    var exit: CommandExit {
        switch self {
        case .unavailable, .busy, .rateLimited, .recovering, .noSession, .baseMismatch, .epochChanged, .behindYou: .network
        case .tooManyHeads, .unknownPred, .unknownRecord, .schemaUnknown, .quota, .malformed, .badSignature, .cidReused, .notOwner,
            .noRight,
            .invalid, .tooLarge, .notFound:
            .refused
        }
    }
}

extension CommandFailure {
    /// What was typed as a reason; blanks are none.
    ///
    /// - Throws: `reason-missing`.
    static func reason(_ typed: String?) throws -> String {
        guard let typed, !typed.allSatisfy(\.isWhitespace) else { throw CommandFailure(.reasonMissing) }
        return typed
    }
}
