import ArgumentParser
import BuntanProtocol
import Wording

/// The data folder, for commands beside a running server or without one.
struct DataOption: ParsableArguments {
    @Option(help: .spoken(.data), completion: .directory)
    var data: String?

    var folder: ServerFolder {
        ServerFolder(path: data ?? Speaker.current.environment[ConfigurationKey.data.variable] ?? ConfigurationKey.data.fallback)
    }
}

extension Speaker {
    /// The space that somebody names, as 32 hexadecimal digits; refused where there is none here.
    func space(named name: String, where isHere: (SpaceID) throws -> Bool) throws -> SpaceID {
        guard let space = SpaceID(Hexadecimal.bytes(name) ?? []), try isHere(space) else {
            throw refusing(.usage, ServerPhrases.unknownSpace, ["space": .text(name)])
        }
        return space
    }
}

extension ArgumentHelp {
    /// The help of an option in the language of the command that runs.
    static func spoken(_ entry: ServerHelpPhrases) -> ArgumentHelp { ArgumentHelp(entry.spoken) }

    /// The help of a setting, with what holds where it is not given.
    static func spoken(_ entry: ServerHelpPhrases, _ key: ConfigurationKey) -> ArgumentHelp {
        guard !key.fallback.isEmpty else { return spoken(entry) }
        return ArgumentHelp(
            ServerHelpPhrases.withDefault.text(in: Language.spoken, ["help": .text(entry.spoken), "value": .text(key.fallback)]))
    }
}
