import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

struct Accept: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "accept", abstract: CommandPhrases.accept.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereCondition)) var conditions: [String] = []
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard !addresses.isEmpty || !conditions.isEmpty else {
            throw CommandFailure(.missingArgument, ["argument": .text("ROW")])
        }
        let conditions = try RowConditions(conditions)
        let taking = try PositionTaking(addresses, invocation, forAcceptance: true) { conditions.hold(for: $0) }
        let (committed, context, change, followers) = try taking.write(.acceptance)
        let written = Set(committed.records)
        let taken = taking.rows.filter { written.contains($0.key.position(of: taking.engagement.seat, in: taking.engagement.space)) }
        let values = taken.map { $0.theirs(for: taking.engagement.seat).text ?? "-" }
        let counts = (Vocabulary.allocation + ["-"]).compactMap { value -> (value: String, count: Int)? in
            let count = values.count { $0 == value }
            return count == 0 ? nil : (value, count)
        }
        try invocation.print(
            .change(
                "accept/1", context, fields: ["change", "short", "rows", "inherited", "kept", "values"],
                .written(
                    change, ("rows", .number(committed.records.count)), ("inherited", .number(followers)),
                    ("kept", .number(taking.kept.count)),
                    ("values", .object(counts.map { .init($0.value, .number($0.count)) })))
            ) { page in
                guard let first = taken.first else {
                    if followers == 0 {
                        page.say(EngagementPhrases.acceptNothing)
                        return taking.sayKept(&page)
                    }
                    page.say(AnswerPhrases.followersTake, ["n": .number(followers)])
                    taking.sayKept(&page)
                    return page.next(change.sending ?? "buntan status")
                }
                let list = counts.map { "\(CodeLabels.shown($0.value, page.language)) \($0.count)" }.joined(
                    separator: page.language == .ja ? "、" : ", ")
                page.say(
                    taken.count == 1 ? EngagementPhrases.acceptedOne : .accepted,
                    [
                        "id": change.shown, "row": .text(first.key.shown), "allocation": .text(CodeLabels.shown(values[0], page.language)),
                        "rows": .number(taken.count), "list": .text(list),
                    ])
                if followers > 0 { page.say(AnswerPhrases.followersTake, ["n": .number(followers)]) }
                taking.sayKept(&page)
                taking.sayOver(&page)
                let same = taking.rows.count - taken.count
                if same > 0 { page.say(EngagementPhrases.acceptedAlready, ["rows": .number(same)]) }
                page.next(change.sending ?? "buntan status")
            })
        return .done
    }
}

struct Propose: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "propose", abstract: CommandPhrases.propose.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String]
    @Option(help: .spoken(.allocation)) var allocation: String?
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
    @Flag(help: .spoken(.withdraw)) var withdraw = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard withdraw != (self.allocation != nil) else { throw CommandFailure(.missingOptionValue, ["option": .text("--allocation")]) }
        let allocation = self.allocation.flatMap { CodeLabels.code($0, among: Vocabulary.allocation) }
        if let given = self.allocation, allocation == nil {
            throw CommandFailure(
                .invalidValueOf,
                [
                    "value": .text(given), "option": .text("--allocation"),
                    "known": .text(Vocabulary.allocation.joined(separator: ", ")),
                ])
        }
        let taking = try PositionTaking(addresses, invocation)
        let (engagement, chosen) = (taking.engagement, taking.rows)
        let (_, context, change, followers) = try taking.write(.proposal(allocation), saying: message)
        try invocation.print(
            .change(
                "propose/1", context, fields: ["change", "short", "rows", "inherited", "kept"],
                .written(
                    change, ("rows", .number(chosen.count)), ("inherited", .number(followers)), ("kept", .number(taking.kept.count)))
            ) { page in
                let facts: Facts = [
                    "id": change.shown, "row": .text(chosen.first?.key.shown ?? ""),
                    "rows": .number(chosen.count),
                    "allocation": .text(CodeLabels.shown(allocation ?? "", page.language)),
                ]
                if withdraw {
                    page.say(engagement.side == .provider ? EngagementPhrases.proposalAsPublished : .proposalWithdrawn, facts)
                } else {
                    page.say(chosen.count == 1 ? EngagementPhrases.proposed : .proposedMany, facts)
                }
                if followers > 0 { page.say(AnswerPhrases.followersTake, ["n": .number(followers)]) }
                taking.sayKept(&page)
                taking.sayOver(&page)
                page.next(change.sending ?? "buntan status")
            })
        return .done
    }
}

/// Rows of an engagement on which a side is about to take a position, found and asked about before a key is opened.
private struct PositionTaking {
    let engagement: KnownEngagement
    let rows: [MatrixRow]
    /// Items of a control that was named, which keep an answer of their own: it counts until somebody answers them by name.
    let kept: [MatrixRow]
    private let items: RowItems
    private let open: OpenStore
    private let selector: Selector

    /// - Parameter forAcceptance: whether theirs is taken: what is agreed stays as it is then, and is no item that was left out.
    init(
        _ addresses: [String], _ invocation: Invocation, forAcceptance: Bool = false, where isMeant: (MatrixRow) -> Bool = { _ in true }
    ) throws {
        open = try OpenStore.existing(invocation)
        selector = try Selector(open)
        let (engagement, reading) = (try selector.ownEngagement(), open.reading)
        let words = try invocation.addresses(addresses)
        self.engagement = engagement
        (rows, kept, items) = try open.store.read { reader in
            if words.isEmpty {
                let all = try reading.rows(of: engagement, reader)
                return (all.filter(isMeant), [], RowItems(all.map(\.key)))
            }
            let keys = try reading.rowOutlines(of: engagement, reader).map(\.key)
            let selection = RowSelection(keys)
            let wanted = try selection.rows(words).map { try reading.row($0, of: engagement, reader) }
            let meant = RowKey.sorted(wanted.filter(isMeant)) { $0.key }
            let controls = Set(wanted.map(\.key))
            let kept =
                engagement.side == .customer
                ? try Self.keeping(
                    meant.filter { !forAcceptance || $0.negotiation.state != .agreed }, of: controls, named: selection.rows(naming: words))
                : []
            return (meant.filter { !kept.contains($0.key) }, meant.filter { kept.contains($0.key) }, RowItems(keys))
        }
        try refuseConflicts()
        if rows.count > 20 { try invocation.prompt.confirmsMany(rows.count) }
    }

    /// The rows of items that were reached by their control's name alone, and that are answered otherwise than it is.
    private static func keeping(_ rows: [MatrixRow], of keys: Set<RowKey>, named: Set<RowKey>) -> Set<RowKey> {
        Set(
            rows.filter { row in
                row.key.itemKey != RowKey.mainItem && keys.contains(row.key.control) && !named.contains(row.key)
                    && row.negotiation.customer != .empty && !row.followsControl
            }.map(\.key))
    }

    /// Says which items were left to their own answers.
    func sayKept(_ page: inout Page) {
        guard !kept.isEmpty else { return }
        let list = kept.prefix(8).map(\.key.pasteable).joined(separator: page.language == .ja ? "、" : ", ")
        page.say(AnswerPhrases.itemsKept, ["n": .number(kept.count), "list": .text(kept.count > 8 ? list + " …" : list)])
    }

    /// Says that the engagement is over, so that nothing comes of a position any more.
    func sayOver(_ page: inout Page) {
        guard let end = engagement.end, end.hasCome(by: open.invocation.today) else { return }
        page.say(EngagementPhrases.positionAfterEnd, ["date": .text(end.day ?? "-")], .warning)
    }

    /// Several values of one's own are chosen among, not written over: whoever takes a position has not been shown them.
    private func refuseConflicts() throws {
        let unsettled = rows.filter { row in
            let own = engagement.side == .provider ? row.providerPosition : row.customerPosition
            return own?[CellKey("allocation")]?.isConflicted == true
        }
        guard let first = unsettled.first else { return }
        let next = "buntan conflicts \(first.key.pasteable)"
        guard unsettled.count > 1 else {
            throw CommandFailure(
                .fieldConflicting, ["field": "allocation", "record": .text(first.key.shown)], next: next,
                place: CommandFailure.Place(record: first.key.shown, field: "allocation"))
        }
        throw CommandFailure(.rowsConflicting, ["n": .number(unsettled.count)], next: "buntan conflicts")
    }

    /// Writes an answer on the rows, with a remark on each and for the items that take it over, all of it in one transaction.
    func write(
        _ answer: RowAnswer, saying message: String? = nil
    ) throws -> (committed: Committed, context: ReportContext, change: WrittenChange, followers: Int) {
        let workspace = try open.writing()
        let (committed, followers) = try open.store.write { transaction in
            let made = try workspace.answers(answer, on: rows, items: items, in: engagement, transaction)
            let remarks = message.map { text in rows.map { workspace.comment(on: $0.rowID, text: text) } } ?? []
            return (try workspace.commit(made.drafts + remarks, in: engagement.space, transaction), made.followers.count)
        }
        let (context, change) = try open.written(committed.changes.last, selector, .engagement(engagement))
        return (committed, context, change, followers)
    }
}
