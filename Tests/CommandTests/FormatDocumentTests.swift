import ArgumentParser
import Foundation
import Interchange
import Testing

@testable import ClientCLI

@Suite("The pages of docs/formats")
struct FormatDocumentTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/formats")

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test("Every format that is read or written has its line, every line a page that is there, and no page stands alone")
    func pages() throws {
        let index = try Self.text("README.md")
        for code in Set(ImportFormat.allCases.map(\.rawValue) + ExportFormat.allCases.map(\.rawValue) + ["kept", "evidence"]) {
            #expect(index.contains("`\(code)`"), "\(code)")
        }
        let linked = Set(index.matches(of: /\(([a-z-]+\.md)\)/).map { String($0.1) })
        let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0 != "README.md" }
        #expect(linked == Set(there))
    }

    @Test("Each page says what maps to what, and what is told, kept or left out; commands that it names are there")
    func contents() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) where name != "README.md" {
            let page = try Self.text(name)
            let told = ["**Told", "**Kept", "**Left in", "**Left out", "**Refused", "private note"].contains(where: page.contains)
            #expect(told || name == "whitepaper.md", "\(name)")
            for match in page.matches(of: /`buntan ([a-z]+)/) {
                let known = Buntan.configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
                #expect(known.contains(String(match.1)), "\(name): \(match.1)")
            }
        }
    }
}
