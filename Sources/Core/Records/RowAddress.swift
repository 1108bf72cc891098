/// What somebody typed to name rows: a control, one item of it, a clause or a family (commands.md section 3).
package struct RowAddress: Hashable, Sendable {
    /// Tells why a text names no row whatever the rows are.
    package enum Fault: Error, Hashable, Sendable {
        case empty
        /// Nothing that could be an id stands before the slash or behind the colon.
        case noControl(String)
        case noItem(String)
        case noFramework(String)
    }

    /// What an address means among the rows there are.
    package enum Match: Hashable, Sendable {
        /// In natural order, at least one.
        case rows([RowKey])
        /// Several frameworks have the id; each with an address that tells it apart.
        case severalFrameworks([String])
        /// No row is meant; the rows that come nearest, at most three.
        case none(nearest: [RowKey])
    }

    package let framework: String?
    package let control: [RowToken]
    package let item: [RowToken]?
    package let typed: String

    package init(_ text: String) throws(Fault) {
        typed = text
        var rest = text[...]
        if let colon = rest.firstIndex(where: { $0 == ":" || $0 == "：" }) {
            let name = RowToken.folded(String(rest[..<colon])).filter { !$0.isWhitespace }
            guard !name.isEmpty else { throw .noFramework(text) }
            framework = name
            rest = rest[rest.index(after: colon)...]
        } else {
            framework = nil
        }
        if let slash = rest.firstIndex(where: { $0 == "/" || $0 == "／" }) {
            let tokens = RowToken.tokens(String(rest[rest.index(after: slash)...]))
            guard !tokens.isEmpty else { throw .noItem(text) }
            item = tokens
            rest = rest[..<slash]
        } else {
            item = nil
        }
        control = RowToken.tokens(String(rest))
        guard !control.isEmpty else {
            throw text.allSatisfy(\.isWhitespace) ? .empty : .noControl(text)
        }
    }

    /// Returns the rows that are meant.
    ///
    /// An id that a row has means that row and its items; only otherwise does it mean everything below it, so that
    /// `ac-2` is AC-2 alone while `9.2`, which no row has, is all of that clause.
    package func match(in rows: some Sequence<RowKey>) -> Match { match(in: RowIndex(rows)) }

    package func match(in index: RowIndex) -> Match {
        let candidates = index.entries.filter { framework == nil || $0.framework == framework }
        var found = candidates.filter { $0.control == control && isItem($0) }
        if found.isEmpty, item == nil { found = candidates.filter { $0.control.starts(with: control) } }
        guard let first = found.first else { return .none(nearest: nearest(in: candidates.isEmpty ? index.entries : candidates)) }
        guard found.allSatisfy({ $0.framework == first.framework }) else {
            let frameworks = Set(found.map(\.key.framework))
            return .severalFrameworks(frameworks.sorted().map { "\($0):\(suffix)" })
        }
        return .rows(RowKey.sorted(found.map(\.key)))
    }

    private var suffix: String {
        guard framework == nil else { return typed }
        return typed.filter { !$0.isWhitespace }
    }

    private func isItem(_ entry: RowIndex.Entry) -> Bool {
        guard let item else { return true }
        // Some catalogues write the control into the item's key: 12.3.1/retention is both the address and the key.
        return entry.item == item || entry.item == entry.control + item
    }

    private func nearest(in entries: [RowIndex.Entry]) -> [RowKey] {
        let scored = entries.map { entry -> (Int, RowKey) in
            var score = 2 * zip(control, entry.control).prefix { $0 == $1 }.count
            if entry.control == control { score += 1 }
            return (score, entry.key)
        }
        guard let most = scored.map(\.0).max(), most > 0 else { return [] }
        return Array(RowKey.sorted(scored.filter { $0.0 == most }.map(\.1)).prefix(3))
    }
}

/// Rows with the parts of their ids ready, for many addresses at once.
package struct RowIndex: Sendable {
    struct Entry: Sendable {
        let key: RowKey
        let framework: String
        let control: [RowToken]
        let item: [RowToken]
    }
    let entries: [Entry]
    /// Controls that several frameworks have.
    private let shared: Set<[RowToken]>

    package init(_ rows: some Sequence<RowKey>) {
        entries = rows.map {
            Entry(
                key: $0, framework: RowToken.folded($0.framework), control: RowToken.tokens($0.controlId), item: RowToken.tokens($0.itemKey)
            )
        }
        var shared = Set<[RowToken]>()
        if let first = entries.first, entries.contains(where: { $0.key.framework != first.key.framework }) {
            var owners: [[RowToken]: String] = [:]
            for entry in entries {
                let owner = owners[entry.control, default: entry.key.framework]
                owners[entry.control] = owner
                if owner != entry.key.framework { shared.insert(entry.control) }
            }
        }
        self.shared = shared
    }

    /// The rows in natural order.
    package var keys: [RowKey] { RowKey.sorted(entries.map(\.key)) }

    /// Returns an address of the row that can be pasted into a shell without quotes and means it among these rows.
    ///
    /// The framework stands in front only where another one has the same id.
    package func address(of row: RowKey) -> String {
        let plain = row.pasteable
        return !shared.isEmpty && shared.contains(RowToken.tokens(row.controlId)) ? "\(row.framework):\(plain)" : plain
    }
}

extension RowKey {
    /// The id with points for brackets and without the signs a shell would take: `ac-2.5`, `aa-01`, `12.3.1/retention`.
    package var pasteable: String {
        let control = Self.pasteable(controlId)
        guard itemKey != Self.mainItem else { return control }
        let own = controlId + "/"
        return control + "/" + Self.pasteable(itemKey.hasPrefix(own) ? String(itemKey.dropFirst(own.count)) : itemKey)
    }

    private static func pasteable(_ text: String) -> String {
        var result = ""
        func divide() { if let last = result.last, last != ".", last != "-" { result.append(".") } }
        var isAfterBlank = false
        for scalar in RowToken.folded(text).unicodeScalars {
            let isBlank = scalar.properties.isWhitespace
            switch scalar {
            case _ where isBlank: break
            case "-", ".", "_", "~": if !result.isEmpty { result.unicodeScalars.append(scalar) }
            case "0"..."9":
                if isAfterBlank, result.last?.isASCIIDigit == true { divide() }
                result.unicodeScalars.append(scalar)
            case _ where RowToken.isLetter(scalar): result.unicodeScalars.append(scalar)
            case "(", "[", "{", "/", ":": divide()
            default: continue
            }
            isAfterBlank = isBlank
        }
        while let last = result.last, last == "." || last == "-" { result.removeLast() }
        return result
    }
}
