/// How a piece of text stands out. Colour never says anything that the words don't.
package enum Style: Sendable, Hashable {
    case plain, strong, faint, good, warning, bad, provider, customer, shared

    /// The parameters of its escape sequence, in the sixteen colours every terminal has.
    fileprivate var parameters: String {
        switch self {
        case .plain: ""
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .warning: "33"
        case .bad: "31"
        case .provider: "34"
        case .customer: "35"
        case .shared: "36"
        }
    }
}

/// A piece of text with its style. Its control characters are written out from the beginning.
package struct Span: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
        self.text = text.visible
        self.style = style
    }

    package init(stringLiteral value: String) { self.init(value) }

    package func rendered(inColor color: Bool) -> String {
        guard color, style != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(style.parameters)m\(text)\u{1B}[0m"
    }
}

extension String {
    /// The text as a span of one style.
    package func styled(_ style: Style) -> Span { Span(self, style) }
}
