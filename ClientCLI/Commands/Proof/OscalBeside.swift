import Agreements
import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Rules
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

    /// Whom rows rely on, and which service of theirs says something of the same row, where this store holds it.
    func suppliers(_ reader: any StoreReader) throws -> (Records.RowKey, RecordState) -> OscalPlan.Supplier? {
        // What others are not shown of them leads nowhere for them.
        let shown = Set(source.view.records.filter { $0.kind == "service-dependency" }.map(\.id))
        let upstream = try source.selector.directory.upstream(of: source.scope.service, reader).filter { shown.contains($0.record) }
        var said: [RecordID: Set<Records.RowKey>] = [:]
        for one in upstream {
            guard let service = one.service else { continue }
            let rows = try source.open.reading.rows(in: service.service, reader)
            said[one.record] = Set(rows.filter { !$0.state.texts("providerStatement").isEmpty }.map(\.key))
        }
        // By what others are shown of them alone.
        var names: [OrganisationID: String] = [:]
        for record in source.view.records where record.kind == "service-dependency" {
            guard let party = record.state.value("upstreamPartyId")?.bytes.flatMap({ OrganisationID($0) }) else { continue }
            if let name = record.state.text("upstreamName") { names[party] = name }
        }
        func named(_ party: OrganisationID) -> String? {
            source.audience.seesOwn ? source.selector.directory.name(of: party).spoken(language.rawValue) : nil
        }
        return { key, state in
            guard let party = state.value("supplierPartyId")?.bytes.flatMap({ OrganisationID($0) }) else { return nil }
            let dependency = state.value("dependencyId")?.bytes.flatMap { RecordID($0) }
            let meant = upstream.filter { dependency == nil ? $0.provider == party : $0.record == dependency }
            let service = meant.first { said[$0.record]?.contains(key) ?? false }?.service
            return OscalPlan.Supplier(
                party: OscalPlan.Party(
                    id: party.fingerprint, name: named(party) ?? names[party] ?? party.shown, registration: registration(of: party)),
                service: service?.service.hex)
        }
    }

    /// What the organisation's own statement of applicability decides on a service that it uses, for itself alone.
    func decisions(_ reader: any StoreReader) throws -> [OscalPlan.Decision] {
        guard source.audience.seesOwn, source.engagement?.seat == .customer, let home = try StoreDirectory(reader).home(reader) else {
            return []
        }
        let statement: ApplicabilityStatement?
        do { statement = try ApplicabilityStatement(of: source.scope.service, in: home, reader) } catch let failure as CommandFailure {
            // Of several none is the one that is meant.
            guard failure.code == ErrorPhrases.severalStatements.code else { throw failure }
            return []
        }
        let positions = [
            ("adopted-27001", "adopted27001", "reason27001"), ("adopted-provider", "adoptedProvider", "reasonProvider"),
            ("adopted-customer", "adoptedCustomer", "reasonCustomer"),
        ]
        return (statement?.lines ?? []).compactMap { line in
            guard let entry = line.entry else { return nil }
            let told = positions.compactMap { prop, field, reason -> (name: String, code: String, reason: String?)? in
                entry.text(field).map { (prop, $0, entry.texts(reason).spoken(language.rawValue)) }
            }
            return told.isEmpty ? nil : OscalPlan.Decision(record: line.id.uuid, control: line.control.id, positions: told)
        }
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
        guard let engagement = source.engagement else { return nil }
        let forms = try AgreementForms(engagement, source.selector.directory, source.open.reading, source.invocation, reader)
        guard let standing = forms.known.last(where: { $0.status.isStanding }), let since = forms.since(standing) else { return nil }
        let signatures = Side.allCases.compactMap { side -> (party: String, time: String)? in
            guard let signature = standing.content.signature(of: side)?.signature, let place = signature.place else { return nil }
            return (signature.organisation.fingerprint, Timestamp.rfc3339(milliseconds: place.received))
        }
        return OscalPlan.Agreement(id: standing.id.uuid, digest: standing.content.digest.hex, since: since, signatures: signatures)
    }
}
