import BuntanProtocol

/// Any item of CBOR, so that a test can take one part of a good layout and make it bad.
indirect enum Item {
    case int(Int64)
    case bytes([UInt8])
    case text(String)
    case array([Item])
    case map([(key: Int64, value: Item)])
    case simple(UInt8)
    /// Bytes put where an item should be.
    case raw([UInt8])

    static let null = Item.simple(0xf6)

    init(_ bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try Item(from: &r) }
    }

    private init(from r: inout CBORReader) throws(DecodingFault) {
        switch try r.peekMajor() {
        case 0, 1: self = .int(try r.int())
        case 2: self = .bytes(Array(try r.byteString()))
        case 3: self = .text(try r.text())
        case 4: self = .array(try r.list(most: .max) { r throws(DecodingFault) in try Item(from: &r) })
        case 5:
            var m = try r.map()
            var members: [(key: Int64, value: Item)] = []
            while let key = try r.nextKey(&m) { members.append((Int64(key), try Item(from: &r))) }
            self = .map(members)
        default: self = .simple(try r.skip().first ?? 0)
        }
    }

    func write(to w: inout CBORWriter) {
        switch self {
        case .int(let value): w.int(value)
        case .bytes(let bytes): w.byteString(bytes)
        case .text(let text): w.text(text)
        case .array(let items): w.list(items) { $1.write(to: &$0) }
        case .map(let members):
            w.map(members.count)
            for member in members {
                w.int(member.key)
                member.value.write(to: &w)
            }
        case .simple(let byte): w.raw([byte])
        case .raw(let bytes): w.raw(bytes)
        }
    }

    var encoded: [UInt8] { CBORWriter.encode { write(to: &$0) } }

    /// Returns the item with one part changed: a path names map keys and array indices.
    func changing(_ path: [Int], _ change: (Item?) -> Item?) -> Item {
        guard let step = path.first else { return change(self) ?? .null }
        let rest = Array(path.dropFirst())
        switch self {
        case .array(var items):
            guard items.indices.contains(step) else {
                if let new = change(nil) { items.append(new) }
                return .array(items)
            }
            if rest.isEmpty {
                if let new = change(items[step]) { items[step] = new } else { items.remove(at: step) }
            } else {
                items[step] = items[step].changing(rest, change)
            }
            return .array(items)
        case .map(var members):
            guard let index = members.firstIndex(where: { $0.key == Int64(step) }) else {
                if let new = change(nil) { members.append((Int64(step), new)) }
                return .map(members.sorted { $0.key < $1.key })
            }
            if rest.isEmpty {
                if let new = change(members[index].value) { members[index].value = new } else { members.remove(at: index) }
            } else {
                members[index].value = members[index].value.changing(rest, change)
            }
            return .map(members)
        case .int, .bytes, .text, .simple, .raw: return self
        }
    }

    func setting(_ path: Int..., to item: Item) -> Item { changing(path) { _ in item } }
    func removing(_ path: Int...) -> Item { changing(path) { _ in nil } }
    /// Puts what stands at a path there once more.
    func repeating(_ path: Int...) -> Item {
        changing(Array(path.dropLast())) { part in
            guard case .array(var items)? = part, let last = path.last, items.indices.contains(last) else { return part }
            items.insert(items[last], at: last)
            return .array(items)
        }
    }
    /// Turns a list around.
    func reversing(_ path: Int...) -> Item {
        changing(path) { part in
            guard case .array(let items)? = part else { return part }
            return .array(items.reversed())
        }
    }
    /// Takes the last byte away from a byte string.
    func shortening(_ path: Int...) -> Item {
        changing(path) { part in
            guard case .bytes(let bytes)? = part else { return part }
            return .bytes(Array(bytes.dropLast()))
        }
    }
}
