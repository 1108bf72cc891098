import ArgumentParser

extension Buntan {
    static let start: [any ParsableCommand.Type] = []
    static let exchange: [any ParsableCommand.Type] = []
}
