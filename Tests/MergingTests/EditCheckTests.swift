import BuntanProtocol
import Merging
import Records
import Testing

@Suite struct EditCheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let refusal: Refusal?
        let change: @Sendable (inout Judge) -> Void
        var testDescription: String { name }

        init(_ name: String, _ refusal: Refusal?, _ change: @escaping @Sendable (inout Judge) -> Void) {
            (self.name, self.refusal, self.change) = (name, refusal, change)
        }
    }

    static let creations = [
        Case("as it should be", nil) { _ in },
        Case("without @life", Refusal(.unknownRecord)) { $0.remove(.life) },
        Case("with @life false", Refusal(.unknownRecord)) { $0.set(.life, .bool(false)) },
        Case("with @life a text", Refusal(.invalid, "@life")) { $0.set(.life, .text("true")) },
        Case("without a key field", Refusal(.invalid, "itemKey")) { $0.remove(CellKey("itemKey")) },
        Case("with an empty key field", Refusal(.invalid, "itemKey")) { $0.set(CellKey("itemKey"), .null) },
        Case("with an id that is not its key's", Refusal(.invalid, "record")) { $0.set(CellKey("itemKey"), .text("other")) },
        Case("with an id of another space", Refusal(.invalid, "record")) { judge in
            judge.record = Judge.row.position(of: .customer, in: SpaceID(high: 0, low: 0))
        },
        Case("with the other side's name", Refusal(.notOwner, "side")) { judge in
            judge.record = Judge.row.position(of: .provider, in: judge.space)
            judge.set(CellKey("side"), .text("provider"))
        },
        Case("of a kind this side may not create", Refusal(.notOwner, "release")) { judge in
            judge.kind = "release"
            judge.spaceType = .service
            judge.record = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))
            judge.cells = []
            judge.set(.life, .bool(true))
            judge.set(CellKey("label"), .text("2026.1"))
            judge.set(CellKey("document"), .text("{}"))
        },
        Case("of a kind that does not stand in such a space", Refusal(.invalid, "kind")) { $0.spaceType = .service },
        Case("of an unknown kind", Refusal(.schemaUnknown, "kind")) { $0.kind = "tide-table" },
        Case("of an unknown kind, at a replica that keeps it", nil) { judge in
            judge.kind = "tide-table"
            judge.keepsUnknownSchema = true
        },
        Case("of a newer schema", Refusal(.schemaUnknown, "schema")) { $0.changeSchema = 2 },
        Case("of a newer schema, at a replica that keeps it", nil) { judge in
            judge.changeSchema = 2
            judge.keepsUnknownSchema = true
            judge.set(CellKey("allocation"), .text("split"))
            judge.set(CellKey("splitAt"), .int(50))
        },
        Case("with an unknown field", Refusal(.schemaUnknown, "splitAt")) { $0.set(CellKey("splitAt"), .int(50)) },
        Case("with a field of the other side", Refusal(.notOwner, "providerStatement")) {
            $0.set(CellKey("providerStatement", "en"), .text("we"))
        },
        Case("with a code that is not in the vocabulary", Refusal(.invalid, "allocation")) {
            $0.set(CellKey("allocation"), .text("theirs"))
        },
        Case("with a value of another type", Refusal(.invalid, "accepts")) { $0.set(CellKey("accepts"), .bytes([1])) },
        Case("with an empty value", nil) { $0.set(CellKey("allocation"), .null) },
        Case("with a language nobody knows", Refusal(.invalid, "customerStatement")) {
            $0.set(CellKey("customerStatement", "fr"), .text("nous"))
        },
        Case("with a text in no language", Refusal(.invalid, "customerStatement")) { $0.set(CellKey("customerStatement"), .text("we")) },
        Case("with an element on a plain field", Refusal(.invalid, "allocation")) { $0.set(CellKey("allocation", "en"), .text("shared")) },
        Case("with free text in a set", Refusal(.invalid, "informed")) { $0.set(CellKey("informed", "our lawyers"), .bool(true)) },
        Case("with an id in a set", nil) { $0.set(CellKey("informed", .id(Judge.us.bytes)), .bool(true)) },
        Case("with an empty set element", Refusal(.invalid, "informed")) { $0.set(CellKey("informed", .id(Judge.us.bytes)), .null) },
        Case("with a text at the limit", nil) { judge in
            judge.set(CellKey("customerStatement", "en"), .text(String(repeating: "a", count: Limits.valueBytes - 3)))
        },
        Case("with a text one past the limit", Refusal(.tooLarge, "customerStatement")) { judge in
            judge.set(CellKey("customerStatement", "en"), .text(String(repeating: "a", count: Limits.valueBytes - 2)))
        },
        Case("over an op that does not exist", Refusal(.unknownPredecessor, "allocation")) { judge in
            judge.set(CellKey("allocation"), .text("shared"), over: [Judge.standing(0)])
        },
        Case("of a comment without its text", Refusal(.invalid, "text")) { judge in
            judge.makeComment()
            judge.remove(CellKey("text"))
        },
        Case("of a comment", nil) { $0.makeComment() },
        Case("of a comment with an id that a key could give", Refusal(.invalid, "record")) { judge in
            judge.makeComment()
            judge.record = Judge.row.position(of: .provider, in: judge.space)
        },
        Case("of a party record for the other organisation", Refusal(.notOwner, "org")) { $0.makeParty(Judge.them) },
        Case("of a party record for one's own", nil) { $0.makeParty(Judge.us) },
        Case("of a known organisation in the private space", nil) { judge in
            judge.spaceType = .private
            judge.makeParty(Judge.them, kind: "known-organisation")
        },
        Case("of a record whose values were erased since", nil) { judge in
            judge.set(CellKey("allocation"), nil)
            judge.set(CellKey("itemKey"), nil)
        },
        Case("of a service with a field that stays private", Refusal(.invalid, "publishedSpace")) { judge in
            judge.makeService()
            judge.set(CellKey("publishedSpace"), .id(judge.space))
        },
        Case("of a service in a draft space, with that field", nil) { judge in
            judge.spaceType = .private
            judge.makeService()
            judge.set(CellKey("publishedSpace"), .id(judge.space))
        },
    ]

    @Test("A creation is judged by registry, owner and key", arguments: creations)
    func creation(row: Case) throws {
        var judge = Judge()
        row.change(&judge)
        #expect(try judge.refusal() == row.refusal)
    }

    static let edits = [
        Case("over the head in view", nil) { $0.set(CellKey("text"), .text("new"), over: [Judge.standing(1)]) },
        Case("beside it", nil) { $0.set(CellKey("text"), .text("new")) },
        Case("by another organisation", Refusal(.notOwner, "record")) { judge in
            judge.organisation = Judge.them
            judge.set(CellKey("text"), .text("new"))
        },
        Case("under another kind", Refusal(.invalid, "kind")) { judge in
            judge.kind = "known-organisation"
            judge.set(CellKey("name"), .text("new"))
        },
        Case("of a write-once cell with its own value", nil) { $0.set(CellKey("row"), .bytes(Judge.us.bytes)) },
        Case("of a write-once cell with another value", Refusal(.invalid, "row")) { $0.set(CellKey("row"), .bytes(Judge.them.bytes)) },
        Case("over an op of another cell", Refusal(.invalid, "predecessors")) { judge in
            judge.places[Judge.standing(0)] = OpPlace(record: judge.edit.record, cell: .life, position: 5, author: 2)
            judge.set(CellKey("text"), .text("new"), over: [Judge.standing(0)])
        },
        Case("over an op of another record", Refusal(.invalid, "predecessors")) { judge in
            judge.places[Judge.old] = OpPlace(record: RecordID(high: 0, low: 1), cell: CellKey("text"), position: 4, author: 2)
            judge.set(CellKey("text"), .text("new"), over: [Judge.old])
        },
        Case("over an op that was superseded since", nil) { judge in
            judge.places[Judge.old] = OpPlace(record: judge.edit.record, cell: CellKey("text"), position: 4, author: 2)
            judge.set(CellKey("text"), .text("new"), over: [Judge.old])
        },
        Case("over an op nobody has", Refusal(.unknownPredecessor, "text")) { $0.set(CellKey("text"), .text("new"), over: [Judge.old]) },
        Case("over a head at the end of the base", nil) { judge in
            judge.baseSize = 6
            judge.set(CellKey("text"), .text("new"), over: [Judge.standing(1)])
        },
        Case("over a head one past the base", Refusal(.invalid, "predecessors")) { judge in
            judge.baseSize = 5
            judge.set(CellKey("text"), .text("new"), over: [Judge.standing(1)])
        },
        Case("over a head past the base, of the same device", nil) { judge in
            judge.baseSize = 5
            judge.author = 2
            judge.set(CellKey("text"), .text("new"), over: [Judge.standing(1)])
        },
        Case("over a head past the base, in a salvaged entry", nil) { judge in
            judge.baseSize = 1
            judge.isOfEarlierEpoch = true
            judge.set(CellKey("text"), .text("new"), over: [Judge.standing(1)])
        },
        Case("in a salvaged entry of another organisation", Refusal(.notOwner, "record")) { judge in
            judge.isOfEarlierEpoch = true
            judge.organisation = Judge.them
            judge.set(CellKey("text"), .text("new"))
        },
        Case("over a superseded op past the base", Refusal(.invalid, "predecessors")) { judge in
            judge.places[Judge.old] = OpPlace(record: judge.edit.record, cell: CellKey("text"), position: 10, author: 2)
            judge.set(CellKey("text"), .text("new"), over: [Judge.old])
        },
        Case("over an own op still in the outbox", nil) { judge in
            judge.places[Judge.old] = OpPlace(record: judge.edit.record, cell: CellKey("text"), position: nil, author: 3)
            judge.set(CellKey("text"), .text("new"), over: [Judge.old])
        },
        Case("that deletes, over the heads of every cell", nil) { judge in
            judge.set(.life, .bool(false), over: judge.state?.allHeads ?? [])
        },
        Case("that deletes, over an op of another record", Refusal(.invalid, "predecessors")) { judge in
            judge.places[Judge.old] = OpPlace(record: RecordID(high: 0, low: 1), cell: .life, position: 4, author: 2)
            judge.set(.life, .bool(false), over: [Judge.old])
        },
    ]

    @Test("An edit of a record that stands is judged by owner, values and what it names", arguments: edits)
    func edit(row: Case) throws {
        var judge = Judge(
            editing: "annotation", in: .private, cells: [(CellKey("text"), .text("old")), (CellKey("row"), .bytes(Judge.us.bytes))])
        // In the order of keys: row, text, @life.
        let text = try #require(judge.state?[CellKey("text")]?.heads.first)
        #expect(text.op == Judge.standing(1))
        row.change(&judge)
        #expect(try judge.refusal() == row.refusal)
    }

    @Test("A record brought back brings its key: without it, it would live and be no row")
    func restoration() throws {
        var judge = Judge()
        judge.state = RecordState(
            kind: judge.kind, creator: Judge.us,
            cells: [Cell(key: .life, heads: [Head(op: Judge.standing(0), position: 5, author: 2, value: .false)])])
        judge.set(.life, .bool(true), over: [Judge.standing(0)])
        #expect(try judge.refusal() == nil)
        judge.remove(CellKey("itemKey"))
        #expect(try judge.refusal() == Refusal(.invalid, "itemKey"))
    }

    @Test("A document may be large, and is the one large value of its edit")
    func document() throws {
        func judge(_ bytes: Int) -> Judge {
            var judge = Judge()
            judge.kind = "agreement"
            judge.record = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))
            judge.cells = []
            judge.set(.life, .bool(true))
            judge.set(CellKey("document"), .text(String(repeating: "a", count: bytes - 5)))
            return judge
        }
        #expect(try judge(Limits.documentBytes).refusal() == nil)
        #expect(try judge(Limits.documentBytes + 1).refusal() == Refusal(.tooLarge, "document"))
        let two = Kind(
            "agreement", sides: [.customer], spaces: [.engagement], key: nil,
            fields: [Field("document", .document), Field("annex", .document)])
        var both = judge(Limits.valueBytes + 100)
        both.schema = SchemaRegistry(version: 1, kinds: [two])
        #expect(try both.refusal() == nil)
        both.set(CellKey("annex"), .text(String(repeating: "a", count: Limits.valueBytes - 3)))
        #expect(try both.refusal() == nil)
        both.set(CellKey("annex"), .text(String(repeating: "a", count: Limits.valueBytes - 2)))
        #expect(try both.refusal() == Refusal(.tooLarge, "annex"))
    }
}

extension Judge {
    static let old = OpID(ChangeID(high: 4, low: 4), 0)

    mutating func makeComment() {
        kind = "comment"
        record = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))
        cells = []
        set(.life, .bool(true))
        set(CellKey("row"), .bytes(Judge.us.bytes))
        set(CellKey("text"), .text("why?"))
    }

    mutating func makeParty(_ organisation: OrganisationID, kind: String = "party") {
        self.kind = kind
        record = RecordID.natural(space: space, kind: kind, key: [.id(organisation)])
        cells = []
        set(.life, .bool(true))
        set(CellKey("org"), .id(organisation))
    }

    mutating func makeService() {
        kind = "cloud-service"
        schema = SchemaRegistry(
            version: 1,
            kinds: [
                Kind(
                    kind, sides: [.provider], spaces: [.service, .private], key: [],
                    fields: [Field("name", .text, .languages, required: true), Field("publishedSpace", .space, isPrivate: true)])
            ])
        side = .provider
        if spaceType == .engagement { spaceType = .service }
        record = RecordID.natural(space: space, kind: kind, key: [])
        cells = []
        set(.life, .bool(true))
        set(CellKey("name", "en"), .text("Object Storage"))
    }
}
