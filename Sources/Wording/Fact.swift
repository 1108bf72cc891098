/// The facts of one sentence by the name of their placeholder.
package typealias Facts = [String: Fact]

/// A value that a sentence is filled with.
package enum Fact: Sendable, Hashable {
    /// A name, an id, a text from anybody: shown with its control characters made visible.
    case text(String)
    /// A count, which also chooses the form of a noun beside it.
    case number(Int)
    /// Another phrase, said in the language of the sentence around it.
    indirect case phrase(Phrase, Facts)

    /// Makes a fact of an entry of a table.
    package static func word(_ entry: some PhraseTable, _ facts: Facts = [:]) -> Fact { .phrase(entry.phrase, facts) }

    func text(in language: Language) -> String {
        switch self {
        case .text(let text): text.visible
        case .number(let number): String(number)
        case .phrase(let phrase, let facts): phrase.text(in: language, facts)
        }
    }
}

extension Fact: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
}
