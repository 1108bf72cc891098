import Storage
import ChangeLog
import Syncing
import StorageSQLite
import BuntanProtocol
import Wording

extension Capabilities {
    /// The names of the rights, as `--caps` takes them.
    var list: [String] { Capabilities.names.filter { contains($0.capability) }.map(\.name) }

    /// The rights as people read them; in English as `--caps` takes them.
    func shown(_ language: Language) -> String {
        list.map { CodeLabels.shown($0, language) }.joined(separator: language == .ja ? "、" : ",")
    }

    /// Reads a list as `--caps` takes it.
    init(reading text: String) throws {
        var result: Capabilities = []
        for word in text.split(whereSeparator: { ",、".contains($0) }) {
            guard
                let known = Capabilities.names.first(where: {
                    $0.name == CodeLabels.code(String(word), among: Capabilities.names.map(\.name))
                })
            else {
                throw CommandFailure(
                    .invalidValueOf,
                    [
                        "value": .text(String(word)), "option": "--caps",
                        "known": .text(Capabilities.names.map(\.name).joined(separator: ", ")),
                    ])
            }
            result.insert(known.capability)
        }
        guard !result.isEmpty else { throw CommandFailure(.missingOptionValue, ["option": "--caps"]) }
        self = result
    }
}

extension [String: String] {
    /// A text in its languages, as JSON has it.
    var languagesJSON: JSONValue { .texts(self) }
}
