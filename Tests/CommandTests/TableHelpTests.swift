import Foundation
import Interchange
import Testing
import Wording

@testable import ClientCLI

@Suite("What help says of tables")
struct TableHelpTests {
    @Test("help formats lists heads, values and encodings in both languages", arguments: ["en", "ja"])
    func listed(language: String) async throws {
        let bench = try CommandBench()
        let help = await bench.expect("help formats --lang \(language)").output
        for word in [
            "controlId", "control id", "管理策番号", "allocation", "責任区分", "customerAction", "カスタマの対応", "provider", "供給者", "not-applicable",
            "implemented", "実施済み", "utf-8", "windows-31j",
        ] { #expect(help.contains(word), "\(word)") }
    }

    @Test("Every head and value that help lists is taken")
    func taken() async throws {
        for column in TableWords.columns where column.name == "allocation" {
            for head in column.english + column.japanese {
                let bench = try CommandBench()
                let table = try bench.file("rows.csv", "Control ID,\(head)\nA-1,shared\n")
                let plan = await bench.expect("import -n \(table) --framework own --json")
                #expect((try plan.item["files"] as? [[String: Any]])?.first?["rows"] as? Int == 1, "\(head)")
            }
        }
        for value in TableWords.allocations {
            for word in [value.name] + value.english + value.japanese {
                let bench = try CommandBench()
                let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,\(word)\n")
                await bench.expect("import -n \(table) --framework own")
            }
        }
    }

    @Test("A value that no column takes is answered with those that it takes", arguments: ["en", "ja"])
    func refused(language: String) async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,somebody\n")
        let refused = await bench.expect("import \(table) --framework own --lang \(language)", exit: .inputFile)
        for word in ["somebody", "provider", "プロバイダ", "not-applicable", "適用外", "未割当て"] {
            #expect(refused.errors.contains(word), "\(word): \(refused.errors)")
        }
        // Each of the words that the error names is one that is taken.
        let known = "provider/プロバイダ, customer/カスタマ, shared/共有, supplier/供給者, not-applicable/適用外, unallocated/未割当て"
        #expect(refused.errors.contains(known))
        for word in known.split(separator: ", ").flatMap({ $0.split(separator: "/") }) {
            let good = try bench.file("good.csv", "Control ID,Allocation\nA-1,\(word)\n")
            await bench.expect("import -n \(good) --framework own")
        }
    }
}
