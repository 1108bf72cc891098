import Foundation
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("buntan erase")
struct EraseCommandTests {
    /// Whether any file of a folder holds the words, store, write-ahead log and all.
    private static func holds(_ folder: String, _ words: String) throws -> [String] {
        let files = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return files.filter { FileManager.default.contents(atPath: folder + "/" + $0)?.range(of: Data(words.utf8)) != nil }
    }

    @Test("It says what goes and from where, asks, and leaves nothing of it in any file of any party")
    func everywhere() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let secret = "Yamada-Taro-090-1234-5678"
            // Long enough to stand on pages of its own, and written over by another one.
            let long = secret + String(repeating: "x", count: 20_000)
            await bench.expect("edit responsibility-position A-1 --set customerStatement/en=\(long)", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("edit responsibility-position A-1 --set customerStatement/en=\(secret)", store: "customer")
            for store in ["customer", "provider"] { await bench.expect("sync", store: store) }
            // As an upgrade leaves it beside the store.
            for store in ["customer", "provider"] {
                let file = bench.path + "/\(store)/store.db"
                try FileManager.default.copyItem(atPath: file, toPath: file + ".v1.bak")
            }
            for store in ["customer", "provider", "server"] { try #expect(!Self.holds(bench.path + "/" + store, secret).isEmpty) }

            let without = await bench.expect("erase A-1 customerStatement --json", store: "customer", exit: .usage)
            #expect(without.errors.contains("--reason"))
            let key = await bench.expect("erase A-1 controlId --reason x --yes --json", store: "customer", exit: .refused)
            #expect(try key.code == "erase-key-field")
            let declined = await bench.expect(
                "erase A-1 customerStatement --reason request", store: "customer", answers: ["n"], isTerminal: true, exit: .usage)
            #expect(declined.output.contains("2 values in the engagement"), "\(declined.output)")
            try #expect(!Self.holds(bench.path + "/server", secret).isEmpty)

            let erased = await bench.expect("erase A-1 customerStatement --reason request_of_today --yes --json", store: "customer")
            #expect(try erased.item["values"] as? Int == 2 && erased.item["field"] as? String == "customerStatement")
            try #expect(Self.holds(bench.path + "/customer", secret).isEmpty)
            await bench.expect("sync", store: "provider")
            try #expect(Self.holds(bench.path + "/provider", secret).isEmpty)
            try server.store.scrubIfDue()
            try #expect(Self.holds(bench.path + "/server", secret).isEmpty)

            for store in ["customer", "provider"] {
                await bench.expect("store check", store: store)
                #expect(await bench.expect("show A-1 --json", store: store).output.contains("A-1"))
            }
            // The reason is nobody else's, and the word is not taken twice.
            #expect(await bench.expect("show A-1", store: "customer").output.contains("request of today"))
            try #expect(Self.holds(bench.path + "/provider", "request of today").isEmpty)
            let again = await bench.expect("erase A-1 customerStatement --reason x --yes --json", store: "customer", exit: .refused)
            #expect(try again.code == "erase-nothing")
            await bench.expect("edit responsibility-position A-1 --set customerStatement/en=new", store: "customer")
            await bench.expect("sync", store: "customer")
        }
    }

    @Test("Nobody erases another's, and nobody without the right to speak for the organisation")
    func refused() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 Hello", store: "customer")
            for store in ["customer", "provider"] { await bench.expect("sync", store: store) }
            let listed = try await bench.expect("list comment --json", store: "provider").list
            let id = try #require(listed.first?["short"] as? String)
            let theirs = await bench.expect("erase \(id) text --reason x --yes --json", store: "provider", exit: .refused)
            #expect(try theirs.code == "their-record")
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("device set laptop --caps read,write", store: "customer")
            await bench.expect("sync", store: "laptop")
            let weak = await bench.expect("erase \(id) text --reason x --yes --json", store: "laptop", exit: .refused)
            #expect(try weak.code == "no-right")
        }
    }

    @Test("A value that no server keeps is erased at once, in the draft and beside it")
    func local() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example_Cloud")
        await bench.expect("service add Mail")
        let secret = "Hidden-Contact-4711"
        await bench.expect("edit cloud-service --set slaReference=\(secret)")
        let id = try #require(try await bench.expect("list cloud-service --json").list.first?["short"] as? String)
        let erased = await bench.expect("erase \(id) slaReference --reason x --yes --json")
        #expect(try erased.item["values"] as? Int == 1)
        try #expect(Self.holds(bench.path + "/store", secret).isEmpty)
        await bench.expect("store check")
    }

    @Test("Undo leaves why something was erased where it is, whether that is the newest change or named")
    func undone() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example_Cloud")
        await bench.expect("service add Mail")
        await bench.expect("edit cloud-service --set slaReference=Contact-4711")
        let id = try #require(try await bench.expect("list cloud-service --json").list.first?["short"] as? String)
        await bench.expect("erase \(id) slaReference --reason Because_of_4711 --yes")
        let newest = await bench.expect("undo --json", exit: .refused)
        #expect(try newest.code == "undo-erased")
        let note = try #require(try await bench.expect("list annotation --json").list.first)
        let short = try #require(note["short"] as? String)
        let change = try #require(try await bench.expect("log \(short) --json").list.first?["short"] as? String)
        #expect(try await bench.expect("undo \(change) --json", exit: .refused).code == "undo-erased")
        #expect(await bench.expect("show \(short)").output.contains("Because of 4711"))
        // What is written afterwards is undone as ever.
        await bench.expect("note \(id) more")
        await bench.expect("undo")
        #expect(try await bench.expect("list annotation --json").list.count == 1)
    }

    @Test("Without its server nothing is erased, and that is said")
    func unreachable() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 Secret-Word-4711", store: "customer")
            await bench.expect("sync", store: "customer")
        }
        let id = try #require(try await bench.expect("list comment --json", store: "customer").list.first?["short"] as? String)
        let failed = await bench.expect("erase \(id) text --reason x --yes", store: "customer", exit: .network)
        #expect(failed.errors.contains("Nothing was erased: what the server and the others hold"), "\(failed.errors)")
        try #expect(!Self.holds(bench.path + "/customer", "Secret-Word-4711").isEmpty)
        #expect(await bench.run("erase", "--help").output.contains("needs the server"))
        #expect(await bench.run("erase", id, "text", store: "customer").errors.contains("--reason"))
    }

    @Test("In a sealed space what stood beside the value stays")
    func sealed() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("note A-1 Secret-Note-4711", store: "customer")
            await bench.expect("sync", store: "customer")
            try await bench.furtherDevice("laptop", of: "customer")
            let id = try #require(try await bench.expect("list annotation --json", store: "customer").list.first?["short"] as? String)
            await bench.expect("erase \(id) text --reason gone --yes", store: "customer")
            await bench.expect("sync", store: "laptop")
            for store in ["customer", "laptop", "server"] {
                try #expect(Self.holds(bench.path + "/" + store, "Secret-Note-4711").isEmpty, "\(store)")
            }
            for store in ["customer", "laptop"] { await bench.expect("store check", store: store) }
        }
    }
}
