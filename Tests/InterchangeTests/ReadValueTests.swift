import Interchange
import Testing

@Suite("What a table says in other words is read, and said")
struct ReadValueTests {
    private func read(_ text: String) throws -> MatrixImport { try readMatrix(Array(text.utf8), name: "table.csv") }

    private func readings(_ matrix: MatrixImport) -> [String] {
        matrix.diagnostics.filter { $0.code == .valueRead }.map { remark in
            "\(remark.column ?? "")\(remark.row) \(remark.facts["value"] ?? "") -> \(remark.facts["read"] ?? "") x\(remark.facts["rows"] ?? "")"
        }
    }

    @Test("A word that stands for an allocation is told once, with its first place and its rows")
    func told() throws {
        let matrix = try read("Control ID,Allocation\n9.2.1,both\n9.2.2,CSP\n9.2.3,Both\n9.2.4,provider & customer\n")
        #expect(readings(matrix) == ["B2 both -> shared x2", "B3 CSP -> provider x1", "B5 provider & customer -> shared x1"])
    }

    @Test("The codes themselves and the words of either language for them are taken without a word")
    func plain() throws {
        let matrix = try read(
            "管理策番号,責任区分,実施状況\n9.2.1,共有,実施済み\n9.2.2,Provider,planned\n9.2.3,対象外,Not implemented\n9.2.4,利用者,一部実施\n")
        #expect(matrix.rows.map { $0["allocation"] } == ["shared", "provider", "not-applicable", "customer"].map { .text($0) })
        #expect(readings(matrix).isEmpty, "\(readings(matrix))")
    }

    @Test(
        "Both sides named beside each other share",
        arguments: ["CSP and CSC", "事業者と利用者", "利用者／事業者", "provider+customer", "Customer, Provider"])
    func bothSides(word: String) throws {
        let matrix = try read("Control ID,Allocation\n9.2.1,\"\(word)\"\n")
        #expect(matrix.rows.map { $0["allocation"] } == [.text("shared")])
    }

    @Test("One side beside a stranger is not understood")
    func stranger() {
        #expect(throws: ImportFault.self) { try read("Control ID,Allocation\n9.2.1,provider & somebody\n") }
    }

    @Test("The word for controls heads their numbers where no other column does, and their titles where one does")
    func controlColumn() throws {
        let numbers = try read("管理策,割当て\n9.2.1,共有\n")
        #expect(numbers.rows.map(\.controlId) == ["9.2.1"])
        let titles = try read("管理策番号,管理策,責任区分\n9.2.1,利用者登録,共有\n")
        #expect(titles.rows.map(\.controlId) == ["9.2.1"])
        #expect(titles.rows[0]["topic", "ja"] == .text("利用者登録"))
    }

    @Test("A control that stands twice is told with the row in which it stood first")
    func repeated() throws {
        let matrix = try read("Control ID,Allocation\n9.2.1,shared\n9.2.2,shared\n9.2.1,customer\n")
        let remark = try #require(matrix.diagnostics.first { $0.code == .idRepeated })
        #expect(remark.row == 4)
        #expect(remark.facts == ["id": "9.2.1", "itemKey": "main~2", "first": "2"])
    }
}
