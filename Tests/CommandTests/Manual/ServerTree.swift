import Wording

@testable import ClientCLI

extension ServerManual {
    static var tree: CommandNode { .root(of: program) }
}
