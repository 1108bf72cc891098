import Testing

@testable import Wording

/// One entry of a table, for tests that read all of them.
struct Sentence: CustomTestStringConvertible, Sendable {
    let key: String
    let phrase: Phrase
    var testDescription: String { key }

    static let all: [Sentence] = AllPhrases.tables.flatMap { entries(of: $0) } + labels

    /// The words of kinds, fields and codes. A table that cannot be read has none: the tests of labels say so.
    private static let labels: [Sentence] = [("kinds", Labels.kinds), ("fields", Labels.fields), ("codes", Labels.codes)].flatMap {
        name, table in
        guard case .success(let table) = table else { return [Sentence]() }
        return table.names.compactMap { entry in
            table.phrase(of: entry, from: "").map { Sentence(key: "labels.\(name).\(entry)", phrase: $0) }
        }
    }

    private static func entries<Table: PhraseTable>(of table: Table.Type) -> [Sentence] {
        table.allCases.map { Sentence(key: $0.key, phrase: $0.phrase) }
    }
}

@Suite("Every sentence of both programs")
struct VocabularyTests {
    /// Sentences that are the same in both languages: names, frames, units.
    static let neutral: Set<String> = [
        "help.errorLine", "help.serverErrorLine", "prompt.yesNo", "status.organisation",
        "sync.watchEvent",
        "agreement.documentCut", "agreement.statusLine", "engagement.agreementWorth",
        "row.commentBy", "status.serviceLine", "agreement.partCount",
        "import.remarkLine", "import.changedLine", "import.placeIn", "import.reasonAt", "record.recordLine", "record.changeLine",
    ]

    /// Codes whose Japanese word is an abbreviation or the number of a standard.
    static let latin = [
        "iaas", "paas", "saas", "api", "saml", "oidc", "scim", "sms", "byod", "iot", "ai", "iso27017-2015", "jisq27001", "jisq27001-2014",
        "jisq27001-2023", "jisq27002-2014", "jisq27002-2024", "jisq27017", "jisq27017-2016", "jip-isms517", "jip-isms517-1.0",
    ]

    static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        (0x3040...0x30FF).contains(scalar.value) || (0x3400...0x9FFF).contains(scalar.value)
    }

    @Test("Keys are unique, and no table is empty")
    func unique() {
        #expect(Set(Sentence.all.map(\.key)).count == Sentence.all.count)
        #expect(AllPhrases.tables.allSatisfy { !$0.section.isEmpty })
        #expect(Set(AllPhrases.tables.map { $0.section }).count == AllPhrases.tables.count)
        #expect(Sentence.all.count > 1600)
    }

    @Test("Every sentence exists in English and in Japanese")
    func bothLanguages() {
        let neutral = Self.neutral.union(Self.latin.map { "labels.codes.\($0)" })
        for sentence in Sentence.all where !neutral.contains(sentence.key) {
            #expect(!sentence.phrase.en.isEmpty, "\(sentence.key)")
            #expect(sentence.phrase.en != sentence.phrase.ja, "\(sentence.key)")
            #expect(!sentence.phrase.en.unicodeScalars.contains(where: Self.isJapanese), "\(sentence.key)")
            #expect(sentence.phrase.ja.unicodeScalars.contains(where: Self.isJapanese), "\(sentence.key): \(sentence.phrase.ja)")
        }
    }

    @Test("Both languages say the same facts")
    func samePlaceholders() {
        for sentence in Sentence.all {
            let phrase = sentence.phrase
            #expect(phrase.placeholders(in: .en) == phrase.placeholders(in: .ja), "\(sentence.key)")
            // A form is chosen by a number the reader sees, or the sentence hides its count in one language.
            #expect(phrase.counts(in: .en).isSubset(of: phrase.placeholders(in: .en)), "\(sentence.key)")
            #expect(phrase.counts(in: .ja).isEmpty, "\(sentence.key)")
        }
    }

    @Test(
        "Japanese follows the vocabulary of JIS",
        arguments: [
            "プロバイダー", "カスタマー", "サーバー", "ユーザー", "フォルダー", "ブローカー", "ブラウザー", "コンピューター", "メモリー", "エディター", "ヘッダー", "ディレクトリー",
            "遵守", "脆弱", "すべて", "行な", "割り当て", "衝突", "コンフリクト", "ください。。", "，", "．", "｡", "､",
        ])
    func japaneseWords(forbidden: String) {
        for sentence in Sentence.all {
            #expect(!sentence.phrase.ja.contains(forbidden), "\(sentence.key): \(sentence.phrase.ja)")
        }
    }

    @Test(
        "One concept has one word: what others say for it occurs nowhere",
        arguments: [
            ("プロバイダ", ["事業者", "提供者", "ベンダ"]), ("カスタマ", ["利用者", "顧客", "お客様", "ユーザ企業"]), ("割当て", ["責任区分", "担当区分", "分担区分"]),
            ("競合", ["競争", "コンフリクト", "食い違い"]), ("不一致", ["相違", "不整合"]), ("公開版", ["リリース"]), ("取引関係", ["エンゲージメント", "契約関係"]),
            ("相手方", ["取引先", "カウンターパート"]), ("見解", ["ポジション", "主張"]),
        ])
    func oneWord(word: String, rejected: [String]) {
        #expect(Sentence.all.contains { $0.phrase.ja.contains(word) })
        for sentence in Sentence.all {
            for other in rejected { #expect(!sentence.phrase.ja.contains(other), "\(other) for \(word) in \(sentence.key)") }
        }
    }

    @Test("Letters and digits are half-width, kana full-width, quotes are those of their language")
    func widths() {
        for sentence in Sentence.all {
            for scalar in sentence.phrase.ja.unicodeScalars {
                let value = scalar.value
                #expect(!(0xFF10...0xFF5A).contains(value) && !(0xFF61...0xFF9F).contains(value), "\(sentence.key): \(scalar)")
            }
            #expect(!sentence.phrase.en.contains("「"), "\(sentence.key)")
            #expect(!sentence.phrase.en.contains("\u{2014}") && !sentence.phrase.en.contains("\u{2019}"), "\(sentence.key)")
        }
    }

    @Test("No sentence holds a character that a terminal would obey")
    func harmless() {
        for sentence in Sentence.all {
            for text in [sentence.phrase.en, sentence.phrase.ja] {
                #expect(!text.unicodeScalars.contains { $0.isHazardous && $0 != "\n" }, "\(sentence.key)")
                #expect(!text.contains("{\\") && text == text.trimmingBlanks, "\(sentence.key)")
            }
        }
    }

    @Test("Every command that a sentence names is one that exists")
    func commandsNamed() {
        let known: Set<String> = [
            "init", "join", "confirm", "use", "config", "org", "devices", "device", "key", "store", "doctor", "help", "completion",
            "services", "service",
            "import", "preview", "publish", "releases", "withdraw", "invite", "engagements", "engagement", "auditors", "auditor", "matrix",
            "show",
            "controls", "find", "answer", "accept", "propose", "comment", "note", "list", "edit", "delete", "undo", "erase", "status",
            "todo", "conflicts",
            "resolve", "disputes", "check", "gaps", "rules", "trace", "diff", "log", "sync", "watch", "outbox", "bundle", "agree",
            "agreements", "agreement",
            "export", "verify", "report", "reconcile", "soa", "review",
        ]
        for sentence in Sentence.all {
            for text in [sentence.phrase.en, sentence.phrase.ja] {
                for command in text.matches(of: /['「]buntan ([a-z]+)/) {
                    #expect(known.contains(String(command.1)), "\(sentence.key): \(command.1)")
                }
            }
        }
    }

    @Test("Help texts fit a terminal of 80 columns and have the same number of lines but where a language needs more")
    func helpTopics() {
        for topic in HelpTopics.allCases {
            for line in topic.phrase.en.split(separator: "\n") { #expect(line.count <= 80, "\(topic): \(line)") }
            for line in topic.phrase.ja.split(separator: "\n") {
                let width = line.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 1 : 2) }
                #expect(width <= 82, "\(topic): \(line)")
            }
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        while text.first?.isWhitespace == true { text.removeFirst() }
        return String(text)
    }
}
