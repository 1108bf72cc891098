import ArgumentParser
import Dispatch
import Wording

@main
struct Main {
    /// Not `async`: what runs tasks opens files of its own first, which would be taken for standard input and output where
    /// those are closed.
    static func main() {
        StandardDescriptors.fill()
        Task { await Program.main(Buntan.self) { FaultWords.failure($0) } }
        dispatchMain()
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
