import ArgumentParser

@testable import ServerApp

/// What the server's parser knows, for its page.
enum ServerManual {
    static var program: any ParsableCommand.Type { BuntanServer.self }
    static let variables = ConfigurationKey.allCases.map(\.variable) + [ConfigurationKey.fileVariable]
}
