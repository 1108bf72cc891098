/// A language in which both programs can speak.
package enum Language: String, Sendable, CaseIterable {
    case en, ja

    /// Makes the language of a tag such as `ja`, `ja_JP.UTF-8` or `en-GB`, or `nil` for one that has no table here.
    ///
    /// `C` and `POSIX` mean English: they are what a machine without a locale says.
    package init?(tag: String) {
        let primary = tag.lowercased().prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }
        switch primary {
        case "ja": self = .ja
        case "en", "c", "posix": self = .en
        default: return nil
        }
    }

    /// Returns the language of the system's locale: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
    ///
    /// As in POSIX the first one that is set decides, even if its language is one we don't have; English stands in then.
    package static func ofLocale(_ environment: [String: String]) -> Language? {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let tag = environment[name], !tag.isEmpty { return Language(tag: tag) ?? .en }
        }
        return nil
    }

    /// The language of the command that runs, for texts asked for where nothing can be handed in, such as option help.
    @TaskLocal package static var spoken: Language = .en
}
