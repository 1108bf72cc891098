package import BuntanProtocol

/// What the statements of a log have erased (sync.md section 10).
///
/// Whose a change is only the log tells, and a statement may stand before the change it names, after a loss: so each word
/// is here with who gave it, and counts for a change whose author is theirs. The log key's word counts for any.
struct Erasures: Hashable, Sendable {
    private struct Word: Hashable, Sendable {
        /// `nil` for the log key.
        let by: OrganisationID?
        var ops: Set<Int>
    }

    private var words: [ChangeID: [Word]] = [:]

    var isEmpty: Bool { words.isEmpty }

    mutating func add(_ erased: [ErasedOps], by organisation: OrganisationID?) {
        for item in erased {
            if let known = words[item.change]?.firstIndex(where: { $0.by == organisation }) {
                words[item.change]?[known].ops.formUnion(item.indices)
            } else {
                words[item.change, default: []].append(Word(by: organisation, ops: Set(item.indices)))
            }
        }
    }

    /// The ops that were erased of a change which a device of `author` made; `nil` for a change that nobody has named.
    func ops(of change: ChangeID, by author: OrganisationID?) -> Set<Int>? {
        let counting = words[change, default: []].filter { $0.by == nil || $0.by == author }
        return counting.isEmpty ? nil : counting.reduce(into: []) { $0.formUnion($1.ops) }
    }

    // MARK: in a store

    func write(to w: inout CBORWriter) {
        w.list(words.sorted { $0.key < $1.key }) { w, item in
            w.array(2)
            w.id(item.key)
            w.list(item.value) { w, word in
                w.array(2)
                w.optional(word.by) { $0.id($1) }
                w.list(word.ops.sorted()) { $0.int($1) }
            }
        }
    }

    init() {}

    init(from r: inout CBORReader) throws(DecodingFault) {
        let read = try r.list(most: .max) { r throws(DecodingFault) -> (ChangeID, [Word]) in
            try r.array(of: 2)
            let change: ChangeID = try r.id()
            return (
                change,
                try r.list(most: .max) { r throws(DecodingFault) -> Word in
                    try r.array(of: 2)
                    let by: OrganisationID? = try r.optional { r throws(DecodingFault) in try r.id() }
                    return Word(by: by, ops: Set(try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) in try r.count() }))
                }
            )
        }
        words = Dictionary(read) { first, _ in first }
    }
}

extension SpaceRights {
    /// The ops of a change that the log has erased, its author being a device of `author`; `nil` for one that nobody has named.
    ///
    /// Of a sealed change all values are gone, whichever were named: whoever keeps the log sees one payload.
    package func erasedOps(of change: ChangeID, by author: OrganisationID?) -> Set<Int>? { erasures.ops(of: change, by: author) }
}

/// A word that erases: who gave it, and what it names.
package struct Erasing: Hashable, Sendable {
    /// `nil` for the log key.
    package let organisation: OrganisationID?
    package let ops: [ErasedOps]
    /// What names the legal order, of a word of the log key.
    package let reference: String?

    /// `nil` for an entry that erases nothing.
    package init?(in entry: Entry) {
        switch entry.kind {
        case .statement:
            // What does not decode erases nothing; that it stands in a log is for its judge to say.
            guard let statement = try? Statement(decoding: entry.content), case .erase(let ops) = statement.act else { return nil }
            (organisation, self.ops, reference) = (statement.organisation, ops, nil)
        case .server:
            // As above: a word that does not decode is no erasure.
            guard let word = try? ServerStatement(decoding: entry.content), case .erase(let ops, let reference) = word.act else {
                return nil
            }
            (organisation, self.ops, self.reference) = (nil, ops, reference)
        case .genesis, .change, .salvaged: return nil
        }
    }
}
