import BuntanProtocol
import Foundation
import Testing

/// PROTOCOL.md is the authority: what it says in tables is what the code says.
@Suite struct DocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    private static let url = root.appending(path: "Protocol/PROTOCOL.md")

    private static func document() throws -> String { try String(contentsOf: url, encoding: .utf8) }

    /// The cells of every table row of a section, given by the beginning of its heading.
    private static func rows(under heading: String) throws -> [[String]] {
        let lines = try document().components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix(heading) }, "no heading \(heading)")
        let level = heading.prefix { $0 == "#" }.count
        let end =
            lines[(start + 1)...].firstIndex { line in
                line.hasPrefix("#") && line.prefix { $0 == "#" }.count <= level
            } ?? lines.count
        return lines[(start + 1)..<end].filter { $0.hasPrefix("|") && !$0.hasPrefix("|---") }.map { line in
            line.dropFirst().dropLast().components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private static func code(_ cell: String) -> String? {
        guard cell.hasPrefix("`"), let end = cell.dropFirst().firstIndex(of: "`") else { return nil }
        return String(cell[cell.index(after: cell.startIndex)..<end])
    }

    @Test("The codes of section 8 are those of the code, with their classes and statuses")
    func codes() throws {
        let rows = try Self.rows(under: "### Codes").filter { $0.count == 4 && Self.code($0[0]) != nil }
        #expect(rows.compactMap { Self.code($0[0]) } == Code.allCases.map(\.rawValue))
        for (row, code) in zip(rows, Code.allCases) {
            #expect(row[1] == code.answerClass.rawValue, "\(code)")
            #expect(row[2] == String(code.httpStatus), "\(code)")
        }
    }

    @Test("The methods of section 8 are those of the code, with a heading and an example each")
    func methods() throws {
        let rows = try Self.rows(under: "## 8.").filter { $0.count == 2 }
        let named = rows.compactMap { row in Self.code(row[0]).map { ($0, row[0].hasSuffix("°")) } }
        #expect(
            named.map(\.0)
                == Method.allCases.map(\.rawValue).sorted { a, b in
                    (named.firstIndex { $0.0 == a } ?? 99) < (named.firstIndex { $0.0 == b } ?? 99)
                })
        let document = try Self.document()
        for method in Method.allCases {
            #expect(named.first { $0.0 == method.rawValue }?.1 == method.isOpen, "\(method)")
            let heading = method == .heads || method == .wait ? "### heads and wait" : "### \(method.rawValue)"
            #expect(document.contains("\n\(heading)\n\n```\n{"), "\(method) has no example")
        }
    }

    @Test("The limits of section 9 are those of the code, all of them, and those marked are announced")
    func limits() throws {
        let values: [(String, Int)] = [
            ("changeBytes", Limits.changeBytes), ("opsPerChange", Limits.opsPerChange), ("valueBytes", Limits.valueBytes),
            ("documentBytes", Limits.documentBytes), ("predecessors", Limits.predecessors), ("lifePredecessors", Limits.lifePredecessors),
            ("headsPerCell", Limits.headsPerCell), ("cellsPerRecord", Limits.cellsPerRecord), ("headsPerRecord", Limits.headsPerRecord),
            ("changesPerPush", Limits.changesPerPush), ("pushBytes", Limits.pushBytes), ("pageBytes", Limits.pageBytes),
            ("decompressionRatio", Limits.decompressionRatio), ("nameBytes", Limits.nameBytes), ("valueByteString", Limits.valueByteString),
            ("nesting", Limits.nesting), ("entriesPerPage", Limits.entriesPerPage), ("leadingStatements", Limits.leadingStatements),
            ("pathHashes", Limits.pathHashes), ("endedEpochs", Limits.endedEpochs),
            ("statementsPerRequest", Limits.statementsPerRequest),
            ("statementBytes", Limits.statementBytes), ("invitationBytes", Limits.invitationBytes),
            ("invitationsPerList", Limits.invitationsPerList), ("genesisBytes", Limits.genesisBytes),
            ("serverNameBytes", Limits.serverNameBytes), ("labelBytes", Limits.labelBytes), ("referenceBytes", Limits.referenceBytes),
            ("wrappedKeysPerStatement", Limits.wrappedKeysPerStatement), ("spacesPerList", Limits.spacesPerList),
            ("noteBytes", Limits.noteBytes), ("heldPerRequest", Limits.heldPerRequest), ("broughtBytes", Limits.broughtBytes),
            ("detailBytes", Limits.detailBytes), ("tokenBytes", Limits.tokenBytes), ("announcedLimits", Limits.announcedLimits),
            ("bodyBytes", Limits.bodyBytes), ("openBodyBytes", Limits.openBodyBytes), ("challengeMillis", Int(Limits.challengeMillis)),
            ("sessionMillis", Int(Limits.sessionMillis)), ("wordsPerSnapshot", Limits.wordsPerSnapshot),
            ("wordBytesPerSnapshot", Limits.wordBytesPerSnapshot), ("stateBuckets", Limits.stateBuckets),
            ("evidenceBytes", Limits.evidenceBytes), ("evidenceFiles", Limits.evidenceFiles), ("bundleBytes", Limits.bundleBytes),
            ("bundleOpenBytes", Limits.bundleOpenBytes), ("bundleSpaces", Limits.bundleSpaces),
            ("bundleChanges", Limits.bundleChanges),
        ]
        let source = try String(contentsOf: Self.root.appending(path: "Protocol/Limits.swift"), encoding: .utf8)
        let declared = source.matches(of: /static let (\w+)(?:: Int64)? =/).map { String($0.1) }
        #expect(Set(declared) == Set(values.map(\.0)), "a limit is missing from this test")
        func snake(_ name: String) -> String { name.reduce("") { $0 + ($1.isUppercase ? "_" + $1.lowercased() : String($1)) } }
        let rows = try Self.rows(under: "## 9.").filter { Self.code($0[0]) != nil }
        #expect(Set(rows.compactMap { Self.code($0[0]) }) == Set(values.map { snake($0.0) }))
        #expect(rows.count == values.count)
        for (name, value) in values {
            let row = try #require(rows.first { Self.code($0[0]) == snake(name) })
            #expect(row[1] == String(value), "\(name)")
        }
        let marked = rows.filter { $0[2] == "✓" }.compactMap { Self.code($0[0]) }
        #expect(marked.sorted() == Limits.announced.map(\.name).sorted())
        for (name, limit) in Limits.announced { #expect(rows.first { Self.code($0[0]) == name }?[1] == String(limit)) }
    }

    @Test("The statements of section 10 are those of the code")
    func statements() throws {
        let device = PublicKey(word0: 0, word1: 0, word2: 0, word3: 0)
        let acts: [Statement.Act] = [
            .revoke(device: device, compromisedAfter: nil), .setCapabilities(device: device, []), .restrict(device: device, []),
            .grantReader(OrganisationID(high: 0, low: 0), expires: 0), .endReader(OrganisationID(high: 0, low: 0)), .endService,
            .policy(leastSchema: 1), .erase([]), .spaceKey(epoch: 1, []),
        ]
        let rows = try Self.rows(under: "## 10.").filter { $0.count == 4 && Int($0[0]) != nil }
        #expect(rows.map { $0[0] } == ["1", "2", "3", "4", "5", "16", "17", "18", "19", "20", "21", "22"])
        for act in acts { #expect(rows.contains { $0[0] == String(act.number) }, "type \(act.number)") }
        let capabilities = Capabilities.names.map { "\($0.capability.rawValue) \($0.name)" }.joined(separator: ", ")
        #expect(try Self.document().contains("Capabilities are a sum: \(capabilities)."))
    }

    @Test("Every label that the code hashes or signs under stands in section 4")
    func labels() throws {
        let known = Set(try Self.rows(under: "## 4.").compactMap { Self.code($0[0]) })
        var used = Set<String>()
        for folder in ["Protocol", "Sources"] {
            let files = try #require(FileManager.default.enumerator(at: Self.root.appending(path: folder), includingPropertiesForKeys: nil))
            for case let file as URL in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /(?:Purpose\.hash\(|Purpose\.prefix\(|\.sign\(|label: )\s*"([a-z-]+)"/) {
                    used.insert(String(match.1))
                }
            }
        }
        // The prefix of a value's commitment has its own line in section 6.
        used.remove("value")
        #expect(used.count > 15, "the labels are not found any more")
        #expect(used.subtracting(known) == [])
        let reserved: Set<String> = ["bucket", "state"]
        #expect(known.subtracting(used).subtracting(reserved) == [])
    }

    @Test("The reasons of section 3 are those of the decoder")
    func reasons() throws {
        let source = try String(contentsOf: Self.root.appending(path: "Protocol/Encoding/CBORReader.swift"), encoding: .utf8)
        let cases = source.matches(of: /\n        case ((?:\w+, )*\w+)(?=\n)/).prefix(2).flatMap { $0.1.components(separatedBy: ", ") }
        let document = try Self.document()
        #expect(cases.count == 16)
        for reason in cases {
            #expect(DecodingFault.Reason(rawValue: reason) != nil)
            #expect(document.contains("`\(reason)`"), "\(reason)")
        }
    }

    @Test("The kinds and fields of section 12 are those of the registry")
    func schema() throws {
        let begin = "<!-- schema: begin (written by the tests from SchemaRegistry.current; UPDATE_GOLDEN=1 renews it) -->\n"
        let end = "<!-- schema: end -->"
        let document = try Self.document()
        let from = try #require(document.range(of: begin)).upperBound
        let to = try #require(document.range(of: end)).lowerBound
        let table = SchemaText.text(of: .current)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            let renewed = String(document[..<from]) + table + String(document[to...])
            try Data(renewed.utf8).write(to: Self.url)
        } else {
            let stored = String(document[from..<to])
            #expect(stored == table, "renew section 12 with UPDATE_GOLDEN=1")
        }
    }

    @Test("Names in the registry are names, and each stands once")
    func names() throws {
        let names = SchemaRegistry.current.kinds.map(\.name)
        #expect(Set(names).count == names.count)
        for kind in SchemaRegistry.current.kinds {
            #expect(Set(kind.fields.map(\.name)).count == kind.fields.count, "\(kind.name)")
            for name in [kind.name] + kind.fields.map(\.name) {
                let bytes = CBORWriter.encode { $0.text(name) }
                #expect(try CBORReader.decode(bytes) { r throws(DecodingFault) in try r.name() } == name)
            }
            for name in kind.key ?? [] {
                let field = try #require(kind.field(name), "\(kind.name).\(name)")
                #expect(field.merge == .writeOnce && field.isRequired, "\(kind.name).\(name) is a key")
            }
        }
    }
}

/// The registry as section 12 prints it.
enum SchemaText {
    static func text(of registry: SchemaRegistry) -> String {
        var text = "\nVersion \(registry.version).\n"
        for kind in registry.kinds {
            let sides = Side.allCases.filter(kind.sides.contains).map(\.name).joined(separator: ", ")
            let spaces = SpaceType.allCases.filter(kind.spaces.contains).map { "\($0)" }.joined(separator: ", ")
            let key = kind.key.map { "[" + $0.joined(separator: ", ") + "]" } ?? "none: UUIDv7"
            text += "\n### `\(kind.name)`\n\nCreated by: \(sides). In: \(spaces). Key: \(key). Since: \(kind.since).\n\n"
            text += "| field | type | merge | written by | notes |\n|---|---|---|---|---|\n"
            for field in kind.fields {
                var type = field.type.name
                if case .enumeration(let codes) = field.type { type += ": " + codes.joined(separator: ", ") }
                let sides = field.sides.map { sides in Side.allCases.filter(sides.contains).map(\.name).joined(separator: ", ") } ?? "owner"
                var notes: [String] = []
                if field.isRequired { notes.append("required") }
                if field.isExpected { notes.append("expected") }
                if let target = field.target { notes.append("names a `\(target)`") }
                if field.isPrivate { notes.append("private") }
                if field.since != kind.since { notes.append("since \(field.since)") }
                text += "| `\(field.name)` | \(type) | \(field.merge.rawValue) | \(sides) | \(notes.joined(separator: ", ")) |\n"
            }
        }
        return text + "\n"
    }
}
