import BuntanProtocol
import Records
import Replica
import Wording

/// What somebody typed about a record: values of its fields, and items of its lists, with the lines where they stand.
struct TypedRecord {
    struct List {
        enum Content {
            case exactly([RecordForm.Item])
            case adding([RecordForm.Item])
            /// By their ids.
            case removing([String])
        }

        let kind: Kind
        let content: Content

        var items: [RecordForm.Item] {
            switch content {
            case .exactly(let items), .adding(let items): items
            case .removing: []
            }
        }
    }

    private(set) var assignments: [FieldAssignment] = []
    private(set) var lists: [List] = []
    private(set) var lines: [String: Int] = [:]

    /// What a form or a file says of a record of the kind.
    init(_ reading: RecordForm.Reading, _ kind: Kind) throws(RecordForm.Mistake) {
        for (name, line) in reading.lines { lines[CodeLabels.fieldName(name, of: kind)] = line }
        for assignment in reading.assignments {
            if let list = Self.list(assignment.field, of: kind) {
                guard assignment.content == .value("") || assignment.content == .members([]) else {
                    throw RecordForm.Mistake(
                        line: reading.lines[assignment.field] ?? 1, field: assignment.field,
                        reason: .word(RecordPhrases.formItems, ["field": .text(assignment.field)]))
                }
                lists.append(List(kind: list, content: .exactly([])))
            } else {
                assignments.append(assignment.named(CodeLabels.fieldName(assignment.field, of: kind)))
            }
        }
        for (name, items) in reading.lists {
            guard let list = Self.list(name, of: kind) else {
                throw RecordForm.Mistake(
                    line: reading.lines[name] ?? 1, field: name, reason: .word(RecordPhrases.formNotText, ["field": .text(name)]))
            }
            lists.append(List(kind: list, content: .exactly(items.map { Self.named($0, of: list) })))
        }
    }

    /// What a file holds.
    init(file: String, _ text: String, _ kind: Kind) throws {
        do { self = try TypedRecord(try RecordForm.read(text), kind) } catch {
            throw CommandFailure.inFile(file, line: error.line, field: error.field, error.reason)
        }
    }

    /// What `--set` says, once or several times.
    init(_ settings: [String], _ kind: Kind) throws {
        for text in settings {
            if let list = try Self.list(typed: text, of: kind) {
                try add(list, text)
            } else if let assignment = FieldAssignment(typed: text) {
                assignments.append(assignment.named(CodeLabels.fieldName(assignment.field, of: kind)))
            } else {
                throw CommandFailure(.invalidSet, ["value": .text(text)])
            }
        }
    }

    /// What is added to a list in several words is added at once; what contradicts itself is refused.
    private mutating func add(_ list: List, _ text: String) throws {
        guard let index = lists.firstIndex(where: { $0.kind.name == list.kind.name }) else { return lists.append(list) }
        guard case .adding(let items) = list.content, case .adding(let before) = lists[index].content else {
            throw CommandFailure(.invalidSet, ["value": .text(text)])
        }
        lists[index] = List(kind: list.kind, content: .adding(before + items))
    }

    /// `schedule+={interval: 1d}`, `schedule-=3fk7`, `schedule=[{…}, {…}]`; `nil` for what names no list.
    private static func list(typed text: String, of kind: Kind) throws -> List? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        var name = text[..<equals]
        let sign = name.last
        if sign == "+" || sign == "-" { name = name.dropLast() }
        guard let list = list(String(name), of: kind) else { return nil }
        let value = String(text[text.index(after: equals)...])
        if sign == "-" { return List(kind: list, content: .removing(FieldAssignment.list(value))) }
        let items: [RecordForm.Item]
        do { items = try RecordForm.items(of: String(name), value).map { named($0, of: list) } } catch {
            throw CommandFailure(
                .fieldForm, ["field": .text(String(name)), "record": .text(kind.name), "reason": error.reason],
                place: CommandFailure.Place(record: kind.name, field: String(name)))
        }
        return List(kind: list, content: sign == "+" ? .adding(items) : .exactly(items))
    }

    private static func list(_ name: String, of kind: Kind) -> Kind? {
        let lists = SchemaRegistry.current.lists(of: kind.name)
        let names = lists.compactMap { $0.list?.name }
        let meant = Labels.field(meantBy: name, among: names, of: kind.name)
        return lists.first { $0.list?.name == meant }
    }

    private static func named(_ item: RecordForm.Item, of kind: Kind) -> RecordForm.Item {
        var item = item
        item.assignments = item.assignments.map { $0.named(CodeLabels.fieldName($0.field, of: kind)) }
        return item
    }

    /// Where a fault stands; `nil` for one of no line.
    func place(of fault: RecordFault) -> RecordForm.Mistake? {
        switch fault {
        case .edit(_, let kind, let fault):
            let name = fault.field.split(separator: "/").first.map(String.init) ?? ""
            return RecordForm.Mistake(line: lines[name] ?? 1, field: fault.field, reason: fault.reason(kind: kind))
        case .item(let kind, let index, let fault):
            guard let items = lists.first(where: { $0.kind.name == kind })?.items, index < items.count else { return nil }
            let name = fault.field.split(separator: "/").first.map(String.init) ?? ""
            return RecordForm.Mistake(
                line: items[index].lines[name] ?? items[index].line, field: fault.field, reason: fault.reason(kind: kind))
        case .noItem(let id, let kind, let index):
            guard let items = lists.first(where: { $0.kind.name == kind })?.items, index < items.count else { return nil }
            let typed = items[index].id ?? id.uuid
            return RecordForm.Mistake(line: items[index].line, field: "id", reason: .word(ErrorPhrases.unknownID, ["id": .text(typed)]))
        case .notOwn, .changedMeanwhile, .deleted: return nil
        }
    }
}

extension CommandFailure {
    /// A file that cannot be taken: exit status 6, with the line.
    static func inFile(_ path: String, line: Int, field: String?, _ reason: Fact) -> CommandFailure {
        CommandFailure(
            .fileCell, ["place": .word(HelpPhrases.linePlace, ["file": .text(path), "row": .number(line)]), "reason": reason],
            place: CommandFailure.Place(field: field, file: path, row: line))
    }
}

extension FieldAssignment {
    /// The same about another field.
    fileprivate func named(_ field: String) -> FieldAssignment {
        FieldAssignment(field: field, element: element, content: content)
    }
}
