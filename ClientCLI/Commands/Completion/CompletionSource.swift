import BuntanProtocol
import ChangeLog
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Knows what could stand at the cursor: from the commands themselves, and from the store as it lies there.
struct CompletionSource {
    /// Printed alone, it leaves the word to the shell's own completion of files or folders.
    static let files = ":files"
    static let folders = ":folders"
    /// More than anybody reads are of no use, and slow.
    static let most = 2_000

    private let typed: TypedWords
    private let invocation: Invocation

    init(_ typed: TypedWords, _ invocation: Invocation) {
        self.typed = typed
        self.invocation = invocation
    }

    func candidates() -> [String] {
        var found: [String]
        switch typed.place {
        case .nothing: found = []
        case .option:
            found = (typed.node.ownOptions + typed.node.globalOptions).compactMap(\.spellings.last) + ["--help"]
        case .command:
            found = typed.node.shownCommands.map(\.commandName)
            if case .value(let name, let values) = typed.argumentPlace { found += self.values(name, values) }
        case .value(let name, let values): found = self.values(name, values)
        }
        if found == [Self.files] || found == [Self.folders] { return found }
        var seen = Set<String>()
        return found.filter { $0.hasPrefix(typed.prefix) && seen.insert($0).inserted }.prefix(Self.most).map { typed.lead + $0 }
    }

    private var command: String { typed.path.joined(separator: " ") }

    // MARK: what needs no store

    private func values(_ name: String, _ values: [String]) -> [String] {
        guard values.isEmpty else { return values }
        switch name {
        case "file": return [Self.files]
        case "dir": return [Self.folders]
        case "language": return Language.allCases.map(\.rawValue)
        case "shell": return CompletionScript.allCases.map(\.rawValue)
        case "topic": return HelpTopics.allCases.map(\.rawValue) + CommandNode.root(of: Buntan.self).shownCommands.map(\.commandName)
        case "key": return SettingKey.allCases.map(\.rawValue)
        case "value" where typed.arguments == [SettingKey.language.rawValue]: return Language.allCases.map(\.rawValue)
        case "right,right": return listed(Capabilities.names.map(\.name))
        case "allocation": return Vocabulary.allocation
        case "model": return Vocabulary.serviceModel
        case "deployment": return Vocabulary.deploymentModel
        case "audience": return Audience.allCases.map(\.rawValue)
        case "format":
            let exported = ExportFormat.allCases.map(\.rawValue) + [ExportCommand.evidence, ExportCommand.kept]
            return command == "export" ? exported : ImportFormat.allCases.map(\.rawValue)
        case "kind": return SchemaRegistry.current.kinds.filter { $0.list == nil }.map(\.name)
        case "field=value": return conditions
        default: return stored(name)
        }
    }

    /// One more element of a list divided by commas.
    private func listed(_ elements: [String]) -> [String] {
        let before = typed.prefix.lastIndex(of: ",").map { String(typed.prefix[...$0]) } ?? ""
        let taken = Set(before.split(separator: ",").map(String.init))
        return elements.filter { !taken.contains($0) }.map { before + $0 }
    }

    private var conditions: [String] {
        if command == "edit", let kind = typed.arguments.first.flatMap({ SchemaRegistry.current.kind($0) }) {
            return kind.fields.map { $0.name + "=" }
        }
        return Vocabulary.allocation.map { "allocation=\($0)" }
            + ["open", "agreed", "disputed", "unsettled", "reworded"].map { "state=\($0)" }
    }

    // MARK: what the store holds

    private func stored(_ name: String) -> [String] {
        let wanted: Set<String> = ["row", "id", "name", "field", "change", "release", "a..b", "label", "fingerprint"]
        guard wanted.contains(name), let open = existingStore else { return [] }
        defer { do { try open.file.close() } catch {} }
        do { return try read(name, open) } catch { return [] }
    }

    private func read(_ name: String, _ open: OpenStore) throws -> [String] {
        let selector = try Selector(open)
        switch (name, command) {
        case ("name", "use"), ("name", "confirm"), ("name", ""), ("name", "engagement end"), ("name", "service retire"),
            ("name", "service handover"):
            return handles(selector)
        case ("name", "device set"), ("name", "device revoke"):
            return try open.store.read { try ListedDevice.all($0) }.filter { $0.revoked == nil }.map(\.label)
        case ("fingerprint", "auditor end"):
            return try open.store.read { reader in
                try selector.directory.engagements.flatMap { try open.reading.auditors(of: $0, reader).map(\.auditor.fingerprint) }
            }
        // Elsewhere a name is one that is given; a service or engagement is meant by an option alone.
        case ("name", _): return typed.node.positionals.contains { $0.valueName == "name" } && !isAtOption ? [] : handles(selector)
        case ("release", "withdraw"), ("a..b", _): return try releases(selector, open)
        case ("row", _): return try rows(selector, open)
        case ("field", "resolve"): return try conflicts(selector, open).map(\.cell.key.shown)
        case ("id", "resolve"): return try conflicts(selector, open).map { $0.row?.pasteable ?? $0.name }
        case ("id", "outbox retry"), ("id", "outbox discard"):
            return try open.store.read { try $0.outbox(of: nil) }.map(\.item.change.shortInOutbox)
        case ("id", _), ("change", _): return try rows(selector, open) + records(selector, open)
        default: return []
        }
    }

    /// Whether the word at the cursor is the value of an option.
    private var isAtOption: Bool { typed.argumentPlace != typed.place }

    private func handles(_ selector: Selector) -> [String] {
        selector.directory.engagements.map(\.handle) + selector.directory.services.map(\.handle)
    }

    private func rows(_ selector: Selector, _ open: OpenStore) throws -> [String] {
        let selection = try selector.either()
        let index = RowIndex(try open.store.read { try Matrix.keys(selection, open.reading, $0) })
        return index.keys.map { index.address(of: $0) }
    }

    private func conflicts(_ selector: Selector, _ open: OpenStore) throws -> [ShownConflict] {
        let selection = try selector.either()
        let all = try open.store.read { try selector.conflicts(of: selection, $0) }
        guard let address = typed.arguments.first else { return all }
        return all.filter { $0.row?.pasteable == address || $0.name == address }
    }

    private func releases(_ selector: Selector, _ open: OpenStore) throws -> [String] {
        let service = try selector.service()
        let labels = try open.store.read { try open.reading.releases(of: service.service, $0) }.map(\.label)
        guard let dots = typed.prefix.firstRange(of: "..") else { return labels }
        return labels.map { typed.prefix[..<dots.upperBound] + $0 }
    }

    /// Short ids of records that are no rows: comments, notes and the like.
    private func records(_ selector: Selector, _ open: OpenStore) throws -> [String] {
        let selection = try selector.either()
        return try open.store.read { reader in
            let spaces = try selector.spaces(of: selection, reader)
            let kinds = SchemaRegistry.current.kinds.map(\.name).filter { !["responsibility", "responsibility-position"].contains($0) }
            let ids = try spaces.flatMap { space in
                try kinds.flatMap { try reader.records(of: $0, in: space, after: nil, limit: Self.most).filter(\.shown.isAlive).map(\.id) }
            }
            return ids.map { leastLetters(of: $0.bytes) }
        }
    }

    /// The store that the typed words mean, if there is one of this program's own version: opening another would change it.
    private var existingStore: OpenStore? {
        var options = invocation.options
        options.store = typed.options["--store"]
        options.service = typed.options["--service"]
        options.engagement = typed.options["--engagement"]
        options.quiet = true
        let settings = Settings(
            options: options, environment: invocation.console.environment, directories: invocation.directories,
            user: invocation.settings.userFile)
        let meant = Invocation(console: invocation.console, options: options, settings: settings, directories: invocation.directories)
        guard SQLiteStore.isCurrent(StoreLayout(folder: meant.storePath).database) else { return nil }
        do { return try OpenStore.existing(meant) } catch { return nil }
    }
}

extension SQLiteStore {
    /// Whether the file at a path is a store of this program's version, told from its first bytes alone.
    static func isCurrent(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { do { try file.close() } catch {} }
        do {
            guard let head = try file.read(upToCount: 100), head.count == 100 else { return false }
            // SQLite keeps the number that a program gives its files in bytes 60 to 63.
            return head[60..<64].reduce(0) { $0 << 8 | Int($1) } == schemaVersion
        } catch { return false }
    }
}
