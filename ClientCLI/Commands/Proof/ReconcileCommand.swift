import ArgumentParser
import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording
import Workbooks

/// Compares a provider's document with its customer's, or the two sides of an engagement: what is answered, and what leads nowhere.
struct ReconcileCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "reconcile", abstract: CommandPhrases.reconcile.spoken)
    }

    @Argument(help: .spoken(.reconcileFiles)) var files: [String] = []
    @Option(name: .long, help: .spoken(.sinceFile)) var since: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let report: ReconcileReport
        if files.isEmpty {
            guard since == nil else { throw CommandFailure(.missingArgument, ["argument": "FILE"]) }
            report = try sides(invocation)
        } else {
            guard files.count > 1 else { throw CommandFailure(.missingArgument, ["argument": .text("CUSTOMER-FILE")]) }
            report = try documents()
        }
        try invocation.print(report.page())
        return report.isGood ? .done : .found
    }

    private func documents() throws -> ReconcileReport {
        func document(_ file: String) throws -> (bytes: [UInt8], name: String) {
            (try InputFile.bytes(file, limit: WorkbookLimits.standard.fileBytes), file)
        }
        let read = try files.map(document)
        let earlier = try since.map(document)
        let (pairs, chain): ([Reconciliation], DocumentChain)
        do throws(ImportFault) { (pairs, chain) = try reconcile(read, since: earlier) } catch {
            throw Self.failure(error, among: read + [earlier].compactMap(\.self))
        }
        return ReconcileReport(
            pairs: pairs.map { pair in
                ReconcileReport.Pair(
                    provider: pair.provider, customer: pair.customer,
                    counts: .init(
                        provided: pair.counts.provided, responsibilities: pair.counts.responsibilities, inherited: pair.counts.inherited,
                        satisfied: pair.counts.satisfied, own: pair.counts.own),
                    findings: pair.findings.map {
                        .init(kind: $0.kind, id: $0.id, statement: $0.statement, document: $0.document, path: $0.path)
                    })
            },
            chain: chain.documents.count < 3 ? nil : chain, context: nil)
    }

    /// Tables are no plans: who has two of them is told which command compares those.
    private static func failure(_ fault: ImportFault, among documents: [(bytes: [UInt8], name: String)]) -> CommandFailure {
        let file = fault.document
        let isWorkbook = documents.contains { $0.name == file && $0.bytes.starts(with: Array("PK".utf8)) }
        let isOther: Bool = if case .formatNotRead = fault { true } else { isWorkbook }
        guard isOther else { return ImportWords.failure(fault, file: file) }
        return CommandFailure(.fileNoPlan, ["file": .text(file)], next: "buntan diff FILE FILE", place: .init(file: file))
    }

    /// The two sides of an engagement, by the rows that both know.
    private func sides(_ invocation: Invocation) throws -> ReconcileReport {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        try selector.requireRows(of: engagement)
        let (rows, context) = try open.store.read { reader in
            (try open.reading.rows(of: engagement, reader), try selector.context(.engagement(engagement), reader))
        }
        func name(_ names: [String: String]) -> String { names.spoken(invocation.language.rawValue) ?? "-" }
        let provider = name(engagement.providerName)
        let customer = name(engagement.seat == .provider ? engagement.counterpartName : engagement.partyName)
        var counts = ReconcileReport.Counts()
        var findings: [ReconcileReport.Finding] = []
        for row in rows {
            let theirs = row.theirs(for: .customer)
            let asks = theirs == .settled("customer") || theirs == .settled("shared")
            if theirs == .settled("provider") || theirs == .settled("shared") { counts.provided += 1 }
            if asks { counts.responsibilities += 1 }
            let hasAnswer = row.negotiation.customer != .empty
            func add(_ kind: Reconciliation.Kind, _ document: String) {
                findings.append(.init(kind: kind, id: nil, statement: row.key.pasteable, document: document, path: nil))
            }
            if hasAnswer {
                if row.row == nil, row.providerPosition == nil {
                    add(.dangling, customer)
                } else if row.negotiation.state == .reworded {
                    add(.stale, customer)
                }
                if asks { counts.satisfied += 1 } else { counts.inherited += 1 }
            } else if asks {
                add(.unanswered, provider)
            }
        }
        let kinds = Reconciliation.Kind.allCases
        let disputed = rows.filter { $0.negotiation.state == .disputed }.map(\.key)
        return ReconcileReport(
            disputed: disputed,
            pairs: [
                .init(
                    provider: provider, customer: customer, counts: counts,
                    findings: kinds.flatMap { kind in findings.filter { $0.kind == kind } })
            ], chain: nil, context: context)
    }
}

/// What a comparison found, in words and as JSON.
struct ReconcileReport {
    struct Counts {
        var provided = 0, responsibilities = 0, inherited = 0, satisfied = 0, own = 0
    }
    struct Finding {
        let kind: Reconciliation.Kind
        /// The id that is meant in a document; rows are named by their statement.
        let id: String?
        let statement: String
        let document: String
        let path: String?
    }
    struct Pair {
        let provider: String
        let customer: String
        let counts: Counts
        let findings: [Finding]

        /// Whether the first of them says anything that the second could answer.
        var isAbout: Bool { counts.provided + counts.responsibilities > 0 }
    }

    /// Rows on which the sides of an engagement hold to different things: no fault of a reference, and open all the same.
    var disputed: [Records.RowKey] = []
    let pairs: [Pair]
    /// What becomes of each statement down a chain; `nil` where there are two tiers.
    let chain: DocumentChain?
    let context: ReportContext?

    /// Where nothing is provided and nothing asked for there is nothing that could be open.
    var isGood: Bool { disputed.isEmpty && pairs.allSatisfy { $0.findings.isEmpty && $0.isAbout } }

    func page() -> Report {
        .single("reconcile/1", context, fields: ["pairs", "through", "chain", "findings", "disputed"], json) { page in
            for pair in pairs { show(pair, &page) }
            if !disputed.isEmpty {
                let names = disputed.prefix(page.style.isWide ? .max : Self.named).map(\.shown).joined(
                    separator: page.language == .ja ? "、" : ", ")
                let more = disputed.count > Self.named && !page.style.isWide ? ", …" : ""
                page.say(ReconcilePhrases.disputed, ["n": .number(disputed.count), "list": .text(names + more)], .warning, indent: 2)
            }
            if let chain { show(chain, &page) }
        }
    }

    /// The chain and its statements: first those that a tier has not taken over.
    private func show(_ chain: DocumentChain, _ page: inout Page) {
        let through = chain.statements.count(where: \.goesThrough)
        let names = chain.documents.enumerated().map { number, document in
            chain.isFurther(number)
                ? ReconcilePhrases.further.text(in: page.language, ["document": .text(Self.name(document))]) : Self.name(document)
        }
        page.blank()
        page.say(ReconcilePhrases.through, ["chain": .text(names.joined(separator: " → ")), "n": .number(through)])
        let ordered = chain.statements.filter(\.isLeft) + chain.statements.filter { !$0.isLeft }
        let shown = ordered.prefix(page.style.isWide ? .max : Self.named)
        var table = Table(columns: [Column(title: TermPhrases.headStatement.text(in: page.language))] + names.map { Column(title: $0) })
        for statement in shown {
            table.rows.append([Span(statement.statement)] + statement.tiers.map { Span($0.words(in: page.language)) })
        }
        page.table(table)
        if ordered.count > shown.count { page.say(ReconcilePhrases.more, ["n": .number(ordered.count - shown.count)], indent: 2) }
    }

    private static func name(_ document: String) -> String { URL(fileURLWithPath: document).lastPathComponent }

    private func show(_ pair: Pair, _ page: inout Page) {
        page.say(
            ReconcilePhrases.heading,
            [
                "provider": .text(Self.name(pair.provider)), "customer": .text(Self.name(pair.customer)),
                "provided": .number(pair.counts.provided), "duties": .number(pair.counts.responsibilities),
                "inherited": .number(pair.counts.inherited), "satisfied": .number(pair.counts.satisfied),
            ])
        if pair.counts.own > 0 { page.say(ReconcilePhrases.own, ["n": .number(pair.counts.own)], indent: 2) }
        if !pair.isAbout {
            page.say(ReconcilePhrases.nothingAsked, ["provider": .text(Self.name(pair.provider))], .warning, indent: 2)
        } else if pair.findings.isEmpty, disputed.isEmpty {
            page.say(ReconcilePhrases.nothing, indent: 2)
        }
        for kind in Reconciliation.Kind.allCases {
            let alike = pair.findings.filter { $0.kind == kind }
            guard !alike.isEmpty else { continue }
            page.say(kind.phrase, ["n": .number(alike.count)], .warning, indent: 2)
            for finding in alike.prefix(page.style.isWide ? .max : Self.named) {
                let place = finding.path.map { "\(Self.name(finding.document)) \($0)" } ?? finding.document
                page.place(.at(4, Span(finding.statement)), .at(22, Span([finding.id, place].compactMap(\.self).joined(separator: "  "))))
            }
            if alike.count > Self.named, !page.style.isWide {
                page.say(ReconcilePhrases.more, ["n": .number(alike.count - Self.named)], indent: 4)
            }
        }
    }

    private static let named = 10

    private var json: JSONValue {
        .members(
            (
                "pairs",
                .list(
                    pairs.map { pair in
                        .members(
                            ("provider", .text(pair.provider)), ("customer", .text(pair.customer)),
                            (
                                "counts",
                                .members(
                                    ("provided", .number(pair.counts.provided)),
                                    ("responsibilities", .number(pair.counts.responsibilities)),
                                    ("inherited", .number(pair.counts.inherited)), ("satisfied", .number(pair.counts.satisfied)),
                                    ("own", .number(pair.counts.own)))
                            ))
                    })
            ), ("through", chain.map { .number($0.statements.count(where: \.goesThrough)) } ?? .null),
            ("chain", chain.map(\.json) ?? .null),
            (
                "findings",
                .list(
                    pairs.flatMap(\.findings).map { finding in
                        .members(
                            ("kind", .text(finding.kind.rawValue)), ("statement", .text(finding.statement)),
                            ("id", .text(orNull: finding.id)),
                            ("document", .text(finding.document)), ("path", .text(orNull: finding.path)))
                    })
            ), ("disputed", .list(disputed.map(\.json))))
    }
}

extension DocumentChain {
    /// Whether a tier stands in the document of the one before it.
    fileprivate func isFurther(_ number: Int) -> Bool { number > 0 && documents[number] == documents[number - 1] }

    fileprivate var json: JSONValue {
        .members(
            ("documents", .list(documents.map { .text($0) })),
            (
                "statements",
                .list(
                    statements.map { statement in
                        .members(
                            ("statement", .text(statement.statement)),
                            (
                                "tiers",
                                .list(
                                    statement.tiers.map { tier in
                                        .members(
                                            ("inherits", .bool(tier.inherits)), ("satisfies", .bool(tier.satisfies)),
                                            ("provides", .bool(tier.provides)), ("asks", .bool(tier.asks)))
                                    })
                            ))
                    })
            ))
    }
}

extension DocumentChain.Tier {
    fileprivate func words(in language: Language) -> String {
        let said: [(Bool, ReconcilePhrases)] = [
            (inherits, .tierInherits), (satisfies, .tierSatisfies), (provides, .tierProvides), (asks, .tierAsks),
        ]
        let words = said.filter(\.0).map { $0.1.text(in: language) }
        return words.isEmpty ? "-" : words.joined(separator: language == .ja ? "・" : ", ")
    }
}

extension Reconciliation.Kind {
    fileprivate var phrase: ReconcilePhrases {
        switch self {
        case .dangling: .dangling
        case .wrongKind: .wrongKind
        case .crossed: .crossed
        case .duplicate: .duplicate
        case .unanswered: .unanswered
        case .stale: .stale
        }
    }
}
