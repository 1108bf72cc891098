import ArgumentParser
import Testing
import Wording

@testable import ClientCLI

@Suite("Help on every level")
struct HelpTests {
    /// Every command that people are shown, by its path from the program on.
    static let commands: [(path: [String], node: CommandNode)] = {
        func below(_ path: [String], _ node: CommandNode) -> [(path: [String], node: CommandNode)] {
            [(path, node)] + node.shownCommands.flatMap { below(path + [$0.commandName], $0) }
        }
        return below(["buntan"], .root(of: Buntan.self))
    }()

    @Test("Every command says in one line what it does, and every argument and option what it means")
    func abstracts() {
        #expect(Self.commands.count > 40)
        for (path, node) in Self.commands {
            let name = path.joined(separator: " ")
            #expect(node.abstract?.isEmpty == false, "\(name)")
            #expect(path.count == 1 || (node.abstract ?? "").count <= 78, "\(name): \(node.abstract ?? "")")
            for argument in node.shownArguments where !argument.isParsersOwn {
                #expect(argument.abstract?.isEmpty == false, "\(name): \(argument.label)")
            }
        }
    }

    @Test("Every command has examples, and the parser takes each of them for that command")
    func examples() throws {
        for (path, node) in Self.commands {
            let name = path.joined(separator: " ")
            let examples = CommandExamples.of(path)
            #expect(!examples.isEmpty, "\(name)")
            for example in examples {
                let words = Self.words(example)
                #expect(words.first == "buntan")
                let (arranged, found) = ArgumentOrder.arranged(Array(words.dropFirst()), for: Buntan.self)
                // An example of a group is one of a command below it.
                #expect(found.text.hasPrefix(name) || path.count == 1, "\(example) is \(found.text)")
                #expect(throws: Never.self, "\(example)") { try Buntan.parseAsRoot(arranged) }
            }
            _ = node
        }
    }

    @Test("Every command stands in one group of the overview")
    func groups() {
        let grouped = HelpGroup.names.flatMap(\.names)
        #expect(Set(grouped).count == grouped.count)
        for (path, _) in Self.commands where path.count == 2 { #expect(grouped.contains(path[1]), "\(path[1])") }
    }

    @Test("Help begins with what the command does and examples, ends with what all commands take, and fits", arguments: Language.allCases)
    func order(language: Language) throws {
        let root = Language.$spoken.withValue(language) { CommandNode.root(of: Buntan.self) }
        for (path, node) in Self.commands {
            let help = HelpPage(root: root, path: path).text(PageStyle(language: language, columns: 80))
            func place(_ heading: HelpPhrases) -> String.Index? {
                help.firstRange(of: "\n" + heading.text(in: language) + "\n")?.lowerBound
            }
            let examples = try #require(place(.examples), "\(path)")
            let usage = try #require(place(.usage))
            #expect(examples < usage)
            for heading in [HelpPhrases.arguments, .options] { if let at = place(heading) { #expect(usage < at) } }
            if !node.globalOptions.isEmpty {
                let last = try #require(place(.globalOptions))
                #expect(place(.options).map { $0 < last } ?? true)
                #expect(place(.arguments).map { $0 < last } ?? true)
            }
            for line in help.split(separator: "\n") where !line.contains("buntan ") {
                #expect(DisplayWidth.standard(String(line)) <= 80, "\(path): \(line)")
            }
        }
    }

    @Test(
        "--help, -h and help print the same page, and a program alone says the way on", arguments: ["matrix", "outbox retry", "device add"])
    func asking(command: String) async throws {
        let bench = try CommandBench()
        let words = command.split(separator: " ").map(String.init)
        let page = HelpPage(root: .root(of: Buntan.self), path: ["buntan"] + words).text(PageStyle(columns: 80))
        for line in [words + ["--help"], words + ["-h"], ["--json"] + words + ["--help"], ["help"] + words] {
            let help = await bench.run(line)
            #expect(help.exit == .done && help.errors.isEmpty && help.output == page, "\(line)\n\(help.output)")
        }
    }

    @Test("Every command of the server has its page in the same form: examples that it takes, then usage, no line too long")
    func server() async throws {
        #expect(ServerManual.commands.count > 6)
        for (path, _) in ServerManual.commands {
            let examples = ServerManual.examples(path)
            #expect(!examples.isEmpty, "\(path)")
            for example in examples {
                #expect(example.hasPrefix(path.joined(separator: " ")), "\(example)")
                #expect(throws: Never.self, "\(example)") { try ServerManual.accepts(Array(Self.words(example).dropFirst())) }
            }
            for (language, heading) in [("en_US.UTF-8", "\nUSAGE:\n"), ("ja_JP.UTF-8", "\n使い方:\n")] {
                for flag in ["--help", "-h"] {
                    let (exit, output) = await ServerManual.run(Array(path.dropFirst()) + [flag], language: language)
                    #expect(exit == 0 && !output.contains("OVERVIEW") && !output.contains("概要"), "\(output)")
                    let first = try #require(examples.first.flatMap { output.firstRange(of: "  " + $0 + "\n") }, "\(output)")
                    let usage = try #require(output.firstRange(of: heading))
                    #expect(first.upperBound <= usage.lowerBound)
                    for line in output.split(separator: "\n") where !line.contains("buntan-server ") {
                        #expect(DisplayWidth.standard(String(line)) <= 80, "\(line)")
                    }
                }
            }
        }
        let version = await ServerManual.run(["--version"], language: "en")
        #expect(version.exit == 0 && version.output.split(separator: "\n").count == 1, "\(version.output)")
    }

    /// The words of a line as a shell divides them: quotes hold a word together, a redirection ends the command.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line {
            switch character {
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            case ">" where !isQuoted, "<" where !isQuoted: return words
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}
