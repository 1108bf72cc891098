/// The texts of `help TOPIC`. The raw values are the topics as they are typed.
package enum HelpTopics: String, PhraseTable {
    package static let section = "topic"

    case gettingStarted = "getting-started"
    case conflicts, disputes, rows
    case exitCodes = "exit-codes"
    case environment, files, formats, upgrade, uninstall

    package var phrase: Phrase {
        switch self {
        case .gettingStarted: Self.gettingStartedText
        case .conflicts: Self.conflictsText
        case .disputes: Self.disputesText
        case .rows: Self.rowsText
        case .exitCodes: Self.exitCodesText
        case .environment: Self.environmentText
        case .files: Self.filesText
        case .formats: Self.formatsText
        case .upgrade: Self.upgradeText
        case .uninstall: Self.uninstallText
        }
    }
}
