package import BuntanProtocol

/// Hands out and looks up short ids: the beginning of SHA-256 of an id in small base32 letters.
///
/// The beginning of the id itself will not do: UUIDv7 starts with the time, so the records of one import would share it.
/// A letter that tells two ids apart today may not do so tomorrow; any longer beginning stays valid for good.
package struct ShortIDs<ID: Hashable & Sendable>: Sendable {
    /// What a typed beginning stands for.
    package enum Match: Hashable, Sendable {
        case one(ID)
        case several([ID])
        /// Nothing begins so; `nearest` share the longest beginning with what was typed.
        case none(nearest: [ID])
        /// Not base32 letters, or fewer than the least count.
        case notAShortID
    }

    private let entries: [(digest: Digest, id: ID)]
    private let bytes: @Sendable (ID) -> [UInt8]

    /// Indexes `ids`, each with the bytes that name it.
    package init(_ ids: some Sequence<ID>, bytes: @escaping @Sendable (ID) -> [UInt8]) {
        self.bytes = bytes
        let ids = Array(ids)
        let digests = Cores.map(ids[...], few: 1_024) { ShortID.digest(of: bytes($0)) }
        // What moves while sorting are numbers; hardly any digests begin with the same word but those of the same bytes.
        var places = digests.indices.map { (word: digests[$0].word0, index: $0) }
        places.sort { $0.word != $1.word ? $0.word < $1.word : digests[$0.index] < digests[$1.index] }
        var entries: [(digest: Digest, id: ID)] = []
        entries.reserveCapacity(places.count)
        for (_, index) in places {
            let (digest, id) = (digests[index], ids[index])
            // An id may come twice, and things of two kinds may have the same bytes.
            guard !entries.reversed().prefix(while: { $0.digest == digest }).contains(where: { $0.id == id }) else { continue }
            entries.append((digest, id))
        }
        self.entries = entries
    }

    package init<S>(_ ids: some Sequence<ID>) where ID == Identifier<S> { self.init(ids) { $0.bytes } }

    package init<S>(_ ids: some Sequence<ID>) where ID == Fixed32<S> { self.init(ids) { $0.bytes } }

    /// Returns the fewest letters, at least four, that only this id begins with; `nil` for an id that is not indexed.
    package func shortest(_ id: ID) -> String? {
        let own = ShortID.digest(of: bytes(id))
        let at = firstPlace { $0 >= own }
        let alike = entries[at...].prefix { $0.digest == own }
        guard alike.contains(where: { $0.id == id }) else { return nil }
        if alike.count > 1 { return ShortID.letters(own) }
        var shared = 0
        if at > 0 { shared = max(shared, ShortID.sharedLetters(own, entries[at - 1].digest)) }
        if at + 1 < entries.count { shared = max(shared, ShortID.sharedLetters(own, entries[at + 1].digest)) }
        return String(ShortID.letters(own).prefix(max(ShortID.leastLetters, shared + 1)))
    }

    /// Returns what a typed beginning stands for, whatever the case of its letters.
    package func find(_ typed: some StringProtocol) -> Match {
        guard ShortID.isShortID(typed) else { return .notAShortID }
        let wanted = typed.utf8.map(ShortID.digit)
        // The index stands in the order of the bytes, where `a` comes before `2`: the letters' own order would not do.
        let low = firstPlace { !ShortID.digits($0, wanted.count).lexicographicallyPrecedes(wanted) }
        let found = entries[low...].prefix { ShortID.digits($0.digest, wanted.count) == wanted }.map(\.id)
        if found.count == 1 { return .one(found[0]) }
        return found.isEmpty ? .none(nearest: nearest(to: wanted, around: low)) : .several(found)
    }

    /// The first entry whose digest is so far on, as all after it are.
    private func firstPlace(_ isSoFar: (Digest) -> Bool) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if isSoFar(entries[middle].digest) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func nearest(to wanted: [UInt8], around at: Int) -> [ID] {
        func shared(_ index: Int) -> Int { zip(wanted, ShortID.digits(entries[index].digest, wanted.count)).prefix { $0 == $1 }.count }
        let neighbours = (max(0, at - 2)..<min(entries.count, at + 2)).map { ($0, shared($0)) }
        guard let most = neighbours.map(\.1).max(), most > 0 else { return [] }
        return neighbours.filter { $0.1 == most }.map { entries[$0.0].id }
    }
}

/// The letters behind short ids.
package enum ShortID {
    package static let leastLetters = 4
    package static let mostLetters = 52

    package static func digest(of bytes: [UInt8]) -> Digest { SHA.digest(bytes) }

    /// All 52 letters an id has.
    package static func letters(of bytes: [UInt8]) -> String { letters(digest(of: bytes)) }

    package static func letters<S>(of id: Identifier<S>) -> String { letters(of: id.bytes) }

    /// Whether the text could be a short id: only base32 letters, at least four; so it holds no point, hyphen, colon or slash.
    package static func isShortID(_ text: some StringProtocol) -> Bool {
        let utf8 = text.utf8
        return (leastLetters...mostLetters).contains(utf8.count)
            && utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x32...0x37).contains($0) }
    }

    fileprivate static func letters(_ digest: Digest) -> String { Base32.text(digest.bytes) }

    fileprivate static func digit(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 0x32...0x37: letter - 0x32 + 26
        case 0x41...0x5a: letter - 0x41
        default: letter &- 0x61
        }
    }

    fileprivate static func digits(_ digest: Digest, _ count: Int) -> [UInt8] { letters(digest).utf8.prefix(count).map(digit) }

    /// How many letters it takes to tell one digest from another.
    package static func lettersTelling(_ own: Digest, from other: Digest) -> Int { sharedLetters(own, other) + 1 }

    fileprivate static func sharedLetters(_ a: Digest, _ b: Digest) -> Int {
        let words = [(a.word0, b.word0), (a.word1, b.word1), (a.word2, b.word2), (a.word3, b.word3)]
        var bits = 0
        for (x, y) in words {
            let same = (x ^ y).leadingZeroBitCount
            bits += same
            if same < 64 { break }
        }
        return bits / 5
    }
}
