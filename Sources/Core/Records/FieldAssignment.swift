package import BuntanProtocol

/// What somebody wants a field to hold, as typed with `--set` or read from a form, before it is checked.
///
/// `field=value`, `field/ja=text` for one language, `field=a,b` for exactly these members of a set, `field+=a` and
/// `field-=a` for single ones. Nothing behind the sign clears the field.
package struct FieldAssignment: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case value(String)
        /// Exactly these members, in a form that lists them.
        case members([String])
        case adding([String])
        case removing([String])
    }

    package let field: String
    /// A language, or a member of a set.
    package let element: String?
    package let content: Content

    package init(field: String, element: String? = nil, content: Content) {
        self.field = field
        self.element = element
        self.content = content
    }

    /// Reads what was typed; `nil` without a field name or the sign behind it.
    package init?(typed text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        var name = text[..<equals]
        let value = String(text[text.index(after: equals)...])
        let sign = name.last
        if sign == "+" || sign == "-" { name = name.dropLast() }
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let field = parts.first, !field.isEmpty, parts.count == 1 || !parts[1].isEmpty else { return nil }
        let content: Content =
            switch sign {
            case "+": .adding(Self.list(value))
            case "-": .removing(Self.list(value))
            default: .value(value)
            }
        self.init(field: String(field), element: parts.count == 2 ? String(parts[1]) : nil, content: content)
    }

    /// The members of a list as typed: commas between them, blanks around them do not count.
    package static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension Field {
    /// Whether the program alone writes the field: what it holds is computed or signed, never typed.
    package var isComputed: Bool {
        switch type {
        // A document that was signed is named by whoever relies on it.
        case .digest: target == nil
        case .signature, .document, .device: true
        default: false
        }
    }
}
