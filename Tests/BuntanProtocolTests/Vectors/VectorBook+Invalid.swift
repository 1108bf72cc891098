import BuntanProtocol
import ChangeLog

extension VectorBook {
    struct Broken {
        let name: String
        let layout: String
        let bytes: [UInt8]
        init(_ name: String, _ layout: String, _ item: Item) {
            self.name = name
            self.layout = layout
            bytes = item.encoded
        }
    }

    /// Layouts with one thing wrong each; what is wrong is the name.
    func broken() throws -> [Broken] {
        try brokenChanges() + brokenEntries() + brokenStatements() + brokenMessages()
    }

    private func brokenChanges() throws -> [Broken] {
        let change = try Item(story.changes[1].change.bytes)
        let sealed = try Item(story.changes[4].change.bytes)
        let following = try Item(story.changes[5].change.bytes)
        let payload = try Item(story.changes[1].change.payload)
        let slots = Item.map([
            (3, .array([.bytes([UInt8](repeating: 1, count: 32)), .array([.bytes([UInt8](repeating: 2, count: 16)), .int(1)])]))
        ])
        func inChange(_ name: String, _ item: Item) -> Broken { Broken(name, "change", item) }
        func inPayload(_ name: String, _ item: Item) -> Broken { Broken(name, "payload", item) }
        let two = change.changing([8, 0]) { _ in
            .array([.bytes([UInt8](repeating: 1, count: 16)), .bytes([UInt8](repeating: 2, count: 16))])
        }
        let preds = two.setting(8, 1, 0, 2, 0, 2, to: .array([.array([.int(0), .int(5)]), .array([.int(1), .int(5)])]))
        return [
            inChange("format 2", change.setting(1, to: .int(2))), inChange("no values root", change.removing(9)),
            inChange("a key more", change.setting(11, to: .int(0))), inChange("key 10 without ciphertext", change.setting(10, to: .int(1))),
            inChange("space of 15 bytes", change.shortening(2)), inChange("device of 31 bytes", change.shortening(3)),
            inChange("nonce of 15 bytes", change.shortening(4)), inChange("base of size 0", change.setting(5, 1, to: .int(0))),
            inChange("base without root", change.removing(5, 2)), inChange("epoch -1", change.setting(5, 0, to: .int(-1))),
            inChange("base size as text", change.setting(5, 1, to: .text("4"))),
            inChange("time as text", change.setting(6, to: .text("now"))),
            inChange("schema -1", change.setting(7, to: .int(-1))), inChange("schema 1000001", change.setting(7, to: .int(1_000_001))),
            inChange("no edits", change.setting(8, to: .array([.array([]), .array([])]))),
            inChange("edits without the list of changes", change.removing(8, 0)),
            inChange("an edit without ops", change.setting(8, 1, 0, 2, to: .array([]))),
            inChange("a record twice", change.repeating(8, 1, 0)), inChange("a cell twice", change.repeating(8, 1, 0, 2, 0)),
            inChange("record of 15 bytes", change.shortening(8, 1, 0, 0)),
            inChange("a kind without a name", change.setting(8, 1, 0, 1, to: .text(""))),
            inChange("a kind with a blank", change.setting(8, 1, 0, 1, to: .text("a b"))),
            inChange("a kind beyond ASCII", change.setting(8, 1, 0, 1, to: .text("責任"))),
            inChange("a kind of 65 bytes", change.setting(8, 1, 0, 1, to: .text(String(repeating: "k", count: 65)))),
            inChange("a field beyond ASCII", change.setting(8, 1, 0, 2, 0, 0, to: .text("é"))),
            inChange("an element that is a number", change.setting(8, 1, 0, 2, 0, 1, to: .int(1))),
            inChange("an element of 15 bytes", change.setting(8, 1, 0, 2, 0, 1, to: .bytes([UInt8](repeating: 1, count: 15)))),
            inChange("an empty element", change.setting(8, 1, 0, 2, 0, 1, to: .text(""))),
            inChange("a predecessor of no change", change.setting(8, 1, 0, 2, 0, 2, 0, 0, to: .int(1))),
            inChange("index 500", change.setting(8, 1, 0, 2, 0, 2, 0, 1, to: .int(500))),
            inChange("a predecessor twice", change.repeating(8, 1, 0, 2, 0, 2, 0)),
            inChange("predecessors descending", preds.reversing(8, 1, 0, 2, 0, 2)),
            inChange("a change that no predecessor names", two), inChange("changes descending", preds.reversing(8, 0)),
            inChange("a change twice", preds.setting(8, 0, 1, to: .bytes([UInt8](repeating: 1, count: 16)))),
            inChange("an op with four parts", change.setting(8, 1, 0, 2, 0, 3, to: .null)),
            inChange("an edit with two parts", change.removing(8, 1, 0, 2)),
            inChange("ciphertext without key epoch", sealed.removing(10)), inChange("key epoch -1", sealed.setting(10, to: .int(-1))),
            inChange("ciphertext that names no payload", sealed.removing(11)),
            inChange("a payload's digest of 31 bytes", sealed.shortening(11)),
            inChange("ciphertext with an empty list of changes", following.setting(12, to: .array([]))),
            inChange("ciphertext that follows on 15 bytes", following.shortening(12, 0)),
            inChange("ciphertext that follows on a change twice", following.repeating(12, 0)),
            inChange("a list of changes without ciphertext", change.setting(12, to: .array([.bytes([UInt8](repeating: 1, count: 16))]))),
            inChange("values root of 31 bytes", change.shortening(9)), inChange("a float", change.setting(6, to: .raw([0xf9, 0x3c, 0]))),
            inChange("a tag", change.setting(6, to: .raw([0xc1, 0]))),
            inPayload("a seed alone", payload.removing(2)), inPayload("values without seed", payload.removing(1)),
            inPayload("both forms", payload.setting(3, to: .array([]))), inPayload("nothing", .map([])),
            inPayload("seed of 15 bytes", payload.shortening(1)),
            inPayload("a value that is an array", payload.setting(2, 0, to: .array([]))),
            inPayload("a float", payload.setting(2, 0, to: .raw([0xf9, 0, 0]))),
            inPayload("the integer 2^53", payload.setting(2, 0, to: .int(1 << 53))),
            inPayload("the integer -2^53", payload.setting(2, 0, to: .int(-(1 << 53)))),
            inPayload("a byte string of 65 bytes", payload.setting(2, 0, to: .bytes([UInt8](repeating: 0, count: 65)))),
            inPayload("a commitment of 31 bytes", slots.shortening(3, 0)), inPayload("a salt of 15 bytes", slots.shortening(3, 1, 0)),
            inPayload("a salt without value", slots.removing(3, 1, 1)),
            inPayload("501 values", payload.setting(2, to: .array([Item](repeating: .null, count: 501)))),
        ]
    }

    private func brokenEntries() throws -> [Broken] {
        let change = try Item(story.service.entries[5].entry)
        let founding = try Item(story.engagement.entries[0].entry)
        let genesis = try Item(story.engagement.genesis.bytes)
        let service = try Item(story.service.genesis.bytes)
        let draft = try Item(story.draft.genesis.bytes)
        let invitation = try Item(story.invitation.bytes)
        let id = Item.bytes([UInt8](repeating: 9, count: 16))
        func inEntry(_ name: String, _ item: Item) -> Broken { Broken(name, "entry", item) }
        func inGenesis(_ name: String, _ item: Item) -> Broken { Broken(name, "genesis", item) }
        return [
            inEntry("kind 5", change.setting(1, to: .int(5))), inEntry("no content", change.removing(3)),
            inEntry("a change without signature", change.removing(4)),
            inEntry("a change with a proof", change.setting(5, to: .bytes([1]))), inEntry("a signature of 63 bytes", change.shortening(4)),
            inEntry("salvaged with a signature", change.setting(1, to: .int(4))),
            inEntry("salvaged without proof", change.setting(1, to: .int(4)).removing(4)),
            inEntry("a genesis without signature", founding.removing(4)), inEntry("a key more", change.setting(6, to: .null)),
            inGenesis("type 4", genesis.setting(2, to: .int(4))), inGenesis("format 2", genesis.setting(1, to: .int(2))),
            inGenesis("an engagement without service", genesis.removing(9)),
            inGenesis("an engagement without invitation", genesis.removing(10)),
            inGenesis("an invitation without signature", genesis.removing(11)),
            inGenesis("an engagement without server", genesis.setting(4, to: .null)),
            inGenesis("sides the other way round", genesis.reversing(3)), inGenesis("an engagement of one", genesis.removing(3, 1)),
            inGenesis("side 3", genesis.setting(3, 1, 0, to: .int(3))),
            inGenesis("an organisation on both sides", genesis.setting(3, 1, 1, to: id).setting(3, 0, 1, to: id)),
            inGenesis("audit by three", genesis.setting(6, 1, to: .int(3))), inGenesis("a policy without sealed", genesis.removing(6, 2)),
            inGenesis("a service that names a service", service.setting(9, to: id)),
            inGenesis(
                "a service with an invitation",
                service.setting(10, to: .bytes([])).setting(11, to: .bytes([UInt8](repeating: 0, count: 64)))),
            inGenesis("a private space of a customer", draft.setting(3, 0, 0, to: .int(2))),
            inGenesis("a server name of 256 bytes", service.setting(4, to: .text(String(repeating: "a", count: 256)))),
            Broken("no device", "invitation-offer", invitation.removing(9)),
            Broken("no server", "invitation-offer", invitation.setting(4, to: .null)),
            Broken("format 2", "invitation-offer", invitation.setting(1, to: .int(2))),
            Broken("a key more", "invitation-offer", invitation.setting(10, to: .int(0))),
        ]
    }

    private func brokenStatements() throws -> [Broken] {
        let enrol = try Item(story.providerStatements[0].bytes)
        let second = try Item(story.providerStatements[1].bytes)
        func own(_ position: Int) throws -> Item { try Item(Entry(decoding: story.engagement.entries[position].entry).content) }
        let (restrict, policy, erase, end, server) = (try own(6), try own(9), try own(10), try own(11), try own(12))
        let spaceKey = try Item(Entry(decoding: story.draft.entries[3].entry).content)
        let id = Item.bytes([UInt8](repeating: 9, count: 16))
        func inWord(_ name: String, _ item: Item) -> Broken { Broken(name, "statement-word", item) }
        func inServer(_ name: String, _ item: Item) -> Broken { Broken(name, "server-statement", item) }
        return [
            inWord("number 0", enrol.setting(4, to: .int(0))),
            inWord("the first with one before it", enrol.setting(5, to: .bytes([UInt8](repeating: 1, count: 32)))),
            inWord("the second with none before it", second.setting(5, to: .null)),
            inWord("about oneself, naming a space", enrol.setting(3, to: id)),
            inWord("about a space, naming none", restrict.setting(3, to: .null)), inWord("type 6", enrol.setting(7, to: .int(6))),
            inWord("type 23", restrict.setting(7, to: .int(23))), inWord("capabilities 16", enrol.setting(8, 3, to: .int(16))),
            inWord("no proof of possession", enrol.removing(8, 5)),
            inWord("a label of 257 bytes", enrol.setting(8, 4, to: .text(String(repeating: "a", count: 257)))),
            inWord("a policy under key 1", policy.setting(8, to: .map([(1, .int(2))]))),
            inWord("an end with arguments", end.setting(8, to: .map([(1, .int(2))]))),
            inWord("erase nothing", erase.setting(8, 1, to: .array([]))),
            inWord("erase nothing of a change", erase.setting(8, 1, 0, 1, to: .array([]))),
            inWord("erase the same twice", erase.repeating(8, 1, 0, 1, 0)), inWord("erase of one change twice", erase.repeating(8, 1, 0)),
            inWord("erased indices descending", erase.reversing(8, 1, 0, 1)),
            inWord("a wrapped key without ciphertext", spaceKey.removing(8, 2, 0, 2)),
            inWord("a wrapped key of 47 bytes", spaceKey.setting(8, 2, 0, 2, to: .bytes([UInt8](repeating: 0, count: 47)))),
            inWord("a wrapped key of 49 bytes", spaceKey.setting(8, 2, 0, 2, to: .bytes([UInt8](repeating: 0, count: 49)))),
            inWord("an encapsulated key of 31 bytes", spaceKey.setting(8, 2, 0, 1, to: .bytes([UInt8](repeating: 0, count: 31)))),
            inWord("format 2", enrol.setting(1, to: .int(2))),
            inServer("type 5", server.setting(3, to: .int(5))), inServer("no arguments", server.removing(4)),
            inServer("a key of 31 bytes", server.shortening(4, 1)), inServer("an argument more", server.setting(4, 2, to: .int(0))),
            inServer("format 2", server.setting(1, to: .int(2))),
        ]
    }

    private func brokenMessages() throws -> [Broken] {
        func letter(_ layout: String) throws -> Item { try Item(try messageList.first { $0.layout == layout }?.bytes ?? []) }
        let register = try letter("register request")
        let pull = try letter("pull request")
        let verdicts = try letter("push answer")
        let hello = try letter("hello answer")
        let push = try letter("push request")
        return [
            Broken("a key that nobody knows", "hello request", .map([(1, .int(0))])),
            Broken("ticket 3", "register request", register.setting(3, 0, to: .int(3))),
            Broken("no ticket at all", "register request", register.removing(3)),
            Broken("a ticket of 15 bytes", "register request", register.shortening(3, 1)),
            Broken("no bytes", "pull request", pull.setting(5, to: .int(0))),
            Broken("more bytes than a page", "pull request", pull.setting(5, to: .int(4_194_305))),
            Broken("size -1", "pull request", pull.setting(3, to: .int(-1))),
            Broken("a key more", "pull request", pull.setting(6, to: .int(0))),
            Broken("an array", "pull request", .array([])), Broken("a change without payload", "push request", push.removing(2, 0, 2)),
            Broken("a payload that is null", "push request", push.setting(2, 0, 2, to: .null)),
            Broken("verdict 4", "push answer", verdicts.setting(1, 0, 0, to: .int(4))),
            Broken("taken without position", "push answer", verdicts.removing(1, 0, 1)),
            Broken("refused without detail", "push answer", verdicts.removing(1, 2, 2)),
            Broken("no checkpoint and no null", "push answer", verdicts.removing(2)),
            Broken("limits out of order", "hello answer", hello.reversing(3)),
            Broken("a limit twice", "hello answer", hello.repeating(3, 0)),
            Broken("a limit as text", "hello answer", hello.setting(3, 0, 1, to: .text("many"))),
            Broken("key 0, below those known", "hello answer", hello.setting(0, to: .int(0))),
        ]
    }

    func invalid() throws -> VectorFile {
        var layouts: [JSONText] = []
        for broken in try broken() {
            guard let known = Layout.named(broken.layout) else { continue }
            var reason = "taken"
            do { _ = try known.reencode(broken.bytes) } catch { reason = error.reason.rawValue }
            layouts.append(layout(broken.name, broken.layout, broken.bytes, [("reason", .text(reason))]))
        }
        return VectorFile(
            "invalid", "Layouts with one thing wrong each, which its name says; every decoder refuses them.", [("layouts", .list(layouts))])
    }
}
