import Records

// What a provider takes over from others in turn (interchange.md sections 2 and 3): a row that a supplier does is `inherited`, since the
// provider is a customer there, and a service that it builds on since a day is an authorization that it leverages.
extension OscalPlan {
    /// Whom a row relies on.
    package struct Supplier {
        let party: Party
        /// The supplier's service, where it says something of the same row; `nil` where nobody here knows.
        let service: String?

        package init(party: Party, service: String?) { (self.party, self.service) = (party, service) }
    }

    static let supplierRole = "supplier"
    /// What stands for the words of a supplier, which are its own.
    static let inheritedWords = "Relied on as the supplier states it."

    /// A row's supplier as one of its roles.
    func supplierRole(of row: Row) -> DocumentTree? {
        row.supplier.map { supplier in
            Self.object(
                ("role-id", .text(Self.supplierRole)), ("party-uuids", .list([id("party", supplier.party.id)])),
                ("props", .list([Self.prop("part", "supplier")])))
        }
    }

    /// What a row takes over from its supplier: by the id that the supplier's own plan gives it, where that is known.
    func inherited(by row: Row) -> DocumentTree? {
        guard row.text("allocation") == "supplier" else { return nil }
        let place = [row.key.framework, row.key.controlId, row.key.itemKey, "provided"]
        let said = row.supplier?.service.map { uuid(([$0] + place).joined(separator: "\u{1F}")) }
        return Self.object(
            ("uuid", id(of: row.key, "upstream-inherited")), ("provided-uuid", said.map { .text($0) }),
            ("description", .text(Self.inheritedWords)))
    }

    /// Services that the provider's builds on, of which the party and the day are known.
    var upstream: [(record: Record, party: Party, since: String)] {
        records.compactMap { record in
            guard record.kind == "service-dependency", let party = record.fields.text("upstreamPartyId"),
                let since = record.fields.text("effectiveFrom")
            else { return nil }
            return (record, Party(id: party, name: record.fields.text("upstreamName") ?? record.title), since)
        }
    }

    var leveraged: [DocumentTree] {
        upstream.map { record, party, since in
            Self.object(
                ("uuid", id("upstream-authorization", record.id)), ("title", Self.line(record.title)),
                ("party-uuid", id("party", party.id)),
                ("date-authorized", .text(since)), ("props", .list([Self.prop("record-id", record.id)])))
        }
    }

    /// Everybody else whom the provider's plan names, each once.
    var suppliers: [Party] {
        var known: Set<String> = [provider.id]
        // The plan names its customer where both have signed.
        if let customer, agreement != nil { known.insert(customer.id) }
        return (rows.compactMap(\.supplier?.party) + upstream.map(\.party)).filter { known.insert($0.id).inserted }
    }

    // MARK: statements of applicability

    /// What an organisation's own statement of applicability decides on a control.
    package struct Decision {
        let record: String
        let control: String
        /// The prop, the code, and why.
        let positions: [(name: String, code: String, reason: String?)]

        package init(record: String, control: String, positions: [(name: String, code: String, reason: String?)]) {
            (self.record, self.control, self.positions) = (record, control, positions)
        }
    }

    /// What was decided on the controls of these rows.
    func decisionProps(of keys: [RowKey]) -> [DocumentTree] {
        // A statement numbers controls as ISO/IEC 27017 does.
        let controls = Set(keys.filter { $0.framework.hasPrefix("iso27017") }.map { RowToken.tokens($0.controlId) })
        return decisions.filter { controls.contains(RowToken.tokens($0.control)) }.flatMap { decision in
            decision.positions.map { position in
                let prop = Self.prop(position.name, position.code, remarks: position.reason)
                return DocumentTree.object(prop.members.merging(["group": .text("record-\(decision.record)")]) { own, _ in own })
            }
        }
    }
}
