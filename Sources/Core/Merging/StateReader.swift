import BuntanProtocol

/// Reads the one form of a state in one pass over raw bytes and refuses any other.
///
/// A clone and every list of rows read tens of thousands of cells at once, which the general reader cannot do in time.
/// Both judge alike; the tests hand the same bytes to both.
struct StateReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The same bytes with their owner: values are slices of it.
    private let shared: ArraySlice<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, sharing shared: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.shared = shared
    }

    mutating func state(admitsPending: Bool) throws(DecodingFault) -> RecordState {
        try array(of: 4)
        let kind = try name()
        let (high, low) = try id()
        let seam = try optionalCount()
        let start = at
        let count = try head(4)
        guard admitsPending || count <= Limits.cellsPerRecord else { throw fault(.tooMany, at: start) }
        var cells: [Cell] = []
        cells.reserveCapacity(count)
        var headCount = 0
        var lastKey = 0..<0
        for _ in 0..<count {
            let start = at
            try array(of: 3)
            let keyStart = at
            let key = CellKey(try name(), try element())
            guard isBefore(lastKey, keyStart..<at) else { throw fault(.unsorted, at: start) }
            lastKey = keyStart..<at
            let heads = try heads(admitsPending: admitsPending)
            headCount += heads.count
            cells.append(Cell(key: key, heads: heads))
        }
        guard admitsPending || headCount <= Limits.headsPerRecord else { throw fault(.tooMany, at: start) }
        guard at == bytes.count else { throw fault(.trailingBytes, at: at) }
        return RecordState(kind: kind, creator: OrganisationID(high: high, low: low), seam: seam, cells: cells)
    }

    // MARK: parts

    private mutating func heads(admitsPending: Bool) throws(DecodingFault) -> [Head] {
        let start = at
        let count = try head(4)
        guard count > 0 else { throw fault(.wrongLength, at: start) }
        if count == 1 { return [try head(admitsPending: admitsPending)] }
        guard admitsPending || count <= Limits.headsPerCell else { throw fault(.tooMany, at: start) }
        var heads: [Head] = []
        heads.reserveCapacity(count)
        for _ in 0..<count {
            let start = at
            let head = try head(admitsPending: admitsPending)
            if let last = heads.last {
                let isInOrder = (last.value == nil) == (head.value == nil) ? last.op < head.op : last.value == nil
                guard isInOrder else { throw fault(.unsorted, at: start) }
            }
            heads.append(head)
        }
        if heads[0].value == nil {
            heads.sort { $0.op < $1.op }
            for i in heads.indices.dropFirst() where heads[i - 1].op == heads[i].op { throw fault(.unsorted, at: start) }
        }
        return heads
    }

    @inline(__always)
    private mutating func head(admitsPending: Bool) throws(DecodingFault) -> Head {
        let start = at
        let count = try head(4)
        guard count == 4 || count == 5 else { throw fault(.wrongLength, at: start) }
        let (high, low) = try id()
        let indexStart = at
        let index = try self.count()
        guard index < Limits.opsPerChange else { throw fault(.outOfRange, at: indexStart) }
        let positionStart = at
        let position = try optionalCount()
        guard admitsPending || position != nil else { throw fault(.wrongType, at: positionStart) }
        let author = try self.count()
        let value: EncodedValue? = count == 5 ? try value() : nil
        return Head(op: OpID(ChangeID(high: high, low: low), index), position: position, author: author, value: value)
    }

    @inline(__always)
    private mutating func element() throws(DecodingFault) -> Element? {
        switch try peek() >> 5 {
        case 3: return .code(try name())
        case 2:
            let start = at
            _ = try id()
            return .id([UInt8](bytes[start + 1..<at]))
        default:
            guard bytes[at] == 0xf6 else { throw fault(.wrongType, at: at) }
            at += 1
            return nil
        }
    }

    @inline(__always)
    private mutating func value() throws(DecodingFault) -> EncodedValue {
        let start = at
        let first = try peek()
        switch first >> 5 {
        case 0, 1:
            // |value| < 2^53; the argument of a negative number is one less.
            let (major, argument) = try any()
            guard argument < (1 << 53) - (major == 1 ? 1 : 0) else { throw fault(.outOfRange, at: start) }
        case 2:
            let count = try head(2)
            guard count <= Limits.valueByteString else { throw fault(.tooMany, at: start) }
            try take(count, from: start)
        case 3:
            let count = try head(3)
            guard count <= Limits.documentBytes else { throw fault(.tooMany, at: start) }
            let textStart = at
            try take(count, from: start)
            guard UTF8Form.isValid(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[textStart..<at]))) else {
                throw fault(.invalidText, at: start)
            }
        default:
            guard first == 0xf4 || first == 0xf5 || first == 0xf6 else {
                throw fault(first >> 5 == 7 ? .unsupportedType : .wrongType, at: at)
            }
            at += 1
        }
        return EncodedValue(trusted: shared[shared.startIndex + start..<shared.startIndex + at])
    }

    // MARK: items

    private func fault(_ reason: DecodingFault.Reason, at: Int) -> DecodingFault { DecodingFault(reason, at: at) }

    @inline(__always)
    private func peek() throws(DecodingFault) -> UInt8 {
        guard at < bytes.count else { throw fault(.truncated, at: at) }
        return bytes[at]
    }

    /// One head in its shortest form.
    @inline(__always)
    private mutating func any() throws(DecodingFault) -> (major: UInt8, argument: UInt64) {
        let first = try peek()
        let low = first & 31
        if low < 24 {
            at += 1
            return (first >> 5, UInt64(low))
        }
        return (first >> 5, try longArgument(first))
    }

    private mutating func longArgument(_ first: UInt8) throws(DecodingFault) -> UInt64 {
        let low = first & 31
        guard first >> 5 != 7, low < 28 else { throw fault(low == 31 ? .indefiniteLength : .unsupportedType, at: at) }
        let count = 1 << Int(low - 24)
        guard bytes.count - at > count else { throw fault(.truncated, at: at) }
        var argument: UInt64 = 0
        for i in 1...count { argument = argument << 8 | UInt64(bytes[at + i]) }
        let least: UInt64 = count == 1 ? 24 : 1 << UInt64(count * 4)
        guard argument >= least else { throw fault(.notShortest, at: at) }
        at += 1 + count
        return argument
    }

    /// The count of an array, text or byte string; never more than there are bytes left.
    @inline(__always)
    private mutating func head(_ expected: UInt8) throws(DecodingFault) -> Int {
        let start = at
        let (major, argument) = try any()
        guard major == expected else { throw fault(.wrongType, at: start) }
        guard argument <= UInt64(bytes.count - at) else { throw fault(.truncated, at: start) }
        return Int(argument)
    }

    private mutating func array(of expected: Int) throws(DecodingFault) {
        let start = at
        guard try head(4) == expected else { throw fault(.wrongLength, at: start) }
    }

    @inline(__always)
    private mutating func count() throws(DecodingFault) -> Int {
        let start = at
        let (major, argument) = try any()
        guard major == 0 else { throw fault(major == 1 ? .outOfRange : .wrongType, at: start) }
        guard argument <= 1 << 53 else { throw fault(.outOfRange, at: start) }
        return Int(argument)
    }

    @inline(__always)
    private mutating func optionalCount() throws(DecodingFault) -> Int? {
        if try peek() == 0xf6 {
            at += 1
            return nil
        }
        return try count()
    }

    @inline(__always)
    private mutating func id() throws(DecodingFault) -> (UInt64, UInt64) {
        let start = at
        let count = try head(2)
        guard count == 16 else { throw fault(.wrongLength, at: start) }
        let raw = UnsafeRawBufferPointer(bytes)
        let high = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        let low = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
        at += 16
        return (high, low)
    }

    @inline(__always)
    private mutating func take(_ count: Int, from start: Int) throws(DecodingFault) {
        guard bytes.count - at >= count else { throw fault(.truncated, at: start) }
        at += count
    }

    /// The name of a kind, field or element: 1 to 64 bytes of printable ASCII.
    @inline(__always)
    private mutating func name() throws(DecodingFault) -> String {
        let start = at
        let count = try head(3)
        guard count <= Limits.nameBytes else { throw fault(.tooMany, at: start) }
        let name = UnsafeBufferPointer(rebasing: bytes[at..<at + count])
        guard count > 0, name.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw fault(.invalidText, at: start) }
        at += count
        return String(decoding: name, as: UTF8.self)
    }

    /// The order of keys is that of their bytes, and none is the beginning of another.
    @inline(__always)
    private func isBefore(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        for (x, y) in zip(bytes[a], bytes[b]) where x != y { return x < y }
        return a.count < b.count
    }
}
