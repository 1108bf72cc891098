import Agreements
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage

/// What stood before a sync: only with it can the sync be told by what it changed.
struct EarlierStanding {
    struct Worth {
        /// Whether both signatures are in the log, and what they cover is here.
        let isWhole: Bool
        let isStale: Bool
    }

    private let agreements: [RecordID: Worth]
    private let devices: Set<DeviceID>

    init(_ directory: StoreDirectory, _ workspace: Workspace, _ now: Date, _ reader: any StoreReader) throws {
        var agreements: [RecordID: Worth] = [:]
        for engagement in directory.engagements {
            for known in try workspace.agreements(of: engagement, day: { ZonedDays.day(of: now, zone: $0) }, reader) {
                agreements[known.id] = Worth(isWhole: known.isWhole, isStale: known.isStale)
            }
        }
        self.agreements = agreements
        devices = Set(try ListedDevice.all(reader).map(\.id))
    }

    /// Whether both signatures of an agreement have come together only now.
    func completes(_ agreement: KnownAgreement) -> Bool {
        agreement.isWhole && agreement.status.isBinding && agreements[agreement.id]?.isWhole != true
    }

    /// Whether what an agreement covers differs only now from what was signed.
    func makesStale(_ agreement: KnownAgreement) -> Bool { agreement.isStale && agreements[agreement.id]?.isStale != true }

    func knows(_ device: DeviceID) -> Bool { devices.contains(device) }
}

extension KnownAgreement {
    fileprivate var isWhole: Bool { content.signedAt != nil && status != .signed }
    fileprivate var isStale: Bool { status == .stale }
}
