import Records

/// The words and signs that a column of codes is understood in.
enum ValueWords {
    /// Returns the allocation a cell names, and whether the provider shares in a supplier's duty.
    static func allocation(_ text: String) -> (code: String, providerShares: Bool)? {
        if let code = allocations[text.folded.withoutBlanksInJapanese] { return (code, false) }
        if let owner = QuestionOwner(folded: text.folded) { return (owner.allocation, owner.providerShares) }
        if namesBothSides(text) { return ("shared", false) }
        return allocation(inheritable: text).map { ($0, false) }
    }

    /// Whether a word names an owner by its place in a chain, which an allocation does not tell.
    static func isActor(_ text: String) -> Bool { QuestionOwner(folded: text.folded)?.isActor ?? false }

    /// Returns the allocation that an answer to "can it be inherited?" means.
    static func allocation(inheritable text: String) -> String? {
        switch Mark(text) {
        case .yes: "provider"
        case .partly: "shared"
        case .no: "customer"
        case .notApplicable: "not-applicable"
        case .blank, nil: nil
        }
    }

    /// Whether a cell names the provider and the customer beside each other, such as `CSP & CSC` or `事業者／利用者`.
    private static func namesBothSides(_ text: String) -> Bool {
        var sides = text.folded
        for joint in [" and ", "&", "+", ",", "、", "・", "と"] { sides = sides.replacing(joint, with: "/") }
        return Set(sides.split(separator: "/").map { allocations[$0.folded] }) == ["provider", "customer"]
    }

    /// Whether a word is the code itself, or the one word of its language for it: nothing had to be concluded.
    static func isPlain(_ text: String, _ code: String) -> Bool {
        let word = text.folded.replacing(" ", with: "-")
        return word == code || plain[code]?.contains(word) ?? false
    }

    private static let plain: [String: Set<String>] = [
        "provider": ["プロバイダ", "事業者"], "customer": ["カスタマ", "利用者"], "shared": ["共有"], "supplier": ["供給者"],
        "not-applicable": ["適用外", "対象外", "n/a"], "unallocated": ["未割当て"],
        "implemented": ["実施済み", "実装済み"], "partial": ["一部実施", "partially-implemented"], "planned": ["計画中"], "not-implemented": ["未実施"],
    ]

    /// What errors say a column takes: a word of each language for each code.
    static let allocationWords = "provider/プロバイダ, customer/カスタマ, shared/共有, supplier/供給者, not-applicable/適用外, unallocated/未割当て"
    static let statusWords = "implemented/実施済み, partial/一部実施, planned/計画中, not-implemented/未実施"
    static let answerWords = "Yes/はい, No/いいえ, NA/該当なし"
    static let markWords = "yes/○, partial/△, no/×, n/a/-"

    enum Status: Equatable {
        case code(String)
        /// The document says that the question does not arise.
        case none
    }

    static func implementationStatus(_ text: String) -> Status? {
        if let code = statuses[text.folded.withoutBlanksInJapanese] { return .code(code) }
        switch Mark(text) {
        case .yes: return .code("implemented")
        case .partly: return .code("partial")
        case .no: return .code("not-implemented")
        case .notApplicable, .blank: return Status.none
        case nil: return nil
        }
    }

    private static let allocations = table(allocationNames)
    private static let statuses = table(statusNames)

    static let allocationNames: [String: [String]] = [
        "provider": [
            "provider", "service provider", "csp", "csp-owned", "csp owned", "organization", "system-specific", "事業者", "クラウド事業者", "提供者",
            "プロバイダ",
            "クラウドサービスプロバイダ", "当社", "弊社",
        ],
        "customer": [
            "customer", "csc", "csc-owned", "csc owned", "customer provided", "customer configured", "利用者", "クラウド利用者", "カスタマ",
            "クラウドサービスカスタマ",
            "お客様", "お客さま", "顧客", "ユーザ",
            "ユーザー",
        ],
        "shared": [
            "shared", "both", "hybrid", "joint", "shared csp and csc", "provider & customer", "共有", "共同", "両者", "両方", "双方", "分担",
            "事業者・利用者",
        ],
        "supplier": [
            "supplier", "inherited", "third party", "third-party", "3rd-party outsourced", "3rd party outsourced", "third-party outsourced",
            "供給者", "委託先", "再委託先",
        ],
        "not-applicable": ["not-applicable"],
        "unallocated": ["unallocated", "tbd", "nd", "未定", "未割当", "未割当て", "未割り当て"],
    ]

    static let statusNames: [String: [String]] = [
        "implemented": [
            "implemented", "complete", "alternative", "alternative implementation", "実装済", "実装済み", "実施済", "実施済み", "対応済", "対応済み", "済",
        ],
        "partial": ["partially implemented", "一部実装", "一部対応", "一部実施"],
        "planned": ["planned", "予定", "計画", "計画中", "対応予定", "実装予定"],
        "not-implemented": ["not implemented", "not-implemented", "none", "未実装", "未対応", "未実施"],
    ]

    private static func table(_ codes: [String: [String]]) -> [String: String] {
        var result: [String: String] = [:]
        for (code, words) in codes {
            for word in words { result[word.folded] = code }
        }
        return result
    }
}
