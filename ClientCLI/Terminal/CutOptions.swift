import ArgumentParser
import Wording

/// Which part of a list is shown, for commands whose lists may be long.
struct CutOptions: ParsableArguments {
    @Option(name: .long, help: .spoken(.limit)) var limit: Int?
    @Option(name: .long, help: .spoken(.after)) var after: String?

    /// Whether a part is asked for, and elements are named by their keys.
    var isAsked: Bool { limit != nil || after != nil }

    /// Returns the part that was asked for, and what `--after` takes to go on, `nil` where nothing follows.
    ///
    /// `key` names an element for good: an element that has gone since is an unknown one, not the end of the list.
    func part<Element>(of elements: [Element], key: (Element) -> String) throws -> (part: [Element], more: String?) {
        if let limit, limit < 1 { throw CommandFailure(.invalidValue, ["value": .number(limit), "option": "--limit"]) }
        var rest = elements[...]
        if let after {
            guard let index = elements.firstIndex(where: { key($0) == after }) else {
                throw CommandFailure(.unknownID, ["id": .text(after)])
            }
            rest = elements[(index + 1)...]
        }
        let part = limit.map { rest.prefix($0) } ?? rest
        return (Array(part), part.count < rest.count ? part.last.map(key) : nil)
    }
}
