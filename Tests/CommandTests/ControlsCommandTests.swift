import Foundation
import Testing

@testable import ClientCLI

@Suite("The catalogue of controls, by command")
struct ControlsCommandTests {
    @Test("controls needs no store, lists all with which side has guidance and the later number, or those that are meant")
    func list() async throws {
        let bench = try CommandBench()
        let all = await bench.run("controls")
        #expect(all.exit == .done, "\(all.errors)")
        #expect(all.output.contains("ISO/IEC 27017:2015: 121 controls, 40 with guidance for the provider, 39 for the customer."))
        #expect(all.output.contains("27002:2022"))
        let backup = try #require(all.output.split(separator: "\n").first { $0.hasPrefix("12.3.1 ") })
        #expect(backup.contains("Information backup") && backup.contains("both") && backup.hasSuffix("8.13"))
        let items = try #require(try await bench.run("controls", "--json").json["items"] as? [[String: Any]])
        #expect(items.count == 121)
        let some = await bench.run("controls", "12.3", "CLD.6", "--plain", "--fields", "controlId,framework")
        #expect(some.output == "controlId\tframework\n12.3.1\tiso27017-2015\nCLD.6.3.1\tiso27017-2015\n")
        let first = try await bench.run("controls", "--limit", "2", "--json").json
        #expect((first["items"] as? [Any])?.count == 2 && first["more"] as? String == "5.1.2")
    }

    @Test("One control alone is shown with its clauses, numbers and both sides' guidance, in either language")
    func one() async throws {
        let bench = try CommandBench()
        let english = await bench.run("controls", "8.13").output
        for part in ["12.3.1  Information backup", "12 Operations security", "ISO/IEC 27002:2022: 8.13", "Customer: to ", "Provider: to "] {
            #expect(english.contains(part), "\(english)")
        }
        let japanese = await bench.run("controls", "12.3.1", "--lang", "ja").output
        for part in ["12.3.1  情報のバックアップ", "カスタマが", "プロバイダが", "JIS Q 27002:2024では8.13"] {
            #expect(japanese.contains(part), "\(japanese)")
        }
        #expect(await bench.run("controls", "5.1.2").output.contains("Unverified: "))
        let item = try #require((try await bench.run("controls", "CLD.9.5.1", "--json").json["items"] as? [[String: Any]])?.first)
        let guidance = try #require(item["guidance"] as? [String: Any])
        #expect(guidance["customer"] is NSNull && guidance["provider"] is [String: Any])
    }

    @Test("A word that means nothing is an error with what may have been meant")
    func unknown() async throws {
        let bench = try CommandBench()
        let wrong = await bench.run("controls", "12.9.9", "--json")
        #expect(try wrong.code == "unknown-control")
        #expect(await bench.run("controls", "12.9.9").errors.contains("ISO/IEC 27017:2015 has no control 12.9.9"))
        #expect(await bench.run("controls", "12.9.9", "--lang", "ja").errors.contains("JIS Q 27017:2016に管理策12.9.9はありません"))
    }

    @Test("A service from the template begins with a row for each control that has guidance, to be allocated")
    func template() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.")
        let made = await bench.run("service", "add", "Object Storage", "--template", "iso27017")
        #expect(made.exit == .done, "\(made.errors)")
        #expect(made.output.contains("Its draft has 44 rows to answer"))
        let rows = try #require(try await bench.run("matrix", "--json").json["items"] as? [[String: Any]])
        #expect(rows.count == 44 && rows.allSatisfy { $0["provider"] as? String == "unallocated" })
        #expect((rows.first?["row"] as? [String: Any])?["framework"] as? String == "iso27017-2015")
        let shown = await bench.run("show", "cld.6.3.1", "--lang", "ja").output
        #expect(shown.contains("クラウドコンピューティング環境における役割及び責任の共有及び分担"))
        // A number of 2022 finds the row as well, and what nobody has verified is told of everywhere.
        #expect(await bench.run("show", "8.13").output.hasPrefix("12.3.1  "))
        #expect(try await bench.run("matrix", "8.13", "--json").list.count == 1)
        #expect(await bench.run("show", "8.99").errors.contains("there is no row 8.99"))
        let item = try await bench.run("show", "cld.6.3.1", "--json").json["items"] as? [[String: Any]]
        #expect((item?.first?["unverified"] as? [String])?.isEmpty == false, "\(String(describing: item?.first?["unverified"]))")
        let list = await bench.run("controls").output
        #expect(list.contains("* not verified") && list.contains { $0 == "*" })
        #expect(await bench.run("report", "--format", "md", "--lang", "ja").output.contains("*は規格の本文と照合していないもの"))
        let wrong = await bench.run("service", "add", "Mail", "--template", "nist")
        #expect(wrong.exit == .usage, "\(wrong.exit)")
        #expect(await bench.run("services", "--plain").output.split(separator: "\n").count == 2)
    }

    @Test("show of a row of the standard has its title and both sides' guidance; other frameworks have none")
    func show() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.")
        _ = await bench.run("service", "add", "Object Storage", "--model", "iaas")
        for (framework, control) in [("iso27017-2015", "12.3.1"), ("iso27017-2015", "CLD.9.5.1"), ("nist-800-53r4", "AC-2")] {
            let made = await bench.run(
                "edit", "responsibility", "--set", "framework=\(framework)", "--set", "controlId=\(control)", "--set", "allocation=shared")
            #expect(made.exit == .done, "\(made.errors)")
        }
        let shown = await bench.run("show", "12.3.1").output
        #expect(shown.contains("12.3.1  Information backup  iso27017-2015\n  ISO/IEC 27002:2022: 8.13\n"), "\(shown)")
        #expect(shown.contains("Guidance\n  Customer: to "))
        #expect(await !bench.run("show", "ac-2").output.contains("Guidance"))
        // What nobody has verified is marked wherever it is told.
        for command in ["show", "controls"] { #expect(await bench.run(command, "CLD.9.5.1").output.contains("Unverified: "), "\(command)") }
        let item = try #require((try await bench.run("show", "12.3.1", "--json").json["items"] as? [[String: Any]])?.first)
        #expect((item["guidance"] as? [String: Any])?["provider"] is [String: Any])
        let other = try #require((try await bench.run("show", "ac-2", "--json").json["items"] as? [[String: Any]])?.first)
        #expect(other["guidance"] == nil && other["numbers"] == nil)
        #expect((item["numbers"] as? [String: [String]]) == ["iso27002-2022": ["8.13"]])
    }
}
