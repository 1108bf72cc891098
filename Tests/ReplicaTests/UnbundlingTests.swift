import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Replica
import Storage
import Syncing
import TestKit
import Testing

@Suite("A bundle that was made up to deceive is refused whole, each for its own reason")
struct UnbundlingTests {
    /// The customer has said something that the provider has not heard, and something that no server has.
    private struct Scene {
        let sides: TwoSides
        let good: LogBundle
        let index: Int

        init() throws {
            sides = try TwoSides()
            try sides.comment("heard", as: sides.provider)
            try sides.sync(sides.provider)
            try sides.sync(sides.customer)
            try sides.comment("unheard", as: sides.customer)
            try sides.sync(sides.customer)
            try sides.comment("waiting", as: sides.customer)
            good = try sides.customer.bundle(for: Self.organisation(sides.provider), whole: true).bundle
            index = try #require(good.parts.firstIndex { !$0.changes.isEmpty })
        }

        static func organisation(_ workspace: Workspace) throws -> OrganisationID {
            try workspace.store.read { try $0.identity().organisation }
        }

        var part: LogBundle.Part { good.parts[index] }

        func with(
            to: OrganisationID? = nil, from: Base? = nil, entries: [CarriedEntry]? = nil, note: String? = nil,
            changes: [SignedChange]? = nil,
            more: [LogBundle.Part] = [], chains: [LogBundle.Chain] = []
        ) -> LogBundle {
            var parts = good.parts
            parts[index] = LogBundle.Part(
                space: part.space, from: from ?? part.from, entries: entries ?? part.entries, note: note ?? part.note,
                changes: changes ?? part.changes)
            return LogBundle(
                from: good.from, to: to ?? good.to, time: good.time, held: good.held, parts: parts + more, chains: good.chains + chains)
        }

        /// Applies it at the provider's, which must be as it was; returns why it was refused.
        func refused(_ bundle: LogBundle) throws -> BundleFault? {
            let before = try look()
            var found: BundleFault?
            do {
                _ = try sides.provider.apply(bundle)
            } catch let fault as BundleFault { found = fault }
            #expect(try look() == before)
            return found
        }

        private func look() throws -> [String] {
            try sides.provider.store.read { reader in
                try reader.spaces().map { "\($0) \(try reader.standing(of: $0)?.frontier.root.hex ?? "-") \(try reader.isFrozen($0))" }
                    + reader.values(withPrefix: "").map { "\($0.key) \($0.value.count)" }.sorted()
            }
        }
    }

    @Test("Whom it is for, and spaces that are somebody else's")
    func addressed() throws {
        let scene = try Scene()
        let customer = scene.sides.customer
        let own = try Scene.organisation(customer)
        #expect(try scene.refused(scene.with(to: own)) == .forOther(own))
        // What the provider gives a further device of its own, offered to its customer.
        let provider = scene.sides.provider
        let draft = scene.sides.service.draft
        let row = RowKey(framework: "iso27017-2015", controlId: "5.1.1", itemKey: "main")
        _ = try provider.commit([RecordDraft(space: draft, kind: "responsibility", key: row.fields, cells: [:])], in: draft)
        try scene.sides.sync(provider)
        let theirs = try #require(
            provider.bundle(for: Scene.organisation(provider), whole: true).bundle.parts.first { $0.space == draft })
        let offered = LogBundle(from: scene.good.to, to: own, time: 1, held: [], parts: [theirs], chains: [])
        #expect(throws: BundleFault.foreign(draft)) { try customer.apply(offered) }
        #expect(try customer.store.read { try $0.standing(of: draft) } == nil)
    }

    @Test("Pages that are not what their log's key signed")
    func pages() throws {
        let scene = try Scene()
        let (part, space) = (scene.part, scene.part.space)
        let size = part.entries.count
        func isPage(_ fault: BundleFault?, _ expected: (LogFault) -> Bool) -> Bool {
            if case .page(let fault)? = fault { expected(fault) } else { false }
        }
        let cut = try scene.refused(scene.with(entries: part.entries.dropLast()))
        #expect(cut == .page(.fellBack(space: space, held: size - 1, offered: size)))
        var last = part.entries[size - 1].entry
        last[last.count - 70] ^= 1
        let altered = try scene.refused(
            scene.with(entries: part.entries.dropLast() + [CarriedEntry(entry: last, payload: part.entries[size - 1].payload)]))
        #expect(
            isPage(altered) { if case .invalidEntry(space, size - 1, _) = $0 { true } else { false } }, "\(String(describing: altered))")
        let other = try #require(scene.good.parts.first { $0.space != space }?.note)
        let foreign = try scene.refused(scene.with(note: other))
        #expect(isPage(foreign) { if case .badCheckpoint(space) = $0 { true } else { false } }, "\(String(describing: foreign))")
        // The first entry of a log that is new to the reader must be its genesis, and this one's.
        let made = LogBundle.Part(
            space: SpaceID(high: 1, low: 2), from: nil, entries: part.entries, note: part.note, changes: [])
        let genesis = try scene.refused(scene.with(more: [made]))
        #expect(isPage(genesis) { if case .notTheGenesis = $0 { true } else { false } }, "\(String(describing: genesis))")
    }

    @Test("A log that begins with something else than what is here, and one that went another way under the same key")
    func contradictions() throws {
        let scene = try Scene()
        let (sides, space) = (scene.sides, scene.part.space)
        let other = Base(epoch: 0, size: 2, root: SHA.digest([1]))
        let tail = Array(scene.part.entries.dropFirst(2))
        #expect(try scene.refused(scene.with(from: other, entries: tail)) == .contradicts(space: space, size: 2))

        // The server forgets and does not know it: each side goes on with another entry.
        let (disk, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        try sides.comment("one", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.restart(on: disk, marks: marks)
        try sides.sync(sides.customer)
        let size = try #require(try sides.standing(space, sides.provider)?.size)
        #expect(try sides.standing(space, sides.customer)?.size == size)
        let forked = try sides.customer.bundle(for: Scene.organisation(sides.provider), whole: true).bundle
        #expect(try scene.refused(forked) == .contradicts(space: space, size: size))
    }

    @Test("A file that goes on in an epoch which the reader has not heard of lacks what comes before, and contradicts nothing")
    func laterEpoch() throws {
        let sides = try TwoSides()
        let (space, reader) = (sides.engagement, try Scene.organisation(sides.provider))
        let disk = sides.store.clone()
        try sides.comment("one", "two", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try sides.restart(on: disk)
        let cut = try sides.reopen().place.size
        try sides.sync(sides.customer)
        let whole = try sides.customer.bundle(for: reader, whole: true).bundle
        let part = try #require(whole.parts.first { $0.space == space })
        // As another device of the reader's, which has heard of it, would have asked for.
        let from = try sides.customer.store.read { reader in
            let source = try reader.source(of: space)
            return Base(epoch: 1, size: cut, root: try LogTiles.root(ofSize: cut) { try source.tile($0) })
        }
        let tail = LogBundle(
            from: whole.from, to: whole.to, time: whole.time, held: whole.held,
            parts: [LogBundle.Part(space: space, from: from, entries: Array(part.entries.dropFirst(cut)), note: part.note, changes: [])],
            chains: [])
        let before = try sides.standing(space, sides.provider)?.frontier.root
        let outcome = try sides.provider.apply(tail)
        #expect(outcome.missing.map(\.space) == [space] && outcome.reached.isEmpty && outcome.frozen.isEmpty)
        #expect(try sides.standing(space, sides.provider)?.frontier.root == before)
        #expect(try sides.provider.apply(whole).missing.isEmpty)
        #expect(try sides.standing(space, sides.provider)?.frontier.root == sides.standing(space, sides.customer)?.frontier.root)
        #expect(try sides.comments(sides.provider) == ["one", "two"])
    }

    @Test("Changes that are not what their author signed, and chains that are nobody's")
    func signatures() throws {
        let scene = try Scene()
        let change = try #require(scene.part.changes.first)
        var flipped = change.payload
        flipped[flipped.count - 1] ^= 1
        let payload = try scene.refused(
            scene.with(changes: [SignedChange(bytes: change.bytes, signature: change.signature, payload: flipped)]))
        guard case .change(let refusal)? = payload else {
            Issue.record("\(String(describing: payload))")
            return
        }
        #expect(refusal.code == .badSignature, "\(refusal)")
        let wrong = try #require(Signature(Array(repeating: 7, count: 64)))
        let signature = try scene.refused(
            scene.with(changes: [SignedChange(bytes: change.bytes, signature: wrong, payload: change.payload)]))
        if case .change(let refusal)? = signature {
            #expect(refusal.code == .badSignature)
        } else {
            Issue.record("\(String(describing: signature))")
        }
        let (root, statements) = try scene.sides.customer.store.read { (try $0.identity().rootKey, try $0.ownChain()) }
        let first = try #require(statements.first)
        let chain = LogBundle.Chain(rootKey: root, statements: [SignedBytes(bytes: first.bytes, signature: wrong)])
        let nobodys = try scene.refused(scene.with(chains: [chain]))
        if case .chain(let refusal)? = nobodys {
            #expect(refusal.code == .badSignature)
        } else {
            Issue.record("\(String(describing: nobodys))")
        }
    }

    @Test("A change under the id of one that the log holds, with other bytes")
    func reusedID() throws {
        let scene = try Scene()
        let known = try #require(scene.part.changes.first)
        for side in [scene.sides.customer, scene.sides.provider] { try scene.sides.sync(side) }
        let (change, payload) = (try Change(decoding: known.bytes), try Payload(decoding: known.payload))
        let keys = try #require(scene.sides.customer.keys)
        var draw = SeededRandom(seed: 3)
        let other = try ChangeAuthor(space: change.space, key: keys.signing).change(
            edits: try #require(change.edits), values: (0..<payload.count).compactMap { payload[$0] }, base: change.base,
            time: change.time + 1, schema: change.schema, nonce: change.nonce, seed: Nonce(high: 9, low: 9), random: &draw)
        guard case .change(let refusal)? = try scene.refused(scene.with(changes: [other])) else {
            Issue.record("taken")
            return
        }
        #expect(refusal.code == .cidReused, "\(refusal)")
    }

    @Test("More changes of others than a store keeps for a server")
    func tooMany() throws {
        let scene = try Scene()
        let (space, waiting) = (scene.part.space, try #require(scene.part.changes.first))
        // As many as there may be wait here already; that they are one and the same is told by nobody.
        try scene.sides.provider.store.write { transaction in
            let bytes = CBORWriter.encode { waiting.write(to: &$0) }
            for number in 1...Limits.bundleChanges {
                let digits = String(number, radix: 16)
                let name = "relayed/\(space.hex)/" + String(repeating: "0", count: 8 - digits.count) + digits
                try transaction.setValue(bytes, for: name)
            }
        }
        try #expect(scene.sides.provider.store.read { try scene.sides.provider.relayed(in: space, $0).count } == Limits.bundleChanges)
        try scene.sides.comment("one more", as: scene.sides.customer)
        let bundle = try scene.sides.customer.bundle(for: Scene.organisation(scene.sides.provider), whole: true).bundle
        #expect(try scene.refused(bundle) == .tooMany(space: space))
    }

    @Test("What is good is taken, and taken twice changes nothing")
    func good() throws {
        let scene = try Scene()
        let outcome = try scene.sides.provider.apply(scene.good)
        #expect(outcome.kept == 1 && outcome.refused.isEmpty && outcome.missing.isEmpty)
        let again = try scene.sides.provider.apply(scene.good)
        #expect(again.kept == 0 && again.known == 1)
        #expect(try scene.sides.sync(scene.sides.provider).relayed.values.reduce(0, +) == 1)
    }
}
