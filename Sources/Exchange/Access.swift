package import BuntanProtocol
import ChangeLog
import Storage
package import Syncing

/// A device that has shown who it is, in good standing at this moment.
///
/// Only this file makes one, from a token and the registry.
package struct Caller: Hashable, Sendable {
    package let device: DeviceID
    package let organisation: OrganisationID
    package let capabilities: Capabilities

    fileprivate init(device: DeviceID, organisation: OrganisationID, capabilities: Capabilities) {
        self.device = device
        self.organisation = organisation
        self.capabilities = capabilities
    }
}

/// The right to read one space, found to hold in the transaction that it is used in.
///
/// Every read path takes one, and only this file makes one: there is no way to another organisation's space that has not
/// come through here.
package struct SpaceHandle: Sendable {
    package let caller: Caller
    package let standing: SpaceStanding
    package var space: SpaceID { standing.id }
    /// Whether the caller reads an engagement that it is no party to: it writes and says nothing there.
    var isAuditors: Bool { standing.genesis.type == .engagement && standing.genesis.party(caller.organisation) == nil }

    fileprivate init(caller: Caller, standing: SpaceStanding) {
        self.caller = caller
        self.standing = standing
    }
}

extension Registrar {
    /// The device that a token was given to, if that was here and has not run out; whether it still may, the registry knows.
    package func device(of token: [UInt8]?, at now: Int64) -> DeviceID? {
        token.flatMap { seals.device(of: $0, at: now) }
    }

    /// The device behind a token, or `no_session` whatever the reason.
    func caller(token: [UInt8]?, at now: Int64, _ reader: any StoreReader) throws -> Caller {
        guard let token, let device = seals.device(of: token, at: now), let caller = try self.caller(device, reader) else {
            throw Refusal(.noSession)
        }
        return caller
    }

    /// The device as the registry knows it now; `nil` if unknown, revoked, or its organisation is suspended.
    func caller(_ device: DeviceID, _ reader: any StoreReader) throws -> Caller? {
        let capabilities = try reader.capabilities(of: device)
        guard let organisation = try reader.organisation(ofDevice: device), let registered = try reader.organisation(organisation),
            !registered.isSuspended, !capabilities.isEmpty
        else { return nil }
        return Caller(device: device, organisation: organisation, capabilities: capabilities)
    }

    /// The same caller in a later transaction: what was revoked meanwhile is revoked.
    func again(_ caller: Caller, _ reader: any StoreReader) throws -> Caller {
        guard let current = try self.caller(caller.device, reader), current.organisation == caller.organisation else {
            throw Refusal(.noSession)
        }
        return current
    }

    /// The space if the caller may read it here, else `not_found` whatever the reason.
    ///
    /// Absent and forbidden are one question to the store with one answer, so that neither bytes nor time tell them apart.
    func handle(_ space: SpaceID, for caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> SpaceHandle {
        guard try reader.mayRead(space, caller.organisation, at: now), let standing = try reader.standing(of: space),
            identity.keeps(standing.rights)
        else { throw Refusal(.notFound) }
        let isParty = standing.genesis.party(caller.organisation) != nil
        let capabilities = isParty ? standing.rights.capabilities(of: caller.device) : caller.capabilities
        guard capabilities.contains(.read) else { throw Refusal(.notFound) }
        return SpaceHandle(caller: caller, standing: standing)
    }

    /// Refuses what would be signed over a log that is shorter than, or other than, what was signed before.
    ///
    /// Throws `ViewBehindMark` where it is shorter in this transaction: the mark may have moved since that began.
    func requireWhole(_ handle: SpaceHandle) throws {
        guard loss(of: handle.standing) == nil else { throw Refusal(.recovering) }
        guard let mark = mark.place(of: handle.space) else { return }
        let here = MarkedPlace(handle.standing)
        if mark.isBeyond(here) { throw ViewBehindMark(space: handle.space, mark: mark) }
        if mark.epoch == here.epoch, mark.size == here.size, mark != here { throw Refusal(.recovering) }
    }

    /// Whether a log reaches what was signed of it before, so that it may grow.
    func isWhole(_ standing: SpaceStanding) -> Bool {
        guard loss(of: standing) == nil else { return false }
        guard let mark = mark.place(of: standing.id) else { return true }
        let here = MarkedPlace(standing)
        return !mark.isBeyond(here) && (mark.epoch != here.epoch || mark.size != here.size || mark == here)
    }

    /// How much of a log may be shown: as far as the mark covers it, and of one that has fallen back as far as it was signed
    /// before and is still held.
    func vouchedSize(of handle: SpaceHandle) throws -> Int {
        if let loss = loss(of: handle.standing) {
            guard let place = loss.vouched else { throw Refusal(.recovering) }
            return place.size
        }
        try requireWhole(handle)
        return min(handle.standing.size, mark.place(of: handle.space)?.size ?? 0)
    }

    /// What a log has lost that nobody has given back yet.
    func loss(of standing: SpaceStanding) -> FallenBack.Loss? { loss(of: standing.id, epoch: standing.epoch, size: standing.size) }

    func loss(of space: SpaceID, epoch: Int, size: Int) -> FallenBack.Loss? {
        losses.loss(of: space).flatMap { $0.isMended(epoch: epoch, size: size) ? nil : $0 }
    }

    /// Keeps the devices of an organisation out whose chain has lost its end: it could hold their revocation.
    func requireWholeChain(of caller: Caller, _ reader: any StoreReader) throws {
        guard try isWhole(chainOf: caller.organisation, reader) else { throw Refusal(.recovering) }
    }

    /// Whether a chain holds the last of what was marked of it.
    func isWhole(chainOf organisation: OrganisationID, _ reader: any StoreReader) throws -> Bool {
        guard let known = frozen.organisations[organisation] else { return true }
        return try reader.chain(of: organisation)?.holds(known) ?? false
    }
}
