/// The values of a change, beside its signed bytes so that each can be erased later (PROTOCOL.md section 6).
package enum Payload: Hashable, Sendable {
    /// All values there: the salts grow from one seed.
    case whole(seed: Nonce, values: [EncodedValue])
    /// After an erasure: salts stand alone, and a commitment stands for an erased value.
    case partial([Slot])

    package enum Slot: Hashable, Sendable {
        case value(salt: Nonce, EncodedValue)
        case erased(Digest)
    }

    /// A payload of which nothing is left, not even what its values were committed with: a sealed one's.
    package static func gone(_ count: Int) -> Payload { .partial([Slot](repeating: .erased(SHA.empty), count: count)) }

    /// The ops whose values are not here.
    package var missing: Set<Int> { Set((0..<count).filter { self[$0] == nil }) }

    package var count: Int {
        switch self {
        case .whole(_, let values): values.count
        case .partial(let slots): slots.count
        }
    }

    /// The value of an op, `nil` once erased.
    package subscript(index: Int) -> EncodedValue? {
        switch self {
        case .whole(_, let values): return values[index]
        case .partial(let slots):
            if case .value(_, let value) = slots[index] { return value }
            return nil
        }
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 1024) { w in
            switch self {
            case .whole(let seed, let values):
                w.map(2)
                w.key(1)
                w.id(seed)
                w.key(2)
                w.list(values) { $0.raw($1.bytes) }
            case .partial(let slots):
                w.map(1)
                w.key(3)
                w.list(slots) { w, slot in
                    switch slot {
                    case .value(let salt, let value):
                        w.array(2)
                        w.id(salt)
                        w.raw(value.bytes)
                    case .erased(let commitment): w.fixed(commitment)
                    }
                }
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        if try r.hasKey(1, &m) {
            let seed: Nonce = try r.id()
            try r.key(2, &m)
            self = .whole(
                seed: seed, values: try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) in try EncodedValue(from: &r) })
        } else {
            try r.key(3, &m)
            self = .partial(
                try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) -> Slot in
                    if try r.peekMajor() == 2 { return .erased(try r.fixed()) }
                    try r.array(of: 2)
                    return .value(salt: try r.id(), try EncodedValue(from: &r))
                })
        }
        try r.end(m)
        try r.finish()
    }
}
