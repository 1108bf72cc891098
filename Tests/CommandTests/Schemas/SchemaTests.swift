import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Formats of JSON and their schemas")
struct SchemaTests {
    @Test("Every format that the client names has its schema, and every schema a format that the client names")
    func formats() throws {
        let sources = SchemaBook.folder.replacing("/Schemas", with: "")
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        var named = Set<String>()
        for case let file as String in files where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
            for match in text.matches(of: /"(?:buntan\.)?([a-z]+(?:-[a-z]+)*\/[0-9]+)"/) { named.insert("buntan." + match.1) }
        }
        let book = try SchemaBook.read()
        var described = Set<String>()
        for (name, document) in book.documents where name != SchemaBook.shared {
            guard case .text(let format)? = document[path: "properties.format.const"] else {
                Issue.record("\(name) names no format")
                continue
            }
            described.insert(format)
            #expect(document["$schema"] == "https://json-schema.org/draft/2020-12/schema", "\(name)")
            #expect(document["$id"] == .text(name + ".json") && document["title"] != nil, "\(name)")
        }
        #expect(named.count > 40)
        #expect(named.subtracting(described).isEmpty, "formats without a schema")
        #expect(described.subtracting(named).isEmpty, "schemas without a format")
    }

    /// Commands whose output is none of our formats, or that no run here can end well, each with its reason.
    static let unread: [String: String] = [
        "buntan completion": "it prints a script", "buntan complete": "it prints words for a script",
        "buntan watch": "it runs until it is interrupted",
    ]

    @Test("What commands print fits the schema of its format, in every form, and twice the same")
    func outputs() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let run = try FormatRun(bench)
            try await run.provider(server)
            try await run.devices()
            try await run.engagement()
            try await run.watching()
            try await run.records()
            try await run.conflict()
            try await run.agreement()
            try await run.audit(server)
            try await run.lifecycle()
            try await run.admission(server)
            try await run.store()
            try await run.failures()
            let leaves = HelpTests.commands.filter { $0.node.shownCommands.isEmpty || $0.node.runs }.map { $0.path.joined(separator: " ") }
            for leaf in leaves {
                #expect(run.covered.contains(leaf) || Self.unread[leaf] != nil, "\(leaf) is neither run here nor excused")
            }
            #expect(run.covered.isDisjoint(with: Self.unread.keys), "excused and run")
            // And of every format something has fitted its schema.
            let formats = Set(try SchemaBook.read().documents.keys).subtracting([SchemaBook.shared])
            #expect(formats.subtracting(run.fitted).isEmpty, "formats that no output had")
        }
    }
}
