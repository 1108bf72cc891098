import ArgumentParser
import Interchange
import Replica
import Rules
import Storage
import StorageSQLite
import Wording
import Workbooks

/// How files are to be read, where they do not say it themselves: the same for every command that reads a matrix.
struct ReadingOptions: ParsableArguments {
    @Option(help: .spoken(.format)) var format: String?
    @Option(help: .spoken(.framework)) var framework: String?
    @Option(name: .customLong("sheet"), help: .spoken(.sheet)) var sheets: [String] = []
    @Option(name: .customLong("columns-of"), help: .spoken(.columnsOf)) var columnsOf: String?
    @Option(help: .spoken(.encoding)) var encoding: String?
    @Option(help: .spoken(.map)) var map: String?

    private static let mappingLimit = 1 << 20

    /// What was said of the reading, with what is known of frameworks: the shipped ones, and those of the store where there is one.
    func importOptions(_ invocation: Invocation) throws -> ImportOptions {
        var options = try typed()
        options.knownControls = try Catalogue.iso27017().idsByFramework
        guard StoreLayout(folder: invocation.storePath).exists else { return options }
        let (known, frameworks) = try OpenStore.existing(invocation).store.read {
            (try StoredFramework.known($0), try StoredFramework.all($0))
        }
        options.knownSources = Dictionary(frameworks.compactMap { one in one.source.map { ($0, one.id) } }) { first, _ in first }
        // A catalogue that was taken in is the user's own copy, and goes before the shipped one.
        options.knownControls.merge(known.controls) { _, own in own }
        options.knownBaselines = known.baselines
        return options
    }

    private func typed() throws -> ImportOptions {
        var options = ImportOptions()
        // It stands before ids that are typed, and beside the names of baselines.
        if let framework,
            framework.isEmpty || framework.utf8.count > 64 || framework.contains(where: { $0.isWhitespace || "/:".contains($0) })
        {
            throw CommandFailure(.invalidValue, ["value": .text(framework), "option": "--framework"])
        }
        options.framework = framework
        options.sheets = sheets
        options.service = columnsOf
        options.format = try format.map { try Self.code($0, "--format") }
        options.encoding = try encoding.map { try Self.code($0, "--encoding") }
        if let map {
            let bytes = try InputFile.bytes(map, limit: Self.mappingLimit)
            do { options.mapping = try ColumnMapping(json: bytes) } catch { throw ImportWords.failure(error, file: map) }
        }
        return options
    }

    private static func code<Code: RawRepresentable<String> & CaseIterable>(_ text: String, _ option: String) throws -> Code {
        guard let known = Code(rawValue: text) else {
            throw CommandFailure(
                .invalidValueOf,
                [
                    "value": .text(text), "option": .text(option),
                    "known": .text(Code.allCases.map(\.rawValue).joined(separator: ", ")),
                ])
        }
        return known
    }
}
