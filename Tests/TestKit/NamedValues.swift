/// What a store in memory keeps under names. Names that begin alike stand together.
struct NamedValues: Sendable {
    private var values: [String: [UInt8]] = [:]
    private var names: [String] = []

    var all: [String: [UInt8]] { values }

    subscript(name: String) -> [UInt8]? {
        get { values[name] }
        set {
            let isKnown = values[name] != nil
            if newValue != nil, !isKnown { names.insert(name, at: place(of: name)) }
            if newValue == nil, isKnown { names.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    func with(prefix: String) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for name in names[place(of: prefix)...] {
            guard name.utf8.starts(with: prefix.utf8) else { break }
            found[name] = values[name]
        }
        return found
    }

    /// Where a name stands or would stand.
    private func place(of name: String) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
