import Agreements
package import BuntanProtocol
import Foundation
import Merging
package import Records
package import Rules
package import Storage

extension Workspace {
    /// The records of a scope as rules see them: the organisation's own, every service that it knows, and one engagement.
    ///
    /// - Parameter today: The day on which it is told what an agreement is worth.
    package func facts(of scope: RecordScope, today: CalendarDate, _ reader: any StoreReader) throws -> RecordFacts {
        var gathering = try FactGathering(workspace: self, scope: scope, today: today, reader)
        try gathering.gather()
        return gathering.facts
    }
}

extension FactID {
    /// A record by its id; a service by the id of the record that is published of it.
    package init(_ id: RecordID) { self.init(id.uuid) }
    package init(_ id: OrganisationID) { self.init(id.fingerprint) }
    package init(_ id: SpaceID) { self.init(id.hex) }

    /// The record that a fact is made of; `nil` for an engagement.
    package var record: RecordID? { RecordID(uuid: text) }
}

/// Makes facts of records.
private struct FactGathering {
    private let workspace: Workspace
    private let scope: RecordScope
    private let reader: any StoreReader
    private let today: CalendarDate
    private let directory: StoreDirectory
    private(set) var facts = RecordFacts()
    /// What one side adds to a record that the other published, by that record.
    private var additions: [RecordID: [FactField: FactValue]] = [:]
    /// The id under which the draft of a service's own record is known.
    private var published: [RecordID: RecordID] = [:]

    init(workspace: Workspace, scope: RecordScope, today: CalendarDate, _ reader: any StoreReader) throws {
        (self.workspace, self.scope, self.today, self.reader) = (workspace, scope, today, reader)
        directory = try StoreDirectory(reader)
        for service in directory.services {
            if let draft = service.draft { published[KnownService.record(in: draft)] = KnownService.record(in: service.service) }
        }
    }

    private var ownSide: Side { scope.engagement?.seat ?? (scope.draft == nil && scope.service != nil ? .customer : .provider) }

    mutating func gather() throws {
        for edition in KnownEditions.facts { facts.put(edition) }
        if let engagement = scope.engagement { try gather(engagement) }
        for service in directory.services {
            let place: [FactField: FactValue] = [
                .serviceId: .id(FactID(KnownService.record(in: service.service))), .authorSide: .text(Side.provider.name),
            ]
            try gather(service.draft ?? service.service, .service, place)
        }
        if let home = scope.home { try gather(home, .private, [.authorSide: .text(ownSide.name)]) }
        if scope.engagement == nil, let service = scope.service { try gatherRows(of: scope.draft ?? service, service) }
        try concealTheirs()
    }

    /// Kinds whose records are not facts of their own.
    private static let merged: Set = [
        "responsibility", "responsibility-position", "engagement", "comment", "annotation", "release", "release-withdrawal", "agreement",
        "agreement-signature", "agreement-end", "device", "known-organisation",
    ]

    private mutating func gather(_ space: SpaceID, _ type: SpaceType, _ place: [FactField: FactValue]) throws {
        for kind in workspace.schema.kinds where kind.spaces.contains(type) && !Self.merged.contains(kind.name) {
            guard let factKind = FactKind.named(kind.name) else { continue }
            for stored in try reader.records(of: kind.name, in: space, after: nil, limit: .max) where stored.shown.isAlive {
                var fields = place
                for (field, value) in values(of: stored.shown, kind) { fields[field] = value }
                for (field, value) in additions[stored.id] ?? [:] where fields[field] == nil { fields[field] = value }
                if type == .engagement, let engagement = scope.engagement {
                    let isTheirs = stored.shown.creator == engagement.counterpart
                    fields[.authorSide] = .text((isTheirs ? engagement.seat.other : engagement.seat).name)
                }
                if kind.name == "service-dependency" { fields[.downstreamServiceId] = place[.serviceId] }
                if kind.name == "cloud-service" { fields[.serviceId] = nil }
                if fields[.approvedOn] != nil { fields[.status] = .text("agreed") }
                facts.put(RecordFact(factKind, id(stored.id), fields))
                putParts(of: stored, kind)
            }
        }
    }

    private func id(_ record: RecordID) -> FactID { FactID(published[record] ?? record) }

    /// Fields named `part.member` are one fact beneath their record, as a list of one item is.
    private mutating func putParts(of stored: StoredRecord, _ kind: Kind) {
        var parts: [FactKind: [FactField: FactValue]] = [:]
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
            facts.put(RecordFact(part, FactID("\(stored.id.uuid)/\(part.rawValue)"), fields))
        }
    }

    // MARK: values

    private func values(of state: RecordState, _ kind: Kind) -> [FactField: FactValue] {
        var values: [FactField: FactValue] = [:]
        for field in kind.fields {
            guard let known = FactField.named(field.name), let value = value(of: field, in: state) else { continue }
            values[known] = value
        }
        return values
    }

    private func value(of field: Field, in state: RecordState) -> FactValue? {
        let cells = state.cells(of: field.name)
        // Nobody knows what a field holds while several values stand in it.
        if cells.contains(where: \.isConflicted) { return .unseen }
        switch field.merge {
        case .set:
            let members = cells.filter { $0.state.filled?.isTrue == true }.compactMap(\.key.element)
            let ids = members.compactMap { if case .id(let bytes) = $0 { reference(bytes, field.type) } else { nil } }
            return ids.isEmpty ? .codes(members.compactMap { if case .code(let code) = $0 { code } else { nil } }.sorted()) : .ids(ids)
        case .languages:
            func text(_ language: String) -> String { state[CellKey(field.name, language)]?.state.filled?.value.text ?? "" }
            return .bilingual(en: text("en"), ja: text("ja"))
        case .register, .writeOnce: return cells.first?.state.filled.flatMap { value($0.value, field) }
        }
    }

    private func value(_ value: Value, _ field: Field) -> FactValue? {
        switch value {
        case .null: return nil
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(Int(int))
        case .text(let text): return .text(text)
        case .bytes(let bytes):
            if let id = reference(bytes, field.type) { return .id(id) }
            return .text(Hexadecimal.text(bytes))
        }
    }

    private func reference(_ bytes: [UInt8], _ type: FieldType) -> FactID? {
        switch type {
        case .organisation: return OrganisationID(bytes).map { FactID($0) }
        case .record: return RecordID(bytes).map { id($0) }
        default: return nil
        }
    }

    // MARK: an engagement

    private mutating func gather(_ engagement: KnownEngagement) throws {
        let service = FactValue.id(FactID(KnownService.record(in: engagement.service)))
        let place: [FactField: FactValue] = [.serviceId: service, .engagementId: .id(FactID(engagement.space))]
        var fields: [FactField: FactValue] = [:]
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
        facts.put(RecordFact(.engagement, FactID(engagement.space), fields))
        for kind in workspace.schema.kinds where kind.name.hasSuffix("-position") && kind.name != "responsibility-position" {
            guard let subject = kind.key?.first else { continue }
            for stored in try reader.records(of: kind.name, in: engagement.space, after: nil, limit: .max) where stored.shown.isAlive {
                guard let record = stored.shown.value(subject)?.bytes.flatMap({ RecordID($0) }) else { continue }
                additions[record, default: [:]].merge(values(of: stored.shown, kind)) { first, _ in first }
                additions[record]?[.side] = nil
            }
        }
        try gather(engagement.space, .engagement, place)
        let rows = try workspace.rows(of: engagement, reader)
        let signed = try gatherAgreements(of: engagement)
        for row in rows { put(row, engagement, place, signed) }
    }

    private mutating func put(
        _ row: MatrixRow, _ engagement: KnownEngagement, _ place: [FactField: FactValue], _ signed: SignedRows?
    ) {
        guard let kind = workspace.schema.kind("responsibility"), let position = workspace.schema.kind("responsibility-position") else {
            return
        }
        var fields = place.merging(row.row.map { values(of: $0, kind) } ?? [:]) { first, _ in first }
        for (side, state) in [(Side.provider, row.providerPosition), (.customer, row.customerPosition)] {
            guard let state, state.standing != .deleted else { continue }
            for (field, value) in values(of: state, position) {
                switch field {
                case .side: continue
                case .responsible, .accountable, .consulted, .informed: fields[field] = .ids(Self.ids(fields[field]) + Self.ids(value))
                default: if value.isFilled || value == .unseen, side == .provider || fields[field] == nil { fields[field] = value }
                }
            }
            fields[side == .provider ? .providerCanFulfil : .customerCanFulfil] = state.text("canFulfil").map { .text($0) }
        }
        let (provider, customer) = (row.negotiation.provider, row.negotiation.customer)
        fields[.providerAllocation] = Self.value(provider)
        fields[.customerAllocation] = Self.value(customer)
        fields[.allocation] = Self.value(provider) ?? Self.value(customer)
        let words = FactValue.text(row.negotiation.accepts?.hex ?? "")
        fields[.contentHash] = words
        let isSigned = signed?.covers(row.key) == true
        fields[.status] = .text(isSigned ? "agreed" : row.negotiation.state == .agreed ? "accepted" : "proposed")
        if let signed, isSigned {
            let hash: FactValue = signed.differing.contains(row.key) ? .text("signed") : words
            fields[.agreedByProviderHash] = hash
            fields[.agreedByCustomerHash] = hash
            facts.put(
                RecordFact(
                    .allocationAgreementRowHashes, FactID("\(signed.agreement.text)/\(row.rowID.uuid)"),
                    [.parent: .id(signed.agreement), .recordId: .id(FactID(row.rowID)), .contentHash: hash]))
        }
        facts.put(RecordFact(.responsibility, FactID(row.rowID), fields))
    }

    private static func ids(_ value: FactValue?) -> [FactID] {
        switch value {
        case .id(let id): return [id]
        case .ids(let ids): return ids
        default: return []
        }
    }

    private static func value(_ allocation: RowSide.Allocation) -> FactValue? {
        switch allocation {
        case .settled(let code): return .text(code)
        case .unsettled: return .unseen
        case .empty: return nil
        }
    }

    /// Rows of a service alone, which no customer has answered.
    private mutating func gatherRows(of space: SpaceID, _ service: SpaceID) throws {
        guard let kind = workspace.schema.kind("responsibility") else { return }
        for row in try workspace.rows(in: space, reader) {
            var fields = values(of: row.state, kind)
            fields[.serviceId] = .id(FactID(KnownService.record(in: service)))
            fields[.authorSide] = .text(Side.provider.name)
            fields[.status] = .text("draft")
            // What the customer says to it is not known before there is one.
            for field in [FactField.customerStatement, .customerCanFulfil, .customerAllocation, .providerCanFulfil] {
                fields[field] = .unseen
            }
            for field in [FactField.accountable, .responsible] where fields[field] == nil { fields[field] = .unseen }
            facts.put(RecordFact(.responsibility, FactID(row.key.responsibility(in: service)), fields))
        }
    }

    // MARK: agreements

    /// The rows that both have signed.
    private struct SignedRows {
        let agreement: FactID
        let scope: [ScopePart]
        let differing: Set<RowKey>

        func covers(_ row: RowKey) -> Bool {
            scope.contains { $0.includes(kind: "responsibility") && $0.includes(key: [row.framework, row.controlId, row.itemKey]) }
        }
    }

    private mutating func gatherAgreements(of engagement: KnownEngagement) throws -> SignedRows? {
        guard let binding = try workspace.agreements(of: engagement, day: { _ in today }, reader).binding else { return nil }
        let id = FactID(binding.id)
        let head = binding.head
        facts.put(
            RecordFact(
                .allocationAgreement, id,
                [
                    .engagementId: .id(FactID(engagement.space)), .serviceId: .id(FactID(KnownService.record(in: engagement.service))),
                    .effectiveFrom: .text(head.validFrom?.text ?? ""), .effectiveTo: .text(head.validTo?.text ?? ""),
                    .status: .text("agreed"), .reviewInterval: .text(head.terms.reviewInterval),
                ]))
        for side in Side.allCases {
            guard let signature = binding.content.signature(of: side)?.signature else { continue }
            facts.put(
                RecordFact(
                    .allocationAgreementSignatures, FactID(signature.record),
                    [
                        .parent: .id(id), .side: .text(side.name), .partyId: .id(FactID(signature.organisation)),
                        .personName: .text(signature.name),
                    ]))
        }
        return SignedRows(agreement: id, scope: head.scope, differing: Set(binding.differingRows))
    }

    // MARK: what only the other side can see

    private mutating func concealTheirs() throws {
        guard ownSide == .provider else { return }
        let scope = self.scope.engagement.map { FactID($0.space) } ?? self.scope.service.map { FactID(KnownService.record(in: $0)) }
        guard let scope else { return }
        for kind in [
            FactKind.backupRequirement, .monitoringRequirement, .jurisdictionPolicy, .securityRequirement, .supplementaryMeasure,
            .verification, .gap, .asset,
        ] where facts.all(kind).isEmpty { facts.conceal(RecordFacts.Unseen(kind, of: scope)) }
    }
}
