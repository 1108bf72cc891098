import Agreements
import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording

/// What stands beside the rows of a matrix, as a plan of OSCAL takes it.
struct OscalBeside {
    private let source: ExportSource
    private let language = Language.en
    /// What the roles are called that rows name.
    private let roleNames: [RecordID: String]

    init(_ source: ExportSource) {
        self.source = source
        roleNames = Dictionary(
            source.view.records.filter { $0.kind == "shared-role" }.compactMap { record in
                record.state.texts("roleName").spoken(Language.en.rawValue).map { (record.id, $0) }
            }
        ) { first, _ in first }
    }

    /// The provider's own records but the rows: what is in its service. Releases have members of their own.
    var records: [OscalPlan.Record] {
        source.view.records.filter { record in
            [.service, .draft].contains(record.place)
                && !["responsibility", "release", "release-withdrawal", "annotation"].contains(record.kind)
        }.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }.map { record in
            let parent = record.state.value(Kind.parentField)?.bytes.flatMap { RecordID($0) }
            return OscalPlan.Record(
                id: record.id.uuid, kind: record.kind, title: title(record.state), parent: parent?.uuid,
                fields: JSONWriter.text(RecordFields().json(record.state)))
        }
    }

    /// By what a record is called, or by what it is about.
    private func title(_ state: RecordState) -> String {
        for field in RecordWords.names {
            if let text = state.texts(field).spoken(language.rawValue) ?? state.text(field), !text.isEmpty { return text }
        }
        let told = ["issuer", "evidenceType", "country", "purpose", "scheme", "backupType", "itemKey"].compactMap { state.text($0) }
        return told.isEmpty ? state.kind : told.joined(separator: " ")
    }

    /// The number that a party's record gives.
    func registration(of organisation: OrganisationID) -> String? {
        source.view.records.first { record in
            record.kind == "party" && record.state.value("org")?.bytes.flatMap { OrganisationID($0) } == organisation
        }?.state.text("registrationNumber")
    }

    /// Whom a side names for a row.
    func roles(of position: RecordState?) -> [OscalPlan.Role] {
        guard let position else { return [] }
        let letters = [("responsible", "R"), ("accountable", "A"), ("consulted", "C"), ("informed", "I")]
        return letters.flatMap { field, letter -> [OscalPlan.Role] in
            let members = position.cells(of: field).compactMap { cell -> RecordID? in
                if case .id(let bytes)? = cell.key.element { return cell.state.filled?.isTrue == true ? RecordID(bytes) : nil }
                return cell.state.filled?.value.bytes.flatMap { RecordID($0) }
            }
            return members.compactMap { id in roleNames[id].map { OscalPlan.Role(letter: letter, name: $0) } }.sorted { $0.name < $1.name }
        }
    }

    /// The releases that went out and stand, up to the one that is written.
    func revisions(_ reader: any StoreReader) throws -> [OscalPlan.Revision] {
        let last = source.view.release?.position ?? .max
        return try source.open.reading.releases(of: source.scope.service.service, reader).compactMap { release in
            guard !release.isWithdrawn, let position = release.position, position <= last,
                let received = try reader.received(position, in: source.scope.service.service)
            else { return nil }
            return OscalPlan.Revision(
                label: release.label, digest: release.documentDigest.hex, published: Timestamp.rfc3339(milliseconds: received),
                message: release.message)
        }
    }

    /// What both sides have signed and what is in force; nobody else's business where everybody may read.
    func agreement(_ reader: any StoreReader) throws -> OscalPlan.Agreement? {
        guard source.audience != .everybody, let engagement = source.scope.engagement else { return nil }
        let forms = try AgreementForms(engagement, source.selector.directory, source.open.reading, source.invocation, reader)
        guard let standing = forms.known.last(where: { $0.status.isStanding }), let since = forms.since(standing) else { return nil }
        let signatures = Side.allCases.compactMap { side -> (party: String, time: String)? in
            guard let signature = standing.content.signature(of: side)?.signature, let place = signature.place else { return nil }
            return (signature.organisation.fingerprint, Timestamp.rfc3339(milliseconds: place.received))
        }
        return OscalPlan.Agreement(id: standing.id.uuid, digest: standing.content.digest.hex, since: since, signatures: signatures)
    }
}
