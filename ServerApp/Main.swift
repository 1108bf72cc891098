import ArgumentParser

/// `buntan-server`: keeps the logs of organisations and orders what they write.
@main struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buntan-server", abstract: "The server of Buntan: keeps logs, orders entries, keeps tenants apart.",
        subcommands: [ServeCommand.self, OrgCommand.self, CheckCommand.self, BackupCommand.self])
}
