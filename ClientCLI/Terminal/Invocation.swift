import ArgumentParser
import Foundation
import Records
import Wording

/// A command that is told where it runs instead of looking around for itself.
///
/// It runs once, prints its reports and returns what the program ends with; errors are thrown as `CommandFailure`,
/// or as faults of the rooms below, which `Program.translate` turns into one.
protocol ConsoleCommand: ParsableCommand, Sendable {
    var global: GlobalOptions { get }
    func run(in invocation: Invocation) async throws -> CommandExit
}

/// A command that is told how the server is reached.
protocol NetworkCommand: ConsoleCommand {
    var network: NetworkOptions { get }
}

/// One run of one command: the console it speaks to, what was asked for, and the settings that hold.
struct Invocation: Sendable {
    let console: Console
    let options: GlobalOptions
    let settings: Settings
    let directories: Directories
    let retyped: RetypedFlags
    /// The day that a view was asked to answer for; `nil` for today.
    private(set) var askedDay: CalendarDate?
    /// Whether the records that are shown are those of now, whatever the day.
    private var judgesNow = false

    init(
        console: Console, options: GlobalOptions, network: NetworkOptions? = nil, settings: Settings, directories: Directories
    ) {
        self.console = console
        self.options = options
        self.settings = settings
        self.directories = directories
        retyped = RetypedFlags(options, network)
    }

    /// The same run, whose views answer for a day.
    func answering(for day: DayOption) throws -> Invocation {
        var other = self
        other.askedDay = try day.at.map { try ZonedDays.day(reading: $0) }
        return other
    }

    /// The same run, whose views judge the records of now as of a day.
    func judging(asOf day: JudgedDayOption) throws -> Invocation {
        var other = self
        other.askedDay = try day.at.map { try ZonedDays.day(reading: $0) }
        other.judgesNow = true
        return other
    }

    /// What a view that was asked for a day shows; `nil` where none was.
    var asOf: AskedDay? {
        askedDay.map { AskedDay(day: $0, records: !judgesNow && $0.text < times.day(console.now()).text ? .then : .now) }
    }

    var language: Language { settings.language }
    var times: TimeDisplay { TimeDisplay(zone: options.utc ? .gmt : settings.timeZone, language: language) }
    var mode: OutputMode { options.mode }

    /// Whether the items of a report are printed rather than its words: for programs, and where members were picked.
    var printsItems: Bool { mode != .human || options.fields != nil }

    /// The directory of the store that is meant, whether there is one or not.
    var storePath: String { settings.storePath }

    var prompt: Prompt {
        Prompt(
            console: console, language: language, assumesYes: options.yes, mayAsk: !options.noInput, passphraseFile: options.passphraseFile)
    }

    var editor: Editor { Editor(console: console) }

    var pageStyle: PageStyle {
        var style = PageStyle(
            language: language, columns: console.columns, isWide: options.wide,
            usesColor: ColorChoice.isOn(
                noColorFlag: options.noColor, environment: console.environment, isTerminal: console.outputIsTerminal),
            command: { [retyped] in retyped.completing($0) })
        style.isOfThePast = asOf?.records == .then
        return style
    }

    /// Help fits a terminal of usual width even where there is none.
    var helpStyle: PageStyle { PageStyle(language: language, columns: console.columns ?? 80) }

    /// Prints a report in the form that was asked for.
    func print(_ report: Report) throws {
        let pager = PagerChoice.command(
            noPagerFlag: options.noPager, environment: console.environment, isTerminal: console.outputIsTerminal)
        try ReportPrinter(
            mode: mode, fields: options.fieldNames, isQuiet: options.quiet, style: pageStyle, pager: pager, console: console
        ).print(report)
    }

    /// Says something in passing on standard error; `--quiet` keeps it back.
    func notice(_ entry: some PhraseTable, _ facts: Facts = [:]) {
        guard !options.quiet else { return }
        var facts = facts
        if case .text(let command)? = facts["command"] { facts["command"] = .text(retyped.completing(command)) }
        console.complain(entry.text(in: language, facts) + "\n")
    }

    /// Says to whoever asked for quiet that keys lie open in a folder: no page tells it then, and programs read `keysSealed`
    /// (commands.md section 5).
    func warnOfOpenKeys(in folder: String) {
        guard options.quiet, mode == .human else { return }
        console.complain(StartPhrases.keysUnsealed.text(in: language, ["path": .text(folder)]) + "\n")
    }

    /// Says something that only `--verbose` wants to know.
    func detail(_ entry: some PhraseTable, _ facts: Facts = [:]) {
        if options.verbose { console.complain(entry.text(in: language, facts) + "\n") }
    }

    func progress(_ label: some PhraseTable, _ facts: Facts = [:]) -> Progress {
        Progress(label, facts, on: console, language: language, isQuiet: options.quiet)
    }

    /// Returns the exit status of a list: with `--exit-code` it tells whether there was anything on it.
    func status(ofListWith count: Int) -> CommandExit { options.exitCode && count > 0 ? .found : .done }
}
