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

@Suite("Records: list, edit, delete, undo")
struct RecordCommandTests {
    private func fields(_ bench: CommandBench, _ address: String, store: String = "store") async throws -> [String: Any] {
        let shown = await bench.run("show", address, "--json", store: store)
        #expect(shown.exit == .done, "\(shown.errors)")
        let item = try #require((try shown.json["items"] as? [[String: Any]])?.first)
        return item["fields"] as? [String: Any] ?? item["published"] as? [String: Any] ?? [:]
    }

    // MARK: list

    @Test("list counts the kinds, with their owner and who may see them; a kind may be cut to its beginning")
    func list() async throws {
        let bench = try await CommandBench.drafting()
        let kinds = await bench.run("list", "--plain")
        #expect(kinds.output.contains("responsibility\t3\tprovider\tprivate\n"))
        #expect(kinds.output.contains("cloud-service\t1\tprovider\tprivate\n"))
        #expect(kinds.output.contains("party\t1\teither\tprivate\n"))
        let lines = kinds.output.split(separator: "\n")
        #expect(Set(lines).count == lines.count)
        let rows = await bench.run("list", "cloud-s", "--json")
        let item = try #require((try rows.json["items"] as? [[String: Any]])?.first)
        #expect(item["title"] as? String == "Object Storage")
        #expect((item["fields"] as? [String: Any])?["serviceModel"] as? String == "iaas")
        #expect(try await bench.run("list", "a", "--json").code == "ambiguous-kind")
        #expect(try await bench.run("list", "responsability", "--json").code == "unknown-kind")
        #expect(await bench.run("list", "release").output == "No records of this kind.\n")
        #expect(await bench.run("list", "--lang", "ja").output.contains("公開範囲"))
    }

    // MARK: edit

    @Test("edit writes what show prints, typed by the registry: codes, languages, sets, dates; the same again changes nothing")
    func editing() async throws {
        let bench = try await CommandBench.drafting()
        let edited = await bench.run(
            "edit", "resp", "ac-2.5", "--set", "allocation=Shared", "--set", "providerStatement/ja=30分で切れます。", "--set",
            "lastReviewedOn=2026-7-1", "--set", "foundStatuses+=planned,n-a")
        // `resp` is the beginning of two kinds.
        #expect(edited.exit == .usage)
        let arguments = ["edit", "responsibility", "ac-2.5", "--set", "allocation=Shared", "--set", "providerStatement/ja=30分で切れます。"]
        let first = await bench.run(list: arguments + ["--set", "lastReviewedOn=2026-07-01", "--set", "foundStatuses+=planned,n-a"])
        #expect(first.exit == .done, "\(first.errors)")
        #expect(first.output.contains("5 fields in 1 row changed."))
        let held = try await fields(bench, "ac-2.5")
        #expect(held["allocation"] as? String == "shared")
        #expect(held["providerStatement"] as? [String: String] == ["ja": "30分で切れます。"])
        #expect(held["lastReviewedOn"] as? String == "2026-07-01")
        #expect(Set(held["foundStatuses"] as? [String] ?? []) == ["planned", "n-a"])
        let again = await bench.run(list: arguments)
        #expect(again.output == "Nothing changed.\n")
        _ = await bench.run(
            "edit", "responsibility", "ac-2.5", "--set", "foundStatuses-=planned", "--set", "providerStatement=", "--set", "allocation=")
        let cleared = try await fields(bench, "ac-2.5")
        #expect(cleared["foundStatuses"] as? [String] == ["n-a"])
        #expect((cleared["providerStatement"] as? [String: Any])?["ja"] is NSNull)
        #expect(cleared["allocation"] is NSNull)
    }

    @Test(
        "A value that the field does not take is refused with what it takes, and nothing is written",
        arguments: [
            ("allocation=nobody", "invalid-field-value", "provider, customer, shared"),
            ("allocatoin=shared", "unknown-field-of-kind", "allocation"),
            ("lastReviewedOn=2026-02-30", "invalid-field-value", "no such day"),
            ("derived=perhaps", "invalid-field-value", "true or false"),
            ("providerStatement=Hello", "field-form", "providerStatement/ja=…"),
            ("providerStatement/fr=Bonjour", "invalid-field-value", "en, ja"), ("allocation+=shared", "field-form", "is no set"),
            ("allocation/en=shared", "invalid-field-value", "neither languages"),
            ("supplierPartyId=xyz", "invalid-field-value", "fingerprint"),
            ("framework=other", "written-once", "first value"), ("allocation", "invalid-set", "field=value"),
        ])
    func badValues(setting: String, code: String, words: String) async throws {
        let bench = try await CommandBench.drafting()
        let before = try await fields(bench, "ac-2.5") as NSDictionary
        let refused = await bench.run("edit", "responsibility", "ac-2.5", "--set", "derived=true", "--set", setting, "--json")
        #expect(try refused.code == code, "\(refused.errors)")
        #expect(refused.exit != .done)
        #expect(refused.errors.contains(words), "\(refused.errors)")
        #expect(try await fields(bench, "ac-2.5") as NSDictionary == before)
    }

    @Test("A record that the program alone writes cannot be made by hand, and one without its id is asked for")
    func notByHand() async throws {
        let bench = try await CommandBench.drafting()
        #expect(try await bench.run("edit", "release", "--set", "label=1", "--json").code == "kind-not-writable")
        #expect(try await bench.run("edit", "responsibility", "--set", "allocation=shared", "--json").code == "id-needed")
        #expect(try await bench.run("edit", "agreement", "--json").code == "no-engagement")
        #expect(try await bench.run("edit", "evidence", "--set", "fileHash=00", "--json").code == "computed-field")
        #expect(
            try await bench.run("edit", "service-dependency", "--set", "upstreamMatrixRevision=00", "--json").code == "invalid-field-value")
        let party = await bench.run("edit", "party", "--set", "registrationNumber=1234", "--set", "operatingCountries=jp,us")
        #expect(party.exit == .done, "\(party.errors)")
        let twice = await bench.run("edit", "service-dependency", "--set", "upstreamName=Big IaaS")
        #expect(twice.output.contains("service-dependency Big IaaS made."))
    }

    @Test("A file is taken whole or not at all, and its mistake is named with file and line")
    func fromFile() async throws {
        let bench = try await CommandBench.drafting()
        let good = try bench.file(
            "row.yaml",
            "# a comment\nallocation: shared\nproviderStatement:\n  en: |-\n    One.\n    Two.\n  ja:\nfoundStatuses: [planned]\n")
        #expect(await bench.run("edit", "responsibility", "au-4", "--from", good).exit == .done)
        let held = try await fields(bench, "au-4")
        #expect((held["providerStatement"] as? [String: Any])?["en"] as? String == "One.\nTwo.")
        #expect(held["foundStatuses"] as? [String] == ["planned"])
        for (text, line) in [
            ("allocation: shared\nderived: perhaps\n", 2), ("- a\n- b\n", 1), ("allocation: [\n", 2), ("a: b\nallocation: x: y\n", 2),
        ] {
            let bad = try bench.file("bad.yaml", text)
            let refused = await bench.run("edit", "responsibility", "au-4", "--from", bad, "--json")
            #expect(refused.exit == .inputFile, "\(refused.errors)")
            #expect(try refused.json["file"] as? String == bad)
            #expect(try refused.json["row"] as? Int == line, "\(text): \(refused.errors)")
        }
        #expect(try await bench.run("edit", "responsibility", "au-4", "--from", "none.yaml", "--json").code == "file-missing")
    }

    @Test("The form in the editor shows every field with its values, and saving it unchanged changes nothing")
    func form() async throws {
        let bench = try await CommandBench.drafting()
        _ = await bench.run(
            "edit", "responsibility", "au-4", "--set", "providerStatement/en=First: \"quoted\"\nSecond #2", "--set", "boundaryNote/ja=- 境界")
        let seen = Captured()
        let same = await bench.run(
            list: ["edit", "responsibility", "au-4"],
            editor: { text in
                do { try seen.write(Array(text.utf8)) } catch {}
                return text
            })
        #expect(same.output == "Nothing changed.\n", "\(same.errors)\(seen.text)")
        #expect(seen.text.contains("# one of provider, customer, shared"))
        #expect(seen.text.contains("allocation: customer\n"))
        #expect(seen.text.contains("# framework is nist-800-53r4 for good"))
        let changed = await bench.run(
            list: ["edit", "responsibility", "au-4"],
            editor: {
                $0.replacingOccurrences(of: "allocation: customer", with: "allocation: shared")
            })
        #expect(changed.output.contains("AU-4: allocation changed."), "\(changed.errors)")
        #expect(try await fields(bench, "au-4")["allocation"] as? String == "shared")
        let wrong = await bench.run(
            list: ["edit", "responsibility", "au-4", "--json"],
            editor: {
                $0.replacingOccurrences(of: "allocation: shared", with: "allocation: nobody")
            })
        #expect(try wrong.code == "form-mistake")
        #expect(wrong.errors.contains("/forms/responsibility-"))
        let japanese = Captured()
        _ = await bench.run(
            list: ["edit", "responsibility", "au-4", "--lang", "ja"],
            editor: { text in
                do { try japanese.write(Array(text.utf8)) } catch {}
                return text
            })
        #expect(japanese.text.contains("のまま変わりません"))
    }

    @Test("A form says how lengths of time, days and countries are written, and of which kind a record is")
    func formHints() async throws {
        let bench = try await CommandBench.drafting()
        let seen = Captured()
        for kind in ["backup-specification", "service-dependency", "jurisdiction"] {
            _ = await bench.run(
                list: ["edit", kind],
                editor: { text in
                    do { try seen.write(Array(text.utf8)) } catch {}
                    return text
                })
        }
        for words in ["such as 30m, 4h, 30d, 7y", "such as JP", "a record, by its id or name: cloud service"] {
            #expect(seen.text.contains(words), "\(words)")
        }
    }

    @Test("What was written with a mistake lies safe while its writer is asked, and goes once it is taken")
    func mistakenForm() async throws {
        let bench = try await CommandBench.drafting()
        let forms = try bench.invocation().directories.state + "/forms"
        @Sendable func kept() -> Int {
            var count = 0
            if let files = FileManager.default.enumerator(atPath: forms) { for case is String in files { count += 1 } }
            return count
        }
        let seen = Mutex<[Int]>([])
        let editor = FakeEditor { text in
            let isFirst = seen.withLock { seen in
                seen.append(kept())
                return seen.count == 1
            }
            return isFirst
                ? text.replacingOccurrences(of: "allocation: customer", with: "allocation: nobody")
                : text.replacingOccurrences(of: "allocation: nobody", with: "allocation: shared")
        }
        let outcome = await bench.run(
            ["edit", "responsibility", "au-4"], answers: [""], isTerminal: true, programs: editor, environment: ["EDITOR": "editor"])
        #expect(outcome.output.contains("AU-4: allocation changed."), "\(outcome.errors)")
        #expect(seen.withLock { $0 } == [0, 1] && kept() == 0)
        let left = await bench.run(
            ["edit", "responsibility", "au-4"], answers: ["q"], isTerminal: true,
            programs: FakeEditor { $0.replacingOccurrences(of: "allocation: shared", with: "allocation: nobody") },
            environment: ["EDITOR": "editor"])
        #expect(left.exit == .usage && left.errors.contains("/forms/responsibility-"), "\(left.errors)")
        #expect(kept() == 1)
    }

    @Test("What changed while the form was open is not overwritten; what the form left alone is")
    func meanwhile() async throws {
        let bench = try await CommandBench.drafting()
        let open = try OpenStore.existing(bench.invocation())
        let write = { @Sendable (field: String, value: String) in
            let workspace = try open.writing()
            let service = try #require(try open.store.read { try StoreDirectory($0) }.services.first)
            let row = RowKey(framework: "nist-800-53r4", controlId: "AU-4").responsibility(in: service.draft ?? service.service)
            _ = try workspace.commit(
                [RecordDraft(record: row, kind: "responsibility", cells: [CellKey(field): .text(value)])],
                in: service.draft ?? service.service)
        }
        let beside = await bench.run(
            list: ["edit", "responsibility", "au-4"],
            editor: { text in
                do { try write("foundFlag", "elsewhere") } catch { return "" }
                return text.replacingOccurrences(of: "allocation: customer", with: "allocation: shared")
            })
        #expect(beside.exit == .done, "\(beside.errors)")
        #expect(try await fields(bench, "au-4")["foundFlag"] as? String == "elsewhere")
        let across = await bench.run(
            list: ["edit", "responsibility", "au-4", "--json"],
            editor: { text in
                do { try write("allocation", "supplier") } catch { return "" }
                return text.replacingOccurrences(of: "allocation: shared", with: "allocation: provider")
            })
        #expect(try across.code == "changed-meanwhile")
        #expect(across.exit == .refused)
        #expect(try await fields(bench, "au-4")["allocation"] as? String == "supplier")
    }

    @Test("The other side's record and the other side's fields are refused with 4 and what to do instead")
    func ownership() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let row = await bench.run("edit", "responsibility", "ac-2.5", "--set", "allocation=shared", "--json", store: "customer")
        #expect(row.exit == .refused)
        #expect(row.errors.contains("row AC-2(5) is the provider's; state your own position"))
        #expect(row.errors.contains("buntan propose ac-2.5"))
        let field = await bench.run(
            "edit", "responsibility-position", "ac-2.5", "--set", "providerStatement/en=ours", "--json", store: "customer")
        #expect(try field.code == "own-field-only")
        #expect(field.exit == .refused)
        let own = await bench.run(
            "edit", "responsibility-position", "ac-2.5", "--set", "allocation=customer", "--set", "customerStatement/en=We log out.",
            store: "customer")
        #expect(own.exit == .done, "\(own.errors)")
        // An own position counts as having read the row: it is agreed, not reworded.
        #expect(
            try await bench.run("status", "--json", store: "customer").item["states"] as? [String: Int]
                == ["agreed": 1, "disputed": 0, "open": 3, "unsettled": 0, "reworded": 0, "unpublished": 0])
        try engaged.syncBoth()
        let listed = try await bench.run("list", "responsibility-position", "-e", "kaisha", "--json", store: "provider").json["items"]
        let short = try #require((listed as? [[String: Any]])?.first?["short"] as? String)
        let theirs = await bench.run("delete", short, "-m", "no", "-e", "kaisha", "--json", store: "provider")
        #expect(try theirs.code == "their-record")
        #expect(theirs.exit == .refused)
        #expect(theirs.errors.contains("Kaisha K.K."))
    }

    @Test("A field in conflict is not overwritten by an edit")
    func conflicting() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        try engaged.secondDevice()
        _ = await bench.run("propose", "au-4", "--allocation", "shared", store: "customer")
        _ = await bench.run("propose", "au-4", "--allocation", "provider", store: "laptop")
        try engaged.sync("customer")
        try engaged.sync("laptop")
        try engaged.sync("customer")
        let refused = await bench.run(
            "edit", "responsibility-position", "au-4", "--set", "allocation=customer", "--json", store: "customer")
        #expect(try refused.code == "field-conflicting")
        #expect(refused.exit == .refused)
        #expect(refused.errors.contains("buntan conflicts au-4"))
        let beside = await bench.run("edit", "responsibility-position", "au-4", "--set", "canFulfil=yes", store: "customer")
        #expect(beside.exit == .done, "\(beside.errors)")
        #expect(try await bench.run("status", "--json", store: "customer").item["conflicts"] as? Int == 1)
    }

    // MARK: delete and undo

    @Test("A deleted record comes back with all it held, and its reason stays beside it")
    func deleting() async throws {
        let bench = try await CommandBench.drafting()
        _ = await bench.run("edit", "responsibility", "au-4", "--set", "providerStatement/en=We keep logs.")
        let before = try await fields(bench, "au-4") as NSDictionary
        #expect(try await bench.run("delete", "au-4", "--json").code == "reason-missing")
        let deleted = await bench.run("delete", "au-4", "-m", "duplicate of AU-5")
        #expect(deleted.exit == .done, "\(deleted.errors)")
        #expect(try await bench.run("show", "au-4", "--json").code == "unknown-row")
        #expect(try await bench.run("delete", "au-4", "-m", "again", "--json").code == "unknown-row")
        let undone = await bench.run("undo")
        #expect(undone.exit == .done, "\(undone.errors)")
        #expect(try await fields(bench, "au-4") as NSDictionary == before)
        #expect(await bench.run("show", "au-4").output.contains("duplicate of AU-5"))
    }

    @Test("undo brings the earlier value back, says where later changes stand in the way, and can itself be undone")
    func undoing() async throws {
        let bench = try await CommandBench.drafting()
        let change = await bench.run(
            "edit", "responsibility", "au-4", "--set", "allocation=shared", "--set", "foundFlag=Partial", "--json")
        let id = try #require(try change.item["short"] as? String)
        _ = await bench.run("edit", "responsibility", "au-4", "--set", "allocation=provider")
        let partly = await bench.run("undo", id)
        #expect(partly.exit == .done, "\(partly.errors)")
        #expect(partly.output.contains("undoes \(id): 1 field restored."))
        #expect(partly.output.contains("1 field was left: later changes stand in the way."))
        #expect(partly.output.contains("left: AU-4 allocation"))
        let held = try await fields(bench, "au-4")
        #expect(held["allocation"] as? String == "provider")
        #expect(held["foundFlag"] is NSNull)
        let blocked = await bench.run("undo", id, "--json")
        #expect(try blocked.code == "undo-blocked")
        #expect(blocked.exit == .refused)
        let made = try #require(partly.output.split(separator: " ").first)
        #expect(await bench.run("undo", String(made)).exit == .done)
        #expect(try await fields(bench, "au-4")["foundFlag"] as? String == "Partial")
        #expect(try await bench.run("undo", "zzzz", "--json").code == "unknown-id")
    }

    @Test("Another organisation's change is not undone")
    func undoTheirs() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        _ = await bench.run("propose", "au-4", "--allocation", "shared", store: "customer")
        try engaged.syncBoth()
        let log = try await bench.run("log", "au-4", "-e", "kaisha", "--json", store: "provider").json["items"] as? [[String: Any]]
        let theirs = try #require(log?.first { $0["isOwn"] as? Bool == false }?["short"] as? String)
        let refused = await bench.run("undo", theirs, "-e", "kaisha", "--json", store: "provider")
        #expect(try refused.code == "undo-not-own")
        #expect(refused.exit == .refused)
    }
}

extension CommandBench {
    /// A provider alone, with a service of three rows in its draft.
    static func drafting() async throws -> CommandBench {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.")
        _ = await bench.run("service", "add", "Object Storage", "--model", "iaas")
        for control in ["AC-2", "AC-2(5)", "AU-4"] {
            let made = await bench.run(
                "edit", "responsibility", "--set", "framework=nist-800-53r4", "--set", "controlId=\(control)", "--set",
                "allocation=customer")
            #expect(made.exit == .done, "\(made.errors)")
            #expect(made.output.contains("responsibility \(control) made."))
        }
        return bench
    }
}
