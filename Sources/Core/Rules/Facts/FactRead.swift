/// What a rule has looked at, packed into one word, since thousands are kept for each run.
///
/// Which records of a kind there are, which have a value in a field, what a field of one record holds, and what day it is.
struct FactRead: Hashable {
    fileprivate let word: UInt64

    private init(_ tag: UInt64, _ high: Int, _ low: Int) { word = tag << 60 | UInt64(high) << 32 | UInt64(UInt32(truncatingIfNeeded: low)) }

    /// Which records of a kind there are.
    static func members(_ kind: FactKind) -> FactRead { FactRead(0, kind.number, 0) }
    /// Which records of a kind have this value in this field. Values that share a hash are taken for one: that costs time alone.
    static func lookup(_ kind: FactKind, _ field: FactField, _ value: FactValue) -> FactRead {
        FactRead(1, kind.number << 16 | field.number, value.hashValue)
    }
    /// Which record has this key.
    static func key(_ kind: FactKind, _ key: [FactValue?]) -> FactRead { FactRead(2, kind.number, key.hashValue) }
    /// What a field of one record holds; the record by its place among the facts.
    static func value(_ slot: Int, _ field: FactField) -> FactRead { FactRead(3, field.number, slot) }
    static let today = FactRead(4, 0, 0)

    /// The kind whose records were looked for; `nil` for a value.
    var kindSought: FactKind? {
        let high = Int(word >> 32 & 0xfff_ffff)
        switch word >> 60 {
        case 0, 2: return FactKind.ordered[high]
        case 1: return FactKind.ordered[high >> 16]
        default: return nil
        }
    }

    /// The field looked at, and the place of the record if it is one record's.
    var fieldRead: (field: FactField, slot: Int?)? {
        let high = Int(word >> 32 & 0xfff_ffff)
        switch word >> 60 {
        case 1: return (FactField.ordered[high & 0xffff], nil)
        case 3: return (FactField.ordered[high], Int(word & 0xffff_ffff))
        default: return nil
        }
    }
}

/// Tells quickly of most reads that they are not among a few: an update asks about every read of a run.
struct ReadFilter {
    private let reads: Set<FactRead>
    /// A bit for each place that some read falls on.
    private var bits = [UInt64](repeating: 0, count: 64)

    init(_ reads: Set<FactRead>) {
        self.reads = reads
        for read in reads { bits[read.place >> 6] |= 1 << UInt64(read.place & 63) }
    }

    func contains(_ read: FactRead) -> Bool {
        bits[read.place >> 6] & (1 << UInt64(read.place & 63)) != 0 && reads.contains(read)
    }
}

extension FactRead {
    /// One of 4,096 places, spread by a multiplication.
    fileprivate var place: Int { Int((word &* 0x9e37_79b9_7f4a_7c15) >> 52) }
}

extension FactKind {
    /// Its place among the kinds.
    var number: Int { Self.numbers[self] ?? 0 }
    fileprivate static let ordered = allCases
    private static let numbers = Dictionary(uniqueKeysWithValues: zip(ordered, ordered.indices))
}

extension FactField {
    var number: Int { Self.numbers[self] ?? 0 }
    fileprivate static let ordered = allCases
    private static let numbers = Dictionary(uniqueKeysWithValues: zip(ordered, ordered.indices))
}
