import ChangeLog
package import BuntanProtocol
import Foundation
import Merging
import Records
package import Storage
import Syncing

/// A service as this store knows it.
package struct KnownService: Hashable, Sendable {
    package let handle: String
    package let service: SpaceID
    /// Where its provider edits it; `nil` for a service that is subscribed to.
    package let draft: SpaceID?
    package let name: [String: String]
    package var isOwn: Bool { draft != nil }
}

/// One provider, one customer, one service.
package struct KnownEngagement: Hashable, Sendable {
    package let handle: String
    package let space: SpaceID
    package let service: SpaceID
    package let serviceName: [String: String]
    /// This organisation's side; `nil` for an auditor, who reads what both say and says nothing.
    package let side: Side?
    /// The other party; for an auditor, the customer.
    package let counterpart: OrganisationID
    package let counterpartName: [String: String]
    /// This organisation; for an auditor, the provider.
    package let party: OrganisationID
    package let partyName: [String: String]
    /// Whether a person has compared the fingerprint; nobody signs before.
    package let isConfirmed: Bool
    /// Its end, if a side has named a day or the provider has closed the service.
    package let end: EngagementEnd?
    /// How an auditor reads it; `nil` for a party.
    package let audit: AuditStanding?

    /// The side from which it is shown: an auditor sees it as the provider does.
    package var seat: Side { side ?? .provider }
    /// Those who speak in it and are not this organisation, with their names.
    package var others: [(organisation: OrganisationID, name: [String: String])] {
        side == nil ? [(party, partyName), (counterpart, counterpartName)] : [(counterpart, counterpartName)]
    }
    package var providerName: [String: String] { seat == .provider ? partyName : counterpartName }
}

/// What a store holds, under the names that people type.
package struct StoreDirectory: Sendable {
    package let identity: Identity
    package let ownName: [String: String]
    package let services: [KnownService]
    package let engagements: [KnownEngagement]

    package init(_ reader: any StoreReader) throws {
        let identity = try reader.identity()
        self.identity = identity
        let standings = try reader.spaces().compactMap { try reader.standing(of: $0) }
        let home = identity.home ?? standings.first { $0.genesis.type == .private && $0.genesis.service == nil }?.id
        ownName = try home.map { try reader.legalName(identity.organisation, in: $0) } ?? [:]
        var confirmed = Set<OrganisationID>()
        var knownNames: [OrganisationID: String] = [:]
        if let home {
            for record in try reader.records(of: "known-organisation", in: home, after: nil, limit: .max) {
                guard let org = record.shown.value("org")?.bytes.flatMap({ OrganisationID($0) }) else { continue }
                if record.shown.value("confirmed") == .bool(true) { confirmed.insert(org) }
                if let name = record.shown.text("name") { knownNames[org] = name }
            }
        }
        let drafts = Dictionary(
            standings.compactMap { s in s.genesis.type == .private ? s.genesis.service.map { ($0, s.id) } : nil }
        ) { first, _ in first }
        // Names that people gave, or that something was first seen under, stand before those that are made.
        let given = try reader.values(withPrefix: StoredName.handlePrefix).mapValues { String(decoding: $0, as: UTF8.self) }
        var handles = Set(given.values)
        var services: [KnownService] = []
        for standing in try Self.inOrder(standings.filter { $0.genesis.type == .service }, given, reader) {
            let draft = drafts[standing.id]
            var name = try Self.serviceName(in: draft ?? standing.id, reader)
            if name.isEmpty { name = try Self.serviceName(in: standing.id, reader) }
            let handle =
                given[StoredName.handle(standing.id)] ?? Self.handle(of: name, else: "service-\(standing.id.hex.prefix(6))", &handles)
            services.append(KnownService(handle: handle, service: standing.id, draft: draft, name: name))
        }
        var engagements: [KnownEngagement] = []
        for standing in try Self.inOrder(standings.filter { $0.genesis.type == .engagement }, given, reader) {
            let side = standing.genesis.party(identity.organisation)?.side
            let seat = side ?? .provider
            guard let service = standing.genesis.service, let own = standing.genesis.party(seat)?.organisation,
                let counterpart = standing.genesis.party(seat.other)?.organisation
            else { continue }
            func spokenName(_ organisation: OrganisationID) throws -> [String: String] {
                for space in [standing.id, service] {
                    let name = try reader.legalName(organisation, in: space)
                    if !name.isEmpty { return name }
                }
                return knownNames[organisation].map { ["en": $0] } ?? [:]
            }
            let name = try spokenName(counterpart)
            let known = services.first { $0.service == service }
            let serviceHandle = known?.handle ?? "service-\(service.hex.prefix(6))"
            var parts = Set<String>()
            let party = Self.handle(of: name, else: String(counterpart.fingerprint.prefix(9)), &parts)
            var handle = "\(party)/\(serviceHandle)"
            var number = 2
            if let name = given[StoredName.handle(standing.id)] {
                handle = name
            } else {
                while !handles.insert(handle).inserted {
                    handle = "\(party)-\(number)/\(serviceHandle)"
                    number += 1
                }
            }
            engagements.append(
                KnownEngagement(
                    handle: handle, space: standing.id, service: service, serviceName: known?.name ?? [:], side: side,
                    counterpart: counterpart, counterpartName: name, party: own,
                    partyName: side == nil ? try spokenName(own) : ownName, isConfirmed: confirmed.contains(counterpart),
                    end: try EngagementEnd(of: standing.id, reader),
                    audit: side == nil ? try AuditStanding(of: standing, by: identity.organisation, reader) : nil))
        }
        self.services = services.sorted { $0.handle < $1.handle }
        self.engagements = engagements.sorted { $0.handle < $1.handle }
    }

    /// Services or engagements as they began: where several are first seen at once, as by a new device, they get the names that they got
    /// one after another elsewhere. What has a name needs no order.
    private static func inOrder(
        _ standings: [SpaceStanding], _ given: [String: String], _ reader: any StoreReader
    ) throws -> [SpaceStanding] {
        guard standings.count(where: { given[StoredName.handle($0.id)] == nil }) > 1 else { return standings }
        let begun = try standings.map { standing in
            let first = try reader.entries(of: standing.id, from: 0, maxBytes: 1).first
            return (try first.map { try Entry(decoding: $0.bytes).received } ?? .max, standing)
        }
        return begun.sorted { ($0.0, $0.1.id) < ($1.0, $1.1.id) }.map(\.1)
    }

    /// The space of the organisation's own records.
    package func home(_ reader: any StoreReader) throws -> SpaceID? {
        try identity.home
            ?? reader.spaces().first { space in
                try reader.standing(of: space).map { $0.genesis.type == .private && $0.genesis.service == nil } ?? false
            }
    }

    private static func serviceName(in space: SpaceID, _ reader: any StoreReader) throws -> [String: String] {
        try reader.shown(RecordID.natural(space: space, kind: "cloud-service", key: []), in: space)?.texts("name") ?? [:]
    }

    /// A name that nothing else here has: a number tells the second of one name from the first.
    private static func handle(of name: [String: String], else fallback: String, _ taken: inout Set<String>) -> String {
        var base = Handle.base(of: name["en"] ?? name["ja"] ?? fallback)
        if base.isEmpty { base = fallback }
        var handle = base
        var number = 2
        while !taken.insert(handle).inserted {
            handle = "\(base)-\(number)"
            number += 1
        }
        return handle
    }
}

extension StoreDirectory {
    /// As what this organisation reads a service: the provider's or the customer's side, or neither.
    package func side(of service: KnownService) -> Side? {
        if service.isOwn { return .provider }
        let engaged = engagements.filter { $0.service == service.service }
        return engaged.contains { $0.side == .customer } || engaged.isEmpty ? .customer : nil
    }

    /// The service that an engagement is about, where it is here.
    package func service(of engagement: KnownEngagement) -> KnownService? { services.first { $0.service == engagement.service } }

    /// Whether the service of an engagement is not here, and its provider lets nobody fetch it any more.
    package func isClosedBefore(_ engagement: KnownEngagement) -> Bool {
        engagement.end?.isClosed == true && service(of: engagement) == nil
    }
}

extension StoreReader {
    /// An organisation's own name as it says it in a space.
    package func legalName(_ organisation: OrganisationID, in space: SpaceID) throws -> [String: String] {
        let id = RecordID.natural(space: space, kind: "party", key: [.id(organisation)])
        guard let state = try shown(id, in: space), state.creator == organisation else { return [:] }
        return state.texts("legalName")
    }
}

extension StoreDirectory {
    /// The handle that a typed name stands for, part by part; `nil` where nothing is left of it.
    package static func handle(typed text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Handle.base(of: String($0)) }
        return parts.contains("") ? nil : parts.joined(separator: "/")
    }
}

extension [String: String] {
    /// The text in a language, else in any.
    package func spoken(_ language: String) -> String? { self[language] ?? self["en"] ?? self["ja"] ?? values.sorted().first }
}
