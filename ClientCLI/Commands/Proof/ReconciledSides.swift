import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording

/// The two sides of an engagement, by the rows that both know, and the chain in which they stand where the provider builds on others.
///
/// A row is known by its key and not by a reference: none is crossed, and none stands twice.
struct ReconciledSides {
    private let engagement: KnownEngagement
    private let names: (provider: String, customer: String)
    private let rows: [MatrixRow]
    private let chain: DocumentChain?
    private let context: ReportContext?

    init(_ invocation: Invocation) throws {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        try selector.requireRows(of: engagement)
        func name(_ names: [String: String]) -> String { names.spoken(invocation.language.rawValue) ?? "-" }
        let names = (
            provider: name(engagement.providerName),
            customer: name(engagement.seat == .provider ? engagement.counterpartName : engagement.partyName)
        )
        (rows, chain, context) = try open.store.read { reader in
            let rows = try open.reading.rows(of: engagement, reader)
            let service = selector.directory.services.first { $0.service == engagement.service }
            let upstream = try engagement.seat == .provider ? service.map { try selector.directory.upstream(of: $0, reader) } ?? [] : []
            let above = try upstream.flatMap { upstream in
                try upstream.engagements.map { engagement in
                    Above(
                        upstream: upstream, name: name(engagement.providerName), rows: try open.reading.rows(of: engagement, reader))
                }
            }
            return (
                rows, Self.chain(from: above, through: rows, names.provider, names.customer),
                try selector.context(.engagement(engagement), reader)
            )
        }
        (self.engagement, self.names) = (engagement, names)
    }

    func report() -> ReconcileReport {
        var counts = ReconcileReport.Counts()
        var findings: [ReconcileReport.Finding] = []
        for row in rows {
            let (gives, asks) = (row.gives, row.asks)
            if gives { counts.provided += 1 }
            if asks { counts.responsibilities += 1 }
            func add(_ kind: Reconciliation.Kind, _ document: String) {
                findings.append(.init(kind: kind, id: nil, statement: row.key.pasteable, document: document, path: nil))
            }
            if row.isAnswered {
                if row.row == nil, row.providerPosition == nil {
                    add(.dangling, names.customer)
                } else if row.negotiation.state == .reworded {
                    add(.stale, names.customer)
                } else if !asks, row.negotiation.state == .agreed, row.saysWhatItDoes {
                    add(.wrongKind, names.customer)
                }
                if asks { counts.satisfied += 1 }
                if row.takesOver { counts.inherited += 1 }
            } else if asks {
                add(.unanswered, names.provider)
            }
        }
        return ReconcileReport(
            disputed: rows.filter { $0.negotiation.state == .disputed }.map(\.key),
            pairs: [
                .init(
                    provider: names.provider, customer: names.customer, counts: counts,
                    findings: Reconciliation.Kind.allCases.flatMap { kind in findings.filter { $0.kind == kind } })
            ], chain: chain, context: context)
    }

    /// What becomes of the statements of those on whom the provider relies; `nil` where no row is theirs as well.
    private static func chain(
        from above: [Above], through rows: [MatrixRow], _ provider: String, _ customer: String
    ) -> DocumentChain? {
        let own = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        var known: Set<Records.RowKey> = []
        let pairs = above.flatMap { above in above.rows.map { (above: above, row: $0) } }
        let statements = pairs.compactMap { above, upstream -> DocumentChain.Statement? in
            guard let row = own[upstream.key], above.isMeant(by: row), known.insert(upstream.key).inserted else { return nil }
            var tiers = Array(repeating: DocumentChain.Tier(), count: 3)
            (tiers[0].provides, tiers[0].asks) = (upstream.gives, upstream.asks)
            (tiers[1].provides, tiers[1].asks) = (row.gives, row.asks)
            (tiers[1].satisfies, tiers[1].inherits) = (upstream.isAnswered && upstream.asks, upstream.takesOver)
            (tiers[2].satisfies, tiers[2].inherits) = (row.isAnswered && row.asks, row.takesOver)
            return DocumentChain.Statement(statement: row.key.shown, tiers: tiers)
        }
        guard !statements.isEmpty else { return nil }
        var names: [String] = []
        for name in above.map(\.name) where !names.contains(name) { names.append(name) }
        return DocumentChain(documents: [names.joined(separator: " + "), provider, customer], statements: statements)
    }
}

/// What the provider's own supplier says, in the engagement in which the provider is its customer.
private struct Above {
    let upstream: UpstreamService
    let name: String
    let rows: [MatrixRow]

    /// Whether a row relies on it: one that names another supplier does not.
    func isMeant(by row: MatrixRow) -> Bool {
        if let named = row.row?.value("dependencyId")?.bytes.flatMap({ RecordID($0) }) { return named == upstream.record }
        guard let party = row.row?.value("supplierPartyId")?.bytes.flatMap({ OrganisationID($0) }) else { return true }
        return party == upstream.provider
    }
}

extension MatrixRow {
    /// Whether the provider does something of it, itself or through a supplier.
    fileprivate var gives: Bool { [.settled("provider"), .settled("shared"), .settled("supplier")].contains(theirs(for: .customer)) }
    /// Whether something is asked of the customer.
    fileprivate var asks: Bool { [.settled("customer"), .settled("shared")].contains(theirs(for: .customer)) }
    /// Whether the customer takes over what the provider does; of what is shared, where both agree.
    fileprivate var takesOver: Bool { isAnswered && (!asks || (gives && negotiation.state == .agreed)) }
    fileprivate var isAnswered: Bool { negotiation.customer != .empty }
    /// Whether the customer says what it does.
    fileprivate var saysWhatItDoes: Bool { customerPosition?.texts("customerStatement").isEmpty == false }
}
