import ArgumentParser
import Foundation
import Wording

@main struct Main {
    static func main() async {
        AllocatorTuning.apply()
        // A file that may not grow is an error of the write, as a full disk is, and no death.
        signal(SIGXFSZ, SIG_IGN)
        exit(await ServerProgram.run(Array(CommandLine.arguments.dropFirst()), as: .current))
    }
}

/// `buntan-server`: keeps the logs of organisations and orders what they write.
struct BuntanServer: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "buntan-server", abstract: ServerHelpPhrases.program.spoken, version: ProgramVersion.text,
            subcommands: [
                ServeCommand.self, OrgCommand.self, CheckCommand.self, BackupCommand.self, RepairCommand.self, ReopenCommand.self,
                EraseCommand.self,
            ])
    }
}
