import BuntanProtocol
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Writes the white paper of a service, as HTML or Markdown by the ending of the file's name.
struct WhitePaperExport {
    let audience: Audience
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        guard let path = file.path else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"], next: "buntan export whitepaper -o FILE.html")
        }
        guard let form = ReportFormat(endingOf: path), form != .json else {
            throw CommandFailure(
                .invalidValueOf, ["value": .text(path), "option": "--output", "known": "FILE.html, FILE.md"])
        }
        // It is about the service, whoever looks at it: what one engagement has settled is no part of it.
        let source = try ExportSource(for: audience, file, isOfService: true, invocation)
        let (selector, workspace, service) = (source.selector, source.open.reading, source.scope.service)
        let document = try source.open.store.read { reader in
            try ReportBuilder(.service(service), for: audience, on: invocation.askedDay, selector, workspace, reader).whitePaper()
        }
        return try source.write(
            form.bytes(of: document), as: ExportFormat.whitepaper.rawValue, rows: source.view.rows.count, .writtenTable)
    }
}
