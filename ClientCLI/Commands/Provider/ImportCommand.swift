import ArgumentParser
import BuntanProtocol
import Foundation
import Interchange
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording
import Workbooks

/// Reads matrices into the draft, all or nothing.
struct Import: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "import", abstract: CommandPhrases.importFiles.spoken)
    }

    @Argument(help: .spoken(.files)) var files: [String]
    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: .spoken(.dryRun)) var dryRun = false
    @Option(name: .customLong("save-map"), help: .spoken(.saveMap)) var saveMap: String?
    @Flag(name: .customLong("remove-absent"), help: .spoken(.removeAbsent)) var removesAbsent = false
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let documents: [ReadDocument]
        do { documents = try read(invocation) } catch let failure as CommandFailure where dryRun && Self.isAnswer(failure) {
            // To look was what was asked: finding that the file would not go in is an answer.
            var failure = failure
            failure.exit = .found
            throw failure
        }
        var matrices = documents.compactMap { if case .matrix(let matrix) = $0 { matrix } else { nil } }
        let others = documents.filter { if case .matrix = $0 { false } else { true } }
        remark(on: documents.flatMap { TakenDocument.diagnostics(of: $0) }, .remarks, invocation)
        if matrices.isEmpty { return try take(others, invocation) }
        guard others.isEmpty else {
            throw CommandFailure(
                .filesOfTwoKinds,
                ["first": .text(matrices[0].document), "second": .text(others.first.map { TakenDocument.name(of: $0) } ?? "")])
        }
        try writeMapping(of: matrices, invocation)
        guard let (open, selector, service) = try target(invocation) else {
            try invocation.print(ImportReport(matrices.map { $0.placed { [] } }).uncompared())
            return .done
        }
        matrices = try open.store.read { reader in
            try matrices.map { try $0.placed { Set(try open.reading.rowKeys(in: service.draft, reader).map(\.framework)) } }
        }
        try requireRead(matrices)
        if dryRun {
            let drafts = try open.store.read { try planned(matrices, into: service, open.reading, $0) }
            remark(on: drafts.flatMap(\.plan.diagnostics), .remarksOnChanges, invocation)
            let context = try open.store.read { try selector.context(nil, $0) }
            try invocation.print(ImportReport(matrices).planned(drafts, context))
            return .done
        }
        try confirm(matrices, into: service, selector, open)
        let workspace = try open.writing()
        try Task.checkCancellation()
        let (drafts, committed) = try open.store.write { transaction in
            var drafts: [ImportDraft] = []
            var committed: [Committed] = []
            func write(_ records: [RecordDraft], in space: SpaceID) throws {
                let made = try workspace.commit(records, in: space, after: committed.last, transaction)
                if !made.isEmpty { committed.append(made) }
            }
            let home = try StoreDirectory(transaction).home(transaction)
            var runs: [RecordDraft] = []
            // Each file meets what the one before it wrote, and all are one transaction.
            for matrix in matrices {
                let draft = try ImportDraft(
                    matrix, beside: matrices, removesAbsent: removesAbsent, service: service, workspace, transaction)
                let count = committed.count
                try write(draft.rows + draft.removals, in: service.draft)
                drafts.append(draft)
                guard let home else { continue }
                let made = committed.dropFirst(count).flatMap(\.changes)
                let rows = matrix.rows.map { draft.record(of: $0.key) }
                if let run = ImportRun.draft(of: made, in: service.service, document: matrix.document, rows: rows, home: home) {
                    runs.append(run)
                }
            }
            // What goes into one space stands together: one undo takes all of it back.
            if let home { try write(runs, in: home) }
            var kept = Set<RecordID>()
            for draft in drafts {
                let whole = draft.kept?.drafts ?? []
                // Two files that say the same are kept once.
                guard let home, kept.isDisjoint(with: whole.map(\.record)) else { continue }
                kept.formUnion(whole.map(\.record))
                try write(whole, in: home)
            }
            var noted = Set<[BuntanProtocol.CellKey: Value]>()
            let notes = drafts.flatMap(\.notes).filter { noted.insert($0.cells).inserted }
            if let home { try write(notes, in: home) }
            return (drafts, committed)
        }
        remark(on: drafts.flatMap(\.plan.diagnostics), .remarksOnChanges, invocation)
        let (context, change) = try open.written(
            (committed.last { $0.space == service.draft } ?? committed.last)?.changes.last, selector, nil)
        let handle = selector.directory.services.first { $0.service == service.service }?.handle ?? ""
        let changesDraft = committed.contains { $0.space == service.draft }
        let publishing = try open.store.read {
            changesDraft ? try selector.directory.publishing(service.draft, on: invocation.today, $0) : nil
        }
        try invocation.print(ImportReport(matrices).written(drafts, change, into: handle, next: publishing ?? change.sending, context))
        return .done
    }

    /// Writes how the columns were read, to be used again and changed by hand: where that is asked for.
    private func writeMapping(of matrices: [MatrixImport], _ invocation: Invocation) throws {
        guard let saveMap else { return }
        guard matrices.count == 1, let matrix = matrices.first else {
            throw CommandFailure(.optionsExclude, ["first": "--save-map", "second": "FILE FILE"])
        }
        guard let mapping = matrix.mapping else { throw CommandFailure(.noMapping, ["file": .text(matrix.document)]) }
        try OutputFile(saveMap, invocation).write(mapping.json())
        if saveMap != "-" { invocation.notice(ImportPhrases.mappingSaved, ["path": .text(saveMap)]) }
    }

    /// An error where rows are to go that a file may have: in a line or a sheet that was not read.
    private func requireRead(_ matrices: [MatrixImport]) throws {
        guard removesAbsent else { return }
        for matrix in matrices {
            let unread = matrix.diagnostics.filter {
                [.idUnreadable, .sheetHidden].contains($0.code) || ($0.code == .idMissing && $0.facts["says"] != nil)
            }
            guard let first = unread.first else { continue }
            throw CommandFailure(
                .fileNotAllRead, ["file": .text(matrix.document), "n": .number(unread.count)], next: "buntan import -n FILE",
                place: .init(file: matrix.document, sheet: first.sheet, row: first.row))
        }
    }

    /// Asks before the files change more than a few records of the draft.
    private func confirm(_ matrices: [MatrixImport], into service: ProvidedService, _ selector: Selector, _ open: OpenStore) throws {
        let prompt = open.invocation.prompt
        // Where nothing has to be asked, nothing is counted.
        guard !prompt.assumesYes, matrices.reduce(0, { $0 + $1.rows.count }) > 0 else { return }
        let drafts = try open.store.read { try planned(matrices, into: service, open.reading, $0) }
        let changed = drafts.reduce(0) { $0 + $1.rows.count }
        let removed = Set(drafts.flatMap { $0.removals.map(\.record) }).count
        let notes = drafts.reduce(0) { $0 + $1.notes.count }
        let handle = selector.directory.services.first { $0.service == service.service }?.handle ?? ""
        try prompt.confirmsMany(
            changed + notes + removed, removed > 0 ? ProviderPhrases.importQuestionRemoving : .importQuestion,
            ["rows": .number(changed), "notes": .number(notes), "removed": .number(removed), "service": .text(handle)])
    }

    private func planned(
        _ matrices: [MatrixImport], into service: ProvidedService, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [ImportDraft] {
        try matrices.map { matrix in
            try ImportDraft(matrix, beside: matrices, removesAbsent: removesAbsent, service: service, workspace, reader)
        }
    }

    /// What the files are compared with; `nil` where a dry run finds no store, or no service in it.
    private func target(_ invocation: Invocation) throws -> (OpenStore, Selector, ProvidedService)? {
        if dryRun, !StoreLayout(folder: invocation.storePath).exists { return nil }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        if dryRun, selector.directory.services.isEmpty { return nil }
        return (open, selector, try selector.ownService())
    }

    private func remark(on diagnostics: [ImportDiagnostic], _ heading: ImportPhrases, _ invocation: Invocation) {
        guard !diagnostics.isEmpty, !invocation.options.quiet else { return }
        invocation.notice(heading, ["n": .number(diagnostics.count)])
        var (order, byDocument): ([String], [String: [ImportDiagnostic]]) = ([], [:])
        for remark in diagnostics {
            if byDocument[remark.document] == nil { order.append(remark.document) }
            byDocument[remark.document, default: []].append(remark)
        }
        let lines = order.flatMap { document -> [String] in
            let own = ImportWords.lines(byDocument[document] ?? [], all: invocation.options.verbose, in: invocation.language)
            // Of several files each remark is about one.
            return files.count > 1 ? ["  \(document)"] + own.map { "  " + $0 } : own
        }
        invocation.console.complain(lines.map { $0 + "\n" }.joined())
        if diagnostics.contains(where: { $0.code == .idRepeated }) { invocation.notice(ImportPhrases.repeatedUnmeant) }
        if !invocation.options.verbose, lines.count < diagnostics.count { invocation.notice(ImportPhrases.remarksMore) }
    }

    // MARK: reading

    /// Whether a failure tells what was found in a file; one that could not be opened was not looked at.
    private static func isAnswer(_ failure: CommandFailure) -> Bool {
        let unseen = [InputErrorPhrases.fileMissing, .fileUnreadable].map(\.code)
        return failure.exit == .inputFile && !unseen.contains(failure.code)
    }

    private func read(_ invocation: Invocation) throws -> [ReadDocument] {
        let asked = AskedReading(options: try reading.importOptions(invocation), keepsAnswers: saveMap == nil, invocation: invocation)
        return try files.map { file in
            let document = try asked.document(in: file)
            if case .matrix(let matrix) = document, Self.isStatement(matrix) {
                throw CommandFailure(.fileStatement, ["file": .text(file)], next: "buntan soa --form", place: .init(file: file))
            }
            return document
        }
    }

    /// Whether a table is a statement of applicability, as `export soa` heads it: of who is responsible it says nothing.
    private static func isStatement(_ matrix: MatrixImport) -> Bool {
        let heads = Set(matrix.privateColumns.map(\.header))
        let decided = ["adopted27001", "adoptedProvider", "adoptedCustomer"]
        return Language.allCases.contains { language in
            heads.isSuperset(of: decided.map { CodeLabels.field($0, in: "soa-entry", language) })
        }
    }

    // MARK: documents without a matrix

    /// Takes in catalogues and what else says nothing of responsibilities: into the organisation's own records, all or nothing.
    private func take(_ documents: [ReadDocument], _ invocation: Invocation) throws -> CommandExit {
        if dryRun, !StoreLayout(folder: invocation.storePath).exists {
            try invocation.print(Self.report(documents, [], nil, nil, isDry: true))
            return .done
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let home = try open.store.read { reader in
            guard let home = try StoreDirectory(reader).home(reader) else { throw CommandFailure(.notEnrolled) }
            return home
        }
        let planned = try open.store.read { reader in try documents.map { try TakenDocument($0, in: home, reader) } }
        let context = try open.store.read { try selector.context(nil, $0) }
        if dryRun {
            try invocation.print(Self.report(documents, planned, nil, context, isDry: true))
            return .done
        }
        try invocation.prompt.confirmsMany(
            planned.reduce(0) { $0 + $1.drafts.count }, ImportPhrases.takeQuestion,
            ["n": .number(planned.reduce(0) { $0 + $1.drafts.count }), "files": .text(planned.map(\.name).joined(separator: ", "))])
        let workspace = try open.writing()
        let (taken, committed) = try open.store.write { transaction in
            var (taken, committed): ([TakenDocument], Committed?) = ([], nil)
            // Each document meets what the one before it wrote, and all are one transaction.
            for document in documents {
                let one = try TakenDocument(document, in: home, transaction)
                let made = try workspace.commit(one.drafts, in: home, after: committed, transaction)
                if !made.isEmpty { committed = made }
                taken.append(one)
            }
            return (taken, committed)
        }
        let (after, change) = try open.written(committed?.changes.last, selector, nil)
        try invocation.print(Self.report(documents, taken, change, after, isDry: false))
        return .done
    }

    private static func report(
        _ documents: [ReadDocument], _ taken: [TakenDocument], _ change: WrittenChange?, _ context: ReportContext?, isDry: Bool
    ) -> Report {
        func sum(_ count: (TakenDocument) -> Int) -> JSONValue { .number(taken.reduce(0) { $0 + count($1) }) }
        let files = documents.enumerated().map { TakenDocument.json($1, $0 < taken.count ? taken[$0] : nil) }
        let item = JSONValue.written(
            change, ("added", sum(\.added)), ("changed", sum(\.changed)), ("same", sum(\.same)), ("dryRun", .bool(isDry)),
            ("files", .list(files)))
        let fields = ["change", "short", "added", "changed", "same", "dryRun", "files"]
        func say(_ page: inout Page) {
            for (index, document) in documents.enumerated() { TakenDocument.say(document, index < taken.count ? taken[index] : nil, &page) }
            if isDry { return page.say(ProviderPhrases.importDry) }
            var told = Set<String>()
            for next in documents.compactMap({ TakenDocument.next(after: $0) }) where told.insert(next).inserted { page.next(next) }
        }
        guard let context, !isDry else { return .single("import/1", context, fields: fields, item, human: say) }
        return .change("import/1", context, fields: fields, item, human: say)
    }
}
