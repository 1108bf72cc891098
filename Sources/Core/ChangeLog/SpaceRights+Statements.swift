package import BuntanProtocol

extension SpaceRights {
    /// No auditor is let in for longer at once.
    package static let mostGrantMillis: Int64 = 400 * 24 * 3_600 * 1_000

    /// Takes in the statement of the entry at `position`, or throws and stays as it was.
    ///
    /// What an `erase` may name depends on who owns the records, and is for whoever has the log: see `Ledger`.
    package mutating func apply(_ signed: SignedBytes, at position: Int) throws(Refusal) {
        let checked = try CheckedStatement(signed)
        let statement = checked.statement
        guard chains[statement.organisation] != nil else { throw Refusal(.notOwner, "organisation") }
        guard let space = statement.space else {
            try chains[statement.organisation]?.append(checked)
            follow(statement, at: position)
            return
        }
        guard space == self.space else { throw Refusal(.invalid, "space") }
        try ownChains[statement.organisation]?.requireNext(checked)
        try applyOwn(statement, at: position)
        ownChains[statement.organisation]?.append(checked)
    }

    /// Carries what an organisation has said about itself over into this log.
    private mutating func follow(_ statement: Statement, at position: Int) {
        switch statement.act {
        case .enrol(let device, _, _, _, _):
            // A device belongs to the organisation that enrolled it first. Another's enrolment stands in that one's chain,
            // which must stay the same in all logs, but moves nothing here.
            if devices[device] == nil {
                devices[device] = DeviceRights(organisation: statement.organisation, authorPosition: position)
            }
            refresh(device, at: position)
        case .revoke(let device, _), .setCapabilities(let device, _): refresh(device, at: position)
        case .rotateRoot, .addRecovery, .restrict, .grantReader, .endReader, .endService, .policy, .erase, .spaceKey: break
        }
    }

    private mutating func refresh(_ device: DeviceID, at position: Int) {
        guard let rights = devices[device] else { return }
        let capabilities = (chains[rights.organisation]?.capabilities(of: device) ?? []).intersection(rights.restriction)
        guard rights.history.last?.capabilities ?? [] != capabilities else { return }
        devices[device]?.history.append(RightsSpan(from: position + 1, capabilities: capabilities))
    }

    private mutating func applyOwn(_ statement: Statement, at position: Int) throws(Refusal) {
        let organisation = statement.organisation
        let held = try authority(of: statement.signer, in: organisation)
        switch statement.act {
        case .restrict(let device, let capabilities):
            _ = try self.capabilities(ofOwn: device, of: organisation)
            // What it gives back of the restriction before it counts, whether or not the device has it elsewhere yet: who
            // gives the device that later may rely on the restriction here.
            let gained = capabilities.subtracting(devices[device]?.restriction ?? .all)
            guard held.isSuperset(of: gained) else { throw Refusal(.noRight, "grant") }
            devices[device]?.restriction = capabilities
            refresh(device, at: position)
        case .grantReader(let reader, let expires):
            guard type == .engagement, side(of: reader) == nil else { throw Refusal(.invalid, "reader") }
            let (span, overflow) = expires.subtractingReportingOverflow(statement.time)
            guard !overflow, span > 0, span <= Self.mostGrantMillis else { throw Refusal(.invalid, "expires") }
            grants.removeAll { $0.reader == reader && $0.by == organisation }
            grants.append(ReaderGrant(reader: reader, by: organisation, expires: expires))
        case .endReader(let reader):
            guard grants.contains(where: { $0.reader == reader && $0.by == organisation }) else { throw Refusal(.invalid, "reader") }
            grants.removeAll { $0.reader == reader && $0.by == organisation }
        case .endService:
            guard type == .engagement else { throw Refusal(.invalid, "end_service") }
            guard side(of: organisation) == .provider else { throw Refusal(.noRight, "end_service") }
            guard serviceEnded == nil else { throw Refusal(.invalid, "service_ended") }
            serviceEnded = position
        case .policy(let leastSchema):
            guard leastSchema > self.leastSchema else { throw Refusal(.invalid, "policy") }
            self.leastSchema = leastSchema
        case .erase(let ops): erasures.add(ops, by: organisation)
        case .spaceKey(let keyEpoch, let keys): try add(keys, epoch: keyEpoch, of: organisation)
        case .enrol, .revoke, .setCapabilities, .rotateRoot, .addRecovery: throw Refusal(.invalid, "space")
        }
    }

    /// What a signer may grant in this space: everything as the root, its own capabilities as an admin device.
    private func authority(of signer: PublicKey, in organisation: OrganisationID) throws(Refusal) -> Capabilities {
        if signer == chains[organisation]?.rootKey { return .all }
        let held = capabilities(of: signer)
        guard devices[signer]?.organisation == organisation, held.contains(.admin) else { throw Refusal(.noRight, "admin") }
        return held
    }

    /// What an organisation lets a device do that is its own in this log and has not been revoked.
    private func capabilities(ofOwn device: DeviceID, of organisation: OrganisationID) throws(Refusal) -> Capabilities {
        guard devices[device]?.organisation == organisation, let known = chains[organisation]?.devices[device] else {
            throw Refusal(.invalid, "device_unknown")
        }
        guard !known.isRevoked else { throw Refusal(.invalid, "device_revoked") }
        return known.capabilities
    }

    /// Begins the next key epoch, gives an earlier one's key to devices that lack it, as those that came later, or gives a key
    /// again whose first word the log has lost.
    private mutating func add(_ keys: [WrappedKey], epoch: Int, of organisation: OrganisationID) throws(Refusal) {
        guard policy.isSealed else { throw Refusal(.invalid, "not_sealed") }
        guard (1...nextKeyEpoch).contains(epoch) else { throw Refusal(.invalid, "key_epoch") }
        let index = spaceKeys.firstIndex { $0.number >= epoch } ?? spaceKeys.endIndex
        let isKnown = index < spaceKeys.endIndex && spaceKeys[index].number == epoch
        var wrapped = isKnown ? spaceKeys[index].keys : []
        guard !keys.isEmpty else { throw Refusal(.invalid, "wrapped_key") }
        for key in keys {
            _ = try capabilities(ofOwn: key.device, of: organisation)
            guard !wrapped.contains(where: { $0.device == key.device }) else { throw Refusal(.invalid, "wrapped_key") }
            wrapped.append(key)
        }
        if isKnown { spaceKeys[index].keys = wrapped } else { spaceKeys.insert(KeyEpoch(number: epoch, keys: wrapped), at: index) }
    }
}

extension SpaceRights {
    /// Takes in the log key's own word at `position`, or throws and stays as it was.
    package mutating func apply(serverStatement signed: SignedBytes, at position: Int) throws(Refusal) {
        guard signed.bytes.count <= Limits.statementBytes else { throw Refusal(.tooLarge, "server") }
        let statement = try ChangeCheck.decoding { () throws(DecodingFault) in try ServerStatement(decoding: signed.bytes) }
        guard SignatureCheck.isValid(signed.signature, by: logKey, label: "server", content: signed.bytes) else {
            throw Refusal(.badSignature, "server")
        }
        guard statement.space == space else { throw Refusal(.invalid, "space") }
        switch statement.act {
        case .epoch(let ended, let lastGoodSize, let root):
            // The entry stands where the lost ones stood, and these rights are those of the entries before it. The epoch that
            // ended may have begun in what was lost.
            guard ended >= epoch, lastGoodSize == position else { throw Refusal(.invalid, "epoch") }
            epoch = ended + 1
            endedEpochs.append(Base(epoch: ended, size: lastGoodSize, root: root))
        case .key(let key):
            guard key != logKey, !key.isWeak else { throw Refusal(.invalid, "log_key") }
            logKey = key
        case .move(let name, let key):
            guard Checkpoint.isServerName(name) else { throw Refusal(.invalid, "server_name") }
            guard !key.isWeak else { throw Refusal(.invalid, "log_key") }
            serverName = name
            logKey = key
        case .erase(let ops, _): erasures.add(ops, by: nil)
        }
    }
}
