import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Synchronization
import Testing

@testable import ClientCLI

@Suite("soa --form: the statement of applicability as one form, taken whole or not at all")
struct SoaFormTests {
    /// What the editor was given.
    private final class Shown: Sendable {
        /// Guards the text, which an editor writes from the command's own task.
        private let held = Mutex("")
        var text: String {
            get { held.withLock { $0 } }
            set { held.withLock { $0 = newValue } }
        }
    }

    private func bench(_ position: String = "provider") async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("soa start --position \(position) --yes")
        return bench
    }

    private func fields(_ bench: CommandBench, _ control: String) async throws -> [String: Any] {
        try #require(try await bench.expect("soa \(control) --json").list.first?["fields"] as? [String: Any])
    }

    private func fill(
        _ bench: CommandBench, _ line: String = "soa --form", _ edit: @escaping @Sendable (String) -> String
    ) async -> Outcome {
        await bench.run(list: line.split(separator: " ").map(String.init), editor: edit)
    }

    /// The path that a failure names.
    private func keptPath(_ outcome: Outcome) throws -> String {
        let place = try #require(outcome.errors.firstMatch(of: /\/\S+\.yaml/))
        return String(place.output)
    }

    @Test("It holds the statement and all 121 controls, each with what it decides alone, in either language")
    func shows() async throws {
        let bench = try await bench()
        await bench.expect("soa set 12.3.1 --applicable yes --reason Backups.")
        for (language, heading, hint) in [("en", "Statement of applicability", "one of"), ("ja", "適用宣言書", "の一つ")] {
            let shown = Shown()
            let outcome = await fill(bench, "soa --form --lang \(language)") {
                shown.text = $0
                return $0
            }
            #expect(outcome.exit == .done, "\(outcome.errors)")
            let text = shown.text
            let controls = text.split(separator: "\n").filter { $0.hasSuffix(":") && !$0.hasPrefix(" ") && !$0.hasPrefix("#") }
            #expect(controls.count == 122 && controls.first == "statement:", "\(controls.count)")
            #expect(text.contains(heading) && text.contains(hint) && text.contains("  position: provider\n"), "\(text.prefix(600))")
            let part = try #require(text.components(separatedBy: "\n12.3.1:\n").last?.components(separatedBy: "\n\n").first)
            #expect(part.contains("  adopted27001: adopted\n") && part.contains("    en: Backups.\n"), "\(part)")
            #expect(!part.contains("adoptedCustomer") && !part.contains("soaId") && !part.contains("controlId"), "\(part)")
            let extended = try #require(text.components(separatedBy: "\nCLD.12.4.5:\n").last?.components(separatedBy: "\n\n").first)
            #expect(!extended.contains("adopted27001") && extended.contains("adoptedProvider"), "\(extended)")
        }
        // A form that comes back as it was writes nothing.
        let before = try await bench.expect("log --json").list.count
        let same = await fill(bench) { $0 }
        #expect(same.output.contains("Nothing differed"), "\(same.output)")
        #expect(try await bench.expect("log --json").list.count == before)
    }

    @Test("What is filled in is written as one change, dated today, with what the rules find; undo takes it back")
    func writes() async throws {
        let bench = try await bench("both")
        let outcome = await fill(bench, "soa --form --json") { text in
            text.replacing("  approvedBy:\n", with: "  approvedBy: CISO\n")
                .replacing("\n12.3.1:\n  adopted27001:\n", with: "\n12.3.1:\n  adopted27001: adopted\n")
                .replacing("\n12.1.1:\n  adopted27001:\n", with: "\n12.1.1:\n  adopted27001: excluded\n")
        }
        #expect(outcome.exit == .done, "\(outcome.errors)")
        let item = try outcome.item
        #expect(item["entries"] as? Int == 2 && item["change"] is String, "\(item)")
        #expect((item["findings"] as? [[String: Any]])?.isEmpty == false)
        let backup = try await fields(bench, "12.3.1")
        #expect(backup["adopted27001"] as? String == "adopted" && backup["evaluatedOn"] as? String == "2026-11-23")
        #expect(try await fields(bench, "12.1.1")["adopted27001"] as? String == "excluded")
        #expect(try await fields(bench, "12.1.2")["evaluatedOn"] == nil)
        await bench.expect("undo")
        #expect(try await fields(bench, "12.3.1")["adopted27001"] as? String == nil)
    }

    @Test("A part of the controls is a form of its own")
    func part() async throws {
        let bench = try await bench()
        await bench.expect("soa set 12.3.1 --applicable yes")
        let shown = Shown()
        _ = await fill(bench, "soa 12.3 12.4 --where applicable=undecided --form") {
            shown.text = $0
            return $0
        }
        #expect(shown.text.contains("\n12.4.1:\n") && !shown.text.contains("\n12.3.1:\n"), "\(shown.text)")
        #expect(!shown.text.contains("statement:") && !shown.text.contains("\n5.1.1:\n"))
    }

    @Test("One mistake anywhere and nothing is written: the line is named, the text is kept, and --from takes it once it is right")
    func mistakes() async throws {
        let bench = try await bench()
        let before = try await bench.expect("log --json").list.count
        for (wrong, language, word) in [
            ("  adopted27001: perhaps\n", "en", "adopted, excluded"), ("  adopted27001: perhaps\n", "ja", "adopted, excluded"),
            ("  adopted27001: adopted\n  colour: red\n", "en", "colour"),
        ] {
            let outcome = await fill(bench, "soa --form --lang \(language)") { text in
                text.replacing("\n12.1.1:\n  adopted27001:\n", with: "\n12.1.1:\n  adopted27001: excluded\n")
                    .replacing("\n12.3.1:\n  adopted27001:\n", with: "\n12.3.1:\n" + wrong)
            }
            #expect(outcome.exit == .usage && outcome.errors.contains(word), "\(outcome.errors)")
            let kept = try String(contentsOfFile: try keptPath(outcome), encoding: .utf8)
            let line = try #require(outcome.errors.firstMatch(of: /(?:line |の)([0-9]+)/)).output.1
            let named = kept.split(separator: "\n", omittingEmptySubsequences: false)[(Int(line) ?? 1) - 1]
            #expect(wrong.contains(named + "\n"), "\(named): \(outcome.errors)")
        }
        let gone = await fill(bench) { $0.replacing("\n12.3.1:\n", with: "\n99.9.9:\n  adopted27001: adopted\n12.3.1:\n") }
        #expect(gone.errors.contains("99.9.9"), "\(gone.errors)")
        #expect(try await bench.expect("log --json").list.count == before)

        let path = try keptPath(gone)
        let wrong = await bench.run("soa", "--from", path, "--json")
        #expect(wrong.exit == .inputFile, "\(wrong.errors)")
        #expect(try wrong.json["file"] as? String == path && wrong.json["row"] is Int)
        let file = try bench.file("soa.yaml", "12.1.1:\n  adopted27001: excluded\n  reason27001:\n    ja: 開発なし。\n")
        let taken = await bench.expect("soa --from \(file)")
        #expect(taken.output.contains("1 entry written."), "\(taken.output)")
        #expect((try await fields(bench, "12.1.1")["reason27001"] as? [String: String])?["ja"] == "開発なし。")
        for line in ["soa --form --from \(file)", "soa 12 --from \(file)", "soa --where rule=SOA-4 --from \(file)"] {
            #expect(try await bench.expect(line + " --json", exit: .usage).code == "options-exclude")
        }
    }

    @Test("What another has decided while the form was open is not written over: nothing is written, and the text is kept")
    func meanwhile() async throws {
        let bench = try await bench()
        let open = try OpenStore.existing(bench.invocation())
        let exclude = { @Sendable () throws in
            let (home, record) = try open.store.read { reader in
                let directory = try StoreDirectory(reader)
                let home = try #require(try directory.home(reader))
                let service = try #require(directory.services.first)
                return (home, try #require(try ApplicabilityStatement(of: service, in: home, reader)).record)
            }
            let entry = RecordDraft(
                space: home, kind: "soa-entry", key: ApplicabilityStatement.key(record, "12.3.1"),
                cells: [CellKey("adopted27001"): .text("excluded")])
            _ = try open.writing().commit([entry], in: home)
        }
        let outcome = await fill(bench) { text in
            do { try exclude() } catch { Issue.record(error) }
            return text.replacing("\n12.3.1:\n  adopted27001:\n", with: "\n12.3.1:\n  adopted27001: adopted\n")
                .replacing("\n12.1.1:\n  adopted27001:\n", with: "\n12.1.1:\n  adopted27001: adopted\n")
        }
        #expect(outcome.exit == .refused && outcome.errors.contains("12.3.1"), "\(outcome.errors)")
        #expect(try String(contentsOfFile: try keptPath(outcome), encoding: .utf8).contains("12.1.1:\n  adopted27001: adopted"))
        #expect(try await fields(bench, "12.3.1")["adopted27001"] as? String == "excluded")
        #expect(try await fields(bench, "12.1.1")["adopted27001"] as? String == nil)
    }
}
