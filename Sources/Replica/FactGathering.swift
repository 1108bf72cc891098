package import BuntanProtocol
import Merging
package import Records
package import Rules
package import Storage
import Syncing

extension Workspace {
    /// The records of a scope as rules see them: the organisation's own, every service that it knows, and one engagement.
    ///
    /// - Parameters:
    ///   - today: The day on which it is told what an agreement is worth.
    ///   - withRows: Whether the rows are among them, and what was signed of them: of a matrix of thousands they are most of the work.
    package func facts(
        of scope: RecordScope, today: CalendarDate, withRows: Bool = true, _ reader: any StoreReader
    ) throws -> RecordFacts {
        var gathering = try FactGathering(workspace: self, scope: scope, today: today, withRows: withRows, reader)
        try gathering.gather()
        return gathering.facts
    }
}

extension FactID {
    package init(_ id: OrganisationID) { self.init(id.fingerprint) }
    package init(_ id: SpaceID) { self.init(id.hex) }
}

extension RecordFact {
    /// The record that people edit: a fact that has another name says it.
    package var record: RecordID? {
        let isOfAnother = kind == .allocationAgreementRowHashes || kind == .allocationAgreementAttachedHashes
        if !isOfAnother, case .id(let named)? = self[.recordId] { return named.record }
        return id.record
    }
}

extension RecordScope {
    /// The side that this organisation is on: in the engagement, else by whether it provides the service.
    package var ownSide: Side { engagement?.seat ?? (draft == nil && service != nil ? .customer : .provider) }
}

/// Makes facts of records.
struct FactGathering {
    let workspace: Workspace
    let scope: RecordScope
    let reader: any StoreReader
    let today: CalendarDate
    let withRows: Bool
    let directory: StoreDirectory
    var facts = RecordFacts()
    /// What one side adds to a record that the other published, by that record.
    var additions: [RecordID: FactFields] = [:]
    /// What the fields of records hold.
    let reading: FactReading
    /// What both sides have signed, in the engagement of the scope.
    var signed: SignedRecords?
    /// What would be signed now of the records that an agreement can cover beside the rows.
    var digests: [RecordID: Digest] = [:]

    init(workspace: Workspace, scope: RecordScope, today: CalendarDate, withRows: Bool, _ reader: any StoreReader) throws {
        (self.workspace, self.scope, self.today, self.withRows, self.reader) = (workspace, scope, today, withRows, reader)
        directory = try StoreDirectory(reader)
        var published: [RecordID: FactID] = [:]
        for service in directory.services {
            guard let draft = service.draft else { continue }
            published[KnownService.record(in: draft)] = Self.id(of: service)
            for key in withRows ? try workspace.rowKeys(in: draft, reader) : [] {
                published[key.responsibility(in: draft)] = FactID(key.responsibility(in: service.service))
            }
        }
        for space in try reader.spaces() {
            for stored in try reader.records(of: "party", in: space, after: nil, limit: .max) {
                guard let organisation = stored.shown.value("org")?.bytes.flatMap({ OrganisationID($0) }) else { continue }
                published[stored.id] = FactID(organisation)
            }
        }
        for engagement in directory.engagements {
            // What a side says of an engagement names it, whether or not it has said anything yet.
            for side in Side.allCases { published[FactID.record(of: engagement, by: side)] = FactID(engagement.space) }
            for stored in try reader.records(of: "engagement", in: engagement.space, after: nil, limit: .max) {
                published[stored.id] = FactID(engagement.space)
            }
        }
        reading = FactReading(workspace.schema, published)
    }

    static func id(of service: KnownService) -> FactID { FactID(KnownService.record(in: service.service)) }

    mutating func gather() throws {
        for edition in try Catalogue.iso27017().editionFacts { facts.add(edition) }
        for engagement in directory.engagements { try put(engagement) }
        if let engagement = scope.engagement {
            try gatherAdditions(of: engagement)
            if withRows { signed = try gatherAgreement(of: engagement) }
        }
        for service in directory.services {
            let place: FactFields = [
                .serviceId: .id(Self.id(of: service)), .authorSide: .text(Side.provider.name),
            ]
            // A provider works on its drafts; in an engagement both sides read what was published.
            let space = scope.engagement == nil ? service.draft ?? service.service : service.service
            try gather(space, .service, place)
            try putName(of: service)
        }
        if let engagement = scope.engagement { try gather(engagement) }
        if let home = scope.home { try gather(home, .private, [.authorSide: .text(scope.ownSide.name)]) }
        if withRows, scope.engagement == nil, let service = scope.service { try gatherRows(of: scope.draft ?? service, service) }
        if withRows, let own = directory.services.first(where: { $0.isOwn && $0.service == scope.service }) { try gatherUpstream(of: own) }
        concealTheirs()
    }

    /// A service of which nothing is published yet is known by its name.
    private mutating func putName(of service: KnownService) throws {
        guard facts[Self.id(of: service)] == nil else { return }
        var fields: FactFields = [
            .name: .bilingual(en: service.name["en"] ?? "", ja: service.name["ja"] ?? ""), .authorSide: .text(Side.provider.name),
        ]
        fields[.providerPartyId] = try provider(of: service.service).map { .id(FactID($0)) }
        facts.add(RecordFact(.cloudService, Self.id(of: service), fields))
    }

    private func provider(of service: SpaceID) throws -> OrganisationID? {
        try reader.standing(of: service)?.genesis.party(.provider)?.organisation
    }

    /// Kinds whose records are not facts of their own.
    private static let merged: Set = [
        "responsibility", "responsibility-position", "engagement", "comment", "annotation", "release", "release-withdrawal", "agreement",
        "agreement-signature", "agreement-end", "handover", "device", "known-organisation",
    ]

    mutating func gather(_ space: SpaceID, _ type: SpaceType, _ place: FactFields) throws {
        var creators: [RecordID: OrganisationID] = [:]
        let kinds = workspace.schema.kinds.filter { $0.spaces.contains(type) && !Self.merged.contains($0.name) }
        // A list's items come after what they are items of.
        for kind in kinds.filter({ $0.list == nil }) + kinds.filter({ $0.list != nil }) {
            guard let factKind = FactKind.named(kind.name) else { continue }
            for stored in try reader.records(of: kind.name, in: space, after: nil, limit: .max) where stored.shown.isAlive {
                if kind.list == nil {
                    creators[stored.id] = stored.shown.creator
                } else {
                    // Whoever shares a space may name any record as parent: an item is its author's own list's alone.
                    guard let whole = stored.shown.value(Kind.parentField)?.bytes.flatMap({ RecordID($0) }),
                        creators[whole] == stored.shown.creator
                    else { continue }
                }
                var fields = place
                for (field, value) in values(of: stored.shown, kind) { fields[field] = value }
                for (field, value) in additions[stored.id] ?? [:] where fields[field] == nil { fields[field] = value }
                if type == .engagement, let engagement = scope.engagement {
                    let isTheirs = stored.shown.creator == engagement.counterpart
                    fields[.authorSide] = .text((isTheirs ? engagement.seat.other : engagement.seat).name)
                }
                if type == .private { placePrivately(&fields) }
                if kind.list != nil || Self.beneath.contains(factKind) { placeBeneath(&fields) }
                try complete(&fields, factKind, stored, space, place)
                put(factKind, stored, fields)
                putParts(of: stored, kind)
            }
        }
    }

    /// Kinds whose records are about that of which they are, without being items of its list.
    private static let beneath: Set<FactKind> = [.soaEntry, .riskTreatment, .riskAcceptance]

    /// What an organisation keeps about a service it says as the side on which it stands there.
    private func placePrivately(_ fields: inout FactFields) {
        guard case .id(let service)? = fields[.serviceId] ?? fields[.heldIn] else { return }
        let isOwn = directory.services.contains { $0.isOwn && Self.id(of: $0) == service }
        fields[.authorSide] = .text((isOwn ? Side.provider : .customer).name)
    }

    /// A part is about the service of its whole.
    private func placeBeneath(_ fields: inout FactFields) {
        guard fields[.serviceId] == nil, case .id(let whole)? = fields[.parent] ?? fields[.soaId] ?? fields[.riskId],
            let fact = facts[whole]
        else { return }
        fields[.serviceId] = fact.kind == .cloudService ? .id(whole) : fact[.serviceId]
        if let side = fact[.authorSide] { fields[.authorSide] = side }
    }

    /// Puts in what a record's fields do not say themselves.
    private mutating func complete(
        _ fields: inout FactFields, _ kind: FactKind, _ stored: StoredRecord, _ space: SpaceID, _ place: FactFields
    ) throws {
        switch kind {
        case .cloudService:
            if fields[.providerPartyId] == nil, case .id(let id)? = place[.serviceId],
                let service = directory.services.first(where: { Self.id(of: $0) == id })
            {
                fields[.providerPartyId] = try provider(of: service.service).map { .id(FactID($0)) }
            }
            fields[.serviceId] = nil
        case .serviceDependency:
            fields[.downstreamServiceId] = place[.serviceId]
            // What nobody here can read is not known to be accepted there.
            if case .id(let upstream)? = fields[.upstreamServiceId], !directory.services.contains(where: { Self.id(of: $0) == upstream }) {
                fields[.upstreamServiceId] = nil
            }
            if try !holdsAgreement(of: stored, place) { fields[.upstreamMatrixRevision] = .unseen }
        case .auditFinding:
            if let audit = stored.shown.value("auditId")?.bytes.flatMap({ RecordID($0) }) { fields[.parent] = .id(self.id(audit)) }
        case .changeNotice:
            if let signed, case .ids(let affected)? = fields[.affectedRecordIds] {
                fields[.reopensAgreement] = .bool(affected.contains { signed.ids.contains($0) })
            }
        case .verification: fields[.capabilityRevision] = revision(verified: stored)
        default: break
        }
        if fields[.approvedOn] != nil { fields[.status] = .text("agreed") }
        attach(stored, kind, space, &fields)
    }

    /// Whether a verification is of what is offered now: 1, as the revision of every capability here, or less.
    private func revision(verified stored: StoredRecord) -> FactValue {
        guard let bytes = stored.shown.value("capabilityDigest")?.bytes,
            let capability = stored.shown.value("capabilityId")?.bytes.flatMap({ RecordID($0) }), let now = digests[capability]
        else { return .unseen }
        return .int(now.bytes == bytes ? 1 : 0)
    }

    private mutating func put(_ kind: FactKind, _ stored: StoredRecord, _ fields: FactFields) {
        let id = self.id(stored.id)
        var fields = fields
        if id != FactID(stored.id) { fields[.recordId] = .id(FactID(stored.id)) }
        if kind == .party, let held = facts[id] {
            // What an organisation says of itself stands before what others say of it.
            let saysItself = FactID(stored.shown.creator) == id
            fields = held.fields.merging(fields) { old, new in saysItself ? new : old }
        }
        facts.add(RecordFact(kind, id, fields))
    }

    /// Fields named `part.member` are one fact beneath their record, as a list of one item is.
    private mutating func putParts(of stored: StoredRecord, _ kind: Kind) {
        var parts: [FactKind: FactFields] = [:]
        for field in kind.fields {
            let names = field.name.split(separator: ".").map(String.init)
            guard names.count == 2, let part = FactKind.named("\(kind.name).\(names[0])"), let member = FactField.named(names[1]),
                let value = value(of: field, in: stored.shown)
            else { continue }
            parts[part, default: [:]][member] = value
        }
        for (part, fields) in parts {
            var fields = fields
            fields[.parent] = .id(id(stored.id))
            facts.add(RecordFact(part, FactID("\(stored.id.uuid)/\(part.rawValue)"), fields))
        }
    }

    // MARK: values

    func id(_ record: RecordID) -> FactID { reading.id(record) }
    func values(of state: RecordState, _ kind: Kind) -> FactFields { reading.values(of: state, kind) }
    func value(of field: Field, in state: RecordState) -> FactValue? { reading.value(of: field, in: state) }
}
