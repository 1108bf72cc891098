/// Compares what a provider's document asks for with what its customer's document answers.
///
/// The schemas check none of the references between two documents (interchange.md section 3).
package struct Reconciliation: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A reference to nothing that either document has.
        case dangling
        /// A reference to something else than it should lead to.
        case wrongKind = "wrong-kind"
        /// A reference to what stands under another statement.
        case crossed
        /// An id that a document has twice.
        case duplicate
        /// A responsibility of which the customer says nothing.
        case unanswered
        /// An answer to words that the provider has changed since.
        case stale
    }

    package struct Finding: Sendable, Equatable {
        package let kind: Kind
        /// The id that is meant, as it stands.
        package let id: String
        /// The statement, as its control's catalogue writes it.
        package let statement: String
        package let document: String
        package let path: String
    }

    /// What was counted in a provider's and a customer's document.
    package struct Counts: Sendable, Equatable {
        package var provided = 0
        package var responsibilities = 0
        package var inherited = 0
        package var satisfied = 0
        /// References of the customer's to its own document: of a further tier that stands in it.
        package var own = 0
        /// What takes over or answers without a reference: it says not what.
        package var unnamed = 0
    }

    package let provider: String
    package let customer: String
    package let counts: Counts
    /// By kind, in the documents' order.
    package let findings: [Finding]

    /// - Parameter earlier: the provider's document as it was when the customer answered.
    init(_ provider: StatementLinks, _ customer: StatementLinks, since earlier: StatementLinks? = nil) {
        self.provider = provider.document
        self.customer = customer.document
        var counts = Counts()
        counts.provided = provider.provided.count
        counts.responsibilities = provider.responsibilities.count
        var found: [Finding] = []
        func add(_ kind: Kind, _ part: StatementLinks.Part, in document: String, isAboutItself: Bool = false) {
            let id = isAboutItself ? part.written.id : part.written.target ?? part.written.id
            found.append(Finding(kind: kind, id: id, statement: part.statement, document: document, path: part.path))
        }
        func byID(_ parts: [StatementLinks.Part]) -> [String: StatementLinks.Part] {
            Dictionary(parts.map { ($0.id, $0) }) { first, _ in first }
        }
        let (provided, duties) = (byID(provider.provided), byID(provider.responsibilities))

        // Within the provider's document, from a responsibility to what it is about.
        for duty in provider.responsibilities {
            guard let target = duty.target else { continue }
            if let about = provided[target] {
                if about.statement != duty.statement { add(.crossed, duty, in: provider.document) }
            } else {
                add(provider.ids[target] == nil ? .dangling : .wrongKind, duty, in: provider.document)
            }
        }
        // From the customer's document to the provider's.
        let before = earlier.map { (provided: byID($0.provided), duties: byID($0.responsibilities)) }
        func follow(_ part: StatementLinks.Part, to meant: [String: StatementLinks.Part], before: [String: StatementLinks.Part]?) -> Bool {
            guard let target = part.target else {
                counts.unnamed += 1
                return false
            }
            if let said = meant[target] {
                if said.statement != part.statement { add(.crossed, part, in: customer.document) }
                if let was = before?[target], was.text != said.text { add(.stale, part, in: customer.document) }
                return true
            }
            if provider.ids[target] != nil {
                add(.wrongKind, part, in: customer.document)
            } else if customer.ids[target] != nil {
                counts.own += 1
                return false
            } else {
                add(.dangling, part, in: customer.document)
            }
            return true
        }
        for part in customer.inherited where follow(part, to: provided, before: before?.provided) {
            counts.inherited += 1
        }
        var answered: Set<String> = []
        for part in customer.satisfied where follow(part, to: duties, before: before?.duties) {
            counts.satisfied += 1
            if let target = part.target { answered.insert(target) }
        }
        for duty in provider.responsibilities where !answered.contains(duty.id) {
            add(.unanswered, duty, in: provider.document, isAboutItself: true)
        }
        for part in provider.repeated { add(.duplicate, part, in: provider.document, isAboutItself: true) }
        for part in customer.repeated { add(.duplicate, part, in: customer.document, isAboutItself: true) }
        self.counts = counts
        findings = Kind.allCases.flatMap { kind in found.filter { $0.kind == kind } }
    }
}

/// Compares documents of a chain, each with the one that is its provider.
///
/// - Parameter earlier: the first document as it was when the second was written.
/// - Returns: a comparison for each document but the first, and what becomes of each statement down the chain.
package func reconcile(
    _ documents: [(bytes: [UInt8], name: String)], since earlier: (bytes: [UInt8], name: String)? = nil
) throws(ImportFault) -> (pairs: [Reconciliation], chain: DocumentChain) {
    var read: [StatementLinks] = []
    for document in documents { read.append(try links(of: document)) }
    var before: StatementLinks?
    if let earlier { before = try links(of: earlier) }
    let pairs = zip(read, read.dropFirst()).enumerated().map { number, pair in
        Reconciliation(pair.0, pair.1, since: number == 0 ? before : nil)
    }
    return (pairs, DocumentChain(read))
}

private func links(of document: (bytes: [UInt8], name: String)) throws(ImportFault) -> StatementLinks {
    let tree: DocumentTree
    do { tree = try DocumentTree(document.bytes) } catch { throw .unreadableTree(error, document: document.name) }
    guard let oscal = OscalDocument(tree) else {
        throw .formatNotRead(DocumentTree.looksLikeJSON(document.bytes) ? "json" : "yaml", document: document.name)
    }
    guard oscal.model.holdsRequirements else {
        throw .noResponsibilities(oscal.model.rawValue, figures: oscal.figures, document: document.name)
    }
    return StatementLinks(oscal, document: document.name)
}
