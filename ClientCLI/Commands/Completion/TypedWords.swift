import Wording

/// A command line that is being typed, as far as it is understood: which command it is, and what its last word is to be.
struct TypedWords {
    /// What could stand where the cursor is.
    enum Place: Equatable {
        /// A command below the one that is typed, or its first argument.
        case command
        case option
        /// The value of an option, or an argument, by the name of its value.
        case value(String, values: [String])
        case nothing
    }

    /// The names of the command, without the program's.
    private(set) var path: [String] = []
    private(set) var node: CommandNode
    /// The arguments before the cursor.
    private(set) var arguments: [String] = []
    /// The values of options before the cursor, by the longest spelling of each.
    private(set) var options: [String: String] = [:]
    private(set) var place = Place.nothing
    /// What of the word is typed, and what of it stands before the value, as in `--where=sta`.
    private(set) var prefix = ""
    private(set) var lead = ""

    /// Reads the words after the program's name; the last is the one at the cursor and may be empty.
    init(_ words: [String], root: CommandNode) {
        node = root
        let current = words.last ?? ""
        var pending: ArgumentNode?
        var isTerminated = false
        for word in words.dropLast() {
            if let option = pending {
                options[option.spellings.last ?? ""] = word
                pending = nil
            } else if isTerminated {
                arguments.append(word)
            } else if word == "--" {
                isTerminated = true
            } else if word.hasPrefix("-"), word != "-" {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                guard let option = option(parts[0], root), option.takesValue else { continue }
                if parts.count == 2 { options[option.spellings.last ?? ""] = parts[1] } else { pending = option }
            } else if arguments.isEmpty, let next = node.shownCommands.first(where: { $0.commandName == word }) {
                node = next
                path.append(word)
            } else {
                arguments.append(word)
            }
        }
        prefix = current
        if let option = pending {
            place = .value(option.valueName ?? "", values: option.allValues ?? [])
        } else if !isTerminated, current.hasPrefix("-"), current != "-" {
            place = .option
            if let equals = current.firstIndex(of: "="), let option = option(String(current[..<equals]), root), option.takesValue {
                place = .value(option.valueName ?? "", values: option.allValues ?? [])
                lead = String(current[...equals])
                prefix = String(current[current.index(after: equals)...])
            }
        } else if arguments.isEmpty, !node.shownCommands.isEmpty {
            place = .command
        } else {
            place = argumentPlace
        }
    }

    /// The argument that comes next.
    var argumentPlace: Place {
        let positionals = node.positionals
        let next = arguments.count < positionals.count ? positionals[arguments.count] : positionals.last { $0.isRepeating }
        return next.map { .value($0.valueName ?? "", values: $0.allValues ?? []) } ?? .nothing
    }

    /// Global options may stand before the command, where the node has none of its own.
    private func option(_ spelling: String, _ root: CommandNode) -> ArgumentNode? {
        node.shownArguments.first { $0.spellings.contains(spelling) }
            ?? root.shownCommands.lazy.compactMap { $0.globalOptions.first { $0.spellings.contains(spelling) } }.first
    }
}
