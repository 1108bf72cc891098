import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Wording

/// What can be exported, by the word that is typed.
enum ExportFormat: String, CaseIterable {
    case xlsx, csv, json, oscal, whitepaper, soa, caiq
    case cisCRM = "cis-crm"
}

/// Writes a file for others or for oneself.
struct ExportCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "export", abstract: CommandPhrases.export.spoken)
    }

    /// What proves an agreement, beside the forms of tables.
    static let evidence = "evidence"
    /// A document that import kept as it is.
    static let kept = "kept"

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.exportFormat)) var format: String
    @Argument(help: .spoken(.exportID)) var id: String?
    @Option(name: .long, help: .spoken(.audience)) var audience = Audience.myself.rawValue
    @OptionGroup var day: DayOption
    @Option(name: [.customShort("o"), .long], help: .spoken(.output)) var output: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        if format == Self.evidence {
            // It holds the log, and with that each day of it.
            guard day.at == nil else { throw CommandFailure(.optionsExclude, ["first": .text(Self.evidence), "second": "--at"]) }
            // What both have signed is what it is for.
            guard try Audience(reading: audience, option: "--audience") == .myself else {
                throw CommandFailure(.optionsExclude, ["first": .text(Self.evidence), "second": "--audience"])
            }
            return try EvidenceExport(id: id, file: OutputFile(output, invocation)).run(invocation)
        }
        let invocation = try invocation.answering(for: day)
        if format == Self.kept {
            let audience = try Audience(reading: audience, option: "--audience")
            return try KeptExport(name: id, audience: audience, file: OutputFile(output, invocation)).run(invocation)
        }
        guard let format = ExportFormat(rawValue: format) else {
            let known = (ExportFormat.allCases.map(\.rawValue) + [Self.evidence, Self.kept]).joined(separator: ", ")
            throw CommandFailure(.invalidValueOf, ["value": .text(self.format), "option": "FORMAT", "known": .text(known)])
        }
        let file = OutputFile(output, invocation)
        if let id { throw CommandFailure(.unexpectedArgument, ["value": .text(id)]) }
        let audience = try Audience(reading: audience, option: "--audience")
        switch format {
        case .json: return try MatrixExport(form: .json, audience: audience, file: file).run(invocation)
        case .csv: return try MatrixExport(form: .csv, audience: audience, file: file).run(invocation)
        case .oscal: return try OscalExport(audience: audience, file: file).run(invocation)
        case .xlsx: return try BookExport(form: .matrix, audience: audience, file: file).run(invocation)
        case .cisCRM: return try BookExport(form: .cisCRM, audience: audience, file: file).run(invocation)
        case .caiq: return try BookExport(form: .caiq, audience: audience, file: file).run(invocation)
        case .whitepaper: return try WhitePaperExport(audience: audience, file: file).run(invocation)
        case .soa: return try ApplicabilityExport(audience: audience, file: file).run(invocation)
        }
    }
}

extension Audience {
    /// Reads an audience as the option takes it.
    init(reading text: String, option: String, among known: [Audience] = Audience.allCases) throws {
        guard let audience = Audience(rawValue: text), known.contains(audience) else {
            throw CommandFailure(
                .invalidValueOf,
                [
                    "value": .text(text), "option": .text(option), "known": .text(known.map(\.rawValue).joined(separator: ", ")),
                ])
        }
        self = audience
    }
}

/// Where an export goes: a file that is not there yet, or standard output.
struct OutputFile {
    /// `nil` for standard output.
    let path: String?
    /// Whether a place was named, standard output as `-`.
    let isAsked: Bool
    private let invocation: Invocation

    init(_ path: String?, _ invocation: Invocation) {
        self.path = path == "-" ? nil : path
        isAsked = path != nil
        self.invocation = invocation
    }

    /// Refuses a file that is there: what others were given must not change unseen. `--yes` writes over it.
    func requireFree() throws {
        guard let path, FileManager.default.fileExists(atPath: path), !invocation.options.yes else { return }
        throw CommandFailure(.fileExists, ["path": .text(path)])
    }

    /// Writes all of it or nothing: beside it first, then in its place.
    func write(_ bytes: [UInt8]) throws {
        try requireFree()
        guard let path else { return try invocation.console.output.write(bytes) }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(error))])
        }
    }
}
