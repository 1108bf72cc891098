/// Returns the control that an id of NIST SP 800-53 is a statement of: `AC-2` for `AC-2(a)`, and for itself; `nil` for any other id.
package func controlHolding(_ id: String) -> String? { NISTControlID(id)?.control }

/// An id of NIST SP 800-53, or of one statement in it.
///
/// Documents write one id in many ways; all of these are `AC-2(3)(a)`: `AC-2(3)(a)`, `AC-02 (03) (a)`, `ac-2.3_smt.a`, `ＡＣ－２（３）（ａ）`.
/// A number in the first bracket is an enhancement, what follows is a statement.
struct NISTControlID: Hashable {
    let family: String
    let number: Int
    let enhancement: Int?
    /// `a`, `1`, `c` in `AC-1(a)(1)(c)`.
    let statement: [String]

    init?(_ text: String) {
        // An id is short; a paragraph that happens to begin like one is none.
        guard text.utf8.count <= 96 else { return nil }
        let dashes: Set<Character> = ["‐", "‑", "–", "—", "−", "ー"]
        var rest = Substring(String(text.folded.filter { $0 != " " }.map { dashes.contains($0) ? "-" : $0 }))

        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest.dropFirst(letters.count)
        guard letters.count == 2, rest.first == "-" else { return nil }
        rest = rest.dropFirst()
        guard let number = Self.takeNumber(&rest), number > 0 else { return nil }

        var steps: [String] = []
        var enhancement: Int?
        if rest.first == ".", rest.dropFirst().first?.isNumber == true {
            rest = rest.dropFirst()
            guard let dotted = Self.takeNumber(&rest) else { return nil }
            enhancement = dotted
        }
        for mark in ["_smt", "_stmt"] where rest.hasPrefix(mark) { rest = rest.dropFirst(mark.count) }
        while let next = rest.first {
            let isBracketed = next == "("
            if isBracketed || next == "." { rest = rest.dropFirst() }
            if !isBracketed, rest.isEmpty { break }
            guard let step = Self.takeStep(&rest) else { return nil }
            steps.append(step)
            if isBracketed {
                guard rest.first == ")" else { return nil }
                rest = rest.dropFirst()
            }
        }
        if enhancement == nil, let first = steps.first, let bracketed = Int(first) {
            enhancement = bracketed
            steps.removeFirst()
        }
        self.family = letters.uppercased()
        self.number = number
        self.enhancement = enhancement
        self.statement = steps
    }

    private static func takeNumber(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return digits.count <= 9 ? Int(digits) : nil
    }

    private static func takeStep(_ rest: inout Substring) -> String? {
        guard let first = rest.first, first.isASCII else { return nil }
        if first.isNumber { return takeNumber(&rest).map(String.init) }
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        guard (1...2).contains(letters.count) else { return nil }
        rest = rest.dropFirst(letters.count)
        return String(letters)
    }

    /// The control or enhancement without its statement: `AC-2(3)`.
    var control: String {
        enhancement.map { "\(family)-\(number)(\($0))" } ?? "\(family)-\(number)"
    }

    var text: String {
        statement.reduce(control) { "\($0)(\($1))" }
    }

    /// The id this one is an item of: `AC-2(3)` for `AC-2(3)(a)`; an enhancement is no item of its control.
    var parent: String? {
        statement.isEmpty ? nil : statement.dropLast().reduce(control) { "\($0)(\($1))" }
    }
}
