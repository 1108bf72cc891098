import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Syncing
import Wording

/// What waits for this organisation: what is late first, then oldest first.
struct TodoCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "todo", abstract: CommandPhrases.todo.spoken)
    }

    @Flag(name: .long, help: .spoken(.all)) var all = false
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    fileprivate struct Item {
        let waiting: Waiting
        let selection: Selection?
        let command: String
        /// What one record is called that it is about; `nil` where it is about none.
        var about: BilingualText?
        /// Whether its day has gone by.
        var isLate = false

        var action: ManagementAction? { if case .act(let action) = waiting.matter { action } else { nil } }
        var due: CalendarDate? { action?.due }

        /// What is late by its day, what has waited by its age, what is due later by its day; what nobody can date comes last.
        var rank: (Int, Int64, String) {
            if isLate { return (0, 0, due?.text ?? "") }
            if let since = waiting.since { return (1, since, "") }
            return due.map { (2, 0, $0.text) } ?? (3, 0, "")
        }
    }

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let chosen: [Selection] = all ? selector.everything : try selector.eitherOrNone().map { [$0] } ?? []
        let workspace = open.reading
        let (items, context) = try open.store.read { reader -> ([Item], ReportContext) in
            var items: [Item] = []
            let day = { invocation.day(in: $0) }
            for selection in chosen {
                switch selection {
                case .engagement(let engagement):
                    let today = day(invocation.settings.timeZone.identifier)
                    items += try workspace.waiting(in: engagement, today: today, day: day, reader).map {
                        try Item($0, selection, isAlone: chosen.count == 1, ErasureWays(selector.directory), reader)
                    }
                    // A release that is due concerns whoever is engaged in the service; among several that is asked about on its own below.
                    guard chosen.count == 1, let own = selector.directory.service(of: engagement), own.isOwn,
                        let publication = try workspace.publicationWaiting(of: own, today: invocation.today, reader)
                    else { continue }
                    items.append(try Item(publication, .service(own), isAlone: false, ErasureWays(selector.directory), reader))
                case .service(let service):
                    items += try workspace.waiting(in: service, selector.directory, today: invocation.today, day: day, reader).map {
                        try Item($0, selection, isAlone: chosen.count == 1, ErasureWays(selector.directory), reader)
                    }
                }
            }
            items += try workspace.waitingOutbox(reader).map {
                try Item($0, nil, isAlone: true, ErasureWays(selector.directory), reader)
            }
            items += try Self.actions(in: workspace, invocation, reader)
            let sorted = items.enumerated().sorted {
                let (a, b) = ($0.element.rank, $1.element.rank)
                return (a.0, a.1, a.2, $0.offset) < (b.0, b.1, b.2, $1.offset)
            }
            return (sorted.map(\.element), try selector.context(all ? nil : chosen.first, reader))
        }
        let own = selector.directory.ownName
        let now = invocation.console.now()
        try invocation.print(
            .list(
                "todo/1", context, fields: ["matter", "count", "in", "since", "about", "owner", "due", "late", "next"],
                items.map { item in
                    [
                        "matter": .text(item.name), "count": item.count.map { .number($0) } ?? .null,
                        "in": .text(orNull: item.selection?.handle),
                        "since": .text(orNull: item.waiting.since.map { Timestamp.rfc3339(milliseconds: $0) }),
                        "about": item.about?.json ?? .null, "owner": .text(orNull: item.action?.owner),
                        "due": .text(orNull: item.due?.text), "late": .bool(item.isLate), "next": .text(item.command),
                    ]
                }
            ) { page in
                guard !items.isEmpty else { return page.say(StatusPhrases.nothingToDo) }
                let late = items.count(where: \.isLate)
                page.say(
                    late > 0 ? StatusPhrases.todoHeadingLate : .todoHeading,
                    ["n": .number(items.count), "late": .number(late), "own": .text(own.spoken(page.language.rawValue) ?? "-")])
                page.blank()
                var table = Table(
                    columns: [
                        Column(title: "", alignment: .right), Column(title: "", fit: .wrapped, minimum: 10), Column(title: ""),
                        Column(title: ""),
                    ], hasHeads: false)
                for item in items {
                    let age =
                        item.waiting.since.map { invocation.times.span(from: Date(milliseconds: $0), to: now) } ?? item.due?.text ?? "-"
                    table.rows.append([
                        Span(age, item.isLate ? .bad : .plain), Span(item.sentence(page.language)),
                        Span(chosen.count > 1 ? item.selection?.handle ?? "" : ""),
                        Span(page.style.command(item.command), .strong),
                    ])
                }
                page.table(table)
                if let first = items.first {
                    page.blank()
                    page.next(first.command)
                }
            })
        return invocation.status(ofListWith: items.count)
    }

    /// What reviews, audits and risks have given to do and nobody has done: of the organisation as a whole, whatever is chosen.
    private static func actions(in workspace: Workspace, _ invocation: Invocation, _ reader: any StoreReader) throws -> [Item] {
        let (actions, facts) = try workspace.managementActions(on: invocation.today, catalogue: try Catalogue.iso27017(), reader)
        let printer = WordPrinter(facts, label: FindingView.label)
        return try actions.filter(\.isOpen).map {
            try Item($0, called: printer.text($0.name), invocation, reader)
        }
    }
}

extension TodoCommand.Item {
    fileprivate init(
        _ waiting: Waiting, _ selection: Selection?, isAlone: Bool, _ ways: ErasureWays, _ reader: any StoreReader
    ) throws {
        let place = isAlone ? "" : selection.map { " " + $0.option } ?? ""
        switch (waiting.matter, selection) {
        case (.rewrite(let field), .engagement(let engagement)?):
            self.init(
                waiting: waiting, selection: selection,
                command: ways.command(field, in: engagement, place: place) ?? "buntan conflicts" + place,
                about: BilingualText(en: field.row.shown, ja: field.row.shown))
        case (.eraseCopy(let copy), .engagement(let engagement)?):
            let name = try ways.name(of: copy, in: engagement, reader)
            self.init(
                waiting: waiting, selection: selection, command: ways.command(copy, address: name.address, place: place),
                about: BilingualText(en: name.shown, ja: name.shown))
        default: self.init(waiting: waiting, selection: selection, command: Self.command(waiting, selection, place))
        }
    }

    /// What a review has decided, an audit has found or a risk asks for.
    fileprivate init(_ action: ManagementAction, called name: BilingualText, _ invocation: Invocation, _ reader: any StoreReader) throws {
        let short = try action.record.record.map { try reader.shortID(of: .record($0)) } ?? "ID"
        // What is printed is typed today, whatever day is asked about.
        let today = ZonedDays.day(of: invocation.console.now(), zone: invocation.settings.timeZone.identifier).text
        let command =
            switch action.matter {
            case .decision: "buntan review done \(short)"
            case .correction: "buntan edit audit-finding \(short) --set closedOn=\(today)"
            case .effectiveness: "buntan edit audit-finding \(short) --set effectivenessCheckedOn=\(today)"
            case .review: "buntan review start"
            case .audit: "buntan edit internal-audit"
            case .treatment: "buntan edit risk-treatment \(short) --set progress=done"
            // An assessment says anew how much a risk is, and when it is assessed again: in the form.
            case .reassessment: "buntan edit risk \(short)"
            }
        self.init(
            waiting: Waiting(.act(action), since: nil), selection: nil, command: command,
            about: action.matter == .review || action.matter == .audit ? nil : name,
            isLate: action.isLate(on: invocation.today))
    }

    private static func command(_ waiting: Waiting, _ selection: Selection?, _ place: String) -> String {
        return switch waiting.matter {
        case .confirm: "buntan confirm \(selection?.handle ?? "NAME")"
        case .answer: StandingView.openCommand + place
        case .reread: StandingView.rewordedCommand + place
        case .dispute: "buntan disputes" + place
        case .choose, .rewrite: "buntan conflicts" + place
        case .eraseCopy: "buntan sync"
        case .sign(let part), .signAgain(_, let part), .signRecordsAgain(_, let part): part.command + place
        case .documentErased: SignedPart.whole.command + place
        case .publish, .publishAgain: "buntan publish LABEL -m WHY" + place
        case .reviewUpstream: "buntan trace" + place
        case .assessGaps, .reassessGaps, .followGaps: "buntan gaps" + place
        case .send: "buntan sync"
        case .refused: "buntan outbox"
        case .act: "buntan review"
        }
    }

    fileprivate var name: String {
        switch waiting.matter {
        case .confirm: "confirm"
        case .answer: "answer"
        case .reread: "reread"
        case .dispute: "dispute"
        case .choose: "choose"
        case .sign: "sign"
        case .signAgain, .signRecordsAgain: "sign-again"
        case .documentErased: "document-erased"
        case .rewrite: "rewrite"
        case .eraseCopy: "erase-copy"
        case .publish, .publishAgain: "publish"
        case .reviewUpstream: "review-upstream"
        case .assessGaps: "assess-gaps"
        case .reassessGaps: "reassess-gaps"
        case .followGaps: "follow-gaps"
        case .send: "send"
        case .refused: "refused"
        case .act(let action): action.matter.rawValue
        }
    }

    fileprivate var count: Int? {
        switch waiting.matter {
        case .confirm, .sign, .eraseCopy, .publishAgain, .act: nil
        case .rewrite(let field): field.cells.count
        case .publish(let rows, let others): rows + others
        case .answer(let n), .reread(let n), .dispute(let n), .choose(let n), .send(let n), .refused(let n),
            .signAgain(let n, _), .documentErased(let n), .reviewUpstream(let n), .assessGaps(let n), .reassessGaps(let n),
            .followGaps(let n), .signRecordsAgain(let n, _):
            n
        }
    }

    fileprivate func sentence(_ language: Language) -> String {
        let count: Fact = .number(count ?? 0)
        var counterpart: Fact = "-"
        if case .engagement(let engagement)? = selection {
            counterpart = .text(engagement.counterpartName.spoken(language.rawValue) ?? engagement.handle)
        }
        var facts: Facts = ["rows": count, "fields": count, "n": count, "counterpart": counterpart]
        facts["record"] = .text(about?.text(in: language) ?? "-")
        let phrase: StatusPhrases
        switch waiting.matter {
        case .rewrite(let field): facts["field"] = .text(field.shown)
        case .eraseCopy(let copy): facts["field"] = .text(copy.cell.shown)
        case .act(let action): facts["owner"] = .text(action.owner ?? "-")
        case .publish(let rows, let others): (facts["rows"], facts["n"]) = (.number(rows), .number(others))
        default: break
        }
        phrase =
            switch waiting.matter {
            case .confirm: .todoConfirm
            case .answer: .todoAnswer
            case .reread: .todoReread
            case .dispute: .todoDispute
            case .choose: .todoConflict
            case .sign: .todoSign
            case .signAgain: .todoSignAgain
            case .signRecordsAgain: .todoSignRecordsAgain
            case .documentErased: .todoDocumentErased
            case .rewrite: .todoRewrite
            case .eraseCopy(let copy): copy.organisation == nil ? .todoEraseOrdered : .todoEraseCopy
            case .publish(let rows, let others): others == 0 ? .todoPublish : rows == 0 ? .todoPublishRecords : .todoPublishBoth
            case .publishAgain: .todoPublishAgain
            case .reviewUpstream: .todoReviewUpstream
            case .assessGaps: .todoAssessGaps
            case .reassessGaps: .todoReassessGaps
            case .followGaps: .todoFollowGaps
            case .send: .todoSend
            case .refused: .todoRefused
            case .act(let action):
                switch action.matter {
                case .decision: .todoDecision
                case .correction: .todoCorrection
                case .effectiveness: .todoEffect
                case .review: .todoReview
                case .audit: .todoAudit
                case .treatment: action.owner == nil ? .todoTreatmentOfNobody : .todoTreatment
                case .reassessment: action.owner == nil ? .todoReassessOfNobody : .todoReassess
                }
            }
        let text = phrase.text(in: language, facts)
        return isLate ? StatusPhrases.todoLate.text(in: language, ["what": .text(text)]) : text
    }
}
