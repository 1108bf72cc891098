import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// What an export is written from: all that an audience may see of what is selected, and nothing else.
struct ExportSource {
    let audience: Audience
    let file: OutputFile
    let invocation: Invocation
    let open: OpenStore
    let selector: Selector
    let scope: DisclosedScope
    /// The engagement that is meant, for those who may know of it.
    let engagement: KnownEngagement?
    let view: DisclosedView
    /// Where the sides of an engagement stand on its rows, for those who may see it.
    let states: [MatrixRow]
    private let context: ReportContext?

    /// Reads it; an error where others would be given what was never published, or where a file is in the way.
    /// - Parameter isOfService: whether only the service is meant, where an engagement about it is chosen.
    init(for audience: Audience, _ file: OutputFile, isOfService: Bool = false, _ invocation: Invocation) throws {
        (self.audience, self.file, self.invocation) = (audience, file, invocation)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let chosen = try DisclosedScope(try selector.either(), selector)
        let scope = isOfService ? try DisclosedScope(.service(chosen.service), selector) : chosen
        try file.requireFree()
        let workspace = open.reading
        let engagement = audience.seesEngagements ? scope.engagement : nil
        (context, view, states) = try open.store.read { reader in
            (
                try selector.context(scope.selection, reader), try scope.view(to: audience, .published, workspace, reader),
                try engagement.map { try workspace.rows(of: $0, reader) } ?? []
            )
        }
        (self.open, self.selector, self.scope, self.engagement) = (open, selector, scope, engagement)
        guard audience == .myself || view.release != nil else {
            throw CommandFailure(.nothingPublished, ["name": .text(scope.service.handle)], next: "buntan publish LABEL -m WHY")
        }
    }

    var document: ExportDocument {
        ExportDocument(scope: scope, audience: audience, view: view, states: states, asOf: invocation.asOf)
    }

    /// An error where there is no row: some forms say nothing then.
    func requireRows() throws {
        guard view.rows.isEmpty else { return }
        throw CommandFailure(.noRowsToExport, ["name": .text(scope.service.handle)], next: "buntan matrix")
    }

    /// Writes one file and says so; to standard output nothing is said beside it.
    func write(
        _ bytes: [UInt8], as format: String, rows: Int, records: Int = 0, _ phrase: ExportPhrases, leftOut: Int = 0
    ) throws -> CommandExit {
        try file.write(bytes)
        guard let path = file.path else { return .done }
        return try report(path: path, as: format, rows: rows, records: records, bytes: bytes.count, leftOut: leftOut) { page in
            page.say(
                phrase,
                [
                    "path": .text(path), "rows": .number(rows), "records": .number(records), "audience": .word(audience.phrase),
                ])
        }
    }

    /// Says what was written, what it leaves out, and what is held back.
    /// - Parameter leftOut: rows that the format has no place for.
    func report(
        path: String, as format: String, rows: Int, records: Int, bytes: Int, leftOut: Int = 0, _ say: @escaping (inout Page) -> Void
    ) throws -> CommandExit {
        let written = WrittenFile(
            path: path, format: format, audience: audience, rows: rows, records: records, bytes: bytes, leftOut: leftOut, view: view)
        return try written.report(context, invocation, say)
    }
}

/// A file that was written, as every export says it.
struct WrittenFile {
    let path: String
    let format: String
    var audience = Audience.myself
    var rows = 0
    var records = 0
    let bytes: Int
    /// Rows that the format has no place for.
    var leftOut = 0
    /// Of what it was written; `nil` for an own record, of which nothing is held back.
    var view: DisclosedView?

    func report(_ context: ReportContext?, _ invocation: Invocation, _ say: @escaping (inout Page) -> Void) throws -> CommandExit {
        let item: JSONValue = [
            "path": .text(path), "format": .text(format), "audience": .text(audience.rawValue), "rows": .number(rows),
            "records": .number(records), "bytes": .number(bytes), "leftOut": .number(leftOut),
            "heldBack": view?.heldBackJSON ?? .list([]),
        ]
        let fields = ["path", "format", "audience", "rows", "records", "bytes", "leftOut", "heldBack"]
        try invocation.print(
            .change("export/1", context, fields: fields, item) { page in
                invocation.asOf?.say(&page)
                say(&page)
                if leftOut > 0 { page.say(ExportPhrases.leftOut, ["n": .number(leftOut)]) }
                view?.sayHeldBack(&page)
            })
        return .done
    }
}
