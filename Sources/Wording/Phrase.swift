/// One sentence in both languages, with places for its facts.
///
/// `{name}` stands for a fact. `{count|row|rows}` chooses a noun's form by the number `count`; Japanese has no need of it.
/// A brace that opens neither is itself, so that a phrase may quote JSON.
package struct Phrase: Sendable, Hashable {
    package let en: String
    package let ja: String

    package init(_ en: String, ja: String) {
        self.en = en
        self.ja = ja
    }

    /// Returns the sentence in one language, filled with its facts.
    ///
    /// A fact that is missing leaves its placeholder: a sentence about an error must not become a second one.
    package func text(in language: Language, _ facts: Facts = [:]) -> String {
        var result = ""
        for piece in TemplatePiece.pieces(of: template(in: language)) {
            switch piece {
            case .literal(let text): result += text.dropFirst(Self.repeatsStop(text, after: result) ? 1 : 0)
            case .fact(let name): result += facts[name]?.text(in: language) ?? "{\(name)}"
            case .form(let name, let one, let many):
                if case .number(1)? = facts[name] { result += one } else { result += many }
            }
        }
        return result
    }

    /// Whether a piece of a template begins with a stop that the sentence before it has already: a name like `K.K.` or a text
    /// that somebody typed ends so. The point of `.db` is none.
    private static func repeatsStop(_ literal: String, after text: String) -> Bool {
        guard let stop = literal.first, let last = text.last else { return false }
        switch stop {
        case "。": return "。！？".contains(last)
        case ".": return ".!?…。！？".contains(last) && literal.dropFirst().first?.isWhitespace ?? true
        default: return false
        }
    }

    package func template(in language: Language) -> String {
        switch language {
        case .en: en
        case .ja: ja
        }
    }

    /// Returns the names of the facts that the sentence says in one language.
    package func placeholders(in language: Language) -> Set<String> {
        Set(
            TemplatePiece.pieces(of: template(in: language)).compactMap {
                if case .fact(let name) = $0 { name } else { nil }
            })
    }

    /// Returns the names of the counts that choose a form in one language.
    package func counts(in language: Language) -> Set<String> {
        Set(
            TemplatePiece.pieces(of: template(in: language)).compactMap {
                if case .form(let name, _, _) = $0 { name } else { nil }
            })
    }
}

/// A stretch of a template.
enum TemplatePiece: Equatable {
    case literal(String)
    case fact(String)
    case form(String, one: String, many: String)

    static func pieces(of template: String) -> [TemplatePiece] {
        guard template.utf8.contains(UInt8(ascii: "{")) else { return [.literal(template)] }
        var pieces: [TemplatePiece] = []
        var literal = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{") {
            literal += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let piece = place(rest[rest.index(after: open)..<close]) else {
                literal += "{"
                rest = rest.dropFirst()
                continue
            }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(piece)
            rest = rest[rest.index(after: close)...]
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }

    private static func place(_ inside: Substring) -> TemplatePiece? {
        let parts = inside.split(separator: "|", omittingEmptySubsequences: false)
        guard let name = parts.first, let first = name.first, first.isASCII, first.isLowercase,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        switch parts.count {
        case 1: return .fact(String(name))
        case 3: return .form(String(name), one: String(parts[1]), many: String(parts[2]))
        default: return nil
        }
    }
}
