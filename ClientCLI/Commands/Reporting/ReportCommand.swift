import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Writes an engagement, a service or the whole organisation as one file that prints and needs nothing beside it.
struct ReportCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "report", abstract: CommandPhrases.report.spoken)
    }

    @Option(name: [.customShort("o"), .long], help: .spoken(.reportOutput)) var output: String?
    @Option(name: .long, help: .spoken(.reportFormat)) var format: String?
    @Option(name: .long, help: .spoken(.reportAudience)) var audience = Audience.myself.rawValue
    @OptionGroup var day: DayOption
    @Flag(name: .long, help: .spoken(.reportOrganisation)) var organisation = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let audience = try Audience(reading: audience, option: "--audience", among: [.myself, .counterpart])
        // What an organisation keeps for itself is for nobody else.
        if organisation, audience != .myself {
            throw CommandFailure(.optionsExclude, ["first": "--organisation", "second": "--audience counterpart"])
        }
        if organisation, let other = global.engagement.map({ _ in "--engagement" }) ?? global.service.map({ _ in "--service" }) {
            throw CommandFailure(.optionsExclude, ["first": "--organisation", "second": .text(other)])
        }
        let form = try form(invocation)
        let file = OutputFile(output, invocation)
        // Nobody reads markup on a terminal.
        guard file.isAsked || invocation.mode == .json || !invocation.console.outputIsTerminal else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"], next: "buntan report -o report.\(form.rawValue)")
        }
        try file.requireFree()
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = organisation ? nil : try selector.eitherOrNone()
        if case .engagement(let engagement)? = selection { try selector.requireRows(of: engagement) }
        let (context, document) = try open.store.read { reader in
            let builder = try ReportBuilder(selection, for: audience, on: invocation.askedDay, selector, open.reading, reader)
            return (try selector.context(selection, reader), try builder.document())
        }
        let bytes = form.bytes(of: document)
        try file.write(bytes)
        guard let path = file.path else { return .done }
        let rows = document.sections.first { $0.name == .matrix }?.tables.reduce(0) { $0 + $1.rows.count } ?? 0
        let item: JSONValue = [
            "path": .text(path), "format": .text(form.rawValue), "subject": .text(document.subject.rawValue),
            "audience": .text(audience.rawValue), "rows": .number(rows), "bytes": .number(bytes.count),
        ]
        try invocation.print(
            .change("report-file/1", context, fields: ["path", "format", "subject", "audience", "rows", "bytes"], item) { page in
                page.say(ReportPhrases.written, ["path": .text(path), "audience": .word(audience.phrase), "title": .text(document.title)])
                guard audience == .myself else { return }
                page.say(ReportPhrases.keepPrivate, [:], .warning)
                guard let selection else { return }
                page.say(ReportPhrases.forThem)
                page.place(.command(2, "buntan report \(selection.option) --audience counterpart -o for-them.\(form.rawValue)"))
            })
        return .done
    }

    /// The form that was asked for, else that of the file's ending, else what a program reads or a person opens.
    private func form(_ invocation: Invocation) throws -> ReportFormat {
        func unknown(_ value: String, _ option: String, _ known: [String]) -> CommandFailure {
            CommandFailure(
                .invalidValueOf, ["value": .text(value), "option": .text(option), "known": .text(known.joined(separator: ", "))])
        }
        let names = ReportFormat.allCases.map(\.rawValue)
        if let format {
            guard let form = ReportFormat(rawValue: format.lowercased()) else { throw unknown(format, "--format", names) }
            return form
        }
        guard let output, output != "-" else { return invocation.mode == .json ? .json : .html }
        guard let form = ReportFormat(endingOf: output) else { throw unknown(output, "--output", names.map { "FILE.\($0)" }) }
        return form
    }
}
