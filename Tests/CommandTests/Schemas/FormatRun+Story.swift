import Foundation
import SampleWorkbooks
import Testing

@testable import ClientCLI

// The story that is told to the schemas: the parties, their exchange, what they write and sign, and what goes wrong.
extension FormatRun {
    func provider(_ server: LoopbackServer) async throws {
        try await write("init --org Example_Cloud --org-ja 例示クラウド --server \(server.address)", "provider")
        try await read("org", "provider")
        try await read("devices", "provider")
        try await read("services", "provider")
        try await read("engagements", "provider")
        try await read("use", "provider")
        try await write("service add Object_Storage --name-ja オブジェクトストレージ --model iaas", "provider")
        try await write("edit service-dependency --set upstreamName=Iaas --set dependencyType=hosting", "provider")
        try await read("services", "provider")
        let table = try bench.file(
            "rows.csv",
            "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep a copy.\nf,A-2,provider,\nf,A-3,customer,Do it.\n")
        try await read("import -n \(table)", "provider")
        try await read("import -n \(table)", "nowhere")
        try await write("import \(table)", "provider")
        try await read("status", "provider")
        try await read("matrix", "provider")
        try await write("publish 1 -m first", "provider")
        try await read("releases", "provider")
        try await read("outbox", "provider")
        try await read("sync -n", "provider")
        try await write("sync", "provider")
        let invited = try await write("invite Kaisha", "provider")
        try await write("init --org Kaisha --label office-pc", "customer")
        guard case .text(let code)? = invited[path: "item.code"] else { throw FormatFault() }
        try await write("join \(code)", "customer")
        try await write("sync", "provider")
        try await write("confirm kaisha", "provider")
        try await read("engagements", "provider")
        try await read("org", "provider")
        try await write("use kaisha", "provider")
        try await read("use", "provider")
    }

    /// The customer's second device.
    func devices() async throws {
        let org = try await read("org", "customer")
        guard case .text(let fingerprint)? = org[path: "item.fingerprint"] else { throw FormatFault() }
        let requested = try await write("device request field-laptop --org \(fingerprint)", "laptop")
        guard case .text(let code)? = requested[path: "item.code"] else { throw FormatFault() }
        let added = try await write("device add \(code)", "customer")
        guard case .text(let entrance)? = added[path: "item.code"] else { throw FormatFault() }
        try await write("join \(entrance)", "laptop")
        try await read("devices", "laptop")
    }

    func engagement() async throws {
        try await read("matrix", "customer")
        try await read("answer -n", "customer")
        try await write("answer", "customer")
        try await write("accept A-2", "customer")
        try await write("propose A-3 --allocation shared -m why", "customer")
        try await write("comment A-3 Which?", "customer")
        try await write("note A-3 a\tb\\c", "customer")
        try await read("outbox", "customer")
        try await read("outbox list", "customer")
        try await read("show A-3", "customer")
        try await read("disputes", "customer")
        try await read("status", "customer")
        try await write("sync", "customer")
        try await write("outbox retry", "customer")
        try await write("outbox discard", "customer")
        let part = try await read("matrix --limit 2", "customer")
        guard case .text(let more)? = part["more"], case .list(let first)? = part["items"] else { throw FormatFault() }
        #expect(first.count == 2)
        let rest = try await read("matrix --limit 2 --after \(more)", "customer")
        guard case .list(let last)? = rest["items"] else { throw FormatFault() }
        #expect(last.count == 1 && rest["more"] == .null && last[0]["row"]?["controlId"] == "A-3")
        try await write("export csv --audience myself -o \(bench.path)/out.csv", "customer")
        // What an export writes is a format of its own.
        try await document("export json --audience myself", "customer")
    }

    /// An event, as `watch` hands it to another program.
    func watching() async throws {
        let programs = FedPrograms()
        let watching = Task { [bench] in await bench.run(["watch", "--exec", "./notify"], store: "provider", programs: programs) }
        try await write("comment A-3 Again?", "customer")
        try await write("sync", "customer")
        var events = programs.fed.makeAsyncIterator()
        let event = try #require(await events.next())
        fit(try JSONReader.value(event), "watch", at: #_sourceLocation)
        watching.cancel()
        #expect(await watching.value.exit == .interrupted)
    }

    /// Records and their history, and what waits.
    func records() async throws {
        try await read("list", "customer")
        try await read("list responsibility-position", "customer")
        try await read("show 1", "customer")
        try await read("todo", "customer")
        try await read("todo --all", "provider")
        try await read("status --all", "customer")
        try await read("find copy", "customer")
        try await read("controls 12.3.1 5", "customer")
        let catalog = #"{"catalog": {"metadata": {"title": "Own rules"}, "controls": [{"id": "a-1", "title": "First"}]}}"#
        try await write("import \(try bench.file("catalog.json", catalog))", "customer")
        try await read("controls --framework own-rules", "customer")
        try await read("rules BKP-5 SCOPE", "customer")
        try await read("trace A-2", "customer")
        let scope = "edit scope-statement --set sites+={siteId:_dc,_name:_{en:_DC},_inScope:_yes}"
        try await write(scope, "customer")
        try await read("check --group SCOPE", "customer", exit: .found)
        try await read("check --group SCOPE-24", "customer")
        try await write("soa start --position customer", "customer")
        try await write("soa set 12.3.1 --applicable yes", "customer")
        try await read("soa 12.3.1", "customer")
        try await read("soa list 12", "customer")
        let review = try await write("review start", "customer")
        guard case .text(let held)? = review[path: "item.review.short"] else { throw FormatFault() }
        try await write("edit management-review \(held) --set outputImprovements+={decision:_{en:_Test.},_dueOn:_2026-01-31}", "customer")
        try await read("review", "customer")
        try await read("review list", "customer")
        guard case .list(let waiting)? = try await read("todo", "customer")["items"],
            case .text(let closing)? = waiting.first(where: { $0["matter"] == "decision" })?["next"]
        else { throw FormatFault() }
        try await write(String(closing.dropFirst("buntan ".count)), "customer")
        let listed = try await write("edit backup-requirement --set ownRestoreTests+={testedOn:_2026-01-31,_result:_passed}", "customer")
        guard case .text(let tested)? = listed[path: "item.id"] else { throw FormatFault() }
        try await write("edit backup-requirement \(tested) --set maxRpo=4h", "customer")
        try await read("gaps", "customer")
        try await read("show \(tested)", "customer")
        let written = try await write("edit responsibility-position A-2 --set canFulfil=yes", "customer")
        guard case .text(let short)? = written[path: "item.short"] else { throw FormatFault() }
        try await read("show \(short)", "customer")
        try await write("delete A-2 -m once", "customer")
        try await write("undo", "customer")
        try await read("log", "customer")
        try await read("log A-2 --limit 1", "customer")
        let remark = try await write("comment A-2 personal", "customer")
        guard case .text(let words)? = remark[path: "item.short"] else { throw FormatFault() }
        try await write("sync", "customer")
        try await write("erase \(words) text --reason asked --yes", "customer")
        try await write("sync", "customer")
        // How long a server takes to answer and what a disk has free are not the same twice.
        try await write("doctor", "customer")
    }

    /// Two devices write one field without having seen each other.
    func conflict() async throws {
        try await write("sync", "laptop")
        try await write("propose A-1 --allocation customer", "customer")
        try await write("propose A-1 --allocation provider", "laptop")
        for store in ["customer", "laptop", "customer"] { try await write("sync", store) }
        let conflicts = try await read("conflicts", "customer")
        guard case .list(let items)? = conflicts["items"], let item = items.first, case .text(let seen)? = item["seen"],
            case .list(let heads)? = item["heads"]
        else { throw FormatFault() }
        #expect(heads.count == 2 && Set(heads.compactMap { $0["device"] }) == ["office-pc", "field-laptop"])
        #expect(item["before"] == .null && heads.allSatisfy { $0["time"] != nil && $0["time"] != .null })
        // What is in conflict is shown as all its heads, never as one of them.
        let shown = try await read("show A-1", "customer")
        guard case .list(let rows)? = shown["items"] else { throw FormatFault() }
        #expect(rows.first?["customer"] == ["heads": .list(heads)])
        try await write("resolve A-1 allocation --take 1 --seen \(seen)", "customer")
        try await read("conflicts", "customer")
    }

    /// Both sides settle what is open and sign; a change makes the agreement stale.
    func agreement() async throws {
        try await write("sync", "customer")
        try await write("sync", "provider")
        for row in ["A-1", "A-2", "A-3"] { try await write("propose \(row) --allocation shared -m why", "provider") }
        try await write("sync", "provider")
        try await write("sync", "customer")
        try await write("accept A", "customer")
        try await write("sync", "customer")
        try await write("sync", "provider")
        for (store, signatory) in [("provider", "Example"), ("customer", "Kaisha")] {
            try await write("config signatory.name \(signatory)", store)
            try await write("config signatory.title Manager", store)
        }
        let document = try await read("agree --print", "customer")
        guard case .text(let digest)? = document[path: "item.digest"] else { throw FormatFault() }
        try await write("agree --incomplete --confirm Example_Cloud --document \(digest)", "customer")
        try await write("sync", "customer")
        try await write("sync", "provider")
        let theirs = try await read("agree --print", "provider")
        guard case .text(let same)? = theirs[path: "item.digest"] else { throw FormatFault() }
        let signed = try await write("agree --incomplete --confirm Kaisha --document \(same)", "provider")
        guard case .text(let id)? = signed[path: "item.agreement"] else { throw FormatFault() }
        try await write("sync", "provider")
        try await write("sync", "customer")
        try await read("agreements", "customer")
        try await write("answer --from 1 -n", "customer")
        try await write("export evidence -o \(bench.path)/e.zip", "customer")
        try await read("verify \(bench.path)/e.zip", "nowhere")
        try await read("reconcile", "customer")
        try await write("propose A-3 --allocation provider -m later", "provider")
        try await read("diff \(id)", "provider")
        try await read("agreements", "provider")
        for audience in ["myself", "counterpart"] {
            try await self.document("report --format json --audience \(audience) -e kaisha", "provider")
            try await self.document("report --json --audience \(audience) -s object-storage", "provider")
            try await self.document("report --json --audience \(audience)", "customer")
        }
        for store in ["provider", "customer"] { try await self.document("report --json --organisation", store) }
        try await write("report -o \(bench.path)/report.html", "customer")
        try await write("agreement end \(id) --on 2099-12-31 -m exit", "provider")
    }

    func store() async throws {
        try await read("store", "customer")
        try await read("store check", "customer")
        try await write("store backup \(bench.path)/copy.db", "customer")
        try await write("store restore \(bench.path)/copy.db", "restored")
        try await read("config", "customer")
        try await write("config language ja", "customer")
        try await write("config language --unset", "customer")
        try await read("help rows", "customer")
        let pass = try bench.file("pass", "correct horse\n")
        try await write("key passphrase --new-passphrase-file \(pass)", "customer")
    }

    func failures() async throws {
        for (line, store, code) in [
            ("show zz-9", "customer", "unknown-row"), ("matrix --fields id,nots", "customer", "unknown-field"),
            ("use nobody", "customer", "unknown-name"), ("sync", "nowhere", "no-store"),
            ("import \(bench.path)/missing.csv", "provider", "file-missing"), ("matrix --after x", "customer", "unknown-id"),
            ("propose A-1 --allocation nobody", "customer", "invalid-value-of"), ("matrx", "customer", "unknown-command"),
        ] {
            #expect(try await fail(line, store) == code, "\(line)")
        }
        try await misplaced()
    }

    /// What is wrong in a document is told with its place, as far as the document has one.
    private func misplaced() async throws {
        let table = [["Framework", "Control ID", "Allocation"], ["f", "A-1", "shared"], ["f", "A-2", "nobody"]]
        let text = table.map { $0.joined(separator: ",") + "\n" }.joined()
        for (name, bytes, sheet) in [
            ("wrong.csv", Array(text.utf8), "wrong.csv"),
            ("wrong.xlsx", SampleWorkbook(SampleSheet("Duties", table: table)).xlsx(), "Duties"),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
            let told = try await failing("import \(path)/\(name)", "provider")
            #expect(told["file"] == .text(path + "/" + name) && told["sheet"] == .text(sheet), "\(told)")
            #expect(told["row"] == .integer(3) && told["column"] == .text("C"), "\(told)")
        }
    }
}
