import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Rules
import Storage
import Syncing

/// What stood before a sync: only with it can the sync be told by what it changed.
struct EarlierStanding {
    struct Worth {
        /// Whether both signatures are in the log, and what they cover is here.
        let isWhole: Bool
        let isStale: Bool
    }

    private let agreements: [RecordID: Worth]
    private let devices: Set<DeviceID>
    /// What the other side of each engagement was called, and what its root key was.
    private let counterparts: [SpaceID: (name: [String: String], root: PublicKey?)]
    private let auditors: [SpaceID: Set<SaidGrant>]
    /// The words that had erased something, in each log that was here.
    private let erasures: [SpaceID: Set<Erasing>]
    /// Own copies of what others had erased.
    private let copies: Set<HeldCopy>
    /// The rows of each own service that rested on something that had changed.
    private let touched: [SpaceID: Set<RowKey>]
    /// The gaps of each engagement that were open again.
    private let reopened: [SpaceID: Set<FactID>]
    /// The day for which gaps are compared, before and after: what time alone brings is no news.
    private let today: CalendarDate

    init(_ directory: StoreDirectory, _ workspace: Workspace, _ now: Date, today: CalendarDate, _ reader: any StoreReader) throws {
        var agreements: [RecordID: Worth] = [:]
        var auditors: [SpaceID: Set<SaidGrant>] = [:]
        var copies: Set<HeldCopy> = []
        for engagement in directory.engagements {
            copies.formUnion(try workspace.heldCopies(of: engagement, reader))
            auditors[engagement.space] = try SaidGrant.all(of: engagement, workspace, reader)
            for known in try workspace.agreements(of: engagement, day: { ZonedDays.day(of: now, zone: $0) }, reader) {
                agreements[known.id] = Worth(isWhole: known.isWhole, isStale: known.isStale)
            }
        }
        (self.agreements, self.auditors, self.copies) = (agreements, auditors, copies)
        counterparts = Dictionary(
            try directory.engagements.map { engagement in
                (engagement.space, (engagement.counterpartName, try reader.rootKey(of: engagement.counterpart, in: engagement.space)))
            }
        ) { first, _ in first }
        erasures = Dictionary(
            try reader.spaces().map { space in (space, Set(try reader.erasures(in: space).map(\.word))) }
        ) { first, _ in first }
        touched = Dictionary(
            try directory.services.filter(\.isOwn).map { ($0.service, try Self.touched($0, directory, workspace, now, reader)) }
        ) { first, _ in first }
        reopened = Dictionary(
            try directory.engagements.map { ($0.space, Set(try workspace.reopenedGaps(in: $0, today: today, reader).compactMap(\.id))) }
        ) { first, _ in first }
        self.today = today
        devices = Set(try ListedDevice.all(reader).map(\.id))
    }

    /// The gaps of an engagement that are open again only now.
    func newlyReopened(_ engagement: KnownEngagement, _ workspace: Workspace, _ reader: any StoreReader) throws -> [Gap] {
        let before = reopened[engagement.space] ?? []
        return try workspace.reopenedGaps(in: engagement, today: today, reader).filter { $0.id.map { !before.contains($0) } ?? false }
    }

    private static func touched(
        _ service: KnownService, _ directory: StoreDirectory, _ workspace: Workspace, _ now: Date, _ reader: any StoreReader
    ) throws -> Set<RowKey> {
        let reliances = try workspace.reliances(of: service, directory, day: { ZonedDays.day(of: now, zone: $0) }, reader)
        return Set(try reliances.flatMap { try workspace.touchedRows(by: $0, reader) }.map(\.key))
    }

    /// The rows of an own service beneath which something has changed only now.
    func newlyTouched(
        _ service: KnownService, _ directory: StoreDirectory, _ workspace: Workspace, _ now: Date, _ reader: any StoreReader
    ) throws -> Set<RowKey> {
        try Self.touched(service, directory, workspace, now, reader).subtracting(touched[service.service] ?? [])
    }

    /// Whether both signatures of an agreement have come together only now.
    func completes(_ agreement: KnownAgreement) -> Bool {
        agreement.isWhole && agreement.status.isBinding && agreements[agreement.id]?.isWhole != true
    }

    /// Whether what an agreement covers differs only now from what was signed.
    func makesStale(_ agreement: KnownAgreement) -> Bool { agreement.isStale && agreements[agreement.id]?.isStale != true }

    /// What the parties of an engagement had said of auditors; nothing for one that is new here.
    func grants(in space: SpaceID) -> Set<SaidGrant>? { auditors[space] }

    /// What had been erased in a log; nothing for one that is new here, of which all is news.
    func erasures(in space: SpaceID) -> Set<Erasing>? { erasures[space] }

    func knows(_ copy: HeldCopy) -> Bool { copies.contains(copy) }

    func knows(_ device: DeviceID) -> Bool { devices.contains(device) }

    /// What the other side of an engagement was called before, where that was something else.
    func formerName(of counterpart: KnownEngagement) -> [String: String]? {
        guard let name = counterparts[counterpart.space]?.name, !name.isEmpty, name != counterpart.counterpartName else { return nil }
        return name
    }

    /// Whether the other side of an engagement had another root key before.
    func hadRoot(otherThan key: PublicKey?, _ engagement: KnownEngagement) -> Bool {
        guard let before = counterparts[engagement.space]?.root, let key else { return false }
        return before != key
    }
}

extension StoreReader {
    /// The root key of a party, as a log carries its chain.
    func rootKey(of party: OrganisationID, in space: SpaceID) throws -> PublicKey? {
        try standing(of: space)?.rights.chain(of: party)?.rootKey
    }
}

/// One party's word about an auditor that stands in the log.
struct SaidGrant: Hashable {
    let auditor: OrganisationID
    let grant: KnownAuditor.Grant

    static func all(of engagement: KnownEngagement, _ workspace: Workspace, _ reader: any StoreReader) throws -> Set<SaidGrant> {
        Set(
            try workspace.auditors(of: engagement, reader).flatMap { known in
                known.grants.filter { !$0.isPending }.map { SaidGrant(auditor: known.auditor, grant: $0) }
            })
    }
}

extension KnownAgreement {
    fileprivate var isWhole: Bool { content.signedAt != nil && status != .signed }
    fileprivate var isStale: Bool { status == .stale }
}
