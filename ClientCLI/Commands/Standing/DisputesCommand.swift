import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// The rows on which the two sides differ, whose turn it is, and since when.
struct Disputes: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "disputes", abstract: CommandPhrases.disputes.spoken)
    }

    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let workspace = open.reading
        return try open.store.read { reader in
            let context = try selector.context(.engagement(engagement), reader)
            let rows = try workspace.rowOutlines(of: engagement, reader)
            let forms = try RowForms(.engagement(engagement), reader)
            let words = try invocation.addresses(addresses)
            let wanted = words.isEmpty ? nil : Set(try RowSelection(rows.map(\.key)).rows(words))
            let found = RowKey.sorted(rows.filter { $0.negotiation.state == .disputed && wanted?.contains($0.key) ?? true }, by: \.key)
            let (part, more) = try cut.part(of: found) { $0.key.responsibility(in: engagement.service).uuid }
            let disputed = try part.map { try workspace.row($0.key, of: engagement, reader) }
            let talk = try Talk(engagement, reader)
            let table = try Self.table(
                disputed, engagement, talk, invocation.times, invocation.console.now(), invocation.pageStyle.language)
            try invocation.print(
                .list(
                    "disputes/1", context, fields: RowForms.fields + ["turn", "since", "lastWord"], of: disputed, more: more,
                    form: { row in
                        let word = try talk.lastWord(on: row)
                        return try forms.json(row).adding(
                            ("turn", .text(orNull: row.negotiation.turn?.name)),
                            ("since", .text(orNull: try talk.moved(row).map { Timestamp.rfc3339(milliseconds: $0) })),
                            ("lastWord", word.map { ["side": .text($0.side.name), "text": .text($0.text)] } ?? .null))
                    }
                ) { page in
                    let name: Fact = .text(engagement.counterpartName.spoken(page.language.rawValue) ?? engagement.handle)
                    guard let side = engagement.side else { return Self.show(found.count, disputed.count, table, engagement, &page) }
                    guard !disputed.isEmpty else { return page.say(EngagementPhrases.disputesNone, ["counterpart": name]) }
                    let mine = found.count { $0.negotiation.turn == side }
                    page.say(
                        EngagementPhrases.disputesHeading, ["rows": .number(found.count), "counterpart": name, "turn": .number(mine)])
                    page.blank()
                    page.table(table)
                    if disputed.count < found.count {
                        page.say(RowPhrases.cutOff, ["shown": .number(disputed.count), "total": .number(found.count)])
                    }
                    guard let first = disputed.first(where: { $0.negotiation.turn == side }) else { return }
                    page.blank()
                    let theirs = side == .customer ? first.negotiation.provider : first.negotiation.customer
                    let yours = side == .customer ? first.negotiation.customer : first.negotiation.provider
                    // Nobody answers that nobody is named.
                    let named = [yours.text, theirs.text].compactMap(\.self).first { $0 != "unallocated" }
                    let agree =
                        EngagementPhrases.toAgree.text(in: page.language) + "  "
                        + page.style.command("buntan accept \(first.key.pasteable)")
                    let answer =
                        EngagementPhrases.toAnswer.text(in: page.language) + "  "
                        + page.style.command(
                            "buntan propose \(first.key.pasteable) --allocation \(named ?? "shared") -m \"...\"")
                    page.place(.at(0, Span(agree)), .command(agree.utf8.count + 6, answer))
                })
            return invocation.status(ofListWith: found.count)
        }
    }

    /// The list as somebody reads it who has no part in it.
    private static func show(_ found: Int, _ shown: Int, _ table: Table, _ engagement: KnownEngagement, _ page: inout Page) {
        let language = page.language.rawValue
        page.say(
            found == 0 ? AuditorPhrases.differNone : .differing,
            [
                "rows": .number(found), "provider": .text(engagement.partyName.spoken(language) ?? "-"),
                "customer": .text(engagement.counterpartName.spoken(language) ?? "-"),
            ])
        guard found > 0 else { return }
        page.blank()
        page.table(table)
        if shown < found { page.say(RowPhrases.cutOff, ["shown": .number(shown), "total": .number(found)]) }
    }

    private static func table(
        _ rows: [MatrixRow], _ engagement: KnownEngagement, _ talk: Talk, _ times: TimeDisplay, _ now: Date, _ language: Language
    ) throws -> Table {
        func head(_ term: TermPhrases) -> String { term.text(in: language) }
        var table = Table(columns: [
            Column(title: head(.headRow)), Column(title: head(engagement.side == nil ? .headCustomer : .headTheirs)),
            Column(title: head(engagement.side == nil ? .headProvider : .headYours)),
            Column(title: head(.headTurn)),
            Column(title: head(.headSince)), Column(title: head(.headLastWord), fit: .cut, minimum: 8),
        ])
        for row in rows {
            let (theirs, yours) =
                engagement.seat == .customer
                ? (row.negotiation.provider.shown(language), row.customerSpan(language).text)
                : (row.customerSpan(language).text, row.negotiation.provider.shown(language))
            let turn = engagement.turn(row.negotiation.turn, in: language)
            let since = try talk.moved(row).map { times.span(from: Date(timeIntervalSince1970: Double($0) / 1000), to: now) }
            let word = try talk.lastWord(on: row).map { word in
                guard let own = engagement.side else {
                    return AuditorPhrases.wordOf.text(
                        in: language, ["name": .text(CodeLabels.shown(word.side.name, language)), "text": .text(word.text)])
                }
                return (word.side == own ? EngagementPhrases.lastWordYou : .lastWordThem).text(in: language, ["text": .text(word.text)])
            }
            table.rows.append([
                Span(row.key.shown), Span(theirs), Span(yours), Span(turn),
                Span(since ?? "-"),
                Span(word ?? "-"),
            ])
        }
        return table
    }
}

extension KnownEngagement {
    /// Whose turn it is, as this organisation speaks of the sides.
    fileprivate func turn(_ turn: Side?, in language: Language) -> String {
        guard let side else { return turn.map { CodeLabels.shown($0.name, language) } ?? "-" }
        return (turn == side ? EngagementPhrases.turnYou : .turnThem).text(in: language)
    }
}

/// What the two sides said about rows, and when they last moved.
struct Talk {
    struct Word {
        let side: Side
        let text: String
        /// Its place in the log; `.max` while it waits to be sent.
        let position: Int
        /// The change it came with, which may have taken a position as well.
        let change: ChangeID?
    }

    private var words: [RecordID: [Word]] = [:]
    private let engagement: KnownEngagement
    private let history: SpaceHistory?
    private let published: SpaceHistory?

    init(_ engagement: KnownEngagement, _ reader: any StoreReader) throws {
        self.engagement = engagement
        history = try SpaceHistory(engagement.space, reader)
        published = try SpaceHistory(engagement.service, reader)
        let standing = try reader.standing(of: engagement.space)
        for stored in try reader.records(of: "comment", in: engagement.space, after: nil, limit: .max) where stored.shown.isAlive {
            guard let row = stored.shown.value("row")?.bytes.flatMap({ RecordID($0) }), let text = stored.shown.text("text"),
                let side = standing?.rights.side(of: stored.shown.creator)
            else { continue }
            let head = stored.shown[CellKey("text")]?.heads.first
            words[row, default: []].append(Word(side: side, text: text, position: head?.position ?? .max, change: head?.op.change))
        }
    }

    /// The newest word on a row. What was said with a value that lost when one of several was chosen was said of something
    /// that its side does not hold to.
    func lastWord(on row: MatrixRow) throws -> Word? {
        guard let said = words[row.rowID]?.enumerated().sorted(by: { ($0.element.position, $0.offset) > ($1.element.position, $1.offset) })
        else { return nil }
        var lost: [Side: Set<ChangeID>] = [:]
        for (_, word) in said {
            guard let change = word.change else { return word }
            let given: Set<ChangeID>
            if let known = lost[word.side] { given = known } else { given = try lostChanges(on: row, of: word.side) }
            lost[word.side] = given
            if !given.contains(change) { return word }
        }
        return nil
    }

    /// The changes whose value of a side's position was among several, and not the one that was chosen.
    private func lostChanges(on row: MatrixRow, of side: Side) throws -> Set<ChangeID> {
        let record = row.key.position(of: side, in: engagement.space)
        var values: [OpID: EncodedValue?] = [:]
        var lost = Set<ChangeID>()
        for change in try history?.changes(of: record) ?? [] {
            for step in change.steps where step.record == record && step.op.cell == CellKey("allocation") {
                values[step.id] = step.value
                guard step.op.predecessors.count > 1 else { continue }
                for predecessor in step.op.predecessors where values[predecessor] != .some(step.value) { lost.insert(predecessor.change) }
            }
        }
        return lost
    }

    /// When a row last moved: by a position or by a publication.
    func moved(_ row: MatrixRow) throws -> Int64? { try MovedPlaces(row.negotiation).latest(history, published) }
}
