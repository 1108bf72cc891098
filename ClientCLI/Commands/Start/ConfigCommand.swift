import BuntanProtocol
import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import Foundation
import Replica
import Storage
import Wording

/// Shows settings with the place each value comes from, and changes them.
struct ConfigCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "config", abstract: CommandPhrases.config.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.key)) var key: String?
    @Argument(help: .spoken(.value)) var value: String?
    @Flag(name: .long, help: .spoken(.unset)) var unset = false
    @Flag(name: .long, help: .spoken(.user)) var user = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        let keys: [SettingKey]
        if let key {
            guard let known = SettingKey(rawValue: key) else { throw Self.unknown(key) }
            if unset || value != nil { return try change(known, invocation) }
            keys = [known]
        } else {
            if unset { throw CommandFailure(.missingArgument, ["argument": "<key>"]) }
            keys = SettingKey.allCases
        }
        try show(keys, invocation)
        return .done
    }

    private static func unknown(_ key: String) -> CommandFailure {
        let known = SettingKey.allCases.map(\.rawValue)
        let near = Nearest.words(to: key, among: known).map { CommandFailure.Candidate(name: $0) }
        return CommandFailure(.unknownSetting, ["key": .text(key), "known": .text(known.joined(separator: ", "))], candidates: near)
    }

    private func show(_ keys: [SettingKey], _ invocation: Invocation) throws {
        let settings = invocation.settings
        let server = keys.contains(.server) ? settings.server(known: Self.knownServer(invocation)) : nil
        let items = keys.map { key -> JSONValue in
            let setting = key == .server ? server : settings[key]
            return [
                "key": .text(key.rawValue), "value": .text(orNull: setting?.value), "source": .text(orNull: setting?.source.name),
                "place": .text(orNull: setting?.source.place),
            ]
        }
        try invocation.print(
            .list("config/1", nil, fields: ["key", "value", "source", "place"], items) { [settings] page in
                var table = Table(
                    columns: [Column(title: ""), Column(title: "", fit: .wrapped), Column(title: "", fit: .wrapped)], hasHeads: false)
                for key in keys {
                    let setting = key == .server ? server : settings[key]
                    table.rows.append([
                        Span(key.rawValue),
                        setting.map { Span($0.value) } ?? Span(StartPhrases.configEmpty.text(in: page.language), .faint),
                        Span(setting?.source.text(in: page.language) ?? "", .faint),
                    ])
                }
                page.table(table)
            })
    }

    private func change(_ key: SettingKey, _ invocation: Invocation) throws -> CommandExit {
        // Settings hold wherever a command is run: a file is kept by its whole path.
        let isPath = key == .caFile && value?.isEmpty == false
        let value = isPath ? value.map { URL(fileURLWithPath: $0).standardizedFileURL.path } : value
        if unset, value != nil { throw CommandFailure(.optionsExclude, ["first": "--unset", "second": .text(key.rawValue)]) }
        if let value, let problem = key.problem(with: value) {
            throw CommandFailure(
                .invalidSetting, ["key": .text(key.rawValue), "value": .text(value), "reason": .word(problem.phrase)])
        }
        let layout = StoreLayout(folder: invocation.storePath)
        let isUser = user || !layout.exists
        let file = isUser ? invocation.settings.userFile : invocation.settings.storeFile
        var source = isUser ? SettingSource.user(path: file.path) : .store(path: file.path)
        var settings = invocation.settings
        if value == nil { settings = settings.removing(key, fromUserFile: isUser) }
        if key == .server, !isUser {
            // A store has one place for its server, and a line in its file would be another.
            try moveStore(to: value, settings, invocation)
            if file.values[key] != nil { try file.setting(key, to: nil).write() }
            source = .store(path: layout.database)
        } else {
            try file.setting(key, to: value).write()
        }
        let left = value == nil ? key == .server ? settings.server(known: Self.knownServer(invocation)) : settings[key] : nil
        let item: JSONValue = [
            "key": .text(key.rawValue), "value": .text(orNull: value), "source": .text(source.name), "place": .text(orNull: source.place),
        ]
        try invocation.print(
            .change("setting/1", nil, fields: ["key", "value", "source", "place"], item) { page in
                let place = Fact.text(source.text(in: page.language))
                guard let value else {
                    page.say(StartPhrases.configUnset, ["key": .text(key.rawValue), "place": place])
                    guard let left else { return }
                    let place = Fact.text(left.source.text(in: page.language))
                    return page.say(StartPhrases.configLeft, ["value": .text(left.value), "place": place])
                }
                page.say(StartPhrases.configSet, ["key": .text(key.rawValue), "value": .text(value), "place": place])
            })
        return .done
    }

    /// The address that the store knows; a store that cannot be read knows none.
    private static func knownServer(_ invocation: Invocation) -> String? {
        guard StoreLayout(folder: invocation.storePath).exists else { return nil }
        do { return try OpenStore.existing(invocation).store.read { try $0.knownServer()?.address } } catch { return nil }
    }

    /// The server that a store knows moves with the setting; which server it is, its own name tells at the next sync.
    ///
    /// - Parameter value: `nil` for what the settings name without the store's.
    private func moveStore(to value: String?, _ settings: Settings, _ invocation: Invocation) throws {
        let named = try (value ?? settings.userFile.values[.server]).map { try ServerLink.address($0) }
        let open = try OpenStore.existing(invocation)
        try open.store.write { transaction in
            if value == nil, try transaction.forgetServer() { return }
            guard let named else {
                let known = try transaction.knownServer()?.address ?? ""
                throw CommandFailure(.serverKept, ["server": .text(ServerLink.short(known))], next: "buntan config server URL")
            }
            try transaction.moveServer(to: named)
        }
    }
}

extension SettingKey.Problem {
    var phrase: StartPhrases {
        switch self {
        case .empty: .valueEmpty
        case .hasLineBreak: .valueLineBreak
        case .notALanguage: .valueNoLanguage
        case .notATimeZone: .valueNoTimeZone
        case .notAnAddress: .valueNoAddress
        case .notEncrypted: .valueNotEncrypted
        }
    }
}

extension SettingSource {
    /// The flag, variable or file that the value comes from.
    var place: String? {
        switch self {
        case .flag(let name), .environment(let name): name
        case .store(let path), .user(let path): path
        case .fallback: nil
        }
    }
}
