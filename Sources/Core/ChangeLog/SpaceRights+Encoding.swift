package import BuntanProtocol

/// What a store keeps of a space's rights; never sent, hence free to change with the store's version.
extension SpaceRights {
    private static let format = 1

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 2_048) { w in
            // A log that has never lost anything and erased nothing is written as it was before logs could.
            let hasGaps = keyEpochs != Array(1..<spaceKeys.count + 1)
            w.array(hasGaps ? 21 : !erasures.isEmpty ? 20 : endedEpochs.isEmpty ? 18 : 19)
            w.int(Self.format)
            w.id(space)
            w.int(type.rawValue)
            w.list(parties) { w, party in
                w.array(3)
                w.int(party.side.rawValue)
                w.id(party.organisation)
                w.fixed(party.rootKey)
            }
            policy.write(to: &w)
            w.optional(service) { $0.id($1) }
            w.fixed(founder)
            w.optional(inviter) { $0.fixed($1) }
            w.optional(serverName) { $0.text($1) }
            w.fixed(logKey)
            w.int(epoch)
            w.int(leastSchema)
            w.optional(serviceEnded) { $0.int($1) }
            w.list(parties) { w, party in chains[party.organisation]?.write(to: &w) }
            w.list(parties) { w, party in ownChains[party.organisation]?.write(to: &w) }
            w.list(devices.sorted { $0.key < $1.key }) { w, item in
                w.array(5)
                w.fixed(item.key)
                w.id(item.value.organisation)
                w.int(item.value.authorPosition)
                w.int(item.value.restriction.rawValue)
                w.list(item.value.history) { w, span in
                    w.array(2)
                    w.int(span.from)
                    w.int(span.capabilities.rawValue)
                }
            }
            w.list(grants) { w, grant in
                w.array(3)
                w.id(grant.reader)
                w.id(grant.by)
                w.int(grant.expires)
            }
            w.list(spaceKeys) { w, keyEpoch in
                w.list(keyEpoch.keys) { w, key in
                    w.array(3)
                    w.fixed(key.device)
                    w.byteString(key.encapsulated)
                    w.byteString(key.ciphertext)
                }
            }
            guard !endedEpochs.isEmpty || !erasures.isEmpty || hasGaps else { return }
            w.list(endedEpochs) { $1.write(to: &$0) }
            if !erasures.isEmpty || hasGaps { erasures.write(to: &w) }
            if hasGaps { w.list(keyEpochs) { $0.int($1) } }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try SpaceRights(from: &r) }
    }

    private init(from r: inout CBORReader) throws(DecodingFault) {
        let count = try r.array()
        guard (18...21).contains(count) else { throw r.fault(.wrongLength) }
        guard try r.int() == Int64(Self.format) else { throw r.fault(.unknownFormat) }
        space = try r.id()
        guard let type = SpaceType(rawValue: try r.int(1...3)) else { throw r.fault(.outOfRange) }
        self.type = type
        parties = try r.list(most: 2) { r throws(DecodingFault) -> Party in
            try r.array(of: 3)
            guard let side = Side(rawValue: try r.int(1...2)) else { throw r.fault(.outOfRange) }
            return Party(side: side, organisation: try r.id(), rootKey: try r.fixed())
        }
        policy = try Policy(from: &r)
        service = try r.optional { r throws(DecodingFault) in try r.id() }
        founder = try r.fixed()
        inviter = try r.optional { r throws(DecodingFault) in try r.fixed() }
        serverName = try r.optional { r throws(DecodingFault) in try r.text() }
        logKey = try r.fixed()
        epoch = try r.count()
        leastSchema = try r.count()
        serviceEnded = try r.optional { r throws(DecodingFault) in try r.count() }
        let chains = try r.list(most: parties.count) { r throws(DecodingFault) in try OrganisationChain(from: &r) }
        let ownChains = try r.list(most: parties.count) { r throws(DecodingFault) in try StatementChain(from: &r) }
        guard chains.map(\.organisation) == parties.map(\.organisation), ownChains.count == parties.count else {
            throw r.fault(.wrongLength)
        }
        self.chains = Dictionary(zip(parties.map(\.organisation), chains)) { first, _ in first }
        self.ownChains = Dictionary(zip(parties.map(\.organisation), ownChains)) { first, _ in first }
        let devices = try r.list(most: .max) { r throws(DecodingFault) -> (DeviceID, DeviceRights) in
            try r.array(of: 5)
            let device: DeviceID = try r.fixed()
            var rights = DeviceRights(organisation: try r.id(), authorPosition: try r.count())
            rights.restriction = Capabilities(rawValue: try r.int(0...15))
            rights.history = try r.list(most: .max) { r throws(DecodingFault) -> RightsSpan in
                try r.array(of: 2)
                return RightsSpan(from: try r.count(), capabilities: Capabilities(rawValue: try r.int(0...15)))
            }
            return (device, rights)
        }
        self.devices = Dictionary(devices) { first, _ in first }
        grants = try r.list(most: .max) { r throws(DecodingFault) -> ReaderGrant in
            try r.array(of: 3)
            return ReaderGrant(reader: try r.id(), by: try r.id(), expires: try r.int())
        }
        let wrapped = try r.list(most: .max) { r throws(DecodingFault) -> [WrappedKey] in
            try r.list(most: .max) { r throws(DecodingFault) -> WrappedKey in
                try r.array(of: 3)
                let device: DeviceID = try r.fixed()
                return WrappedKey(device: device, encapsulated: Array(try r.byteString()), ciphertext: Array(try r.byteString()))
            }
        }
        spaceKeys = wrapped.enumerated().map { KeyEpoch(number: $0.offset + 1, keys: $0.element) }
        guard count > 18 else { return }
        endedEpochs = try r.list(most: .max) { r throws(DecodingFault) in try Base(from: &r) }
        if count > 19 { erasures = try Erasures(from: &r) }
        guard count == 21 else { return }
        let numbers = try r.list(most: wrapped.count) { r throws(DecodingFault) in try r.count() }
        guard numbers.count == wrapped.count else { throw r.fault(.wrongLength) }
        spaceKeys = zip(numbers, wrapped).map { KeyEpoch(number: $0, keys: $1) }
    }
}
