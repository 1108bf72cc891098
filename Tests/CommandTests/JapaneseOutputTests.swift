import BuntanProtocol
import Foundation
import Records
import Testing
import Wording

@testable import ClientCLI

@Suite("Japanese output and input")
struct JapaneseOutputTests {
    private static func latinWords(_ text: String) -> Set<String> {
        Set(text.matches(of: /[a-z]{3,}/).map { String($0.0) })
    }

    @Test("Cells, positions and what was done show one word for a code: the Japanese one")
    func labels() async throws {
        let engaged = try await EngagedBench()
        let proposed = await engaged.bench.expect("propose au-4 --allocation 共有 --lang ja", store: "customer")
        #expect(proposed.output.contains("AU-4: 共有を提案しました"), "\(proposed.output)")
        for line in ["matrix au-4", "disputes", "show au-4"] {
            let output = await engaged.bench.expect(line + " --lang ja", store: "customer").output
            #expect(output.contains("共有") && output.contains("カスタマ"), "\(line): \(output)")
            let head = output.split(separator: "\n").prefix(3).joined(separator: "\n")
            #expect(Self.latinWords(head).isDisjoint(with: ["shared", "customer", "provider"]), "\(line): \(output)")
        }
        let accepted = await engaged.bench.expect("accept ac-2 --lang ja", store: "customer")
        #expect(accepted.output.contains("カスタマとして承諾"), "\(accepted.output)")
        // Programs read codes in every language.
        #expect(
            await engaged.bench.expect("matrix au-4 --lang ja --plain --fields customer", store: "customer").output == "customer\nshared\n")
        #expect(await engaged.bench.expect("matrix au-4", store: "customer").output.contains("shared"))
    }

    @Test(
        "A condition takes the code and its word in either language",
        arguments: [
            ("state=open", ["AC-2", "AC-2(5)", "CA-8"]), ("state=未回答", ["AC-2", "AC-2(5)", "CA-8"]), ("state=不一致", ["AU-4"]),
            ("allocation=カスタマ", ["AC-2", "AC-2(5)", "AU-4", "CA-8"]), ("allocation=Customer", ["AC-2", "AC-2(5)", "AU-4", "CA-8"]),
            ("allocation=共有", []),
        ])
    func conditions(condition: String, expected: [String]) async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("propose au-4 --allocation shared", store: "customer")
        let found = await engaged.bench.expect("matrix --where \(condition) --plain --fields row.controlId", store: "customer").output
        #expect(found.split(separator: "\n").dropFirst().map(String.init) == expected)
    }

    @Test("Fields of codes are written with their words, in --set and in resolve")
    func writing() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect(
            "edit responsibility au-4 --set allocation=共有 --set implementationStatus=実施済み -s object-storage", store: "provider")
        let item = try #require(
            (try await engaged.bench.expect("show au-4 --json -s object-storage", store: "provider").json["items"] as? [[String: Any]])?
                .first?["published"] as? [String: Any])
        #expect(item["allocation"] as? String == "shared" && item["implementationStatus"] as? String == "implemented")
        let refused = await engaged.bench.expect(
            "edit responsibility au-4 --set allocation=誰か -s object-storage", store: "provider", exit: .usage)
        #expect(refused.errors.contains("誰か"))
    }

    @Test("Fields go by their Japanese names where people read, and are taken by them; JSON keeps the codes")
    func fieldNames() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect(
            "edit responsibility au-4 --set プロバイダの記述/ja=記録する。 --set 割当て=共有 --set customerAction/en=Keep_it. -s object-storage",
            store: "provider")
        for line in ["show au-4", "log au-4", "log"] {
            let japanese = await bench.expect("\(line) --lang ja -s object-storage", store: "provider").output
            #expect(japanese.contains("プロバイダの記述/ja") && japanese.contains("記録する。"), "\(line): \(japanese)")
            #expect(!japanese.contains("providerStatement") && !japanese.contains("customerAction"), "\(line): \(japanese)")
            // In English the name is the code.
            #expect(await bench.expect("\(line) -s object-storage", store: "provider").output.contains("providerStatement/ja"), "\(line)")
            let json = await bench.expect("\(line) --json --lang ja -s object-storage", store: "provider").output
            #expect(json.contains("providerStatement") && !json.contains("プロバイダの記述"), "\(line)")
        }
        await bench.expect("edit service-dependency --set upstreamName=Iaas -s object-storage", store: "provider")
        let listed = await bench.expect("list service-dependency --lang ja -s object-storage", store: "provider").output
        #expect(!listed.contains("upstreamName"), "\(listed)")
        let found = await bench.expect(
            "matrix --where 割当て=共有 --plain --fields row.controlId -s object-storage", store: "provider")
        #expect(found.output == "row.controlId\nAU-4\n")
        let unknown = await bench.expect("edit responsibility au-4 --set 何か=x -s object-storage --json", store: "provider", exit: .usage)
        #expect(unknown.errors.contains("何か"))
    }

    @Test("No two fields of a kind have one name: what is typed means one of them")
    func unambiguous() {
        for kind in SchemaRegistry.current.kinds {
            let names = kind.fields.compactMap { Labels.field($0.name, of: kind.name, .ja) }
            #expect(Set(names).count == names.count, "\(kind.name)")
            for field in kind.fields {
                #expect(
                    CodeLabels.fieldName(CodeLabels.field(field.name, in: kind.name, .ja), of: kind) == field.name,
                    "\(kind.name).\(field.name)")
            }
        }
    }

    @Test("What leaves with a release is listed by the names of its fields, rights by their words")
    func fields() async throws {
        let bench = try CommandBench()
        let made = await bench.expect("init --org Example --lang ja")
        #expect(made.output.contains("権利は読取り、書込み、署名、管理です"), "\(made.output)")
        await bench.expect("service add Storage")
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep a copy.\n")
        await bench.expect("import \(table)")
        let published = await bench.expect("publish 1 -m first --lang ja")
        #expect(published.errors.contains("割当て") && published.errors.contains("カスタマに求める対応"), "\(published.errors)")
        #expect(Self.latinWords(published.errors).isEmpty, "\(published.errors)")
    }

    @Test("Every kind, field and code of the registry has its words", arguments: Language.allCases)
    func names(language: Language) {
        for kind in SchemaRegistry.current.kinds {
            #expect(Labels.kind(kind.name, language) != nil, "\(kind.name)")
            for field in kind.fields {
                #expect(Labels.field(field.name, of: kind.name, language) != nil, "\(kind.name).\(field.name)")
                guard case .enumeration(let codes) = field.type else { continue }
                for code in codes {
                    #expect(Labels.code(code, of: field.name, kind: kind.name, language) != nil, "\(kind.name).\(field.name) \(code)")
                }
            }
        }
    }

    @Test("Help of the whole program is the same, whatever global flags stand before it", arguments: ["--help", "-h"])
    func help(flag: String) async throws {
        let bench = try CommandBench()
        let english = await bench.expect(flag)
        #expect(english.output.contains("USAGE: buntan") || english.output.contains("buntan [<command>]"), "\(english.output)")
        #expect(english.output.contains("PROVIDER") && english.output.contains("Make the draft a numbered release."))
        #expect(await bench.expect("--store \(bench.path)/x \(flag)").output == english.output)
        #expect(await bench.expect("--json \(flag)").output == english.output)
        let japanese = await bench.run([flag], environment: ["LANG": "ja_JP.UTF-8"])
        #expect(await bench.expect("--lang ja \(flag)").output == japanese.output)
        #expect(japanese.output.contains("プロバイダ") && japanese.output != english.output)
        // A group's help behind its flags is the group's.
        #expect(
            await bench.expect("--lang ja store \(flag)").output == bench.run(["store", flag], environment: ["LANG": "ja_JP.UTF-8"]).output)
    }
}
