import Agreements
import BuntanProtocol
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Writes the archive by which anybody can check an agreement.
struct EvidenceExport {
    let id: String?
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let decided = try id.flatMap { id in try open.store.read { try selector.engagement(ofAgreement: id, $0) } }
        let engagement = try decided ?? selector.engagement()
        try selector.requireRows(of: engagement)
        // An archive goes to standard output only where that was asked for.
        guard file.path != nil || file.isAsked && !invocation.console.outputIsTerminal else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"])
        }
        try file.requireFree()
        let workspace = open.reading
        let (context, agreement, short, bytes) = try open.store.read { reader in
            let forms = try AgreementForms(engagement, selector.directory, workspace, invocation, reader)
            let agreement = try id.map { try forms.agreement($0) } ?? forms.telling()
            let evidence = try AgreementFailures(engagement: engagement, forms: forms, invocation: invocation).saying {
                try workspace.evidence(of: agreement.id, in: engagement, reader)
            }
            let bytes: [UInt8]
            do { bytes = try evidence.archived() } catch {
                throw CommandFailure(
                    .evidenceTooLarge,
                    [
                        "id": .text(forms.short(agreement.id)), "files": .number(Limits.evidenceFiles),
                        "bytes": .number(Limits.evidenceBytes),
                    ])
            }
            return (try selector.context(.engagement(engagement), reader), agreement, forms.short(agreement.id), bytes)
        }
        try file.write(bytes)
        guard let path = file.path else { return .done }
        let parties = [agreement.head.provider, agreement.head.customer]
        let item: JSONValue = [
            "path": .text(path), "format": "evidence", "agreement": .text(agreement.id.uuid), "short": .text(short),
            "status": .text(agreement.status.name), "document": .text(agreement.content.digest.hex), "bytes": .number(bytes.count),
            "fingerprints": .list(parties.map { .text($0.fingerprint) }),
        ]
        try invocation.print(
            .change(
                "evidence/1", context,
                fields: ["path", "format", "agreement", "short", "status", "document", "bytes", "fingerprints"], item
            ) { page in
                page.say(
                    AgreementPhrases.exportedEvidence,
                    [
                        "path": .text(path), "file": .text(path), "id": .text(short),
                        "status": AgreementForms.word(agreement.status),
                        "fingerprint": .text(parties.map(\.fingerprint).joined(separator: " --trust ")),
                    ])
                if !agreement.content.isWhole { page.say(AgreementPhrases.exportedHalf, ["id": .text(short)], .warning) }
            })
        return .done
    }
}
