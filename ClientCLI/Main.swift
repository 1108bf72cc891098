import ArgumentParser
import Wording

@main
struct Main {
    static func main() async {
        await Program.main(Buntan.self) { FaultWords.failure($0) }
    }
}

/// The root of the commands.
struct Buntan: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "buntan", abstract: CommandPhrases.root.spoken, version: ProgramVersion.text,
            subcommands: Self.start + Self.provider + Self.engagement + Self.rows + Self.records + Self.standing + Self.exchange
                + Self.proof,
            defaultSubcommand: HereCommand.self)
    }
}
