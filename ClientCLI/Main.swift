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
    static let configuration = CommandConfiguration(
        commandName: "buntan", version: "0.1.0",
        subcommands: Self.start + Self.provider + Self.rows + Self.standing + Self.exchange + Self.proof)
}
