import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Walks through the rows that wait for a word of one's own, takes over what was answered elsewhere, or lists them.
struct Answer: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "answer", abstract: CommandPhrases.answer.spoken)
    }

    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereCondition)) var conditions: [String] = []
    @Option(help: .spoken(.answersFrom)) var from: String?
    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: .spoken(.onlyList)) var dryRun = false
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let conditions = try RowConditions(conditions)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let subject = try AnswerSubject(selector)
        let words = try invocation.addresses(addresses)
        let (waiting, items) = try open.store.read { try subject.waiting(words, conditions, open.reading, $0) }
        if let from { return try copy(from, to: waiting, subject, selector, open) }
        if dryRun { return try list(waiting, subject, selector, open) }
        guard !invocation.options.noInput else { throw CommandFailure(.answersByKey, next: "buntan answer -n") }
        guard !waiting.isEmpty else {
            let context = try open.store.read { try selector.context(subject.selection, $0) }
            try report(AnswerActs.Summary(), left: 0, context, nil, invocation)
            return .done
        }
        subject.sayOver(invocation)
        let home = try open.store.read { try selector.directory.home($0) }
        let (queue, _) = try part(of: waiting, subject)
        var walk = try AnswerWalk(open, subject, queue, items, home: home)
        try walk.run()
        let (context, change) = try open.written(walk.acts.last, selector, subject.selection)
        // Counted anew: items that took an answer over wait no longer.
        let left = try open.store.read { try subject.waiting(words, conditions, open.reading, $0).rows.count }
        try report(walk.acts.summary, left: left, context, change, invocation)
        return .done
    }

    private func part(of waiting: [RowKey], _ subject: AnswerSubject) throws -> (part: [RowKey], more: String?) {
        try cut.part(of: waiting) { $0.responsibility(in: subject.rowSpace).uuid }
    }

    private func report(
        _ summary: AnswerActs.Summary, left: Int, _ context: ReportContext, _ change: WrittenChange?, _ invocation: Invocation
    ) throws {
        let item = JSONValue.written(
            change, ("answered", .number(summary.answered)), ("inherited", .number(summary.followers)), ("notes", .number(summary.notes)),
            ("skipped", .number(summary.skipped)), ("left", .number(left)))
        try invocation.print(
            .change("answer/1", context, fields: ["change", "short", "answered", "inherited", "notes", "skipped", "left"], item) { page in
                guard summary.answered + summary.skipped + summary.notes + left > 0 else {
                    page.say(AnswerPhrases.nothingWaits)
                    return page.next("buntan status")
                }
                page.say(
                    summary.followers == 0 ? AnswerPhrases.done : .doneWith,
                    ["rows": .number(summary.answered), "n": .number(summary.followers), "left": .number(left)])
                if summary.notes > 0 { page.say(AnswerPhrases.notesWritten, ["n": .number(summary.notes)]) }
                if summary.skipped > 0 { page.say(AnswerPhrases.skippedLeft, ["n": .number(summary.skipped)]) }
                page.next(left > 0 ? "buntan answer" : change?.sending ?? "buntan status")
            })
    }

    // MARK: without keys

    private func list(_ waiting: [RowKey], _ subject: AnswerSubject, _ selector: Selector, _ open: OpenStore) throws -> CommandExit {
        let invocation = open.invocation
        return try open.store.read { reader in
            let context = try selector.context(subject.selection, reader)
            let (part, more) = try part(of: waiting, subject)
            let rows = try part.map { try subject.row($0, open.reading, reader) }
            let forms = try RowForms(subject.selection, reader)
            try invocation.print(
                .list("unanswered/1", context, fields: RowForms.fields, of: rows, more: more, form: forms.json) { page in
                    guard !waiting.isEmpty else { return page.say(AnswerPhrases.nothingWaits) }
                    page.say(AnswerPhrases.listHeading, ["rows": .number(waiting.count)])
                    page.blank()
                    page.table(MatrixPage.table(of: rows, isEngagement: subject.engagement != nil, page.language))
                    if rows.count < waiting.count {
                        page.say(RowPhrases.cutOff, ["shown": .number(rows.count), "total": .number(waiting.count)])
                    }
                    page.next("buntan answer")
                })
            return invocation.status(ofListWith: waiting.count)
        }
    }

    private func copy(
        _ typed: String, to waiting: [RowKey], _ subject: AnswerSubject, _ selector: Selector, _ open: OpenStore
    ) throws -> CommandExit {
        guard let engagement = subject.engagement else {
            throw CommandFailure(.needsEngagement, ["name": .text(subject.selection.handle)])
        }
        let invocation = open.invocation
        let (source, copy) = try open.store.read { reader in
            let source = try AnswerSource(typed, for: engagement, selector, open, reader)
            return (source, try AnswerCopy(source, waiting, in: engagement, open.reading, reader))
        }
        func report(_ copy: AnswerCopy, _ context: ReportContext, _ change: WrittenChange?) throws {
            try invocation.print(
                .change("answer-copy/1", context, fields: AnswerCopy.fields, copy.json(change, dryRun: dryRun)) { page in
                    if let change {
                        page.say(
                            AnswerPhrases.copied, ["id": change.shown, "rows": .number(copy.taken.count), "from": .text(source.name)])
                        page.next(copy.total > copy.taken.count ? "buntan answer" : change.sending ?? "buntan status")
                    } else {
                        copy.show(&page)
                        if copy.taken.isEmpty { page.say(AnswerPhrases.copiedNone, ["from": .text(source.name)]) }
                        if copy.total > 0 { page.next("buntan answer") }
                    }
                })
        }
        let context = try open.store.read { try selector.context(subject.selection, $0) }
        guard !dryRun, !copy.taken.isEmpty else {
            try report(copy, context, nil)
            return .done
        }
        subject.sayOver(invocation)
        var page = Page(invocation.pageStyle)
        copy.show(&page)
        if !invocation.options.quiet { invocation.console.complain(page.text) }
        let facts: Facts = ["n": .number(copy.taken.count), "from": .text(source.name)]
        guard try invocation.prompt.confirms(AnswerPhrases.copyQuestion, facts) else { throw CommandFailure(.declined) }
        let workspace = try open.writing()
        let (committed, now) = try open.store.write { transaction in
            // What has changed since it was shown is not taken blindly either.
            let wanted = Set(copy.taken.map(\.key))
            let still = try wanted.filter { subject.waits(try subject.row($0, workspace, transaction)) }
            let now = try AnswerCopy(source, waiting.filter { still.contains($0) }, in: engagement, workspace, transaction)
            return (try workspace.commit(now.drafts(in: engagement, workspace, transaction), in: engagement.space, transaction), now)
        }
        let (after, change) = try open.written(committed.changes.last, selector, subject.selection)
        try report(copy.taking(now), after, change)
        return .done
    }
}
