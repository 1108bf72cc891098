import Foundation
import Records

// Records beside the rows, and what both sides have signed: each whole as a resource, and where OSCAL has a place for what it says, there
// as well (interchange.md section 2).
extension OscalPlan {
    /// A record of any kind but a row.
    package struct Record {
        package let id: String
        package let kind: String
        /// What people call it.
        package let title: String
        /// The record that it is an item of.
        package let parent: String?
        /// Its fields as `export json` has them.
        let fields: DocumentTree

        /// - Parameter fields: an object in JSON.
        package init(id: String, kind: String, title: String, parent: String?, fields: String) {
            (self.id, self.kind, self.title, self.parent) = (id, kind, title, parent)
            do { self.fields = try DocumentTree(Array(fields.utf8)) } catch { self.fields = .object([:]) }
        }

        fileprivate var heading: String { title == kind ? kind : "\(kind): \(title)" }
        fileprivate var group: String { "record-\(id)" }
        /// The list of its parent's that it is an item of.
        fileprivate var list: String { kind.split(separator: ".", maxSplits: 1).last.map(String.init) ?? kind }
    }

    /// What both sides have signed.
    package struct Agreement {
        let id: String
        /// SHA-256 of the signed document, in hexadecimal.
        let digest: String
        /// The day from which it binds: `2026-03-31`.
        package let since: String
        /// Each signature: the party's id, and when the log received it, in RFC 3339.
        let signatures: [(party: String, time: String)]

        package init(id: String, digest: String, since: String, signatures: [(party: String, time: String)]) {
            (self.id, self.digest, self.since, self.signatures) = (id, digest, since, signatures)
        }
    }

    /// A release that went out before, or this one.
    package struct Revision {
        let label: String
        let digest: String
        /// RFC 3339 with a zone.
        let published: String
        let message: String?

        package init(label: String, digest: String, published: String, message: String?) {
            (self.label, self.digest, self.published, self.message) = (label, digest, published, message)
        }
    }

    // MARK: back matter

    /// Each record of the provider's as it is, and the agreement by its digest.
    func backMatter(of side: String) -> DocumentTree? {
        var resources = (side == "provider" ? records : []).map { record -> DocumentTree in
            let bytes = Array(record.fields.canonicalJSON.utf8)
            var props = [Self.prop("record-id", record.id), Self.prop("kind", record.kind)]
            if let parent = record.parent { props.append(Self.prop("part-of", parent)) }
            return Self.object(
                ("uuid", id("record", record.id)), ("title", Self.line(record.heading)), ("props", .list(props)),
                ("rlinks", record.hash.map { .list([Self.link(sha256: $0)]) }),
                (
                    "base64",
                    Self.object(
                        ("filename", .text("\(record.kind)-\(record.id).json")), ("media-type", .text("application/json")),
                        ("value", .text(Data(bytes).base64EncodedString())))
                ))
        }
        if let agreement {
            resources.append(
                Self.object(
                    ("uuid", id("agreement", agreement.id)), ("title", .text("Agreement on the allocation of responsibilities")),
                    ("props", .list([Self.prop("agreement-id", agreement.id)])), ("rlinks", .list([Self.link(sha256: agreement.digest)]))))
        }
        return Self.list(resources).map { Self.object(("resources", $0)) }
    }

    /// A file that goes by its digest: where it lies is nobody's business but its holder's.
    private static func link(sha256 digest: String) -> DocumentTree {
        object(
            ("href", .text("urn:sha256:\(digest)")),
            ("hashes", .list([object(("algorithm", .text("SHA-256")), ("value", .text(digest)))])))
    }

    // MARK: where OSCAL has a place for it

    /// The control that a kind is about, as ISO/IEC 27017 numbers it.
    private static let anchors = ["backup-specification": "12.3.1", "monitoring-capability": "cld.12.4.5"]

    /// Records by what they are looked for by.
    struct RecordIndex {
        fileprivate var byControl: [[RowToken]: [Record]] = [:]
        fileprivate var evidence: [[RowToken]: [Record]] = [:]
        fileprivate var items: [String: [Record]] = [:]

        init(_ records: [Record]) {
            for record in records {
                if let control = OscalPlan.anchors[record.kind] { byControl[RowToken.tokens(control), default: []].append(record) }
                if let parent = record.parent { items[parent, default: []].append(record) }
                guard record.kind == "evidence" else { continue }
                for control in record.fields.items("coveredControlIds").compactMap(\.text) {
                    evidence[RowToken.tokens(control), default: []].append(record)
                }
            }
        }
    }

    /// What records say of a requirement, which is of these rows: their fields, and which evidence covers it.
    func recordProps(of keys: [RowKey]) -> [DocumentTree] {
        var ids: [[RowToken]] = []
        for key in keys {
            for id in [key.controlId, NISTControlID(key.controlId)?.control ?? key.controlId].map(RowToken.tokens) where !ids.contains(id) {
                ids.append(id)
            }
        }
        let isStandard = keys.contains { $0.framework.hasPrefix("iso27017") }
        var named: Set<String> = []
        let anchored = isStandard ? ids.flatMap { index.byControl[$0] ?? [] } : []
        let proof = ids.flatMap { index.evidence[$0] ?? [] }.filter { named.insert($0.id).inserted }
        return anchored.flatMap(fieldProps) + proof.map { Self.recordProp("evidence", $0.title, of: $0) }
    }

    /// A record field by field, its lists as JSON.
    private func fieldProps(of record: Record) -> [DocumentTree] {
        var props: [DocumentTree] = []
        for (name, value) in record.fields.members.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .object(let texts):
                // What is in conflict or was erased has no value to tell.
                for language in ProseColumn.languages {
                    guard case .text(let text)? = texts[language] else { continue }
                    props.append(Self.recordProp(name, text, of: record, class: language))
                }
            case .list(let items): props.append(Self.recordProp(name, "\(items.count)", of: record, remarks: value.canonicalJSON))
            case .bool(let flag): props.append(Self.recordProp(name, flag ? "true" : "false", of: record))
            case .number, .text: props.append(Self.recordProp(name, value.text ?? "", of: record))
            case .null: continue
            }
        }
        let items = Dictionary(grouping: index.items[record.id] ?? [], by: \.list)
        for (list, items) in items.sorted(by: { $0.key < $1.key }) {
            let told = items.map { item in DocumentTree.object(item.fields.members.filter { $0.key != "parent" }) }
            props.append(Self.recordProp(list, "\(items.count)", of: record, remarks: DocumentTree.list(told).canonicalJSON))
        }
        return props
    }

    /// A prop of a record's, told from others by its group.
    private static func recordProp(
        _ name: String, _ value: String, of record: Record, class kind: String? = nil, remarks: String? = nil
    ) -> DocumentTree {
        let isLine = value == value.singleLine
        let prop = prop(token(name), value, class: kind, remarks: remarks ?? (isLine ? nil : value))
        return .object(prop.members.merging(["group": .text(record.group)]) { own, _ in own })
    }

    /// Where things are and who is met there.
    var locations: [DocumentTree] { places { _ in true } }

    /// Where the provider is met.
    var contactPlaces: [DocumentTree] { places { $0.kind == "contact-point" } }

    private func places(_ isMeant: (Record) -> Bool) -> [DocumentTree] {
        records.filter(isMeant).compactMap { record -> DocumentTree? in
            let isContact = record.kind == "contact-point"
            let country = record.fields.text("country")
            guard isContact || country != nil else { return nil }
            let address = record.fields.text("address")
            let channel = record.fields.text("channel")
            let isMail = [nil, "email"].contains(channel) && address?.wholeMatch(of: /[^\s@]+@[^\s@]+/) != nil
            let isWeb = channel == "portal" && address?.wholeMatch(of: /[a-zA-Z][a-zA-Z0-9+\-.]+:[!-~]+/) != nil
            let isPhone = channel == "phone"
            let lines = isMail || isWeb || isPhone ? nil : address.map { Self.line($0) }
            let place = Self.object(
                ("addr-lines", lines.map { .list([$0]) }), ("state", record.fields.text("subdivision").map { Self.line($0) }),
                ("country", country.map { .text($0) }))
            return Self.object(
                ("uuid", id("location", record.id)), ("title", Self.line(record.title)),
                ("address", place.members.isEmpty ? nil : place),
                ("email-addresses", isMail ? address.map { .list([.text($0)]) } : nil),
                ("telephone-numbers", isPhone ? address.map { .list([Self.object(("number", Self.line($0)))]) } : nil),
                ("urls", isWeb ? address.map { .list([.text($0)]) } : nil),
                ("props", .list([Self.prop("record-id", record.id), Self.prop("kind", record.kind)])))
        }
    }

    /// Which model of cloud service it is, in OSCAL's words.
    var characteristics: [DocumentTree] {
        guard let service = records.first(where: { $0.kind == "cloud-service" }) else { return [] }
        let model = service.fields.text("serviceModel").map { Self.prop("cloud-service-model", $0, isOwn: false) }
        let deployment = service.fields.text("deploymentModel").map { Self.prop("cloud-deployment-model", "\($0)-cloud", isOwn: false) }
        return [model, deployment].compactMap(\.self)
    }

    /// What the service is built on.
    var dependencies: [DocumentTree] {
        let leveraged = Set(upstream.map(\.record.id))
        return records.filter { $0.kind == "service-dependency" }.map { record in
            var props = [Self.prop("record-id", record.id)]
            if leveraged.contains(record.id) {
                props.append(Self.plainProp("leveraged-authorization-uuid", id("upstream-authorization", record.id)))
                props.append(Self.prop("implementation-point", "external", isOwn: false))
            }
            return Self.object(
                ("uuid", id("dependency", record.id)), ("type", .text("service")), ("title", Self.line(record.title)),
                ("description", Self.line(record.title)), ("props", .list(props)),
                ("status", Self.object(("state", .text("operational")))))
        }
    }

    /// Links from the service to where it is.
    var locationLinks: [DocumentTree] {
        places { $0.kind != "contact-point" }.compactMap { place in
            place.text("uuid").map { Self.object(("href", .text("#" + $0)), ("rel", .text("location")), ("text", place["title"])) }
        }
    }

    /// Links from the service to what proves something of it.
    var evidenceLinks: [DocumentTree] {
        records.filter { $0.kind == "evidence" }.map { record in
            Self.object(
                ("href", id("record", record.id).text.map { .text("#" + $0) }), ("rel", .text("evidence")),
                ("text", Self.line(record.title)))
        }
    }

    // MARK: who has signed, whom to ask

    /// Roles that a plan names beside the parties, by their ids.
    ///
    /// - Parameter given: roles as a document named them that is given back.
    func roles(_ named: [String], given: [DocumentTree] = []) -> [DocumentTree] {
        var known: [String: String] = [:]
        for role in given { if let id = role.text("role-id") { known[id] = id } }
        for name in named { known[roleID(name)] = name }
        for record in records where record.kind == "contact-point" {
            known[Self.contact(record)] = "Contact: \(record.fields.text("purpose") ?? "other")"
        }
        if agreement != nil { known[Self.signatory] = "Signatory" }
        if rows.contains(where: { $0.supplier != nil }) { known[Self.supplierRole] = "Supplier" }
        return known.sorted { $0.key < $1.key }.map { Self.object(("id", .text($0.key)), ("title", Self.line($0.value))) }
    }

    /// The id of a role by its name: names that are written alike as ids stay two.
    func roleID(_ name: String) -> String {
        let token = Self.token(name)
        return token == name ? token : "\(token)-\(uuid(name).prefix(8))"
    }

    private static let signatory = "signatory"

    private static func contact(_ record: Record) -> String { token("contact-\(record.fields.text("purpose") ?? "other")") }

    var contacts: [DocumentTree] {
        let ids = Set(records.filter { $0.kind == "contact-point" }.map(Self.contact)).sorted()
        return ids.map { role in
            Self.object(("role-id", .text(role)), ("party-uuids", .list([id("party", provider.id)])))
        }
    }

    /// One approval for each signature.
    var signatures: [DocumentTree] {
        guard let agreement else { return [] }
        return agreement.signatures.map { signature in
            Self.object(
                ("uuid", id("signature", agreement.id, signature.party)), ("date", .text(signature.time)), ("type", .text("approval")),
                ("system", .text(OscalWords.namespace)),
                (
                    "links",
                    id("agreement", agreement.id).text.map { .list([Self.object(("href", .text("#" + $0)), ("rel", .text("agreement")))]) }
                ),
                (
                    "responsible-parties",
                    .list([
                        Self.object(("role-id", .text(Self.signatory)), ("party-uuids", .list([id("party", signature.party)])))
                    ])
                ))
        }
    }

    /// The releases that went out, newest first.
    var revised: [DocumentTree] {
        revisions.reversed().map { revision in
            Self.object(
                ("title", Self.line(revision.label)), ("published", .text(revision.published)),
                ("last-modified", .text(revision.published)),
                ("version", Self.line(revision.label)), ("props", .list([Self.prop("release-digest", revision.digest)])),
                ("remarks", revision.message.map { .text($0) }))
        }
    }
}

extension OscalPlan.Record {
    /// The digest of the file that a record of evidence speaks of.
    fileprivate var hash: String? { kind == "evidence" ? fields.text("fileHash") : nil }
}
