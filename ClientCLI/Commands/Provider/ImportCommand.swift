import ArgumentParser
import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Workbooks
import Wording

/// Reads a matrix into the draft, all or nothing.
struct Import: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.importFiles.spoken)
    }
    @Argument var file: String
    @Option var format: String?
    @Option var framework: String?
    @Option var map: String?
    @Flag(name: [.customShort("n"), .customLong("dry-run")]) var dryRun = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let matrix = try read(invocation)
        for (header, _) in Dictionary(grouping: matrix.privateColumns, by: \.header).sorted(by: { $0.key < $1.key }) {
            invocation.notice(ProviderPhrases.importPrivateColumns, ["columns": .text(header)])
        }
        let remarks = matrix.diagnostics.count
        if remarks > 0 { invocation.notice(ProviderPhrases.importWarnings, ["n": .number(remarks)]) }
        for diagnostic in matrix.diagnostics.prefix(invocation.options.quiet ? 0 : invocation.options.verbose ? .max : 5) {
            invocation.console.complain("  \(Self.place(diagnostic)): \(diagnostic.code.rawValue)\n")
        }
        guard !dryRun || StoreLayout(folder: invocation.storePath).exists else {
            invocation.notice(ProviderPhrases.importDry)
            return .done
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.ownService()
        let plan = try open.store.read { try Self.plan(matrix, draft: service.draft, open.reading, $0) }
        let added = plan.rows.filter(\.isNew).count
        if dryRun || plan.isEmpty {
            invocation.notice(
                plan.isEmpty ? ProviderPhrases.importNothing : ProviderPhrases.importPlan,
                [
                    "added": .number(added), "changed": .number(plan.rows.count - added),
                    "same": .number(matrix.rows.count - plan.rows.count), "missing": .number(plan.absentRows.count),
                ])
            if dryRun { invocation.notice(ProviderPhrases.importDry) }
            return .done
        }
        let workspace = try open.writing()
        let notes = try open.store.read { try Self.notes(matrix, service: service, workspace, $0) }
        let committed = try open.store.write { transaction in
            let drafts = plan.rows.map { Self.draft($0, in: service.draft) }
            let committed = try workspace.commit(drafts, in: service.draft, transaction)
            if !notes.isEmpty, let home = try StoreDirectory(transaction).home(transaction) {
                _ = try workspace.commit(notes, in: home, transaction)
            }
            return committed
        }
        let context = try open.store.read { try selector.context(nil, $0) }
        let name = selector.directory.services.first { $0.service == service.service }?.handle ?? ""
        let short = shortID(committed.changes.last)
        try invocation.print(
            .change(
                "import/1", context, fields: ["change", "short", "rows", "added", "changed", "ops"],
                .written(
                    committed.changes.last, ("rows", .number(plan.rows.count)), ("added", .number(added)),
                    ("changed", .number(plan.rows.count - added)), ("ops", .number(committed.ops)))
            ) { page in
                page.say(
                    ProviderPhrases.imported,
                    [
                        "id": .text(short), "rows": .number(plan.rows.count), "service": .text(name), "added": .number(added),
                        "changed": .number(plan.rows.count - added),
                    ])
                page.next("buntan publish LABEL -m WHY")
            })
        return .done
    }

    // MARK: reading

    private func read(_ invocation: Invocation) throws -> MatrixImport {
        guard let data = FileManager.default.contents(atPath: file) else { throw CommandFailure(.fileMissing, ["file": .text(file)]) }
        var options = ImportOptions()
        options.framework = framework
        if let format {
            guard let known = ImportFormat(rawValue: format) else {
                throw CommandFailure(
                    .invalidValueOf,
                    [
                        "value": .text(format), "option": .text("--format"),
                        "known": .text(ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")),
                    ])
            }
            options.format = known
        }
        if let map {
            guard let bytes = FileManager.default.contents(atPath: map) else { throw CommandFailure(.fileMissing, ["file": .text(map)]) }
            do { options.mapping = try ColumnMapping(json: Array(bytes)) } catch {
                throw CommandFailure(.mappingInvalid, ["file": .text(map), "column": .text("\(error)")])
            }
        }
        do { return try readMatrix(Array(data), name: URL(fileURLWithPath: file).lastPathComponent, options: options) } catch {
            throw Self.failure(error, file: file)
        }
    }

    static func place(_ diagnostic: ImportDiagnostic) -> String {
        [
            diagnostic.document, diagnostic.sheet,
            diagnostic.column.map { $0 + (diagnostic.row.map(String.init) ?? "") } ?? diagnostic.row.map(String.init),
        ]
        .compactMap { $0 }.joined(separator: " / ")
    }

    static func failure(_ fault: ImportFault, file: String) -> CommandFailure {
        switch fault {
        case .unreadable(let reason, _):
            return CommandFailure(.fileDamaged, ["file": .text(file), "reason": .text("\(reason)")], place: .init(file: file))
        case .formatNotRead:
            return CommandFailure(.fileNotRecognised, ["file": .text(file), "known": .text("xlsx, csv")], place: .init(file: file))
        case .noMatrix:
            return CommandFailure(.fileNoHeader, ["file": .text(file), "columns": .text("Control ID")], place: .init(file: file))
        case .noRows: return CommandFailure(.fileNoRows, ["file": .text(file)], place: .init(file: file))
        case .severalMatrices, .sheetNotFound, .serviceNotFound, .columnsMissing:
            return CommandFailure(.mappingMissing, ["file": .text(file)], place: .init(file: file))
        case .frameworkUnknown:
            return CommandFailure(.answerMissing, ["flag": .text("--framework")], place: .init(file: file))
        case .rejected(_, let diagnostics):
            let first = diagnostics.first { $0.severity == .error } ?? diagnostics.first
            return CommandFailure(
                .importRefused,
                [
                    "file": .text(file), "n": .number(diagnostics.filter { $0.severity == .error }.count),
                    "place": .text(first.map(place) ?? ""), "reason": .text(first?.code.rawValue ?? ""),
                ], place: .init(file: file, sheet: first?.sheet, row: first?.row, column: first?.column))
        }
    }

    // MARK: planning

    static func plan(_ matrix: MatrixImport, draft: SpaceID, _ workspace: Workspace, _ reader: any StoreReader) throws -> ImportPlan {
        var current: [Interchange.RowKey: [Interchange.CellKey: ImportedValue]] = [:]
        for (key, state) in try workspace.rows(in: draft, reader) {
            current[Interchange.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey)] = state.importedCells
        }
        return ImportPlan(current: current, matrix: matrix)
    }

    static func draft(_ row: ImportPlan.RowChange, in space: SpaceID) -> RecordDraft {
        var cells: [BuntanProtocol.CellKey: Value] = [:]
        for cell in row.cells {
            let key = BuntanProtocol.CellKey(cell.key.field, cell.key.element.map { Element.code($0) })
            switch cell.write {
            case .set(.null): cells[key] = .null
            case .set(.bool(let value)): cells[key] = .bool(value)
            case .set(.int(let value)): cells[key] = .int(Int64(value))
            case .set(.text(let value)): cells[key] = .text(value)
            case .clear:
                let isSet = SchemaRegistry.current.kind("responsibility")?.field(cell.key.field)?.merge == .set
                cells[key] = isSet ? .bool(false) : .null
            }
        }
        let key = Records.RowKey(framework: row.key.framework, controlId: row.key.controlId, itemKey: row.key.itemKey)
        return RecordDraft(space: space, kind: "responsibility", key: key.fields, cells: cells)
    }

    /// Columns that were not recognised stay private: one annotation a cell, made once.
    static func notes(
        _ matrix: MatrixImport, service: ProvidedService, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [RecordDraft] {
        guard let home = try StoreDirectory(reader).home(reader) else { return [] }
        var known = Set<String>()
        for stored in try reader.records(of: "annotation", in: home, after: nil, limit: .max) {
            known.insert("\(stored.shown.value("row")?.bytes ?? [])|\(stored.shown.text("label") ?? "")|\(stored.shown.text("text") ?? "")")
        }
        var drafts: [RecordDraft] = []
        for row in matrix.rows {
            let key = Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey)
            let record = key.responsibility(in: service.service)
            for note in row.privateNotes where known.insert("\(record.bytes)|\(note.header)|\(note.text)").inserted {
                drafts.append(workspace.note(on: record, text: note.text, label: note.header))
            }
        }
        return drafts
    }
}
