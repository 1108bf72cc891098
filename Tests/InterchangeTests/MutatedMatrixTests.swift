import Interchange
import Mutations
import SampleWorkbooks
import Testing

@Suite("Matrices and mappings with mistakes drawn at random")
struct MutatedMatrixTests {
    @Test("A matrix with mistakes is refused with its reason or read, and every row has an id")
    func tables() throws {
        let text =
            "Framework,Control ID,Item,Responsibility,Provider statement (en),Customer action (en),備考\n"
            + (1...30).map { "own,A-\($0).1,main,shared,\"We do, and \"\"more\"\".\",Keep a copy.,社内\n" }.joined()
        var read = 0
        for seed in 0..<500 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            var options = ImportOptions()
            options.framework = seed % 2 == 0 ? "own" : nil
            do throws(ImportFault) {
                let matrix = try readMatrix(mutations.damaged(Array(text.utf8)), name: "table.csv", options: options)
                #expect(!matrix.rows.isEmpty && matrix.rows.allSatisfy { !$0.controlId.isEmpty }, "seed \(seed)")
                #expect(Set(matrix.rows.map { "\($0.framework) \($0.controlId) \($0.itemKey)" }).count == matrix.rows.count, "seed \(seed)")
                read += 1
            } catch {}
        }
        #expect(read > 30)
    }

    @Test("A document of nested members with mistakes is refused with its reason or read, and every row has an id", arguments: 0..<3)
    func documents(number: Int) throws {
        let bytes = Array(SampleDocuments.all[number].utf8)
        var read = 0
        for seed in 0..<1_000 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            do throws(ImportFault) {
                let matrix = try readMatrix(mutations.damaged(bytes), name: number == 1 ? "a.yaml" : "a.json")
                #expect(!matrix.rows.isEmpty && matrix.rows.allSatisfy { !$0.controlId.isEmpty }, "seed \(seed)")
                #expect(Set(matrix.rows.map(\.key)).count == matrix.rows.count, "seed \(seed)")
                read += 1
            } catch {}
        }
        #expect(read > 30)
    }

    @Test("A mapping with mistakes is refused or read, and what is read is written alike")
    func mappings() throws {
        let text = """
            {"version": 1, "framework": "own", "encoding": "utf-8", "columns": [{"header": "Nr", "field": "controlId"},
            {"header": "Wer", "field": "allocation"}, {"header": "Wie", "field": "providerStatement", "language": "en"}],
            "values": {"allocation": {"beide": "shared"}}}
            """
        for seed in 0..<1_000 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            do throws(MappingFault) {
                let mapping = try ColumnMapping(json: mutations.damaged(Array(text.utf8)))
                let written = try? mapping.json()
                let again = try written.map { bytes throws(MappingFault) in try ColumnMapping(json: bytes) }
                #expect(again == mapping, "seed \(seed)")
            } catch {}
        }
    }
}
