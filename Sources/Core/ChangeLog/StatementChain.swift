package import BuntanProtocol

/// The end of a chain of statements: what the next one must follow.
package struct ChainHead: Hashable, Sendable {
    /// The number of the last statement; 0 for a chain that has not begun.
    package let number: Int
    package let digest: Digest?

    package static let start = ChainHead(number: 0, digest: nil)

    package init(number: Int, digest: Digest?) {
        self.number = number
        self.digest = digest
    }

    /// Returns the head once `statement` has been appended.
    package func advanced(by statement: SignedBytes) -> ChainHead {
        ChainHead(number: number + 1, digest: SHA.digest(statement.bytes))
    }
}

/// A statement whose bytes are well formed and signed by the key it names; what that key may do is another question.
struct CheckedStatement {
    let statement: Statement
    let digest: Digest

    init(_ signed: SignedBytes) throws(Refusal) {
        guard signed.bytes.count <= Limits.statementBytes else { throw Refusal(.tooLarge, "statement") }
        statement = try ChangeCheck.decoding { () throws(DecodingFault) in try Statement(decoding: signed.bytes) }
        guard SignatureCheck.isValid(signed.signature, by: statement.signer, label: "statement", content: signed.bytes) else {
            throw Refusal(.badSignature, "statement")
        }
        digest = SHA.digest(signed.bytes)
    }
}

/// The order of an organisation's statements: everywhere, or about one space.
struct StatementChain: Hashable, Sendable {
    private(set) var digests: [Digest] = []

    var head: ChainHead { ChainHead(number: digests.count, digest: digests.last) }

    /// Refuses what is not the next statement, and says whether it is known, ahead of the chain or beside it.
    func requireNext(_ checked: CheckedStatement) throws(Refusal) {
        let number = checked.statement.number
        if number <= digests.count {
            throw Refusal(.invalid, digests[number - 1] == checked.digest ? StatementDetail.known : StatementDetail.fork)
        }
        guard number == digests.count + 1 else { throw Refusal(.unknownPredecessor, StatementDetail.gap) }
        guard checked.statement.previous == digests.last else { throw Refusal(.invalid, StatementDetail.fork) }
    }

    func holds(_ statement: SignedBytes) -> Bool { holds(SHA.digest(statement.bytes)) }
    func holds(_ statement: Digest) -> Bool { digests.last == statement || digests.contains(statement) }

    mutating func append(_ checked: CheckedStatement) { digests.append(checked.digest) }

    func write(to w: inout CBORWriter) { w.list(digests) { $0.fixed($1) } }

    init() {}

    init(from r: inout CBORReader) throws(DecodingFault) {
        digests = try r.list(most: .max) { r throws(DecodingFault) in try r.fixed() }
    }
}

/// What a refusal of a statement names.
package enum StatementDetail {
    /// The chain holds it already.
    package static let known = "statement_known"
    /// Statements before it are missing.
    package static let gap = "statement_gap"
    /// The chain goes on another way.
    package static let fork = "statement_fork"
}
