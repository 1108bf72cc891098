import ArgumentParser

/// The command that words on the command line name.
struct CommandPath {
    var commands: [any ParsableCommand.Type]
    /// The first word that names no command where one could stand.
    var unknownWord: String?

    var last: (any ParsableCommand.Type)? { commands.last }
    /// The words as they are typed, from the name of the program.
    var text: String { commands.map { $0._commandName }.joined(separator: " ") }
}

/// Brings global flags behind the command they stand before: the parser takes them only there.
enum ArgumentOrder {
    /// Returns the arguments with every global flag behind the last command word, and the command they name.
    ///
    /// `--json service -s x add Y` becomes `service add --json -s x Y`. What follows `--` stays.
    static func arranged(_ arguments: [String], for root: any ParsableCommand.Type) -> ([String], CommandPath) {
        var path = CommandPath(commands: [root])
        var words: [String] = []
        var moved: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if argument == "--" { break }
            if let count = globalCount(argument) {
                let end = min(index + count, arguments.count)
                moved += arguments[index..<end]
                index = end
                continue
            }
            if argument.hasPrefix("-"), argument != "-" { break }
            guard let next = path.last?.configuration.subcommands.first(where: { names(of: $0).contains(argument) }) else {
                if path.last?.configuration.subcommands.isEmpty == false { path.unknownWord = argument }
                break
            }
            path.commands.append(next)
            words.append(argument)
            index += 1
        }
        // A group shows its help, or that it has no such command, whatever flags stand around it: it takes none itself.
        if path.commands.count > 1, index == arguments.count || path.unknownWord != nil, let last = path.last,
            !last.configuration.subcommands.isEmpty,
            last.configuration.defaultSubcommand == nil, !(last is any ConsoleCommand.Type)
        {
            return (words + [path.unknownWord].compactMap(\.self), path)
        }
        return (words + moved + arguments[index...], path)
    }

    static func names(of command: any ParsableCommand.Type) -> [String] { [command._commandName] + command.configuration.aliases }

    /// Returns how many arguments a global flag takes up, or `nil` if this is none.
    private static func globalCount(_ argument: String) -> Int? {
        if GlobalOptions.flagNames.contains(argument) { return 1 }
        if GlobalOptions.valueNames.contains(argument) { return 2 }
        if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
            return GlobalOptions.valueNames.contains(String(argument[..<equals])) ? 1 : nil
        }
        // Several short flags in one word, as in -qy.
        guard argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.count > 2 else { return nil }
        return argument.dropFirst().allSatisfy { GlobalOptions.flagNames.contains("-\($0)") } ? 1 : nil
    }
}
