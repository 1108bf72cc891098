import Testing

@testable import Wording

@Suite("What kinds, fields and codes are called")
struct LabelTests {
    private static func shipped() throws -> [(name: String, table: LabelTable)] {
        [("kinds", try Labels.kinds.get()), ("fields", try Labels.fields.get()), ("codes", try Labels.codes.get())]
    }

    private static func phrases(of table: LabelTable) -> [(name: String, phrase: Phrase)] {
        table.names.compactMap { name in table.phrase(of: name, from: "").map { (name, $0) } }
    }

    private static func read(_ text: String) throws(LabelFault) -> LabelTable { try LabelTable(Array(text.utf8), names: "field") }

    @Test("The tables that the program holds can be read, each name once")
    func shippedTables() throws {
        let counts = try Self.shipped().map { ($0.name, $0.table.names.count) }
        #expect(counts.map(\.0) == ["kinds", "fields", "codes"])
        #expect(counts.allSatisfy { $0.1 > 90 }, "\(counts)")
        for (name, table) in try Self.shipped() {
            #expect(Set(table.names).count == table.names.count, "\(name)")
            #expect(Self.phrases(of: table).count == table.names.count, "\(name)")
        }
    }

    /// Abbreviations and numbers that both languages write alike.
    private static let alike: Set<String> = ["api", "saml", "oidc", "scim", "jip-isms517", "jip-isms517-1.0"]

    @Test("Both languages have a word of their own, without a blank at its ends or two in a row, or a place for a fact")
    func words() throws {
        for (name, table) in try Self.shipped() {
            for (entry, phrase) in Self.phrases(of: table) {
                #expect((phrase.en == phrase.ja) == (name == "codes" && Self.alike.contains(entry)), "\(name): \(entry)")
                for text in [entry, phrase.en, phrase.ja] {
                    #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false, "\(name): \(entry)")
                    #expect(!text.contains("  ") && !text.contains("{") && text.allSatisfy { !$0.isNewline }, "\(name): \(entry)")
                }
                let parts = phrase.en.split(separator: " ")
                #expect(zip(parts, parts.dropFirst()).allSatisfy { $0 != $1 }, "\(name): \(phrase.en)")
            }
        }
    }

    @Test("A word fits a column of a table: 34 cells in Japanese, 48 letters in English")
    func widths() throws {
        for (name, table) in try Self.shipped() {
            for (entry, phrase) in Self.phrases(of: table) {
                #expect(DisplayWidth.standard(phrase.ja) <= 34, "\(name): \(entry): \(phrase.ja)")
                #expect(phrase.en.count <= 48, "\(name): \(entry): \(phrase.en)")
            }
        }
    }

    @Test("No two kinds have one word: what is typed means one of them")
    func unambiguous() throws {
        let table = try Labels.kinds.get()
        for language in Language.allCases {
            #expect(Set(Self.phrases(of: table).map { $0.phrase.template(in: language) }).count == table.names.count)
        }
        for (kind, phrase) in Self.phrases(of: table) {
            for typed in [kind, phrase.en, phrase.ja] { #expect(Labels.kind(meantBy: typed, among: table.names) == kind, "\(typed)") }
        }
    }

    @Test("A list of a kind is one of its fields, and an entry for one place says more than an entry for all of them")
    func consistent() throws {
        let tables = try Self.shipped().map { Set($0.table.names) }
        let (kinds, fields, codes) = (tables[0], tables[1], tables[2])
        for kind in kinds {
            let parts = kind.split(separator: ".").map(String.init)
            guard parts.count > 1 else { continue }
            #expect(parts.count == 2 && kinds.contains(parts[0]) && fields.contains(parts[1]), "\(kind)")
        }
        for field in fields {
            let parts = field.split(separator: ".").map(String.init)
            guard parts.count > 1, let last = parts.last else { continue }
            let place = parts.dropLast().joined(separator: ".")
            #expect(kinds.contains(place) || fields.contains(place), "\(field): \(place)")
            #expect(fields.contains(last), "\(field): \(last)")
        }
        for code in codes {
            let parts = code.split(separator: ":").map(String.init)
            guard parts.count > 1, let field = parts.first?.split(separator: ".").last else { continue }
            #expect(parts.count == 2 && fields.contains(String(field)) && codes.contains(parts[1]), "\(code)")
        }
    }

    @Test("An entry for one place wins there, and nowhere else")
    func places() {
        #expect(Labels.kind("backup-specification", .ja) == "バックアップ仕様")
        #expect(Labels.kind("backup-specification.schedule", .en) == "backup schedule item")
        #expect(Labels.kind("schedule", .en) == nil)
        #expect(Labels.field("title", of: "risk", .ja) == "表題")
        #expect(Labels.field("title", of: "agreement-signature", .ja) == "役職" && Labels.field("title", of: nil, .ja) == "役職")
        #expect(Labels.field("interval", of: "backup-specification.schedule", .ja) == "間隔")
        #expect(Labels.field("lastRestoreTest.result", of: "backup-specification", .ja) == "最終復元試験の結果")
        #expect(Labels.field("colour", of: "risk", .ja) == nil && Labels.field("x.title", of: nil, .ja) == nil)
        #expect(Labels.code("support", of: "purpose", .ja) == "問合せ" && Labels.code("support", of: nil, .ja) == "サポート")
        #expect(Labels.code("support", of: "dependencyType", kind: "service-dependency", .ja) == "サポート")
        #expect(Labels.code("partial", of: "lastRestoreTest.result", kind: "backup-specification", .ja) == "一部合格")
        #expect(Labels.code("partial", of: "implementationStatus", .ja) == "一部実施")
        #expect(Labels.code("accepted", of: "status", kind: "gap", .ja) == "受容" && Labels.code("accepted", of: "status", .ja) == "受入れ")
        // A code that ends like another is not the other.
        #expect(Labels.code("1.a", of: nil, .ja) == nil && Labels.code("a", of: "pattern", .ja) != nil)
    }

    @Test("A typed word means one of those there are, in either language and whatever the case of its letters")
    func meant() {
        let fields = ["rpo", "rto", "retention"]
        for typed in ["rpo", "RPO", "目標復旧時点（rpo）", "Recovery Point Objective (RPO)"] {
            #expect(Labels.field(meantBy: typed, among: fields, of: "backup-specification") == "rpo", "\(typed)")
        }
        #expect(Labels.field(meantBy: "世代数", among: fields, of: "backup-specification") == nil)
        #expect(Labels.field(meantBy: "役職", among: ["title"], of: "risk") == nil, "in a risk it is called otherwise")
        let codes = ["partial", "passed"]
        #expect(Labels.code(meantBy: "一部合格", among: codes, of: "result") == "partial")
        #expect(Labels.code(meantBy: "一部実施", among: codes, of: "result") == nil)
        #expect(Labels.code(meantBy: "IaaS", among: ["paas", "iaas"], of: "serviceModel") == "iaas")
        // A name goes before another's word.
        #expect(Labels.code(meantBy: "Customer", among: ["provider", "customer"], of: nil) == "customer")
        #expect(Labels.kind(meantBy: "バックアップ仕様", among: ["risk", "backup-specification"]) == "backup-specification")
        #expect(Labels.kind(meantBy: "", among: ["risk"]) == nil)
    }

    @Test(
        "A table that is broken is told of with its line",
        arguments: [
            ("", 1, LabelFault.Reason.columns), ("name\ten\tja\na\tb\tc\n", 1, .columns), ("field\ten\tja\na\tb\n", 2, .columns),
            ("field\ten\tja\na\tb\tc\td\n", 2, .columns), ("field\ten\tja\n\n", 2, .text), ("field\ten\tja\na\t\tc\n", 2, .text),
            ("field\ten\tja\na\tb\tc\nx\ty\tz\na\td\te\n", 4, .doubled),
        ])
    func broken(text: String, line: Int, reason: LabelFault.Reason) {
        #expect(throws: LabelFault(line: line, reason: reason)) { try Self.read(text) }
    }

    @Test("A table is read as it stands, with or without a break at its end")
    func read() throws {
        for end in ["", "\n"] {
            let table = try Self.read("field\ten\tja\nb\tB\tび\nk.b\tKB\tけび" + end)
            #expect(table.names == ["b", "k.b"])
            #expect(table.phrase(of: "b", from: "k.")?.ja == "けび" && table.phrase(of: "b", from: "j.")?.ja == "び")
        }
        #expect(throws: LabelFault(line: 2, reason: .text)) { try LabelTable(Array("field\ten\tja\na\tb\t".utf8) + [0xFF], names: "field") }
    }
}
