import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("The catalogue of ISO/IEC 27017")
struct CatalogueTests {
    @Test("It holds 114 controls and the seven extended ones, 55 clauses and 79 items of guidance, each in both languages")
    func counts() throws {
        let catalogue = try Catalogue.iso27017()
        #expect(catalogue.edition.id == "iso27017-2015")
        #expect(catalogue.controls.count { !$0.isExtended } == 114)
        #expect(catalogue.controls.count { $0.isExtended } == 7)
        #expect(catalogue.controls.allSatisfy { $0.isExtended == $0.id.hasPrefix("CLD.") })
        #expect(catalogue.clauses.count == 55)
        #expect(catalogue.controls.flatMap(\.guidance).count == 79)
        #expect(catalogue.controls.count { $0.guidance(for: .customer) != nil } == 39)
        #expect(catalogue.controls.count { $0.guidance(for: .provider) != nil } == 40)
        // The published total: 37 controls of 27002 that have cloud guidance.
        #expect(catalogue.controls.count { !$0.isExtended && !$0.guidance.isEmpty } == 37)
        let titles = catalogue.clauses.map(\.title) + catalogue.controls.map(\.title) + catalogue.controls.flatMap(\.guidance).map(\.text)
        for title in titles {
            #expect(title.en.unicodeScalars.allSatisfy { !("\u{3040}"..."\u{30ff}").contains($0) }, "\(title.en)")
            #expect(title.ja.unicodeScalars.contains { $0.value >= 0x3000 }, "\(title.ja)")
        }
    }

    @Test("Each control has its clauses, and the path leads from the first level down")
    func paths() throws {
        let catalogue = try Catalogue.iso27017()
        let backup = try #require(catalogue.control("12.3.1"))
        #expect(catalogue.path(of: backup).map(\.id) == ["12", "12.3"])
        for control in catalogue.controls {
            let path = catalogue.path(of: control)
            #expect(path.last?.id == control.clause && path.first?.parent == nil, "\(control.id)")
        }
        let extended = try #require(catalogue.control("CLD.12.4.5"))
        #expect(catalogue.path(of: extended).map(\.id) == ["12", "CLD.12.4"])
    }

    @Test("Every control has its number in ISO/IEC 27002:2022; what is a nearest match or unconfirmed says so")
    func numbers() throws {
        let catalogue = try Catalogue.iso27017()
        #expect(catalogue.later.map(\.id) == ["iso27002-2022"])
        #expect(catalogue.controls.allSatisfy { $0.numbers.count == 1 })
        #expect(catalogue.control("12.3.1")?.numbers.first?.ids == ["8.13"])
        // The one control that the later edition splits.
        #expect(catalogue.control("18.2.3")?.numbers.first?.ids == ["5.36", "8.8"])
        #expect(catalogue.controls.allSatisfy { $0.isExtended == $0.unverified.contains(.numberNearest) })
        #expect(catalogue.controls.count { $0.unverified.contains(.numberNearest) } == 7)
        #expect(catalogue.controls.count { $0.unverified.contains(.numberUnconfirmed) } == 6)
        #expect(catalogue.controls.count { $0.unverified.contains(.guidanceByElimination) } == 47)
        #expect(catalogue.controls.count { $0.unverified.contains(.titleUnchecked) } == 63)
    }

    @Test(
        "A word means a control, a clause, a later number or a text, in this order",
        arguments: [
            ("12.3.1", ["12.3.1"]), ("12.3", ["12.3.1"]), ("cld 6", ["CLD.6.3.1"]), ("CLD.13.1.4", ["CLD.13.1.4"]),
            // 5.1 is a clause here, whatever the later edition numbers so.
            ("5.1", ["5.1.1", "5.1.2"]), ("8.13", ["12.3.1"]), ("１２．３．１", ["12.3.1"]), ("ﾊﾞｯｸｱｯﾌﾟ", []), ("99", []), ("", []),
            ("Information BACKUP", ["12.3.1"]), ("情報のバックアップ", ["12.3.1"]),
        ])
    func words(typed: String, meant: [String]) throws {
        let found = try Catalogue.iso27017().controls(meantBy: typed).map(\.id)
        if typed == "ﾊﾞｯｸｱｯﾌﾟ" { #expect(found.contains("12.3.1")) } else { #expect(found == meant) }
    }

    @Test("A further edition is a line and a column of the tables")
    func furtherEdition() throws {
        let catalogue = try Self.small(
            editions: "id\tname_en\tname_ja\tshort_en\tshort_ja\na\tA\tあ\tA\tあ\nb\tB\tい\tB\tい\nc\tC\tう\tC\tう",
            controls: "id\tclause\ttitle_en\ttitle_ja\textended\tunverified\tb\tc\n1.1\t1\tOne\t一\tno\t\t9\t7 8")
        #expect(catalogue.later.map(\.id) == ["b", "c"])
        #expect(catalogue.control("1.1")?.numbers.map(\.ids) == [["9"], ["7", "8"]])
        #expect(catalogue.controls(meantBy: "8").map(\.id) == ["1.1"])
    }

    @Test("So are the editions that records may name, and what takes another's place is one of them")
    func namedEditions() throws {
        let table = "standard\tedition\niso27017\tiso27017-2015\niso27017\tiso27017-2026\nalone\niso27017\tiso27017-2031\n"
        let editions = Editions(Array(table.utf8))
        #expect(editions.of("iso27017") == ["iso27017-2015", "iso27017-2026", "iso27017-2031"])
        #expect(editions.standards == ["iso27017"] && editions.of("alone").isEmpty)
        // What the fields of records take is what the table says.
        let soa = try #require(SchemaRegistry.current.kind("soa"))
        for (field, standard) in [("edition27001", "jisq27001"), ("edition27017", "iso27017")] {
            #expect(soa.field(field)?.type == .enumeration(Editions.shipped.of(standard)))
            #expect(Editions.shipped.of(standard).count > 1)
        }
        let backup = try #require(SchemaRegistry.current.kind("backup-specification"))
        #expect(backup.field("edition")?.type == .enumeration(Editions.shipped.of("iso27017")))
        let named = Set(Editions.shipped.standards.flatMap { Editions.shipped.of($0) })
        let catalogue = try Catalogue.iso27017()
        #expect(named.contains(catalogue.edition.id))
        #expect(!catalogue.supersessions.isEmpty)
        for known in catalogue.supersessions { #expect(named.isSuperset(of: [known.edition, known.successor])) }
    }

    private static let supersessionHead = "edition\tsuperseded_on\tsuperseded_by\n"

    @Test("An edition that takes another's place is a line, too: followed from one to the next, and never round and round")
    func superseded() throws {
        func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(canonical: text)) }
        let lines = "x\t2020-01-31\ty\ny\t2024-01-31\tz\nz\t2026-01-31\tx\n"
        let catalogue = try Self.small(supersessions: Self.supersessionHead + lines)
        for (on, expected) in [("2020-01-31", "x"), ("2020-02-01", "y"), ("2024-02-01", "z")] {
            #expect(catalogue.current("x", on: try day(on)) == expected, "\(on)")
        }
        #expect(["x", "y", "z"].contains(catalogue.current("x", on: try day("2026-02-01"))))
        #expect(catalogue.current("other", on: try day("2026-02-01")) == "other")
        #expect(catalogue.editionFacts.count == 3)
        #expect(try Catalogue.iso27017().editionFacts.map { $0[.editionId] } == [.text("jisq27001-2014")])
        #expect(try Catalogue.iso27017().current("jisq27001-2014", on: day("2025-11-01")) == "jisq27001-2023")
        #expect(throws: CatalogueFault(line: 2, field: "superseded_on")) {
            try Self.small(supersessions: Self.supersessionHead + "x\t2020-02-31\ty\n")
        }
        #expect(throws: CatalogueFault(line: 3, field: "edition")) {
            try Self.small(supersessions: Self.supersessionHead + "x\t2020-01-31\ty\nx\t2021-01-31\ty\n")
        }
    }

    @Test(
        "A table that says what cannot be is refused with its line and field",
        arguments: [
            ("2.1\t2\tOne\t一\tno\t\t9", 2, "clause"), ("1.1\t1\t\t一\tno\t\t9", 2, "title_en"), ("1.1\t1\tOne\t一\tno\t\t", 0, ""),
            ("1.1\t1\tOne\t一\tno\tsomething\t9", 2, "unverified"), ("1.1\t1\tOne\t一\tno\t", 2, ""),
            ("1.1\t1\tOne\t一\tno\t\t9\n1.1\t1\tOne\t一\tno\t\t9", 3, "id"),
        ])
    func faults(rows: String, line: Int, field: String) throws {
        let controls = "id\tclause\ttitle_en\ttitle_ja\textended\tunverified\tb\n" + rows
        let expected = line == 0 ? nil : CatalogueFault(line: line, field: field)
        var found: CatalogueFault?
        do { _ = try Self.small(controls: controls) } catch { found = error }
        #expect(found == expected)
    }

    @Test("Guidance for a control that there is not, or twice for a side, and a column of no edition are refused")
    func guidanceFaults() throws {
        let head = "control\tside\tact\ttext_en\ttext_ja\trecord\n"
        let one = "1.1\tprovider\tdefine\tText\t文\tpolicy\n"
        #expect(throws: CatalogueFault(line: 2, field: "control")) { try Self.small(guidance: head + one.replacing("1.1", with: "1.2")) }
        #expect(throws: CatalogueFault(line: 3, field: "side")) { try Self.small(guidance: head + one + one) }
        #expect(throws: CatalogueFault(line: 2, field: "act")) {
            try Self.small(guidance: head + one.replacing("define", with: "guess"))
        }
        #expect(throws: CatalogueFault(line: 1, field: "")) {
            try Self.small(editions: "id\tname_en\tname_ja\tshort_en\tshort_ja\na\tA\tあ\tA\tあ\n")
        }
    }

    private static func small(
        editions: String = "id\tname_en\tname_ja\tshort_en\tshort_ja\na\tA\tあ\tA\tあ\nb\tB\tい\tB\tい\n",
        controls: String = "id\tclause\ttitle_en\ttitle_ja\textended\tunverified\tb\n1.1\t1\tOne\t一\tno\t\t9\n",
        guidance: String = "control\tside\tact\ttext_en\ttext_ja\trecord\n", supersessions: String = supersessionHead
    ) throws(CatalogueFault) -> Catalogue {
        try Catalogue(
            editions: Array(editions.utf8), clauses: Array("id\tparent\ttitle_en\ttitle_ja\n1\t\tFirst\t第一\n".utf8),
            controls: Array(controls.utf8), guidance: Array(guidance.utf8), supersessions: Array(supersessions.utf8))
    }
}
