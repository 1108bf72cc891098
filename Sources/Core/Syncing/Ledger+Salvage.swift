package import BuntanProtocol
import ChangeLog

/// An entry of an epoch that has ended, as somebody who kept it hands it over again.
package struct SalvagedEntry: Sendable {
    package let entry: Entry
    package let proof: SalvageProof
    /// The entry's bytes and its payload, as they were.
    package let carried: CarriedEntry
    /// The change in it, checked as far as it can be without its log; `nil` for a statement.
    package let change: ReceivedChange?

    /// Takes it apart; `change` is what was said of it alone.
    package init(_ carried: CarriedEntry, proof: [UInt8], change: ReceivedChange?) throws(Refusal) {
        do {
            entry = try Entry(decoding: carried.entry)
            self.proof = try SalvageProof(decoding: proof)
        } catch { throw Refusal(.malformed, "salvaged") }
        guard entry.kind == .change || entry.kind == .statement else { throw Refusal(.malformed, "salvaged") }
        self.carried = carried
        self.change = change
    }
}

/// What was accepted in an epoch that has ended comes back with its proof (sync.md sections 5 and 10).
extension Ledger {
    /// Judges an old entry and takes it if it passes, as a new entry that carries it.
    package mutating func admit(_ salvaged: SalvagedEntry, received: Int64, allowance: Int = .max) throws -> Verdict {
        let bytes = Entry(
            kind: .salvaged, received: received, content: salvaged.carried.entry, signature: nil, proof: salvaged.proof.encoded()
        ).encoded()
        let position = size
        do {
            try rights.require(salvaged.proof, of: salvaged.carried.entry)
            if let change = salvaged.change, let known = try verdict(ofKnown: change) { return known }
            guard bytes.count + (salvaged.carried.payload?.count ?? 0) <= allowance else { return .refused(Refusal(.quota)) }
            if let change = salvaged.change {
                // Whoever leaves values out shows the word that erased them first.
                guard hasErasedWhatIsMissing(of: change) else { return .refused(Refusal(.unknownPredecessor, "erase")) }
                if let refusal = try refusal(of: change, isSalvaged: true) { return .refused(refusal) }
                try take(change, entryBytes: bytes)
            } else {
                try take(oldStatement: salvaged.entry, entryBytes: bytes)
            }
        } catch let refusal as Refusal { return .refused(refusal) }
        return .accepted(position: position)
    }

    /// Takes a salvaged entry as another log keeper ordered it.
    mutating func take(salvaged entry: Entry, _ carried: CarriedEntry, checked: ReceivedChange?) throws {
        let old: Entry
        let proof: SalvageProof
        do {
            old = try entry.unwrapped()
            proof = try SalvageProof(decoding: entry.proof ?? [])
        } catch { throw Refusal(.malformed, "salvaged") }
        try rights.require(proof, of: entry.content)
        guard old.kind == .change else { return try take(oldStatement: old, entryBytes: carried.entry) }
        guard let checked else { throw Refusal(.badSignature) }
        guard try place(of: checked.change.id) == nil else { throw Refusal(.cidReused) }
        try take(checked, carried, refusal: refusal(of: checked, isSalvaged: true, isStanding: true))
    }

    private mutating func take(oldStatement entry: Entry, entryBytes: [UInt8]) throws {
        guard let signature = entry.signature else { throw Refusal(.malformed, "signature") }
        let statement = SignedBytes(bytes: entry.content, signature: signature)
        guard !rights.holds(statement) else { throw Refusal(.invalid, "statement_known") }
        try take(entry, as: entryBytes)
    }
}
