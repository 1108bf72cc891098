import Interchange
import Testing

@Suite("What rows of any format are looked over for")
struct RowLintTests {
    @Test("Any table's rows are looked over: a duty of the customer's in the provider's words, no words, an item against its control")
    func lint() throws {
        let csv = """
            Control ID,Item,Allocation,Provider statement,Customer action
            12.3.1,main,provider,利用者は毎日バックアップを取得する。,
            12.3.1,retention,customer,,Keep a copy.
            12.4.1,main,shared,,
            12.4.3,main,provider,We log.,
            """
        var options = ImportOptions()
        options.framework = "iso27017-2015"
        options.knownControls = ["iso27017-2015": ["12.3.1", "12.4.1"]]
        let matrix = try readMatrix(Array(csv.utf8), name: "t.csv", options: options)
        func places(_ code: ImportDiagnostic.Code) -> [Int] { matrix.diagnostics.filter { $0.code == code }.map(\.row) }
        #expect(places(.customerDutyInProviderText) == [2])
        #expect(places(.parentContradicted) == [3])
        #expect(places(.textMissing) == [4])
        #expect(places(.idUnknown) == [5])
        #expect(matrix.diagnostics.allSatisfy { $0.severity == .advice && $0.column != nil })
    }
}
