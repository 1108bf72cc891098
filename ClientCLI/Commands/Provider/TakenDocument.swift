import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording

/// A document that holds no matrix, as records of the organisation's own: what of them is new or differs.
struct TakenDocument {
    /// What a record is to say.
    private struct Wanted {
        let kind: String
        let key: [(field: String, value: Value)]
        var cells: [BuntanProtocol.CellKey: Value] = [:]
    }

    let read: ReadDocument
    private(set) var drafts: [RecordDraft] = []
    private(set) var added = 0
    private(set) var changed = 0
    private(set) var same = 0
    /// Controls of a framework that are here, and not in its catalogue.
    private(set) var absent: [String] = []
    /// What `export kept` takes for the kept document that says what this one says, the beginning of its digest: others may go by its
    /// name. `nil` where none is kept.
    private(set) var keptAddress: String?

    init(_ read: ReadDocument, in home: SpaceID, _ reader: any StoreReader) throws {
        self.read = read
        if case .framework(let framework) = read, framework.baseline == nil {
            let told = Set(framework.controls.map(\.id))
            absent = try StoredFramework.controls(of: framework.frameworkID, in: home, reader).map(\.id).filter { !told.contains($0) }
        }
        let isChoice = if case .framework(let framework) = read { framework.baseline != nil } else { false }
        for wanted in try Self.wanted(read, in: home, reader) {
            let id = RecordID.natural(space: home, kind: wanted.kind, key: wanted.key.map(\.value))
            if wanted.kind == "kept-document", case .text(let digest)? = wanted.key.first?.value {
                keptAddress = String(digest.prefix(KeptExport.leastLetters))
            }
            // What goes with it as it is, is not what it says.
            let counts = wanted.kind != "kept-document" || read.isKept
            let state = try reader.shown(id, in: home)
            if let state, state.standing != .deleted {
                // Several values of a cell are for a person to choose among.
                let cells = wanted.cells.filter { key, value in
                    // What a choice is called by its publisher does not rename the catalogue's controls.
                    if isChoice, ["title", "groupTitle"].contains(key.field), state[key]?.state.filled != nil { return false }
                    guard let cell = state[key] else { return ![.bool(false), .null].contains(value) }
                    return !cell.isConflicted && cell.state.filled?.value != value
                }
                // The same under another file's name is the same.
                let differs = cells.keys.contains { $0 != CellKey("sourceName") || state[CellKey("sourceName")] == nil }
                if counts { if differs { changed += 1 } else { same += 1 } }
                if differs { drafts.append(RecordDraft(record: id, kind: wanted.kind, cells: cells, key: wanted.key)) }
            } else {
                if counts { added += 1 }
                drafts.append(
                    RecordDraft(
                        space: home, kind: wanted.kind, key: wanted.key,
                        cells: wanted.cells.filter { ![.bool(false), .null].contains($0.value) }))
            }
        }
    }

    // MARK: what it is to say

    private static func wanted(_ read: ReadDocument, in home: SpaceID, _ reader: any StoreReader) throws -> [Wanted] {
        switch read {
        case .matrix: []
        case .framework(let framework): try wanted(framework, in: home, reader) + kept(framework.whole, in: home, reader)
        case .mapping(let mapping): try wanted(mapping) + kept(mapping.whole, in: home, reader)
        case .kept(let document): try kept(document, in: home, reader)
        }
    }

    /// A document that is kept as it is, under the digest of what it says: with other bytes between its words it is the same.
    private static func kept(_ document: KeptDocument?, in home: SpaceID, _ reader: any StoreReader) throws -> [Wanted] {
        guard let document, let kept = document.kept else { return [] }
        let digest = SHA.digest(document.content).hex
        // What is here stays as it came first, under the name under which it came; one that is damaged here is made whole.
        if let same = try KeptExport.document(digest, in: home, reader), let text = same.text, text == kept.text || same.bytes != nil {
            return (1...max(same.parts, 1)).map { keptPart($0, of: digest) }
        }
        return wanted(document, digest, kept.text, encoding: kept.encoding)
    }

    private static func wanted(_ framework: FrameworkImport, in home: SpaceID, _ reader: any StoreReader) throws -> [Wanted] {
        let id = framework.frameworkID
        var head = Wanted(kind: "framework", key: [("frameworkId", .text(id))])
        let known = try reader.shown(RecordID.natural(space: home, kind: head.kind, key: head.key.map(\.value)), in: home)
        // A choice of some controls says nothing of the catalogue, but that there is one.
        if framework.baseline == nil {
            head.cells[CellKey("title", framework.title.proseLanguage)] = filled(framework.title)
            head.cells[CellKey("version")] = filled(framework.version)
            head.cells[CellKey("sourceName")] = .text(framework.document)
        } else if known == nil || known?.standing == .deleted {
            head.cells[CellKey("title", framework.title.proseLanguage)] = filled(framework.title)
        }
        var all = [head]
        for control in framework.controls {
            var one = Wanted(kind: "framework-control", key: [("frameworkId", .text(id)), ("controlId", .text(control.id))])
            one.cells[CellKey("title", control.title.proseLanguage)] = filled(control.title)
            one.cells[CellKey("groupTitle", control.groupTitle.proseLanguage)] = filled(control.groupTitle)
            if framework.model != "profile" { one.cells[CellKey("withdrawn")] = .bool(control.isWithdrawn) }
            if let baseline = framework.baseline { one.cells[CellKey("baselines", .code(baseline))] = .bool(true) }
            all.append(one)
        }
        guard let baseline = framework.baseline else { return all }
        // What the choice no longer holds is taken out of it.
        let chosen = Set(framework.controls.map(\.id))
        for control in try StoredFramework.controls(of: id, in: home, reader) where !chosen.contains(control.id) {
            guard control.baselines.contains(baseline) else { continue }
            var one = Wanted(kind: "framework-control", key: [("frameworkId", .text(id)), ("controlId", .text(control.id))])
            one.cells[CellKey("baselines", .code(baseline))] = .bool(false)
            all.append(one)
        }
        return all
    }

    private static func wanted(_ mapping: MappingImport) -> [Wanted] {
        var all: [Wanted] = []
        var places: [[String]: Int] = [:]
        for map in mapping.maps {
            let key = [map.sourceFramework, map.source, map.targetFramework, map.target]
            let place = places[key] ?? all.count
            if place == all.count {
                places[key] = place
                let names = ["sourceFramework", "sourceControl", "targetFramework", "targetControl"]
                all.append(Wanted(kind: "control-mapping", key: zip(names, key).map { ($0, .text($1)) }))
                all[place].cells[CellKey("sourceName")] = .text(mapping.document)
            }
            if let relationship = map.relationship { all[place].cells[CellKey("relationships", .code(relationship))] = .bool(true) }
        }
        return all
    }

    /// What a part of a kept document holds at most, in bytes.
    private static let partBytes = 60_000
    private static func wanted(
        _ document: KeptDocument, _ digest: String, _ text: String, encoding: String?
    ) -> [Wanted] {
        var parts: [String] = []
        let bytes = Array(text.utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            var end = min(rest.startIndex + partBytes, rest.endIndex)
            // No sign is parted.
            while end < rest.endIndex, rest[end] & 0xC0 == 0x80 { end -= 1 }
            parts.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
            rest = rest[end...]
        }
        return parts.enumerated().map { number, text in
            var one = keptPart(number + 1, of: digest)
            one.cells[CellKey("name")] = .text(document.document)
            one.cells[CellKey("encoding")] = encoding.map { .text($0) } ?? .null
            one.cells[CellKey("format")] = .text(document.model)
            one.cells[CellKey("parts")] = .int(Int64(parts.count))
            one.cells[CellKey("text")] = .text(text)
            return one
        }
    }

    private static func keptPart(_ number: Int, of digest: String) -> Wanted {
        Wanted(kind: "kept-document", key: [("digest", .text(digest)), ("part", .text(String(number)))])
    }

    private static func filled(_ text: String) -> Value? { text.isEmpty ? nil : .text(text) }

    // MARK: words and JSON

    var name: String { Self.name(of: read) }

    static func name(of read: ReadDocument) -> String {
        switch read {
        case .matrix(let matrix): matrix.document
        case .framework(let framework): framework.document
        case .mapping(let mapping): mapping.document
        case .kept(let document): document.document
        }
    }

    static func diagnostics(of read: ReadDocument) -> [ImportDiagnostic] {
        switch read {
        case .matrix(let matrix): matrix.diagnostics
        case .framework(let framework): framework.diagnostics
        case .mapping(let mapping): mapping.diagnostics
        case .kept: []
        }
    }

    /// Says what the document is, and what of it is new.
    static func say(_ read: ReadDocument, _ taken: TakenDocument?, _ page: inout Page) {
        sayRecords(read, taken, &page)
        guard let whole = read.whole else { return }
        let name = taken?.keptAddress ?? whole.document
        page.say(whole.kept != nil ? ImportPhrases.takenWhole : .takenWholeTooLarge, ["file": .text(name)], indent: 2)
    }

    private static func sayRecords(_ read: ReadDocument, _ taken: TakenDocument?, _ page: inout Page) {
        var facts: Facts = taken.map { ["added": .number($0.added), "changed": .number($0.changed), "same": .number($0.same)] } ?? [:]
        switch read {
        case .matrix: return
        case .framework(let framework):
            facts["framework"] = .text(framework.baseline.map { "\(framework.frameworkID)/\($0)" } ?? framework.frameworkID)
            facts["n"] = .number(framework.controls.count)
            facts["withdrawn"] = .number(framework.controls.count(where: \.isWithdrawn))
            facts["title"] = .text(framework.title)
            page.say(framework.model == "profile" ? ImportPhrases.takenProfile : .takenFramework, facts)
            if taken != nil { page.say(ImportPhrases.takenChange, facts, indent: 2) }
            if let absent = taken?.absent, !absent.isEmpty {
                let named = absent.prefix(10).joined(separator: ", ") + (absent.count > 10 ? ", …" : "")
                page.say(ImportPhrases.takenAbsent, ["n": .number(absent.count), "controls": .text(named)], indent: 2)
            }
        case .mapping(let mapping):
            facts["n"] = .number(mapping.maps.count)
            facts["file"] = .text(mapping.document)
            page.say(ImportPhrases.takenMapping, facts)
            if taken != nil { page.say(ImportPhrases.takenChange, facts, indent: 2) }
        case .kept(let document):
            facts["file"] = .text(document.document)
            facts["model"] = .text(document.model)
            facts["held"] = ImportWords.held(document.figures)
            page.say(document.kept != nil ? ImportPhrases.takenKept : .takenTooLarge, facts)
        }
    }

    /// What shows what was taken in.
    static func next(after read: ReadDocument) -> String? {
        switch read {
        case .matrix: nil
        case .framework(let framework): "buntan controls --framework \(framework.frameworkID)"
        case .mapping: "buntan list control-mapping"
        case .kept: "buntan list kept-document"
        }
    }

    static func json(_ read: ReadDocument, _ taken: TakenDocument?) -> JSONValue {
        let (format, model, framework, figures): (String, String, String, [String: Int]) =
            switch read {
            case .matrix(let matrix): (matrix.format.rawValue, "", matrix.frameworkID, [:])
            case .framework(let one): ("oscal", one.model, one.frameworkID, one.figures)
            case .mapping(let one): ("oscal", one.model, "", one.figures)
            case .kept(let one):
                (one.model == "rule-table" ? "csv" : one.model == "value-list" ? "json" : "oscal", one.model, "", one.figures)
            }
        let remarks = JSONValue.list(diagnostics(of: read).map(ImportReport.json))
        return .members(
            ("file", .text(name(of: read))), ("format", .text(format)), ("framework", .text(framework)), ("rows", .number(0)),
            ("private", .list([])), ("model", .text(model)),
            ("figures", .object(figures.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })),
            ("added", taken.map { .number($0.added) }), ("changed", taken.map { .number($0.changed) }), ("remarks", remarks))
    }
}

extension ReadDocument {
    fileprivate var isKept: Bool { if case .kept = self { true } else { false } }

    /// The document itself, where it holds more than its records say.
    var whole: KeptDocument? {
        switch self {
        case .matrix, .kept: nil
        case .framework(let framework): framework.whole
        case .mapping(let mapping): mapping.whole
        }
    }
}
