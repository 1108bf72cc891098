import ArgumentParser

@testable import ServerApp

/// What the server's parser knows, for its page.
enum ServerManual {
    static var program: any ParsableCommand.Type { BuntanServer.self }
    static func examples(_ path: [String]) -> [String] { ServerHelp.examples[path.joined(separator: " ")] ?? [] }
    static let variables = ConfigurationKey.allCases.map(\.variable) + [ConfigurationKey.fileVariable]
}

/// What help of the server is held against.
extension ServerManual {
    /// Every command by its path from the program on.
    static var commands: [(path: [String], type: any ParsableCommand.Type)] {
        func below(_ path: [String], _ type: any ParsableCommand.Type) -> [(path: [String], type: any ParsableCommand.Type)] {
            [(path, type)] + type.configuration.subcommands.flatMap { below(path + [$0._commandName], $0) }
        }
        return below(["buntan-server"], BuntanServer.self)
    }

    static func accepts(_ words: [String]) throws { _ = try BuntanServer.parseAsRoot(words) }

    /// What the program prints.
    static func run(_ words: [String], language: String) async -> (exit: Int32, output: String) {
        let output = Captured()
        let speaker = Speaker(environment: ["LANG": language], output: { text in try? output.write(Array(text.utf8)) }, errors: { _ in })
        return (await ServerProgram.run(words, as: speaker), output.text)
    }
}
