/// Documents of a supply chain in order, and what becomes of each statement down the chain.
package struct DocumentChain: Sendable, Equatable {
    /// What the document of a tier says of a statement.
    package struct Tier: Sendable, Equatable {
        package var inherits = false
        package var satisfies = false
        package var provides = false
        package var asks = false

        package init() {}

        /// Whether it takes over or answers what the tier before it says.
        package var takesOver: Bool { inherits || satisfies }
        fileprivate var hands: Bool { provides || asks }
    }

    package struct Statement: Sendable, Equatable {
        /// As its control's catalogue writes it.
        package let statement: String
        /// One for each tier.
        package let tiers: [Tier]

        package init(statement: String, tiers: [Tier]) { (self.statement, self.tiers) = (statement, tiers) }

        /// Whether each tier takes over what the one before it says.
        package var goesThrough: Bool { (tiers.first?.hands ?? false) && tiers.dropFirst().allSatisfy(\.takesOver) }
        /// Whether a tier has handed something on that the next one does not take over.
        package var isLeft: Bool { zip(tiers, tiers.dropFirst()).contains { $0.hands && !$1.takesOver } }
    }

    /// The document of each tier. The last stands here twice where it takes over from itself: a further tier then stands in it.
    package let documents: [String]
    /// In the order in which the documents first speak of them.
    package let statements: [Statement]

    package init(documents: [String], statements: [Statement]) { (self.documents, self.statements) = (documents, statements) }

    init(_ documents: [StatementLinks]) {
        var sources = Array(zip([nil] + documents, documents))
        if documents.count > 1, let last = documents.last, last.takesOverFromItself { sources.append((last, last)) }
        var order: [String] = []
        var tiers: [String: [Tier]] = [:]
        for (number, (above, document)) in sources.enumerated() {
            func note(_ statement: String, _ change: (inout Tier) -> Void) {
                if tiers[statement] == nil {
                    order.append(statement)
                    tiers[statement] = Array(repeating: Tier(), count: sources.count)
                }
                change(&tiers[statement, default: []][number])
            }
            // What a further tier in the last document hands on would be another document's to take over.
            if number < documents.count {
                for part in document.provided { note(part.statement) { $0.provides = true } }
                for part in document.responsibilities { note(part.statement) { $0.asks = true } }
            }
            let (provided, asked) = (Set((above?.provided ?? []).map(\.id)), Set((above?.responsibilities ?? []).map(\.id)))
            for part in document.inherited where part.target.map(provided.contains) ?? false { note(part.statement) { $0.inherits = true } }
            for part in document.satisfied where part.target.map(asked.contains) ?? false { note(part.statement) { $0.satisfies = true } }
        }
        self.documents = sources.map(\.1.document)
        statements = order.map { Statement(statement: $0, tiers: tiers[$0] ?? []) }
    }
}

extension StatementLinks {
    fileprivate var takesOverFromItself: Bool {
        let own = Set(provided.map(\.id) + responsibilities.map(\.id))
        return (inherited + satisfied).contains { $0.target.map(own.contains) ?? false }
    }
}
