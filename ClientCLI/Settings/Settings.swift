import ClientTransport
import Foundation
import Wording

/// The settings that hold for one run, each with the place its value comes from.
///
/// Precedence: flag, our environment variable, the store's file, the user's file, variables shared by all programs, default.
struct Settings: Sendable {
    struct Setting: Sendable, Equatable {
        var value: String
        var source: SettingSource
    }

    let storePath: String
    let storeSource: SettingSource
    private(set) var values: [SettingKey: Setting] = [:]
    /// The two files as they were read, with what is wrong in them.
    private(set) var storeFile: SettingsFile
    private(set) var userFile: SettingsFile
    private let environment: [String: String]

    init(
        options: GlobalOptions, environment: [String: String], directories: Directories, user: SettingsFile,
        flags: [SettingKey: (name: String, value: String)] = [:]
    ) {
        if let path = options.store {
            (storePath, storeSource) = (path, .flag("--store"))
        } else if let path = environment["BUNTAN_STORE"], !path.isEmpty {
            (storePath, storeSource) = (path, .environment("BUNTAN_STORE"))
        } else {
            (storePath, storeSource) = (directories.defaultStore, .fallback)
        }
        self.environment = environment
        userFile = user
        storeFile = SettingsFile.read(Self.filePath(ofStore: storePath))
        var flags = flags
        if let language = options.lang { flags[.language] = ("--lang", language.rawValue) }
        for key in SettingKey.allCases {
            values[key] = Self.setting(key, flag: flags[key], environment, storeFile, userFile)
        }
    }

    static func filePath(ofStore path: String) -> String { path + "/config" }

    subscript(_ key: SettingKey) -> Setting? { values[key] }

    func value(_ key: SettingKey) -> String? { values[key]?.value }

    /// Returns the settings with the flags of a command that uses the network.
    func applying(_ network: NetworkOptions) -> Settings {
        var result = self
        if let file = network.caFile { result.values[.caFile] = Setting(value: file, source: .flag("--ca-file")) }
        if let proxy = network.proxy { result.values[.proxy] = Setting(value: proxy, source: .flag("--proxy")) }
        return result
    }

    /// Returns the settings that hold once one of the files no longer has a key.
    func removing(_ key: SettingKey, fromUserFile isUser: Bool) -> Settings {
        var result = self
        if isUser { result.userFile = userFile.setting(key, to: nil) } else { result.storeFile = storeFile.setting(key, to: nil) }
        if case .flag? = values[key]?.source { return result }
        result.values[key] = Self.setting(key, flag: nil, environment, result.storeFile, result.userFile)
        return result
    }

    /// The server that commands of this store speak to: one named for this run, else the one that the store knows, else one
    /// that a file names for a store that knows none yet.
    func server(known: String?) -> Setting? {
        let set = values[.server]
        switch set?.source {
        case .flag?, .environment?: return set
        case .store?, .user?, .fallback?, nil:
            return known.map { Setting(value: $0, source: .store(path: StoreLayout(folder: storePath).database)) } ?? set
        }
    }

    /// The proxy by which a server is reached, if it is by one: for HTTPS alone, since anything else never leaves this machine.
    func proxy(to server: ServerURL) -> String? {
        guard server.isSecure, let proxy = value(.proxy), !passesProxyBy(for: server.host) else { return nil }
        return proxy
    }

    /// Whether a host is reached without the proxy, as NO_PROXY says beside HTTPS_PROXY: names, with all below them, or `*`.
    ///
    /// A proxy that was set for Buntan holds whatever the variables of all programs say.
    private func passesProxyBy(for host: String) -> Bool {
        guard case .environment(let name)? = values[.proxy]?.source, SettingKey.proxy.sharedVariables.contains(name) else { return false }
        let list = [environment["NO_PROXY"], environment["no_proxy"]].compactMap(\.self).first { !$0.isEmpty } ?? ""
        let host = host.lowercased()
        return list.lowercased().split(whereSeparator: { ", ".contains($0) }).contains { part in
            let name = part.drop { $0 == "." }
            return name == "*" || !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }

    /// What is wrong in the two files.
    var faults: [(path: String, fault: SettingsFile.Fault)] {
        [storeFile, userFile].flatMap { file in file.faults.map { (file.path, $0) } }
    }

    var language: Language { value(.language).flatMap { Language(rawValue: $0) } ?? .en }

    /// The zone in which times are shown: the one set, else the system's.
    var timeZone: TimeZone { value(.timeZone).flatMap { TimeZone(identifier: $0) } ?? .current }

    /// Returns the language before a command line is understood: its errors are to be said in it too.
    static func language(flag: Language?, environment: [String: String], files: [SettingsFile]) -> Language {
        if let flag { return flag }
        if let language = environment[SettingKey.language.variable].flatMap({ Language(tag: $0) }) { return language }
        for file in files {
            if let language = file.values[.language].flatMap({ Language(rawValue: $0) }) { return language }
        }
        return Language.ofLocale(environment) ?? .en
    }

    private static func setting(
        _ key: SettingKey, flag: (name: String, value: String)?, _ environment: [String: String], _ store: SettingsFile,
        _ user: SettingsFile
    ) -> Setting? {
        if let flag { return Setting(value: flag.value, source: .flag(flag.name)) }
        if let value = environment[key.variable], let taken = taken(value, for: key) {
            return Setting(value: taken, source: .environment(key.variable))
        }
        if let value = store.values[key] { return Setting(value: value, source: .store(path: store.path)) }
        if let value = user.values[key] { return Setting(value: value, source: .user(path: user.path)) }
        for variable in key.sharedVariables {
            guard let value = environment[variable], !value.isEmpty else { continue }
            // The first one set decides, even if it says a language we don't have.
            if key == .language { return Setting(value: (Language(tag: value) ?? .en).rawValue, source: .environment(variable)) }
            if let taken = taken(value, for: key) { return Setting(value: taken, source: .environment(variable)) }
        }
        return key == .language ? Setting(value: Language.en.rawValue, source: .fallback) : nil
    }

    private static func taken(_ value: String, for key: SettingKey) -> String? {
        if key == .language { return Language(tag: value)?.rawValue }
        // One that cannot be used stops what would use it: going around a proxy, or to another server, in silence is not for us to decide.
        if key == .proxy || key == .server { return value.isEmpty ? nil : value }
        return key.problem(with: value) == nil ? value : nil
    }
}
