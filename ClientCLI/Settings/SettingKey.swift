import ClientTransport
import Foundation
import Wording

/// A setting, by the name it has in files and in `buntan config`.
enum SettingKey: String, Sendable, CaseIterable {
    case language, timeZone
    case signatoryName = "signatory.name"
    case signatoryTitle = "signatory.title"
    case server, caFile, proxy

    /// The variable of ours that sets it.
    var variable: String {
        switch self {
        case .language: "BUNTAN_LANG"
        case .timeZone: "BUNTAN_TIME_ZONE"
        case .signatoryName: "BUNTAN_SIGNATORY_NAME"
        case .signatoryTitle: "BUNTAN_SIGNATORY_TITLE"
        case .server: "BUNTAN_SERVER"
        case .caFile: "BUNTAN_CA_FILE"
        case .proxy: "BUNTAN_PROXY"
        }
    }

    /// Variables that all programs share. They come after our files: a choice made for Buntan is the more particular one.
    var sharedVariables: [String] {
        switch self {
        case .language: ["LC_ALL", "LC_MESSAGES", "LANG"]
        case .timeZone: ["TZ"]
        case .proxy: ["HTTPS_PROXY", "https_proxy"]
        case .signatoryName, .signatoryTitle, .server, .caFile: []
        }
    }

    /// What is wrong with a value.
    enum Problem: Sendable, Equatable {
        case empty, hasLineBreak, notALanguage, notATimeZone, notAnAddress, notEncrypted
    }

    /// Returns what is wrong with a value for this key, or `nil` if it can be taken.
    func problem(with value: String) -> Problem? {
        if value.isEmpty { return .empty }
        if value.contains(where: \.isNewline) { return .hasLineBreak }
        switch self {
        case .language: return Language(rawValue: value) == nil ? .notALanguage : nil
        case .timeZone: return Self.isZone(value) ? nil : .notATimeZone
        case .server:
            guard value.contains("://"), let url = ServerURL(value) else { return .notAnAddress }
            return url.isSecure || url.isLoopback ? nil : .notEncrypted
        case .proxy: return ProxyAddress(value) == nil ? .notAnAddress : nil
        case .signatoryName, .signatoryTitle, .caFile: return nil
        }
    }

    /// Whether it is a zone of the tz database, as an agreement names one: an offset or an abbreviation, which is understood here, is
    /// not everywhere.
    private static func isZone(_ name: String) -> Bool {
        guard TimeZone(identifier: name) != nil else { return false }
        return name.contains("/") || ["UTC", "GMT"].contains(name) || TimeZone.knownTimeZoneIdentifiers.contains(name)
    }
}

/// Where the value of a setting comes from.
enum SettingSource: Sendable, Equatable {
    case flag(String)
    case environment(String)
    case store(path: String)
    case user(path: String)
    case fallback

    func text(in language: Language) -> String {
        switch self {
        case .flag(let name): StartPhrases.sourceFlag.text(in: language, ["name": .text(name)])
        case .environment(let name): StartPhrases.sourceEnvironment.text(in: language, ["name": .text(name)])
        case .store(let path): StartPhrases.sourceStore.text(in: language, ["path": .text(path)])
        case .user(let path): StartPhrases.sourceUser.text(in: language, ["path": .text(path)])
        case .fallback: StartPhrases.sourceDefault.text(in: language)
        }
    }

    /// The name of the place in JSON.
    var name: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .store: "store"
        case .user: "user"
        case .fallback: "default"
        }
    }
}
