import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

extension Buntan {
    static let standing: [any ParsableCommand.Type] = [
        Status.self, Engagements.self, Conflicts.self, Resolve.self, Disputes.self,
    ]
}

struct Status: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.status.spoken)
    }
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let workspace = open.reading
        let (context, rows, pending, release) = try open.store.read { reader in
            let service: SpaceID =
                switch selection {
                case .engagement(let engagement): engagement.service
                case .service(let service): service.service
                }
            return (
                try selector.context(selection, reader), try Matrix.rows(selection, workspace, reader), try reader.outboxCount(),
                try workspace.releases(of: service, reader).last?.label
            )
        }
        var counts: [RowState: Int] = [:]
        if case .engagement = selection { for row in rows { counts[row.negotiation.state, default: 0] += 1 } }
        let language = invocation.language.rawValue
        let next = Self.next(selection, counts, pending)
        try invocation.print(
            .single(
                "status/1", context, fields: ["rows", "release", "states", "pending", "next"],
                .members(
                    ("rows", .number(rows.count)), ("release", .text(orNull: release)),
                    ("states", .object(RowState.allCases.map { .init($0.rawValue, .number(counts[$0] ?? 0)) })),
                    ("pending", .number(pending)), ("next", .text(next)))
            ) { page in
                let own = selector.directory.ownName.spoken(language) ?? "-"
                switch selection {
                case .engagement(let engagement):
                    page.say(
                        StatusPhrases.parties,
                        [
                            "own": .text(own), "counterpart": .text(engagement.counterpartName.spoken(language) ?? "-"),
                            "service": .text(engagement.serviceName.spoken(language) ?? "-"),
                        ])
                case .service(let service):
                    page.say(StatusPhrases.serviceLine, ["own": .text(own), "service": .text(service.name.spoken(language) ?? "-")])
                    page.say(
                        release == nil ? StatusPhrases.draftNeverReleased : .draftLine,
                        ["rows": .number(rows.count), "label": .text(release ?? "")])
                }
                page.blank()
                for state in RowState.allCases {
                    guard let count = counts[state] else { continue }
                    page.place(.at(2, Span(state.phrase.text(in: page.language))), .upTo(16, Span(String(count))))
                }
                if pending > 0 {
                    page.place(
                        .at(2, Span(StatusPhrases.toSend.text(in: page.language))), .upTo(16, Span(String(pending))),
                        .at(19, Span(StatusPhrases.changesSinceSync.text(in: page.language))), .command(62, "buntan sync"))
                }
                page.blank()
                page.next(next)
            })
        return .done
    }

    private static func next(_ selection: Selection, _ counts: [RowState: Int], _ pending: Int) -> String {
        if counts[.unsettled] ?? 0 > 0 { return "buntan conflicts" }
        if pending > 0 { return "buntan sync" }
        if counts[.disputed] ?? 0 > 0 { return "buntan disputes" }
        if counts[.open] ?? 0 > 0 || counts[.reworded] ?? 0 > 0 { return "buntan matrix --where state=open" }
        if case .service(let service) = selection, service.isOwn { return "buntan publish LABEL -m WHY" }
        return "buntan sync"
    }
}

struct Engagements: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.engagements.spoken)
    }
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        let engagements = selector.directory.engagements
        try invocation.print(
            .list(
                "engagements/1", context, fields: ["id", "short", "handle", "side", "counterpart", "fingerprint", "isConfirmed"],
                engagements.map { engagement in
                    .identified(
                        engagement.space.hex, by: engagement.space.bytes, ("handle", .text(engagement.handle)),
                        ("side", .text(engagement.side.name)),
                        ("counterpart", .texts(engagement.counterpartName)), ("fingerprint", .text(engagement.counterpart.fingerprint)),
                        ("isConfirmed", .bool(engagement.isConfirmed)))
                }
            ) { page in
                guard !engagements.isEmpty else { return page.say(EngagementPhrases.engagementsNone) }
                var table = Table(columns: [Column(title: ""), Column(title: ""), Column(title: "")])
                table.hasHeads = false
                for engagement in engagements {
                    let confirmed = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
                    table.rows.append([
                        Span(engagement.handle), Span(confirmed.text(in: page.language)), Span(engagement.counterpart.fingerprint),
                    ])
                }
                page.table(table)
            })
        return .done
    }
}

struct Disputes: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.disputes.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let workspace = open.reading
        return try open.store.read { reader in
            let context = try selector.context(.engagement(engagement), reader)
            let rows = try workspace.rows(of: engagement, reader)
            let forms = try RowForms(.engagement(engagement), reader)
            let wanted = Set(try RowSelection(rows.map(\.key)).rows(addresses))
            let (disputed, more) = try cut.part(of: rows.filter { wanted.contains($0.key) && $0.negotiation.state == .disputed }) {
                $0.rowID.uuid
            }
            let mine = disputed.filter { Self.isOurTurn($0, engagement.side) }.count
            let language = invocation.language.rawValue
            try invocation.print(
                .list(
                    "disputes/1", context, fields: RowForms.fields + ["turn"], of: disputed, more: more,
                    form: { row in
                        let turn = Self.isOurTurn(row, engagement.side) ? engagement.side : engagement.side.other
                        return try forms.json(row).adding(("turn", .text(turn.name)))
                    }
                ) { page in
                    let name: Fact = .text(engagement.counterpartName.spoken(language) ?? engagement.handle)
                    guard !disputed.isEmpty else { return page.say(EngagementPhrases.disputesNone, ["counterpart": name]) }
                    page.say(
                        EngagementPhrases.disputesHeading, ["rows": .number(disputed.count), "counterpart": name, "turn": .number(mine)])
                    page.blank()
                    var table = Table(columns: [Column(title: ""), Column(title: ""), Column(title: ""), Column(title: "")])
                    table.hasHeads = false
                    for row in disputed {
                        let (theirs, yours) =
                            engagement.side == .customer
                            ? (row.negotiation.provider, row.negotiation.customer) : (row.negotiation.customer, row.negotiation.provider)
                        let turn = Self.isOurTurn(row, engagement.side) ? EngagementPhrases.turnYou : .turnThem
                        table.rows.append([Span(row.key.shown), Span(theirs.shown), Span(yours.shown), Span(turn.text(in: page.language))])
                    }
                    page.table(table)
                })
            return invocation.status(ofListWith: disputed.count)
        }
    }

    /// The turn is with the side that did not move last, by the order of the log.
    static func isOurTurn(_ row: MatrixRow, _ side: Side) -> Bool {
        func last(_ states: [RecordState?]) -> Int {
            states.compactMap { $0?[CellKey("allocation")]?.heads.map { $0.position ?? .max }.max() }.max() ?? -1
        }
        let provider = last([row.providerPosition])
        let customer = last([row.customerPosition])
        return side == .provider ? provider <= customer : customer < provider
    }
}
