import BuntanProtocol
import Merging
import Records
import Rules
import Storage

// What two sides share, and what one of them alone can see.
extension FactGathering {
    /// An engagement, of which both sides have said their part.
    mutating func put(_ engagement: KnownEngagement) throws {
        var fields: FactFields = [:]
        if let kind = workspace.schema.kind("engagement") {
            for stored in try reader.records(of: "engagement", in: engagement.space, after: nil, limit: .max) where stored.shown.isAlive {
                fields.merge(values(of: stored.shown, kind)) { first, _ in first }
            }
        }
        let provider = engagement.seat == .provider ? engagement.party : engagement.counterpart
        let customer = engagement.seat == .provider ? engagement.counterpart : engagement.party
        fields[.providerPartyId] = .id(FactID(provider))
        fields[.customerPartyId] = .id(FactID(customer))
        fields[.serviceIds] = .ids([FactID(KnownService.record(in: engagement.service))])
        fields[.side] = nil
        // A service that passes to somebody ends it as well.
        if let end = engagement.end?.day { fields[.endDate] = .text(end) }
        facts.add(RecordFact(.engagement, FactID(engagement.space), fields))
    }

    /// What a side adds to a record of the other: its position on it, or its answer to it.
    mutating func gatherAdditions(of engagement: KnownEngagement) throws {
        for kind in workspace.schema.kinds where kind.name.hasSuffix("-position") && kind.name != "responsibility-position" {
            guard let subject = kind.key?.first else { continue }
            for stored in try reader.records(of: kind.name, in: engagement.space, after: nil, limit: .max) where stored.shown.isAlive {
                guard let record = stored.shown.value(subject)?.bytes.flatMap({ RecordID($0) }) else { continue }
                additions[record, default: [:]].merge(values(of: stored.shown, kind)) { first, _ in first }
                additions[record]?[.side] = nil
            }
        }
        guard let kind = workspace.schema.kind("information-request-answer") else { return }
        for stored in try reader.records(of: kind.name, in: engagement.space, after: nil, limit: .max) where stored.shown.isAlive {
            guard let record = stored.shown.value("requestId")?.bytes.flatMap({ RecordID($0) }),
                let request = try reader.shown(record, in: engagement.space), request.creator != stored.shown.creator
            else { continue }
            let said = values(of: stored.shown, kind)
            var fields: FactFields = [:]
            for field in [FactField.answerId, .declineReason] { fields[field] = said[field] }
            let isAnswered = said[.answerId]?.isFilled == true || stored.shown.text("answeredOn") != nil
            // Whoever says why it does not answer has said so on a day as well.
            let outcome = said[.declineReason]?.isFilled == true && said[.answerId] == nil ? "declined" : isAnswered ? "answered" : "open"
            fields[.outcome] = .text(outcome)
            additions[record, default: [:]].merge(fields) { first, _ in first }
        }
    }

    /// The records and rows of an engagement.
    mutating func gather(_ engagement: KnownEngagement) throws {
        let service = FactValue.id(FactID(KnownService.record(in: engagement.service)))
        let place: FactFields = [.serviceId: service, .engagementId: .id(FactID(engagement.space))]
        try gather(engagement.space, .engagement, place)
        guard withRows else { return }
        let rows = try workspace.rows(of: engagement, byBriefs: true, reader)
        guard let reading = RowReading(engagement, place, self) else { return }
        for (row, fact) in zip(rows, Cores.map(rows[...], few: 32) { reading.fact(of: $0) }) {
            facts.add(fact)
            if let signed, reading.isSigned(row) { putRowHash(row.rowID, fact[.agreedByProviderHash] ?? .text("signed"), signed) }
        }
        putVanished(among: rows, engagement)
    }

    /// Rows of a service alone, which no customer has answered.
    mutating func gatherRows(of space: SpaceID, _ service: SpaceID) throws {
        guard let kind = workspace.schema.kind("responsibility") else { return }
        for row in try workspace.rows(in: space, reader) {
            var fields = values(of: row.state, kind)
            fields[.serviceId] = .id(FactID(KnownService.record(in: service)))
            fields[.authorSide] = .text(Side.provider.name)
            // Whether what rests on a supplier is agreed, an engagement says.
            let isSupplied = fields[.dependencyId] != nil || fields[.supplierPartyId] != nil
            fields[.status] = isSupplied ? .unseen : .text("draft")
            // What the customer says to it is not known before there is one.
            for field in [FactField.customerStatement, .customerCanFulfil, .customerAllocation, .providerCanFulfil] {
                fields[field] = .unseen
            }
            for field in [FactField.accountable, .responsible] where fields[field] == nil { fields[field] = .unseen }
            facts.add(RecordFact(.responsibility, FactID(row.key.responsibility(in: service)), fields))
        }
    }

    // MARK: what only the other side can see

    mutating func concealTheirs() {
        concealCustomers()
        concealProviders()
    }

    /// What a customer keeps to itself: its needs, what it compared, what it holds, its policies and trainings. Some of it may be
    /// shared, and there may be more.
    private mutating func concealCustomers() {
        guard scope.ownSide == .provider, let service = scope.service else { return }
        let known = FactID(KnownService.record(in: service))
        let scopes = [scope.engagement.map { FactID($0.space) }, known].compactMap { $0 }
        for kind in [
            FactKind.backupRequirement, .monitoringRequirement, .jurisdictionPolicy, .securityRequirement, .supplementaryMeasure,
            .verification, .gap, .policy, .trainingRecord,
        ] { for scope in scopes { facts.conceal(RecordFacts.Unseen(kind, of: scope)) } }
        // A service alone is asked about its provider's own inventory, where there is one.
        guard scope.engagement != nil || facts.all(.asset).isEmpty else { return }
        for scope in scopes { facts.conceal(RecordFacts.Unseen(.asset, of: scope)) }
    }

    /// What a provider keeps to itself: how it considers the management of its services, and certificates that it does not publish.
    private mutating func concealProviders() {
        for service in directory.services where !service.isOwn {
            for kind in [FactKind.businessActivity, .partyCertifications] {
                facts.conceal(RecordFacts.Unseen(kind, of: Self.id(of: service)))
            }
        }
    }
}
