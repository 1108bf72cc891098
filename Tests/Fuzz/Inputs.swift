import Mutations

/// Inputs drawn by a seed: bytes with mistakes, and CBOR whose items stand elsewhere, again, not at all, or under other heads.
///
/// The same seed and corpus give the same inputs.
struct Inputs {
    private(set) var mutations: Mutations

    init(seed: UInt64) { mutations = Mutations(seed: seed) }

    mutating func below(_ bound: Int) -> Int { mutations.below(bound) }

    /// As a disk, a wire or somebody without knowledge of the form leaves them.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] { mutations.damaged(bytes) }

    /// As somebody leaves them who knows the form: one to three changes to items, each whole.
    mutating func restructured(_ bytes: [UInt8], with others: [[UInt8]]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(3) { result = once(result, others) }
        return result
    }

    private mutating func once(_ bytes: [UInt8], _ others: [[UInt8]]) -> [UInt8] {
        let items = CBORItems(of: bytes).items
        guard !items.isEmpty else { return damaged(bytes) }
        let item = items[below(items.count)]
        var result = bytes
        switch below(8) {
        case 0:
            result.removeSubrange(item.range)
            return recounted(result, item.parent, by: -1)
        case 1:
            result.insert(contentsOf: bytes[item.range], at: item.range.upperBound)
            return recounted(result, item.parent, by: 1)
        case 2:
            let other = items[below(items.count)]
            result.replaceSubrange(item.range, with: bytes[other.range])
        case 3:
            let foreign = others[below(others.count)]
            let theirs = CBORItems(of: foreign).items
            guard !theirs.isEmpty else { return damaged(bytes) }
            result.replaceSubrange(item.range, with: foreign[theirs[below(theirs.count)].range])
        case 4:
            // The same item in a longer form than its one form.
            result.replaceSubrange(
                item.range.lowerBound..<item.content, with: CBORItems.head(item.major, item.argument, wider: 1 + below(3)))
        case 5:
            // Another number: a length, a count, a key or a value that is one off, or far off.
            let numbers = [item.argument &+ 1, item.argument &- 1, 0, 23, 24, 255, 256, 65_536, 1 << 32, 1 << 53, .max]
            result.replaceSubrange(
                item.range.lowerBound..<item.content, with: CBORItems.head(item.major, numbers[below(numbers.count)], wider: 0))
        case 6:
            result[item.range.lowerBound] = (result[item.range.lowerBound] & 0x1f) | UInt8(below(8)) << 5
        default:
            // The item in arrays within arrays.
            result.insert(contentsOf: [UInt8](repeating: 0x81, count: 1 + below(80)), at: item.range.lowerBound)
        }
        return result
    }

    /// Lets the head of an array or a map count its items again, in nine of ten inputs.
    private mutating func recounted(_ bytes: [UInt8], _ parent: Int?, by change: Int) -> [UInt8] {
        guard let parent, below(10) > 0, bytes[parent] & 0x1f < 23, Int(bytes[parent] & 0x1f) + change >= 0 else { return bytes }
        var result = bytes
        result[parent] = UInt8(Int(result[parent]) + change)
        return result
    }
}

/// Where the items of a CBOR text lie, as far as it can be followed.
struct CBORItems {
    struct Item {
        let range: Range<Int>
        /// Where the head ends.
        let content: Int
        let major: UInt8
        let argument: UInt64
        /// Where the head of the array or map lies that holds it.
        let parent: Int?
    }

    private(set) var items: [Item] = []

    init(of bytes: [UInt8]) {
        var position = 0
        while position < bytes.count, let end = follow(bytes, from: position, parent: nil, depth: 0) { position = end }
    }

    /// Follows one item with everything in it; `nil` where it cannot be followed.
    private mutating func follow(_ bytes: [UInt8], from start: Int, parent: Int?, depth: Int) -> Int? {
        guard depth < 64, start < bytes.count, items.count < 4_096 else { return nil }
        let (major, short) = (bytes[start] >> 5, bytes[start] & 0x1f)
        var (position, argument) = (start + 1, UInt64(short))
        if short >= 24 {
            guard short < 28, position + (1 << Int(short - 24)) <= bytes.count else { return nil }
            argument = 0
            for _ in 0..<(1 << Int(short - 24)) {
                argument = argument << 8 | UInt64(bytes[position])
                position += 1
            }
        }
        let content = position
        let index = items.count
        items.append(Item(range: start..<content, content: content, major: major, argument: argument, parent: parent))
        switch major {
        case 2, 3:
            guard argument <= UInt64(bytes.count - position) else { return nil }
            position += Int(argument)
        case 4, 5:
            guard argument <= UInt64(bytes.count) else { return nil }
            for _ in 0..<(major == 5 ? 2 * argument : argument) {
                guard let end = follow(bytes, from: position, parent: start, depth: depth + 1) else { return nil }
                position = end
            }
        case 6:
            guard let end = follow(bytes, from: position, parent: start, depth: depth + 1) else { return nil }
            position = end
        default: break
        }
        items[index] = Item(range: start..<position, content: content, major: major, argument: argument, parent: parent)
        return position
    }

    /// A head with an argument; `wider` than need be by so many steps.
    static func head(_ major: UInt8, _ argument: UInt64, wider: Int) -> [UInt8] {
        let least = argument < 24 ? 0 : argument < 1 << 8 ? 1 : argument < 1 << 16 ? 2 : argument < 1 << 32 ? 3 : 4
        let width = min(4, least + wider)
        guard width > 0 else { return [major << 5 | UInt8(argument)] }
        let count = 1 << (width - 1)
        return [major << 5 | UInt8(23 + width)] + (0..<count).map { UInt8(truncatingIfNeeded: argument >> UInt64(8 * (count - 1 - $0))) }
    }
}
