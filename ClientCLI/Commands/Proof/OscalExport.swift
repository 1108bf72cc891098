import BuntanProtocol
import Crypto
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording

/// Writes a matrix as documents of OSCAL into a folder: a catalog of ids, the provider's plan, and the customer's where there is one.
struct OscalExport {
    let audience: Audience
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        guard let folder = file.path else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"], next: "buntan export oscal -o FOLDER")
        }
        // What is in the folder is looked at when all of it is known.
        let source = try ExportSource(for: audience, OutputFile(nil, invocation), invocation)
        try source.requireRows()
        let view = source.view
        let plan = try source.open.store.read { try self.plan(source, $0) }
        let documents = plan.documents
        try write(documents, into: folder, invocation)
        let bytes = documents.reduce(0) { $0 + $1.text.utf8.count }
        return try source.report(
            path: folder, as: ExportFormat.oscal.rawValue, rows: view.rows.count, records: plan.records.count, bytes: bytes
        ) { page in
            page.say(
                ExportPhrases.writtenFolder,
                [
                    "path": .text(folder), "rows": .number(view.rows.count), "records": .number(plan.records.count),
                    "audience": .word(audience.phrase),
                    "files": .text(documents.map(\.name).joined(separator: page.language == .ja ? "、" : ", ")),
                ])
            if plan.notes > 0 { page.say(ExportPhrases.notesGiven, ["n": .number(plan.notes)]) }
        }
    }

    private func plan(_ source: ExportSource, _ reader: any StoreReader) throws -> OscalPlan {
        let (view, scope) = (source.view, source.scope)
        let beside = OscalBeside(source)
        let states = Dictionary(source.states.map { ($0.key, $0) }) { first, _ in first }
        let notes = Self.notes(of: view, scope)
        func spoken(_ names: [String: String]) -> String { names.spoken(Language.en.rawValue) ?? "-" }
        func party(_ organisation: OrganisationID, _ name: [String: String]) -> OscalPlan.Party {
            OscalPlan.Party(id: organisation.fingerprint, name: spoken(name), registration: beside.registration(of: organisation))
        }
        let serviceNames = view.records.first { $0.kind == "cloud-service" }?.state.texts("name") ?? [:]
        let own = source.selector.directory
        var (provider, customer): (OscalPlan.Party, OscalPlan.Party?) = (party(own.identity.organisation, own.ownName), nil)
        if let engagement = scope.engagement {
            let seat = party(engagement.party, engagement.partyName)
            let counterpart = party(engagement.counterpart, engagement.counterpartName)
            (provider, customer) = engagement.seat == .provider ? (seat, counterpart) : (counterpart, seat)
            // Who the customers are is nobody else's business.
            if source.engagement == nil { customer = nil }
        }
        let received = try reader.received(view.release?.position, in: scope.service.service)
        let time = received ?? Int64(source.invocation.console.now().timeIntervalSince1970 * 1_000)
        let stamp = Timestamp.rfc3339(milliseconds: time)
        let agreement = try beside.agreement(reader)
        let suppliers = try beside.suppliers(reader)
        return OscalPlan(
            service: scope.service.service.hex, serviceName: serviceNames.isEmpty ? scope.service.handle : spoken(serviceNames),
            provider: provider, customer: customer,
            release: view.release.map { (label: $0.label, digest: $0.documentDigest.hex) }, modified: stamp,
            authorized: agreement?.since ?? String(stamp.prefix(10)),
            rows: view.rows.map { key, record in
                OscalPlan.Row(
                    key: Interchange.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey),
                    cells: record.state.importedCells, answer: states[key].map { Self.answer($0, beside) },
                    roles: beside.roles(of: states[key]?.providerPosition), notes: notes(key),
                    record: record.id.uuid, supplier: suppliers(key, record.state))
            }, records: beside.records, agreement: agreement, revisions: try beside.revisions(reader),
            decisions: try beside.decisions(reader),
            isForOneself: audience.seesOwn, uuid: Self.uuid)
    }

    /// What documents said beside the rows of one's own service, under the name that it had there. Only its reader sees such notes.
    private static func notes(of view: DisclosedView, _ scope: DisclosedScope) -> (Records.RowKey) -> [PrivateNote] {
        guard scope.engagement?.seat != .customer else { return { _ in [] } }
        var notes: [RecordID: [PrivateNote]] = [:]
        for record in view.records where record.kind == "annotation" {
            guard let row = record.state.value("row")?.bytes.flatMap({ RecordID($0) }), let label = record.state.text("label"),
                !Workspace.ownLabels.contains(label), let text = record.state.text("text")
            else { continue }
            notes[row, default: []].append(PrivateNote(header: label, text: text))
        }
        return { key in notes[key.responsibility(in: scope.service.service)] ?? [] }
    }

    private static func answer(_ row: MatrixRow, _ beside: OscalBeside) -> OscalPlan.Answer {
        let position = row.customerPosition
        let agrees = row.negotiation.state == .agreed
        return OscalPlan.Answer(
            position: row.negotiation.customer.text, takesOver: agrees && row.theirs(for: .customer).text != "customer", agrees: agrees,
            statement: position?.texts("customerStatement") ?? [:],
            status: position?.text("implementationStatus"), canFulfil: position?.text("canFulfil"), roles: beside.roles(of: position))
    }

    /// A UUID of version 5 (RFC 9562) in a namespace of ours.
    private static func uuid(_ name: String) -> String {
        let namespace = Array(SHA.digest(Array("urn:buntan:oscal:1".utf8)).bytes.prefix(16))
        var bytes = Array(Insecure.SHA1.hash(data: namespace + Array(name.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hexadecimal.text(bytes)
        var parts: [Substring] = []
        var rest = digits[...]
        for count in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return parts.joined(separator: "-")
    }

    /// All of the documents or none: a folder that is not there yet is made, and what is there is written over with `--yes` alone.
    private func write(_ documents: [(name: String, text: String)], into folder: String, _ invocation: Invocation) throws {
        let files = documents.map { (path: folder + "/" + $0.name, text: $0.text) }
        for file in files where FileManager.default.fileExists(atPath: file.path) && !invocation.options.yes {
            throw CommandFailure(.fileExists, ["path": .text(file.path)])
        }
        // What an earlier export left for another audience would go out with this one.
        let written = Set(documents.map(\.name))
        let left = OscalPlan.names.filter { !written.contains($0) }.map { folder + "/" + $0 }
        for path in left where FileManager.default.fileExists(atPath: path) && !invocation.options.yes {
            throw CommandFailure(.fileExists, ["path": .text(path)])
        }
        do {
            for path in left where FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for file in files { try Data(file.text.utf8).write(to: URL(fileURLWithPath: file.path), options: .atomic) }
        } catch { throw CommandFailure(.cannotWrite, ["path": .text(folder), "reason": .text(SystemReason.of(error))]) }
    }
}
