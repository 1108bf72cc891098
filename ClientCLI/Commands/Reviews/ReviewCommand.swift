import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// The management review: its inputs compiled, its record begun, and what it decided marked as done.
struct Review: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "review", abstract: CommandPhrases.review.spoken,
            subcommands: [ReviewList.self, ReviewStart.self, ReviewDone.self],
            defaultSubcommand: ReviewList.self)
    }

    static let kind = "management-review"

    /// The reviews that were held on a day, the first that was made first.
    static func held(on day: CalendarDate, in home: SpaceID, _ reader: any StoreReader) throws -> [StoredRecord] {
        try reader.records(of: kind, in: home, after: nil, limit: .max).filter {
            $0.shown.standing != .deleted && $0.shown.text("heldOn") == day.text
        }
    }
}

struct ReviewList: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: CommandPhrases.reviewList.spoken)
    }

    @OptionGroup var asked: JudgedDayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.judging(asOf: asked)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let day = invocation.today
        try open.store.read { reader in
            let review = try CompiledReview(on: day, selector, open.reading, reader)
            let words = try RecordWords(selector, reader)
            let held = try selector.directory.home(reader).flatMap { try Review.held(on: day, in: $0, reader).first }
            let start = "buntan review start" + (asked.at == nil ? "" : " --at \(day.text)")
            try invocation.print(
                .list(
                    "review/1", try selector.context(nil, reader), fields: CompiledReview.fields,
                    review.inputs.map { review.json($0, words) }
                ) { page in
                    review.show(&page)
                    page.blank()
                    page.next(held.map { "buntan edit \(Review.kind) \(words.index.short($0.id))" } ?? start)
                })
        }
        return .done
    }
}

/// Begins the record of a review with its inputs filled in, or fills those that are empty.
struct ReviewStart: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "start", abstract: CommandPhrases.reviewStart.spoken)
    }

    @OptionGroup var asked: JudgedDayOption
    @OptionGroup var global: GlobalOptions

    private struct Written {
        let record: RecordID
        let committed: Committed
        let isNew: Bool
        let filled: Int
        let sources: (named: Int, all: Int)
    }

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.judging(asOf: asked)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let day = invocation.today
        guard let home = try open.store.read({ try selector.directory.home($0) }) else { throw CommandFailure(.notEnrolled) }
        let workspace = try open.writing()
        let written = try open.store.write { transaction in
            let review = try CompiledReview(on: day, selector, open.reading, transaction)
            return try Self.write(review, workspace, in: home, transaction)
        }
        let (context, change) = try open.written(written.committed.changes.last, selector, nil)
        let short = try open.store.read { try $0.shortID(of: .record(written.record)) }
        let kept = Self.count - written.filled
        let item = JSONValue.written(
            change, ("review", .identified(written.record.uuid, short: short)), ("heldOn", .text(day.text)),
            ("filled", .number(written.filled)), ("kept", .number(kept)), ("sources", .number(written.sources.named)))
        try invocation.print(
            .change("review-start/1", context, fields: ["change", "short", "review", "heldOn", "filled", "kept", "sources"], item) { page in
                let phrase: ReviewPhrases = written.committed.isEmpty ? .startedAlready : written.isNew ? .started : .filled
                page.say(
                    phrase,
                    [
                        "id": change.shown, "record": .text(short), "date": .text(day.text), "n": .number(written.filled),
                        "kept": .number(kept),
                    ])
                if written.sources.named < written.sources.all {
                    page.say(
                        ReviewPhrases.sourcesCut, ["shown": .number(written.sources.named), "n": .number(written.sources.all)], .warning)
                }
                page.next("buntan edit \(Review.kind) \(short)")
            })
        return .done
    }

    /// Whether nothing stands in any cell of a field, be it a choice that is still open.
    private static func isEmpty(_ field: String, in state: RecordState) -> Bool {
        state.cells(of: field).allSatisfy { cell in
            guard !cell.isConflicted else { return false }
            guard let value = cell.state.filled?.value else { return true }
            return value == .null || value == .bool(false)
        }
    }

    /// Nine inputs.
    private static let count = 9
    /// So many records a review names: with all its texts it is one change.
    private static let mostSources = 300

    /// Fills what is empty; what anybody has written stands.
    private static func write(
        _ review: CompiledReview, _ workspace: Workspace, in home: SpaceID, _ transaction: any StoreWriter
    ) throws -> Written {
        let held = try Review.held(on: review.day, in: home, transaction).first
        let record = held?.id ?? workspace.newRecordID()
        func isEmpty(_ field: String) -> Bool { held.map { Self.isEmpty(field, in: $0.shown) } ?? true }
        var cells: [CellKey: Value] = [:]
        var filled = 0
        for input in review.inputs where isEmpty(input.section.input.rawValue) {
            filled += 1
            for language in Language.allCases {
                cells[CellKey(input.section.input.rawValue, language.rawValue)] = .text(input.text(in: language))
            }
        }
        let sources = review.sources
        if isEmpty("sourceRecordIds") {
            for source in sources.prefix(mostSources) { cells[CellKey("sourceRecordIds", .record(source))] = .bool(true) }
        }
        if isEmpty("cloudCoverage") {
            for service in review.compiled.services.compactMap({ review.record($0) }) {
                cells[CellKey("cloudCoverage", .record(service))] = .bool(true)
            }
        }
        if held == nil {
            cells[CellKey("heldOn")] = .text(review.day.text)
            // Whoever plans reviews a year apart does so this time as well, unless somebody says otherwise.
            if let before = try review.compiled.previous.flatMap({ review.record($0.review) }).flatMap({
                try transaction.shown($0, in: home)
            }),
                let interval = before.text("plannedInterval")
            {
                cells[CellKey("plannedInterval")] = .text(interval)
            }
        }
        let drafts = cells.isEmpty ? [] : [RecordDraft(record: record, kind: Review.kind, cells: cells)]
        return Written(
            record: record, committed: try workspace.commit(drafts, in: home, transaction), isNew: held == nil, filled: filled,
            sources: (min(sources.count, mostSources), sources.count))
    }
}
