import Foundation
import Interchange
import Records
import Wording

/// What a comparison found, in words and as JSON.
struct ReconcileReport {
    struct Counts {
        var provided = 0, responsibilities = 0, inherited = 0, satisfied = 0, own = 0, unnamed = 0
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
                ? ReconcilePhrases.further.text(in: page.language, ["document": .text(name(document))]) : name(document)
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

    /// A file by its name; where two go by one, with the folder in which it lies.
    private func name(_ document: String) -> String {
        let url = URL(fileURLWithPath: document)
        let all = Set(
            pairs.flatMap { [$0.provider, $0.customer] }.filter { URL(fileURLWithPath: $0).lastPathComponent == url.lastPathComponent })
        // Folders may be called alike as well.
        if Set(all.map { URL(fileURLWithPath: $0).deletingLastPathComponent().lastPathComponent }).count < all.count { return document }
        return all.count < 2 ? url.lastPathComponent : "\(url.deletingLastPathComponent().lastPathComponent)/\(url.lastPathComponent)"
    }

    private func show(_ pair: Pair, _ page: inout Page) {
        page.say(
            ReconcilePhrases.heading,
            [
                "provider": .text(name(pair.provider)), "customer": .text(name(pair.customer)),
                "provided": .number(pair.counts.provided), "duties": .number(pair.counts.responsibilities),
                "inherited": .number(pair.counts.inherited), "satisfied": .number(pair.counts.satisfied),
            ])
        if pair.counts.own > 0 { page.say(ReconcilePhrases.own, ["n": .number(pair.counts.own)], indent: 2) }
        if pair.counts.unnamed > 0 { page.say(ReconcilePhrases.unnamed, ["n": .number(pair.counts.unnamed)], indent: 2) }
        if !pair.isAbout {
            page.say(ReconcilePhrases.nothingAsked, ["provider": .text(name(pair.provider))], .warning, indent: 2)
        } else if pair.findings.isEmpty, disputed.isEmpty {
            page.say(ReconcilePhrases.nothing, indent: 2)
        }
        for kind in Reconciliation.Kind.allCases {
            let alike = pair.findings.filter { $0.kind == kind }
            guard !alike.isEmpty else { continue }
            // Between the sides of an engagement nothing is referred to by an id.
            let phrase = kind == .wrongKind && alike.allSatisfy { $0.id == nil } ? ReconcilePhrases.unasked : kind.phrase
            page.say(phrase, ["n": .number(alike.count)], .warning, indent: 2)
            for finding in alike.prefix(page.style.isWide ? .max : Self.named) {
                let place = finding.path.map { "\(name(finding.document)) \($0)" } ?? finding.document
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
                                    ("own", .number(pair.counts.own)), ("unnamed", .number(pair.counts.unnamed)))
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
