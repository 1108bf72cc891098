import ArgumentParser
import ChildProcesses
import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Manual pages and help")
struct ManualTests {
    static let root = SchemaBook.folder.replacing("/ClientCLI/Schemas", with: "")

    static var pages: [(path: String, text: String)] {
        let client = ManualPage.client(.root(of: Buntan.self), version: Buntan.configuration.version)
        let server = ManualPage.server(ServerManual.tree, variables: ServerManual.variables, version: Buntan.configuration.version)
        return client.map { ("\(root)/ClientCLI/Manual/\($0.name).1", $0.text) } + [
            ("\(root)/ServerApp/Manual/\(server.name).1", server.text)
        ]
    }

    @Test("The committed pages say what the programs say; UPDATE_GOLDEN=1 writes them anew")
    func golden() throws {
        let pages = Self.pages
        let folders = ["ClientCLI/Manual", "ServerApp/Manual"].map { Self.root + "/" + $0 }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            for folder in folders {
                if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            for page in pages { try Data(page.text.utf8).write(to: URL(fileURLWithPath: page.path)) }
        }
        let committed = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: folder).map { folder + "/" + $0 }
        }
        #expect(Set(committed) == Set(pages.map(\.path)), "a page too few or too many")
        for page in pages {
            let held = FileManager.default.contents(atPath: page.path).map { String(decoding: $0, as: UTF8.self) }
            #expect(held == page.text, "\(page.path) differs; run UPDATE_GOLDEN=1 swift test --filter ManualTests")
        }
    }

    @Test("Every page renders without a warning, where a renderer is installed")
    func rendering() throws {
        let groff = "/usr/bin/groff"
        guard FileManager.default.isExecutableFile(atPath: groff) else { return }
        let bench = try CommandBench()
        for page in Self.pages {
            let file = try bench.file("page.1", page.text)
            let (status, said) = try ChildProcess.run(groff, ["-man", "-ww", "-z", "-Tutf8", file])
            #expect(status == 0 && said.isEmpty, "\(page.path): \(said)")
        }
    }

    @Test("No line of a page is taken for a request by the renderer", arguments: [".TH x", "'x", "a\\b", "-n", "~/.local", "分"])
    func escaping(text: String) {
        let escaped = ManualPage.escaped(text)
        #expect(!escaped.hasPrefix(".") && !escaped.hasPrefix("'"))
        #expect(escaped.unicodeScalars.allSatisfy { $0.value < 0x80 })
        #expect(escaped != text)
    }
}
