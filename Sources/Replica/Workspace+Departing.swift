package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// Under which key a sealed space's changes leave this device (PROTOCOL.md section 10, "Keys after a revocation").
///
/// ```
/// outbox   1 under key 1, sent, no answer yet    2 under key 1, never sent
/// log      a device that holds key 1 has lost its rights; key 2 begins
/// goes     1 as it is                            2 sealed anew under key 2, with the id it had
/// ```
/// What may have left is noted before it leaves, so that nothing is sealed anew that somebody may hold in its first form.
extension Workspace {
    /// What stands between a sealed space's outbox and its server.
    enum DepartureWork {
        /// Changes that are to be sealed under the newest key first.
        case seal([Int])
        /// Changes that are about to leave for the first time.
        case note([Int])
    }

    /// Says which changes of a space's outbox may leave.
    struct DepartureGate {
        fileprivate enum State {
            /// Not sealed, or kept by no server: whatever is in the outbox.
            case open
            /// A device that may not read any more holds the newest key: only what has left already.
            case closed
            /// What is sealed with the newest key, which may not be here yet.
            case key(epoch: Int, isHere: Bool)
        }
        fileprivate let state: State
        fileprivate let departed: Set<Int>
        fileprivate let device: DeviceID

        func lets(_ place: OutboxPlace, _ reader: any StoreReader) throws -> Bool {
            switch state {
            case .open: true
            case .closed: departed.contains(place.number)
            case .key(let epoch, _): try departed.contains(place.number) || !isStale(place, epoch, reader)
            }
        }

        func isNew(_ place: OutboxPlace) -> Bool {
            if case .open = state { false } else { !departed.contains(place.number) }
        }

        /// What another device has signed cannot be sealed anew here.
        fileprivate func isStale(_ place: OutboxPlace, _ epoch: Int, _ reader: any StoreReader) throws -> Bool {
            guard let signed = try reader.outboxSigned(place.number), case let change = try Change(decoding: signed.bytes),
                let sealed = change.sealed
            else { return false }
            return sealed.keyEpoch != epoch && device == change.device
        }
    }

    func departureGate(of space: SpaceID, _ reader: any StoreReader) throws -> DepartureGate {
        guard let standing = try reader.standing(of: space), standing.genesis.policy.isSealed, standing.rights.serverName != nil else {
            return DepartureGate(state: .open, departed: [], device: try reader.identity().device)
        }
        let rights = standing.rights
        let key = try reader.spaceKeys(of: [space]).sealing(in: rights)
        return DepartureGate(
            state: rights.isKeyLost ? .closed : .key(epoch: key?.epoch ?? rights.keyEpoch, isHere: key != nil),
            departed: try departed(of: space, reader), device: try reader.identity().device)
    }

    /// What has to be written before the next changes of a space can leave; `nil` where nothing has.
    ///
    /// - Parameter sent: the last number sent in this sync.
    func departureWork(of space: SpaceID, after sent: Int, _ reader: any StoreReader) throws -> DepartureWork? {
        let gate = try departureGate(of: space, reader)
        guard case .key = gate.state, try !reader.isFrozen(space), try reader.lead(of: space) == nil else { return nil }
        let new = try reader.outboxPlaces(of: space).filter { $0.list == .pending && $0.number > sent && gate.isNew($0) }
        // No push takes more than these.
        let stale = try maySeal(gate) ? stale(among: new.prefix(Limits.changesPerPush), gate, reader) : []
        if !stale.isEmpty { return .seal(stale) }
        let leaving = try nextBatch(of: space, after: sent, reader).filter(gate.isNew)
        return leaving.isEmpty ? nil : .note(leaving.map(\.number))
    }

    func settle(_ work: DepartureWork, of space: SpaceID, _ transaction: any StoreWriter) throws {
        switch work {
        case .seal(let numbers): try sealAnew(numbers, of: space, transaction)
        case .note(let numbers):
            // Another process may have heard meanwhile that the key is lost.
            let gate = try departureGate(of: space, transaction)
            let leaving = Set(numbers)
            let places = try transaction.outboxPlaces(of: space).filter { try leaving.contains($0.number) && gate.lets($0, transaction) }
            try noteDeparture(of: places.map(\.number), in: space, transaction)
        }
    }

    /// Whether changes of these spaces are to be sealed anew before they can go into a file, which takes this device's keys.
    package func mustSealAnew(_ spaces: [SpaceID], _ reader: any StoreReader) throws -> Bool {
        try spaces.contains { try !staleForFile(departureGate(of: $0, reader), in: $0, reader).isEmpty }
    }

    /// Seals anew what has to be before it can go into a file.
    func sealAnew(of spaces: [SpaceID]) throws {
        for space in spaces {
            func next(_ reader: any StoreReader) throws -> [Int] {
                let gate = try departureGate(of: space, reader)
                return try maySeal(gate) ? staleForFile(gate, in: space, reader) : []
            }
            while case let numbers = try store.read(next), !numbers.isEmpty { try store.write { try sealAnew(numbers, of: space, $0) } }
        }
    }

    private func staleForFile(_ gate: DepartureGate, in space: SpaceID, _ reader: any StoreReader) throws -> [Int] {
        try stale(among: reader.outboxPlaces(of: space).filter { $0.list != .rejected && gate.isNew($0) }, gate, reader)
    }

    /// Whether this workspace has the keys of the device whose changes are to be sealed anew.
    private func maySeal(_ gate: DepartureGate) -> Bool { keys?.device == gate.device }

    /// Of changes that have never left those sealed with an earlier key than the newest, which is here; as many as one push takes.
    private func stale(among places: some Sequence<OutboxPlace>, _ gate: DepartureGate, _ reader: any StoreReader) throws -> [Int] {
        guard case .key(let epoch, isHere: true) = gate.state else { return [] }
        var found: [Int] = []
        for place in places where try gate.isStale(place, epoch, reader) {
            found.append(place.number)
            if found.count == Limits.changesPerPush { break }
        }
        return found
    }

    /// Notes that what a file holds may leave with it; returns whether all of it may still: what is known of keys can have changed.
    func noteDeparture(with bundle: LogBundle, _ transaction: any StoreWriter) throws -> Bool {
        var leaving: [(space: SpaceID, numbers: [Int])] = []
        for part in bundle.parts where !part.changes.isEmpty {
            let gate = try departureGate(of: part.space, transaction)
            let ids = Set(try part.changes.map { try Change(decoding: $0.bytes).id })
            let places = try transaction.outboxPlaces(of: part.space).filter { ids.contains($0.change) }
            guard try places.allSatisfy({ try gate.lets($0, transaction) }) else { return false }
            let new = places.filter(gate.isNew).map(\.number)
            if !new.isEmpty { leaving.append((part.space, new)) }
        }
        for (space, numbers) in leaving { try noteDeparture(of: numbers, in: space, transaction) }
        return true
    }

    /// Seals changes that have never left this device under the newest key, all in this transaction. Each keeps its id, nonce and
    /// ops, and what it follows on, so that what follows on it and what it is undone with stay.
    private func sealAnew(_ numbers: [Int], of space: SpaceID, _ transaction: any StoreWriter) throws {
        guard let keys, let standing = try transaction.standing(of: space),
            let key = try transaction.spaceKeys(of: [space]).sealing(in: standing.rights)
        else { return }
        let author = ChangeAuthor(space: space, key: keys.signing, spaceKey: key)
        let departed = try departed(of: space, transaction)
        let numbers = Set(numbers)
        var random = draw
        for item in try transaction.outbox(of: space) where numbers.contains(item.number) && !departed.contains(item.number) {
            let change = try Change(decoding: item.item.signed.bytes)
            guard change.device == keys.device, let sealed = change.sealed else { continue }
            let payload = item.item.payload
            let signed = try author.change(
                edits: item.item.edits, values: (0..<payload.count).compactMap { payload[$0] }, also: Set(sealed.follows),
                base: change.base, time: change.time, schema: change.schema, nonce: change.nonce, seed: random.nonce(), random: &random)
            try transaction.replaceInOutbox(item.number, with: signed)
        }
    }

    // MARK: what has left

    /// The numbers of a sealed space's changes that may have left this device.
    private func departed(of space: SpaceID, _ reader: any StoreReader) throws -> Set<Int> {
        guard let bytes = try reader.value(StoredName.departed(space)) else { return [] }
        return Set(
            try CBORReader.decode(bytes) { r throws(DecodingFault) in try r.list(most: .max) { r throws(DecodingFault) in try r.count() } })
    }

    private func noteDeparture(of numbers: [Int], in space: SpaceID, _ transaction: any StoreWriter) throws {
        let kept = try departed(of: space, transaction).intersection(transaction.outboxPlaces(of: space).map(\.number))
        let bytes = CBORWriter.encode { w in w.list(kept.union(numbers).sorted()) { $0.int($1) } }
        try transaction.setValue(bytes, for: StoredName.departed(space))
    }

    // MARK: what waits for a key

    /// The sealed spaces whose changes wait here for a key, with how many.
    package func keyAwaited(_ reader: any StoreReader) throws -> [KeyAwaited] {
        let places = try reader.outboxPlaces(of: nil).filter { $0.list == .pending }
        return try Set(places.map(\.space)).sorted().compactMap { space in
            let gate = try departureGate(of: space, reader)
            // With the newest key at hand they go with the next sync, sealed anew.
            if case .key(_, isHere: true) = gate.state { return nil }
            let count = try places.count { try $0.space == space && !gate.lets($0, reader) }
            guard count > 0, let rights = try reader.standing(of: space)?.rights else { return nil }
            let identity = try reader.identity()
            let chain = rights.chain(of: identity.organisation)
            // Whoever may give keys may begin the next one; the present one is given by who has it.
            let givers = (chain?.devices ?? [:]).filter { device, _ in
                device != identity.device && rights.mayGiveKeys(device)
                    && (rights.isKeyLost || rights.wrappedKey(for: device, epoch: rights.keyEpoch) != nil)
            }.sorted { $0.value.label < $1.value.label }
            return KeyAwaited(space: space, changes: count, givers: givers.map(\.value.label))
        }
    }
}

/// A sealed space of which a lost device holds the newest key: what is written there stays here until the next one comes.
package struct KeyAwaited: Hashable, Sendable {
    package let space: SpaceID
    package let changes: Int
    /// The labels of the devices that may give the next key; with nobody left the root enrols one.
    package let givers: [String]
}

extension StoredName {
    package static func departed(_ space: SpaceID) -> String { "departed/\(space.hex)" }
}
