import BuntanProtocol
import Storage
import Syncing

extension MemoryTransaction {
    func outbox(of space: SpaceID?) throws -> [OutboxItem] {
        try reading().value.outbox.filter { item in space.map { $0 == item.item.space } ?? true }
    }

    func outboxCount() throws -> Int { try reading().value.outbox.count }

    func outbox(touching record: RecordID, in space: SpaceID) throws -> [OutboxItem] {
        try reading().value.outbox.filter { $0.item.space == space && $0.item.edits.contains { $0.record == record } }
    }

    func appendToOutbox(_ item: OutboxItem.New) throws -> Int {
        try change { contents in
            if let known = contents.outbox.first(where: { $0.item.space == item.space && $0.item.change == item.change }) {
                return known.number
            }
            guard try Change(decoding: item.signed.bytes).id == item.change else {
                throw violated("The outbox was given change \(item.change) under another's name.")
            }
            contents.lastNumber += 1
            contents.outbox.append(OutboxItem(number: contents.lastNumber, list: .pending, item: item, code: nil, detail: nil))
            return contents.lastNumber
        }
    }

    func moveInOutbox(_ number: Int, to list: OutboxItem.List, code: Code?, detail: String?) throws {
        try change { contents in
            guard let index = contents.outbox.firstIndex(where: { $0.number == number }) else { return }
            contents.outbox[index] = OutboxItem(number: number, list: list, item: contents.outbox[index].item, code: code, detail: detail)
        }
    }

    func replaceInOutbox(_ number: Int, with signed: SignedChange) throws {
        try change { contents in
            guard let index = contents.outbox.firstIndex(where: { $0.number == number }) else { return }
            let old = contents.outbox[index]
            guard try Change(decoding: signed.bytes).id == old.item.change else {
                throw violated("The outbox was given another change in the place of \(old.item.change).")
            }
            let item = OutboxItem.New(
                space: old.item.space, change: old.item.change, signed: signed, edits: old.item.edits, payload: old.item.payload)
            contents.outbox[index] = OutboxItem(number: number, list: old.list, item: item, code: old.code, detail: old.detail)
        }
    }

    func removeFromOutbox(_ number: Int) throws {
        try change { $0.outbox.removeAll { $0.number == number } }
    }

    func organisation(_ id: OrganisationID) throws -> RegisteredOrganisation? { try reading().value.organisations[id] }
    func organisations() throws -> [RegisteredOrganisation] { try reading().value.organisations.values.sorted { $0.id < $1.id } }
    func register(_ organisation: RegisteredOrganisation) throws { try change { $0.organisations[organisation.id] = organisation } }

    func statements(of organisation: OrganisationID) throws -> [SignedBytes] { try reading().value.statements[organisation] ?? [] }

    func appendStatement(_ statement: SignedBytes, number: Int, of organisation: OrganisationID) throws {
        try change { contents in
            let last = contents.statements[organisation]?.count ?? 0
            guard number == last + 1 else { throw StorageFault.conflict(expected: number - 1, found: last) }
            contents.statements[organisation, default: []].append(statement)
        }
    }

    func organisation(ofDevice device: DeviceID) throws -> OrganisationID? { try reading().value.devices[device] }
    func setDevice(_ device: DeviceID, of organisation: OrganisationID) throws { try change { $0.devices[device] = organisation } }

    func invitation(_ id: InvitationID) throws -> RegisteredInvitation? { try reading().value.invitations[id] }
    func invitations(of organisation: OrganisationID) throws -> [RegisteredInvitation] {
        try reading().value.invitations.values.filter { $0.organisation == organisation }.sorted { $0.id < $1.id }
    }
    func setInvitation(_ invitation: RegisteredInvitation) throws { try change { $0.invitations[invitation.id] = invitation } }

    func admission(_ digest: Digest) throws -> RegisteredAdmission? { try reading().value.admissions[digest] }
    func setAdmission(_ admission: RegisteredAdmission, for digest: Digest) throws { try change { $0.admissions[digest] = admission } }

    func heads(for organisation: OrganisationID, at time: Int64) throws -> [SpaceHead] {
        let contents = try reading().value
        return contents.readers.filter { $0.key.organisation == organisation && ($0.value == Reading.forGood || $0.value > time) }
            .compactMap { contents.spaces[$0.key.space]?.value.standing }
            .map { SpaceHead(space: $0.id, epoch: $0.epoch, size: $0.size) }.sorted { $0.space < $1.space }
    }

    func orphanPlaces(of space: SpaceID?) throws -> [OrphanPlace] {
        try reading().value.orphans.filter { space == nil || $0.item.space == space }.map { orphan in
            let (carried, proof) = (orphan.item.carried, orphan.item.proof)
            return OrphanPlace(
                number: orphan.number, space: orphan.item.space, change: orphan.item.change, code: orphan.code,
                size: carried.entry.count + proof.count + (carried.payload?.count ?? 0))
        }
    }
    func orphan(_ number: Int) throws -> Orphan? { try reading().value.orphans.first { $0.number == number } }
    func keepOrphan(_ item: Orphan.New) throws {
        try change { contents in
            contents.lastOrphan += 1
            contents.orphans.append(Orphan(number: contents.lastOrphan, item: item, code: nil))
        }
    }
    func refuseOrphan(_ number: Int, with code: Code?) throws {
        try change { contents in
            contents.orphans = contents.orphans.map {
                $0.number == number ? Orphan(number: number, item: $0.item, code: code ?? .invalid) : $0
            }
        }
    }
    func removeOrphan(_ number: Int) throws { try change { $0.orphans.removeAll { $0.number == number } } }

    func readingEnd(of space: SpaceID, by organisation: OrganisationID) throws -> Int64? {
        try reading().value.readers[MemoryContents.Reader(organisation: organisation, space: space)]
    }

    func readings() throws -> [Reading] {
        try reading().value.readers.map { Reading(space: $0.key.space, organisation: $0.key.organisation, end: $0.value) }
    }

    func grantReading(_ space: SpaceID, to organisation: OrganisationID, until end: Int64) throws {
        try change { $0.readers[MemoryContents.Reader(organisation: organisation, space: space)] = end }
    }

    func endReading(_ space: SpaceID, by organisation: OrganisationID) throws {
        try change { $0.readers[MemoryContents.Reader(organisation: organisation, space: space)] = nil }
    }
}
