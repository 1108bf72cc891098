import Foundation
import Synchronization
import Testing
import Wording

@testable import ClientCLI

/// Runs commands and holds their output against the schemas.
final class FormatRun: Sendable {
    let bench: CommandBench
    private let book: SchemaBook
    /// Each guards its own names: a story runs one command after another, whichever thread each is on.
    private let coveredNames = Mutex(Set<String>())
    private let fittedNames = Mutex(Set<String>())

    /// The commands that were run and ended well, by their path.
    var covered: Set<String> { coveredNames.withLock { $0 } }

    /// The schemas that an output fitted, by their names.
    var fitted: Set<String> { fittedNames.withLock { $0 } }

    init(_ bench: CommandBench) throws {
        self.bench = bench
        book = try SchemaBook.read()
    }

    /// Runs a writing command once.
    @discardableResult
    func write(_ line: String, _ store: String, exit: CommandExit = .done, at location: SourceLocation = #_sourceLocation) async throws
        -> JSONValue
    {
        let outcome = await bench.run(words(line) + ["--json", "--yes"], store: store)
        #expect(outcome.exit == exit, "\(line): \(outcome.errors)", sourceLocation: location)
        let document = try JSONReader.value(outcome.output)
        fit(document, line, at: location)
        if exit == .done || exit == .found { cover(line) }
        return document
    }

    /// Runs a reading command in every form: they agree with one another and with the schema, and a second run says the same.
    @discardableResult
    func read(_ line: String, _ store: String, exit: CommandExit = .done, at location: SourceLocation = #_sourceLocation) async throws
        -> JSONValue
    {
        let document = try await write(line, store, exit: exit, at: location)
        let again = await bench.run(words(line) + ["--json", "--yes"], store: store)
        #expect(try JSONReader.value(again.output) == document, "\(line): not the same twice", sourceLocation: location)
        guard case .text(let format)? = document["format"] else { return document }
        var items: [JSONValue] = document["item"].map { [$0] } ?? []
        if case .list(let elements)? = document["items"] { items = elements }
        let lines = await bench.run(words(line) + ["--jsonl"], store: store).output.split(separator: "\n")
        #expect(try lines.map { try JSONReader.value(String($0)) } == items, "\(line) --jsonl", sourceLocation: location)
        for item in items {
            #expect(book.findings(inItem: item, ofFormat: format).isEmpty, "\(line)", sourceLocation: location)
        }
        let plain = await bench.run(words(line) + ["--plain"], store: store)
        let rows = plain.output.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(rows.count == items.count + 1, "\(line) --plain\n\(plain.output)", sourceLocation: location)
        #expect(Set(rows.map(\.count)).count == 1, "\(line) --plain: columns\n\(plain.output)", sourceLocation: location)
        // Every member is a column, in its order, or has its own members as columns.
        let columns = (rows.first ?? []).map { String($0.prefix { $0 != "." }) }.reduce(into: [String]()) { names, name in
            if names.last != name { names.append(name) }
        }
        for item in items {
            guard case .object(let members) = item else { continue }
            let names = members.map(\.name)
            #expect(columns.filter { names.contains($0) } == names, "\(line): \(names) in \(columns)", sourceLocation: location)
        }
        // And every column can be picked, in any order.
        let picks = (rows.first ?? []).reversed().map(String.init)
        let picked = await bench.run(words(line) + ["--plain", "--fields", picks.joined(separator: ",")], store: store)
        #expect(picked.exit == exit, "\(line) --fields \(picks): \(picked.errors)", sourceLocation: location)
        #expect(picked.output.split(separator: "\n").first.map(String.init) == picks.joined(separator: "\t"), sourceLocation: location)
        return document
    }

    /// Runs a command that fails, and returns its code.
    func fail(_ line: String, _ store: String, at location: SourceLocation = #_sourceLocation) async throws -> String {
        if case .text(let code)? = try await failing(line, store, at: location)["code"] { return code }
        return ""
    }

    /// Runs a command that fails, and returns what it says of that.
    func failing(_ line: String, _ store: String, at location: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        let outcome = await bench.run(words(line) + ["--json", "--no-input"], store: store)
        #expect(![.done, .found].contains(outcome.exit), "\(line)", sourceLocation: location)
        #expect(outcome.errors.hasPrefix("buntan: "), "\(line): \(outcome.errors)", sourceLocation: location)
        let document = try JSONReader.value(outcome.output)
        #expect(document["format"] == "buntan.error/1", "\(outcome.output)", sourceLocation: location)
        fit(document, line, at: location)
        #expect(document["exit"] == .integer(Int64(outcome.exit.rawValue)), sourceLocation: location)
        return document
    }

    var path: String { bench.path }

    /// Holds what a command writes as a whole against the schema that it names.
    func document(_ line: String, _ store: String, at location: SourceLocation = #_sourceLocation) async throws {
        let outcome = await bench.run(words(line), store: store)
        fit(try JSONReader.value(outcome.output), line, at: location)
    }

    /// Holds a document against the schema of the format that it names.
    func fit(_ document: JSONValue, _ what: String, at location: SourceLocation) {
        let findings = book.findings(in: document)
        #expect(findings.isEmpty, "\(what)\n\(findings)\n\(JSONWriter.text(document))", sourceLocation: location)
        guard findings.isEmpty, case .text(let format)? = document["format"], let name = book.name(ofFormat: format) else { return }
        fittedNames.withLock { _ = $0.insert(name) }
    }

    private func cover(_ line: String) {
        let command = ArgumentOrder.arranged(words(line), for: Buntan.self).1.text
        coveredNames.withLock { _ = $0.insert(command) }
    }

    func words(_ line: String) -> [String] { line.split(separator: " ").map { String($0.replacing("_", with: " ")) } }
}

struct FormatFault: Error {}
