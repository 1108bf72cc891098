import BuntanProtocol
import Merging
import Records
import Testing

/// A row of one engagement with the records each side owns, written field by field.
struct Parties {
    typealias Cells = [(cell: CellKey, values: [Value])]

    static let service = SpaceID(high: 1, low: 1)
    static let engagement = SpaceID(high: 2, low: 2)
    static let row = RowKey(framework: "iso27017", controlId: "12.3.1")

    var published: Cells? = [(CellKey("allocation"), [.text("shared")]), (CellKey("customerAction", "en"), [.text("keep a copy")])]
    var provider: Cells?
    var customer: Cells?
    /// Where the sides' last ops stand.
    var providerMoved: Int? = 20
    var customerMoved: Int? = 21

    private static func state(_ kind: String, _ cells: Cells, side: Side?, moved: Int?) -> RecordState {
        var all: Cells =
            [(.life, [.bool(true)])] + zip(["framework", "controlId", "itemKey"], row.keyValues).map { (CellKey($0), [$1]) } + cells
        if let side { all.append((CellKey("side"), [.text(side.name)])) }
        return RecordState(
            kind: kind, creator: OrganisationID(high: 1, low: 1),
            cells: all.sorted { $0.cell < $1.cell }.map { cell, values in
                Cell(
                    key: cell,
                    heads: values.enumerated().map {
                        Head(op: OpID(ChangeID(high: 0, low: UInt64($0)), 0), position: moved, author: 2 + $0, value: $1.encoded)
                    })
            })
    }

    var rowSide: RowSide? {
        published.flatMap {
            RowSide(
                Self.state("responsibility", $0, side: nil, moved: 90), record: Self.row.responsibility(in: Self.service),
                space: Self.service)
        }
    }

    private func position(_ cells: Cells?, _ side: Side, _ moved: Int?) -> RowSide? {
        cells.flatMap {
            RowSide(
                Self.state("responsibility-position", $0, side: side, moved: moved),
                record: Self.row.position(of: side, in: Self.engagement), space: Self.engagement)
        }
    }

    var negotiation: Negotiation {
        Negotiation(
            row: rowSide, providerPosition: position(provider, .provider, providerMoved),
            customerPosition: position(customer, .customer, customerMoved))
    }

    /// The customer writes a position on the words it sees now.
    mutating func customerTakes(_ allocation: String) throws {
        let accepts = try #require(negotiation.accepts)
        customer = [(CellKey("allocation"), [.text(allocation)]), (CellKey("accepts"), [.fixed(accepts)])]
    }

    mutating func providerMoves(_ values: String...) { provider = [(CellKey("allocation"), values.map(Value.text))] }

    mutating func rewords(_ text: String) {
        published = [(CellKey("allocation"), [.text("shared")]), (CellKey("customerAction", "en"), [.text(text)])]
    }
}

/// The negotiation table of sync.md section 4, a case a row.
@Suite struct NegotiationTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let state: RowState
        let provider: RowSide.Allocation
        let customer: RowSide.Allocation
        let turn: Side?
        let make: @Sendable (inout Parties) throws -> Void
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "shared | –", state: .open, provider: .settled("shared"), customer: .empty, turn: .customer) { _ in },
        Case(
            name: "shared | shared (accept writes the provider's value as mine)", state: .agreed, provider: .settled("shared"),
            customer: .settled("shared"), turn: nil
        ) { parties in
            let acceptance = try #require(parties.negotiation.acceptance)
            #expect(acceptance.allocation == "shared")
            parties.customer = [
                (CellKey("allocation"), [.text(acceptance.allocation)]), (CellKey("accepts"), [.fixed(acceptance.accepts)]),
            ]
        },
        Case(
            name: "shared | provider", state: .disputed, provider: .settled("shared"), customer: .settled("provider"), turn: .provider
        ) { try $0.customerTakes("provider") },
        Case(
            name: "provider (changed after the customer had accepted shared) | shared", state: .disputed, provider: .settled("provider"),
            customer: .settled("shared"), turn: .customer
        ) { parties in
            try parties.customerTakes("shared")
            #expect(parties.negotiation.state == .agreed)
            parties.providerMoves("provider")
            parties.providerMoved = 22
        },
        Case(
            name: "{shared, provider} (two provider devices) | shared", state: .unsettled, provider: .unsettled,
            customer: .settled("shared"),
            turn: .provider
        ) { parties in
            try parties.customerTakes("shared")
            parties.providerMoves("shared", "provider")
        },
        Case(
            name: "shared, customerAction reworded since | shared, accepting the old wording", state: .reworded,
            provider: .settled("shared"),
            customer: .settled("shared"), turn: .customer
        ) { parties in
            try parties.customerTakes("shared")
            parties.rewords("keep two copies")
        },
    ]

    @Test("Each row of the negotiation table has its state", arguments: cases)
    func holds(row: Case) throws {
        var parties = Parties()
        try row.make(&parties)
        let negotiation = parties.negotiation
        #expect(negotiation.standing.state == row.state)
        #expect(negotiation.standing.provider == row.provider)
        #expect(negotiation.standing.customer == row.customer)
        #expect(negotiation.turn == row.turn)
    }
}

@Suite struct NegotiationTests {
    @Test("What both sides leave to nobody is open, however often it is accepted; that one side names somebody is a difference")
    func leftToNobody() throws {
        var parties = Parties()
        parties.published = [(CellKey("allocation"), [.text("unallocated")])]
        try parties.customerTakes("unallocated")
        #expect(parties.negotiation.state == .open && parties.negotiation.turn == .customer)
        try parties.customerTakes("customer")
        #expect(parties.negotiation.state == .disputed && parties.negotiation.turn == .provider)
        parties.providerMoves("customer")
        #expect(parties.negotiation.state == .agreed)
        parties.providerMoves("unallocated")
        try parties.customerTakes("unallocated")
        #expect(parties.negotiation.state == .open)
        parties.providerMoves("not-applicable")
        try parties.customerTakes("not-applicable")
        #expect(parties.negotiation.state == .agreed, "that nobody has to do it is settled")
    }

    @Test("The life of one row goes through the states of sync.md appendix B")
    func lifeOfARow() throws {
        var parties = Parties()
        parties.published = [(CellKey("allocation"), [.text("provider")]), (CellKey("customerAction", "ja"), [.text("写しを保つ")])]
        #expect(parties.negotiation.state == .open)
        try parties.customerTakes("shared")
        #expect(parties.negotiation.state == .disputed)
        parties.providerMoves("shared", "customer")
        #expect(parties.negotiation.state == .unsettled)
        // Moving to the value the customer proposed adds no sentence to read.
        parties.providerMoves("shared")
        #expect(parties.negotiation.state == .agreed)
        parties.published = [(CellKey("allocation"), [.text("provider")]), (CellKey("customerAction", "ja"), [.text("写しを二つ保つ")])]
        #expect(parties.negotiation.state == .reworded)
        try parties.customerTakes("shared")
        #expect(parties.negotiation.state == .agreed)
    }

    @Test("A provider that moves and adds a sentence has to be read")
    func movingWithWords() throws {
        var parties = Parties()
        parties.published = [(CellKey("allocation"), [.text("provider")])]
        try parties.customerTakes("shared")
        parties.provider = [(CellKey("allocation"), [.text("shared")]), (CellKey("providerStatement", "en"), [.text("only on weekdays")])]
        #expect(parties.negotiation.state == .reworded)
    }

    @Test("Clearing the position returns the provider to the row as published")
    func clearing() throws {
        var parties = Parties()
        parties.providerMoves("provider")
        #expect(parties.negotiation.provider == .settled("provider"))
        parties.provider = [(CellKey("allocation"), [.null])]
        #expect(parties.negotiation.provider == .settled("shared"))
    }

    @Test("A conflict in any words unsettles the row, and cannot be accepted if it is the provider's")
    func conflictInWords() throws {
        var parties = Parties()
        try parties.customerTakes("shared")
        parties.published = [(CellKey("allocation"), [.text("shared")]), (CellKey("customerAction", "en"), [.text("one"), .text("two")])]
        #expect(parties.negotiation.state == .unsettled)
        #expect(parties.negotiation.unsettledSides == [.provider])
        #expect(parties.negotiation.acceptance == nil)
        var ours = Parties()
        ours.customer = [(CellKey("allocation"), [.text("shared")]), (CellKey("customerStatement", "en"), [.text("one"), .text("two")])]
        #expect(ours.negotiation.state == .unsettled)
        #expect(ours.negotiation.turn == .customer)
        #expect(ours.negotiation.acceptance != nil)
    }

    @Test("What was accepted before the row stood, or while its words conflicted, is never taken for what it says now")
    func acceptedNothing() throws {
        var parties = Parties()
        parties.published = nil
        parties.providerMoves("shared")
        try parties.customerTakes("shared")
        #expect(parties.negotiation.state == .agreed)
        parties.rewords("keep a copy")
        #expect(parties.negotiation.state == .reworded)
    }

    @Test("A customer may write before the row is published")
    func unpublished() {
        var parties = Parties()
        parties.published = nil
        parties.customer = [(CellKey("allocation"), [.text("shared")])]
        #expect(parties.negotiation.state == .unpublished)
        parties.provider = [(CellKey("allocation"), [.null])]
        #expect(parties.negotiation.state == .unpublished)
    }

    @Test("A position without an allocation leaves the row open; equal values without a reading are reworded")
    func partialPositions() {
        var parties = Parties()
        parties.customer = [(CellKey("customerStatement", "en"), [.text("we do")])]
        #expect(parties.negotiation.state == .open)
        parties.customer = [(CellKey("allocation"), [.text("shared")])]
        #expect(parties.negotiation.state == .reworded)
    }

    @Test(
        "The turn is with the side that did not move last; the outbox is later than the log",
        arguments: [
            (20, 21, Side.provider), (22, 21, .customer), (nil, 21, .customer), (20, nil, .provider),
        ] as [(Int?, Int?, Side)])
    func turn(provider: Int?, customer: Int?, turn: Side) {
        var parties = Parties()
        parties.providerMoves("provider")
        parties.customer = [(CellKey("allocation"), [.text("shared")])]
        (parties.providerMoved, parties.customerMoved) = (provider, customer)
        #expect(parties.negotiation.state == .disputed)
        #expect(parties.negotiation.turn == turn)
    }

    @Test("A cell's words are the position's where it is filled, else the row's, language by language")
    func effectiveWords() {
        func state(_ cells: [(CellKey, [Value])]) -> RecordState {
            RecordState(
                kind: "k", creator: OrganisationID(high: 1, low: 1),
                cells: ([(.life, [Value.bool(true)])] + cells).sorted { $0.0 < $1.0 }.map { key, values in
                    Cell(
                        key: key,
                        heads: values.enumerated().map {
                            Head(op: OpID(ChangeID(high: 0, low: UInt64($0)), 0), position: 1, author: 1, value: $1.encoded)
                        })
                })
        }
        let (en, ja) = (CellKey("customerAction", "en"), CellKey("customerAction", "ja"))
        let row = state([(en, [.text("row")]), (ja, [.text("行")])])
        let position = state([(en, [.text("own")]), (ja, [.null])])
        #expect(RecordState.effective(en, position: position, row: row)?.filled?.value == .text("own"))
        #expect(RecordState.effective(ja, position: position, row: row)?.filled?.value == .text("行"))
        #expect(RecordState.effective(ja, position: nil, row: row)?.filled?.value == .text("行"))
        let torn = state([(en, [.text("one"), .text("two")])])
        #expect(RecordState.effective(en, position: torn, row: row)?.isSettled == false)
        #expect(RecordState.effective(CellKey("topic", "en"), position: position, row: row) == nil)
    }
}
