import BuntanProtocol
import Foundation
import Records
import Testing

@testable import ClientCLI

@Suite("Records that cannot be meant: nothing of them is stored, and what was typed is kept")
struct BadRecordTests {
    private func count(_ bench: CommandBench, _ kind: String) async throws -> Int {
        try await bench.expect("list \(kind) --json").list.count
    }

    private func made(_ bench: CommandBench, _ line: String) async throws -> (id: String, short: String) {
        let item = try await bench.expect(line + " --json").item
        let id = try #require(item["id"] as? String)
        let listed = try await bench.expect("list \(try #require(item["kind"] as? String)) --json").list
        return (id, try #require(listed.first { $0["id"] as? String == id }?["short"] as? String))
    }

    @Test(
        "Two fields that do not follow each other are refused with both values",
        arguments: [
            ("jurisdiction", "country=JP", ["lawEffectiveFrom=2026-05-01", "lawExpiredOn=2026-01-01"], ["2026-05-01", "2026-01-01"]),
            ("backup-requirement", "maxRpo=4h", ["minRetention=3y", "maxRetention=1y"], ["3y", "1y"]),
            ("evidence", "evidenceType=policy", ["periodFrom=2026-05-01", "periodTo=2026-04-30"], ["2026-05-01", "2026-04-30"]),
        ])
    func disorder(kind: String, required: String, pair: [String], values: [String]) async throws {
        let bench = try await CommandBench.drafting()
        let fields = pair.map { String($0.prefix { $0 != "=" }) }
        let set = await bench.expect("edit \(kind) --set \(required) --set \(pair[0]) --set \(pair[1]) --json", exit: .usage)
        #expect(try set.code == "invalid-field-value" && set.json["field"] as? String == fields[1], "\(set.output)")
        for word in fields + values { #expect(set.errors.contains(word), "\(set.errors)") }
        #expect(try await count(bench, kind) == 0)

        let text = ([required] + pair).map { $0.replacing("=", with: ": ") }.joined(separator: "\n") + "\n"
        let file = try bench.file("typed.yaml", text)
        let refused = await bench.expect("edit \(kind) --from \(file) --json", exit: .inputFile)
        #expect(try refused.json["row"] as? Int == 3 && refused.json["field"] as? String == fields[1], "\(refused.output)")
        for word in fields + values { #expect(refused.errors.contains(word), "\(refused.errors)") }
        let japanese = await bench.expect("edit \(kind) --from \(file) --lang ja", exit: .inputFile).errors
        #expect(fields.allSatisfy { !japanese.contains($0) }, "\(japanese)")
        // In a file as by --set it says what cannot be which field.
        let told = await bench.expect("edit \(kind) --from \(file)", exit: .inputFile).errors
        #expect(told.contains("'\(values[1])' cannot be \(fields[1]): "), "\(told)")
        #expect(try await count(bench, kind) == 0)

        // Against what stands: whichever of the two was typed is the one that is refused.
        let record = try await made(bench, "edit \(kind) --set \(required) --set \(pair[1])")
        let later = await bench.expect("edit \(kind) \(record.id) --set \(pair[0]) --json", exit: .usage)
        #expect(try later.json["field"] as? String == fields[0], "\(later.output)")
        let form = await bench.run(
            list: ["edit", kind, record.id, "--json"],
            editor: { $0.replacing("\(fields[0]):", with: pair[0].replacing("=", with: ": ")) })
        #expect(try form.code == "form-mistake" && form.json["field"] as? String == fields[0], "\(form.output)")
        let place = try form.json
        #expect(try (place["file"] as? String).map { try String(contentsOfFile: $0, encoding: .utf8) } != nil, "\(form.output)")
        #expect(form.errors.contains("/forms/\(kind)-"), "\(form.errors)")
        await bench.expect("edit \(kind) \(record.id) --set \(fields[1])= --set \(pair[0])")
    }

    @Test("An item of a list is held to it too, at its line")
    func items() async throws {
        let bench = try await CommandBench.drafting()
        let file = try bench.file(
            "party.yaml", "certifications:\n  - scheme: JIP-ISMS517\n    validFrom: 2026-05-01\n    validTo: 2026-01-01\n")
        let refused = await bench.expect("edit party --from \(file) --json", exit: .inputFile)
        #expect(try refused.json["row"] as? Int == 4 && refused.json["field"] as? String == "validTo", "\(refused.errors)")
    }

    /// The treatments that are found to name a risk which is not there.
    private func dangling(_ bench: CommandBench) async throws -> [String?] {
        let found = try await bench.run("check", "--group", "DATA-1", "--json").json["items"] as? [[String: Any]] ?? []
        return found.filter { $0["field"] as? String == "riskId" && $0["kind"] as? String == "risk-treatment" }.map { $0["id"] as? String }
    }

    @Test("A record that was deleted or that nothing here has is not named, by short or full id; what named it before goes on")
    func gone() async throws {
        let bench = try await CommandBench.drafting()
        let risk = try await made(bench, "edit risk --set title/en=Fire")
        let treatment = try await made(bench, "edit risk-treatment --set riskId=\(risk.short) --set option=modify")
        // Nothing dangles before: what names it is told of when it goes, and found afterwards.
        #expect(try await dangling(bench).isEmpty)
        let deleted = try await bench.expect("delete \(risk.id) -m gone --json").item
        let naming = try #require(deleted["namedBy"] as? [[String: Any]])
        #expect(naming.map { $0["id"] as? String } == [treatment.id] && naming.first?["kind"] as? String == "risk-treatment", "\(naming)")
        await bench.expect("undo")
        let said = await bench.expect("delete \(risk.id) -m gone").output
        #expect(said.contains("1 record still names it") && said.contains("buntan show \(treatment.short)"), "\(said)")
        #expect(try await dangling(bench) == [treatment.id])
        for id in [risk.id, risk.short] {
            let refused = await bench.expect("edit risk-treatment --set riskId=\(id) --set option=retain --json", exit: .usage)
            #expect(try refused.code == "invalid-field-value" && refused.json["field"] as? String == "riskId", "\(refused.errors)")
            #expect(refused.errors.contains("deleted"), "\(refused.errors)")
            let file = try bench.file("typed.yaml", "option: retain\nriskId: \(id)\n")
            let inFile = await bench.expect("edit risk-treatment --from \(file) --json", exit: .inputFile)
            #expect(try inFile.json["row"] as? Int == 2 && inFile.json["field"] as? String == "riskId", "\(inFile.errors)")
        }
        let never = "0199d3a0-0000-7000-8000-0123456789ab"
        let unknown = await bench.expect("edit risk-treatment --set riskId=\(never) --set option=retain --json", exit: .usage)
        #expect(try unknown.code == "invalid-field-value" && unknown.errors.contains("no such record"), "\(unknown.errors)")
        let short = await bench.expect("edit risk-treatment --set riskId=zzzz --set option=retain --json", exit: .usage)
        #expect(try short.code == "invalid-field-value" && short.json["field"] as? String == "riskId", "\(short.errors)")
        #expect(short.errors.contains("'zzzz' cannot be riskId of risk-treatment"), "\(short.errors)")
        #expect(try await count(bench, "risk-treatment") == 1)
        // A gap is computed: its id may be written down before anything here holds it.
        await bench.expect("edit risk --set title/en=Other --set gapIds=\(never)")
        // The treatment names it already: its form is saved with that, and the name can be taken out or said again.
        let form = await bench.run(
            list: ["edit", "risk-treatment", treatment.id], editor: { $0.replacing("option: modify", with: "option: avoid") })
        #expect(form.exit == .done, "\(form.errors)")
        await bench.expect("edit risk-treatment \(treatment.id) --set riskId=\(risk.id)")
    }

    @Test("A control that no edition has is not named, in a set, in a form or in a key; one of a later edition is")
    func controls() async throws {
        let bench = try await CommandBench.drafting()
        let risk = try await made(bench, "edit risk --set title/en=Fire")
        let treatment = try await made(bench, "edit risk-treatment --set riskId=\(risk.short) --set option=modify")
        for change in ["controlIds=99.9.9", "controlIds+=99.9.9", "controlIds=12.3.1,99.9.9"] {
            let refused = await bench.expect("edit risk-treatment \(treatment.id) --set \(change) --json", exit: .usage)
            #expect(try refused.code == "invalid-field-value" && refused.json["field"] as? String == "controlIds", "\(change)")
            #expect(refused.errors.contains("99.9.9") && refused.errors.contains("buntan controls"), "\(refused.errors)")
        }
        await bench.expect("edit risk-treatment \(treatment.id) --set controlIds=12.3.1,8.13,CLD.6.3.1")
        await bench.expect("edit risk-treatment \(treatment.id) --set controlIds-=8.13")
        let file = try bench.file("typed.yaml", "option: modify\ncontrolIds:\n  - 12.3.1\n  - 99.9.9\n")
        let inFile = await bench.expect("edit risk-treatment \(treatment.id) --from \(file) --json", exit: .inputFile)
        #expect(try inFile.json["row"] as? Int == 2 && inFile.json["field"] as? String == "controlIds", "\(inFile.errors)")
        let row = "edit responsibility --set framework=iso27017-2015 --set controlId=99.9.9 --set allocation=shared --json"
        #expect(try await bench.expect(row, exit: .usage).json["field"] as? String == "controlId")
        // The controls of another catalogue are its own.
        await bench.expect("edit responsibility --set framework=ccm4 --set controlId=99.9.9 --set allocation=shared")
    }

    @Test("A name that stands twice in a form or a file is told with the line where it stands again")
    func doubled() async throws {
        let bench = try await CommandBench.drafting()
        let file = try bench.file("typed.yaml", "# a comment\nrpo: 1h\nmethod: full\nrpo: 2h\n")
        let refused = await bench.expect("edit backup-specification --from \(file) --json", exit: .inputFile)
        #expect(try refused.json["row"] as? Int == 4 && refused.json["field"] as? String == "rpo", "\(refused.output)")
        #expect(refused.errors.contains("rpo") && refused.errors.contains("line 2"), "\(refused.errors)")
        #expect(await bench.expect("edit backup-specification --from \(file) --lang ja", exit: .inputFile).errors.contains("2行目"))
        let nested = try bench.file("nested.yaml", "schedule:\n  - interval: 1d\n    backupType: full\n    interval: 2d\n")
        let item = await bench.expect("edit backup-specification --from \(nested) --json", exit: .inputFile)
        #expect(try item.json["row"] as? Int == 4 && item.json["field"] as? String == "interval", "\(item.output)")
        #expect(try await count(bench, "backup-specification") == 0)
    }

    @Test("Every mistake in a file names its field beside its line")
    func named() async throws {
        let bench = try await CommandBench.drafting()
        for (text, field, line) in [
            ("rpo: soon\n", "rpo", 1), ("rto: 1h\nnothing: 1\n", "nothing", 2), ("schedule: 5\n", "schedule", 1),
            ("rto: 1h\nrpo: {a: {b: c}}\n", "rpo", 2),
        ] {
            let file = try bench.file("typed.yaml", text)
            let refused = await bench.expect("edit backup-specification --from \(file) --json", exit: .inputFile)
            #expect(try refused.json["row"] as? Int == line && refused.json["field"] as? String == field, "\(text): \(refused.output)")
        }
    }
}
