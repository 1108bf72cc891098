import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// A statement of applicability as one form: its own fields, then a part for each control. It is taken as a whole or not at all.
struct SoaForm {
    let place: SoaPlace
    let statement: ApplicabilityStatement
    /// The controls that are in the form.
    let lines: [ApplicabilityStatement.Line]
    /// Whether its own fields are in the form as well.
    let holdsStatement: Bool

    /// What the statement's own fields stand beneath; controls have numbers.
    private static let statementPart = "statement"
    private static let keptFields: Set = ["serviceId", "serviceName", "soaId", "controlId"]

    private var language: Language { place.open.invocation.language }
    private var invocation: Invocation { place.open.invocation }

    private func form(_ kind: String, _ record: RecordID, _ reader: any StoreReader) throws -> RecordForm? {
        guard let kind = SchemaRegistry.current.kind(kind) else { return nil }
        return RecordForm(
            target: try place.open.reading.target(record, kind: kind, in: place.home, reader), title: place.name, language: language)
    }

    /// The fields of an entry that are decided: none of a side whose guidance is not, and nothing of the annex where it has no control.
    private func fields(of line: ApplicabilityStatement.Line, among all: [Field]) -> [Field] {
        var hidden = Self.keptFields
        if line.control.isExtended { hidden.formUnion(["adopted27001", "reason27001"]) }
        let sides = statement.sides.isEmpty ? Side.allCases : statement.sides
        for side in Side.allCases where line.control.guidance(for: side) == nil || !sides.contains(side) {
            hidden.formUnion([side.applicability.adopted, side.applicability.reason])
        }
        return all.filter { !hidden.contains($0.name) }
    }

    // MARK: what is filled in

    func text(_ reader: any StoreReader) throws -> String {
        guard let whole = try form("soa", statement.record, reader) else { return "" }
        var text = whole.comment(ApplicabilityPhrases.formHeading.text(in: language, ["service": .text(place.name)]))
        text += whole.comment(RecordPhrases.formRule.text(in: language)) + whole.comment(RecordPhrases.formEmptied.text(in: language))
        if holdsStatement {
            let own = whole.target.editing.fields.filter { !Self.keptFields.contains($0.name) }
            text += ["", "\(Self.statementPart):"] + Self.beneath(whole.lines(of: own, withHints: true))
        }
        for (index, line) in lines.enumerated() {
            guard let part = try form("soa-entry", line.id, reader) else { continue }
            if index == 0 {
                let shown = part.target.editing.fields.filter { !Self.keptFields.contains($0.name) }
                text += [""] + part.comment(ApplicabilityPhrases.formControls.text(in: language)) + shown.map(part.hintLine)
            }
            text += [""] + part.comment("\(line.control.id) \(line.control.title.text(in: language))") + ["\(line.control.id):"]
            text += Self.beneath(part.lines(of: fields(of: line, among: part.target.editing.fields), withHints: false))
        }
        return text.joined(separator: "\n") + "\n"
    }

    private static func beneath(_ lines: [String]) -> [String] { lines.map { $0.isEmpty ? "" : "  " + $0 } }

    // MARK: what was filled in

    /// Writes a form that was filled in; nothing of it where anything cannot be taken.
    ///
    /// - Parameter isSeen: whether its writer had the form with what stood then: what has changed since is not written over.
    func write(_ text: String, isSeen: Bool) throws -> (committed: Committed, controls: Set<String>) {
        let parts = try RecordForm.parts(text)
        let workspace = try place.open.writing()
        return try place.open.store.write { transaction in
            let found = try Addresses(place.selection, place.selector, place.open.reading, transaction)
            var drafts: [RecordDraft] = []
            var controls: Set<String> = []
            for part in parts {
                if part.name == Self.statementPart {
                    let seen: RecordState?? = isSeen ? .some(statement.state) : .none
                    if let draft = try draft("soa", statement.record, [], part, seen, workspace, found, transaction) {
                        drafts.append(draft)
                    }
                    continue
                }
                guard let line = statement.lines.first(where: { $0.control.id == part.name }) else { throw unknown(part.name, part.line) }
                let key = ApplicabilityStatement.key(statement.record, line.control.id)
                let seen: RecordState?? = isSeen ? .some(line.entry) : .none
                guard var draft = try draft("soa-entry", line.id, key, part, seen, workspace, found, transaction) else { continue }
                complete(&draft, of: line)
                drafts.append(draft)
                controls.insert(line.control.id)
            }
            return (try workspace.commit(drafts, in: place.home, transaction), controls)
        }
    }

    private func draft(
        _ name: String, _ record: RecordID, _ key: [(field: String, value: Value)],
        _ part: (name: String, line: Int, reading: RecordForm.Reading), _ seen: RecordState??, _ workspace: Workspace, _ found: Addresses,
        _ transaction: any StoreWriter
    ) throws -> RecordDraft? {
        guard let kind = SchemaRegistry.current.kind(name) else { return nil }
        let typed = try TypedRecord(part.reading, kind)
        let target = try workspace.target(record, kind: kind, in: place.home, transaction)
        do {
            let assignments = try TypedReferences(place.open, place.selector).resolved(
                typed.assignments, of: kind, on: target.state, found, transaction)
            return try workspace.draft(target, assignments, key: key, seen: seen, transaction)
        } catch let fault as TypedReferences.Fault {
            throw typed.place(of: fault)
        } catch let fault as RecordFault {
            guard let mistake = typed.place(of: fault) else {
                let subject = EditSubject(
                    target: target, key: [], title: part.name, address: found.words.index.short(record), engagement: nil)
                throw subject.failure(fault, found.words)
            }
            throw mistake
        }
    }

    /// What an entry says beside what was typed: that its control was evaluated today, and what the standard leaves no choice about.
    private func complete(_ draft: inout RecordDraft, of line: ApplicabilityStatement.Line) {
        let evaluated = CellKey("evaluatedOn")
        let isDecided = draft.cells.contains { $0.key.field.hasPrefix("adopted") && $0.value != .null }
        if isDecided, draft.cells[evaluated] == nil, line.entry?[evaluated]?.isConflicted != true {
            draft.cells[evaluated] = .text(invocation.today.text)
        }
        if line.entry == nil { draft.cells.merge(line.control.undecided) { typed, _ in typed } }
    }

    private func unknown(_ typed: String, _ line: Int) -> RecordForm.Mistake {
        RecordForm.Mistake(
            line: line,
            reason: .word(
                ErrorPhrases.unknownControl,
                ["framework": .text(statement.catalogue.edition.name.text(in: language)), "control": .text(typed)]))
    }

    // MARK: the editor, or a file

    /// Lets the person fill it in.
    func inEditor() throws -> CommandExit {
        let text = try place.open.store.read { try self.text($0) }
        let writing = FormWriting(invocation: invocation, fileName: "soa.yaml", keptName: "soa-\(place.service.handle)")
        return try writing.run(from: text) { text in
            guard let text else { return try place.report(nil, []) }
            let (committed, controls) = try write(text, isSeen: true)
            return try place.report(committed, controls)
        }
    }

    /// Takes a form that was kept, or written elsewhere.
    func from(_ path: String) throws -> CommandExit {
        let text = try EditCommand.text(of: path, invocation)
        do {
            let (committed, controls) = try write(text, isSeen: false)
            return try place.report(committed, controls)
        } catch let mistake as RecordForm.Mistake {
            throw CommandFailure.inFile(path, line: mistake.line, field: mistake.field, mistake.reason)
        }
    }
}
