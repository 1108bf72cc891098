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

/// What waits for this organisation, oldest first.
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
        /// What one record is called that it is about.
        var about = ""
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
                case .service(let service):
                    items += try workspace.waiting(in: service, selector.directory, day: day, reader).map {
                        try Item($0, selection, isAlone: chosen.count == 1, ErasureWays(selector.directory), reader)
                    }
                }
            }
            items += try workspace.waitingOutbox(reader).map {
                try Item($0, nil, isAlone: true, ErasureWays(selector.directory), reader)
            }
            // What nobody can date comes last.
            let sorted = items.enumerated().sorted {
                ($0.element.waiting.since ?? .max, $0.offset) < ($1.element.waiting.since ?? .max, $1.offset)
            }
            return (sorted.map(\.element), try selector.context(all ? nil : chosen.first, reader))
        }
        let own = selector.directory.ownName
        let now = invocation.console.now()
        try invocation.print(
            .list(
                "todo/1", context, fields: ["matter", "count", "in", "since", "next"],
                items.map { item in
                    [
                        "matter": .text(item.name), "count": item.count.map { .number($0) } ?? .null,
                        "in": .text(orNull: item.selection?.handle),
                        "since": .text(orNull: item.waiting.since.map { Timestamp.rfc3339(milliseconds: $0) }),
                        "next": .text(item.command),
                    ]
                }
            ) { page in
                invocation.sayDay(&page)
                guard !items.isEmpty else { return page.say(StatusPhrases.nothingToDo) }
                page.say(
                    StatusPhrases.todoHeading, ["n": .number(items.count), "own": .text(own.spoken(page.language.rawValue) ?? "-")])
                page.blank()
                var table = Table(
                    columns: [
                        Column(title: "", alignment: .right), Column(title: "", fit: .wrapped, minimum: 10), Column(title: ""),
                        Column(title: ""),
                    ], hasHeads: false)
                for item in items {
                    let age = item.waiting.since.map { invocation.times.span(from: Date(milliseconds: $0), to: now) } ?? "-"
                    table.rows.append([
                        Span(age), Span(item.sentence(page.language)), Span(chosen.count > 1 ? item.selection?.handle ?? "" : ""),
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
                command: ways.command(field, in: engagement, place: place) ?? "buntan conflicts" + place, about: field.row.shown)
        case (.eraseCopy(let copy), .engagement(let engagement)?):
            let name = try ways.name(of: copy, in: engagement, reader)
            self.init(
                waiting: waiting, selection: selection, command: ways.command(copy, address: name.address, place: place),
                about: name.shown)
        default: self.init(waiting: waiting, selection: selection, command: Self.command(waiting, selection, place))
        }
    }

    private static func command(_ waiting: Waiting, _ selection: Selection?, _ place: String) -> String {
        return switch waiting.matter {
        case .confirm: "buntan confirm \(selection?.handle ?? "NAME")"
        case .answer: StandingView.openCommand + place
        case .reread: StandingView.rewordedCommand + place
        case .dispute: "buntan disputes" + place
        case .choose, .rewrite: "buntan conflicts" + place
        case .eraseCopy: "buntan sync"
        case .sign, .signAgain, .documentErased: "buntan agree" + place
        case .publish: "buntan publish LABEL -m WHY" + place
        case .reviewUpstream: "buntan trace" + place
        case .send: "buntan sync"
        case .refused: "buntan outbox"
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
        case .signAgain: "sign-again"
        case .documentErased: "document-erased"
        case .rewrite: "rewrite"
        case .eraseCopy: "erase-copy"
        case .publish: "publish"
        case .reviewUpstream: "review-upstream"
        case .send: "send"
        case .refused: "refused"
        }
    }

    fileprivate var count: Int? {
        switch waiting.matter {
        case .confirm, .sign, .eraseCopy: nil
        case .rewrite(let field): field.cells.count
        case .answer(let n), .reread(let n), .dispute(let n), .choose(let n), .publish(let n), .send(let n), .refused(let n),
            .signAgain(let n), .documentErased(let n), .reviewUpstream(let n):
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
        facts["record"] = .text(about)
        let phrase: StatusPhrases
        switch waiting.matter {
        case .rewrite(let field): facts["field"] = .text(field.shown)
        case .eraseCopy(let copy): facts["field"] = .text(copy.cell.shown)
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
            case .documentErased: .todoDocumentErased
            case .rewrite: .todoRewrite
            case .eraseCopy(let copy): copy.organisation == nil ? .todoEraseOrdered : .todoEraseCopy
            case .publish: .todoPublish
            case .reviewUpstream: .todoReviewUpstream
            case .send: .todoSend
            case .refused: .todoRefused
            }
        return phrase.text(in: language, facts)
    }
}
