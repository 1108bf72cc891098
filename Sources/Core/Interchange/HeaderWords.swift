import Workbooks

/// The headers that are understood without a mapping, in English and Japanese.
enum HeaderWords {
    /// Returns what a header means, or `nil` for one that says nothing here.
    ///
    /// - Parameter path: the words above a column from the top down, groups first.
    static func column(for path: [String]) -> (field: ColumnMapping.Field, language: String?)? {
        guard let leaf = path.last.map(plain) else { return nil }
        if let side = sides[leaf.words] {
            // 対応内容 over 事業者 and 利用者 holds prose; 責任区分, or nothing, over them holds signs.
            let isProse = path.dropLast().contains { group in proseGroups.contains { group.folded.contains($0) } }
            guard isProse else { return (side, nil) }
            switch side {
            case .providerMark: return (.providerStatement, leaf.language)
            case .customerMark: return (.customerAction, leaf.language)
            default: return nil
            }
        }
        return words[leaf.words].map { ($0, leaf.language) }
    }

    /// Returns a header's words without what is bracketed behind them, and the language named there.
    private static func plain(_ header: String) -> (words: String, language: String?) {
        var folded = header.folded.replacing("_", with: " ")
        // A field and its language as `--set` names them.
        for language in ["en", "ja"] where folded.hasSuffix("/\(language)") { folded = "\(folded.dropLast(3)) (\(language))" }
        let words = folded.prefix { $0 != "(" && $0 != "[" }.folded.filter { !"*:※".contains($0) }
        let remark = folded.dropFirst(folded.prefix { $0 != "(" && $0 != "[" }.count)
        var language: String?
        if ["en", "english", "英語", "英"].contains(where: { remark == "(\($0))" || remark == "[\($0)]" }) { language = "en" }
        if ["ja", "japanese", "日本語", "日"].contains(where: { remark == "(\($0))" || remark == "[\($0)]" }) { language = "ja" }
        return ((words.isEmpty ? folded : words.folded).withoutBlanksInJapanese, language)
    }

    /// Whether heads of a sheet are those of a CAIQ, whatever a mapping makes of them.
    static func areOfQuestionnaire(_ sheet: Sheet) -> Bool {
        sheet.rows.prefix(SheetHeader.searchedRows).contains { row in
            row.cells.contains { cell in
                guard cell.value.text.utf8.count <= 60, case let words = plain(cell.value.text).words else { return false }
                return words == "question id" || ["ccm control", "aicm control"].contains(where: words.hasPrefix)
            }
        }
    }

    /// Whether a header is what one of the sides is called.
    static func isSide(_ header: String) -> Bool { sides[plain(header).words] != nil }

    /// Whether a header is the word for controls and no more.
    static func isControl(_ header: String) -> Bool { ["control", "controls", "管理策"].contains(plain(header).words) }

    /// Whether heads are those of a table of this program: nobody else writes the language of a topic beside it.
    static func isOwnTable(_ heads: some Sequence<String>) -> Bool {
        var (topic, allocation) = (false, false)
        for column in heads.lazy.compactMap({ column(for: [$0]) }) {
            topic = topic || (column.field == .topic && column.language != nil)
            allocation = allocation || column.field == .allocation
        }
        return topic && allocation
    }

    /// Whether a column of such a table tells what stands elsewhere.
    static func isBesideOwn(_ header: String) -> Bool {
        isControl(header) || ["evidence", "根拠・証拠", "agreed on", "合意日"].contains(plain(header).words)
    }

    private static let proseGroups = ["対応", "内容", "実施", "説明", "statement", "action", "description", "detail"]

    private static let sides = table(sideColumns)
    private static let words = table(columns).merging(names) { $1 }
    /// Fields under the names that commands and JSON have for them.
    private static let names: [String: ColumnMapping.Field] = Dictionary(
        uniqueKeysWithValues: ColumnMapping.Field.allCases.filter { ![.passedOver, .private].contains($0) }.map { ($0.rawValue.folded, $0) }
    )

    static let sideColumns: [ColumnMapping.Field: [String]] = [
        .providerMark: [
            "provider", "csp", "service provider", "事業者", "クラウド事業者", "提供者", "プロバイダ", "クラウドサービス事業者", "クラウドサービスプロバイダ", "当社", "弊社",
        ],
        .customerMark: [
            "customer", "csc", "user", "利用者", "クラウド利用者", "お客様", "お客さま", "顧客", "ユーザ", "ユーザー", "クラウドサービス利用者", "クラウドサービスカスタマ",
        ],
        .supplierMark: ["supplier", "供給者", "委託先", "再委託先"],
    ]

    /// NIST's eleven common fields of a responsibility matrix are among them (OSCAL-DEFINE, responsibility sharing).
    static let columns: [ColumnMapping.Field: [String]] = [
        .controlId: [
            "control id", "controlid", "control ids", "control identifier", "control number", "control no", "control no.", "管理策番号", "管理策no",
            "管理策no.", "管理策id", "管理策 番号", "管理策の番号", "管理策コード", "管理策項番", "項番", "箇条", "箇条番号", "条項", "要求事項番号",
        ],
        .statementId: ["statement id"],
        .questionId: ["question id", "質問id", "質問 id", "質問番号"],
        .answer: [
            "csp caiq answer", "caiq answer", "ai-caiq answer", "service provider ai-caiq answer", "csp ai-caiq answer", "csp caiq 回答",
            "caiq回答", "cspの回答",
        ],
        .itemKey: ["item", "item key", "itemkey", "sub-item", "項目", "小項目", "細目"],
        .framework: ["framework", "catalogue", "枠組み"],
        // What an export of an engagement tells beside the rows.
        .passedOver: [
            "position of the provider", "position of the customer", "state of the row", "プロバイダの見解", "カスタマの見解", "行の状態",
            // What a questionnaire says of its questions: the words are its publisher's, and its control is that of the question.
            "question", "ccm control id", "ccm control specification", "ccm domain title", "aicm control id", "aicm control specification",
            "aicm domain title", "質問", "質問文", "質問内容", "管理策仕様", "管理策の仕様", "ccm管理策仕様", "ccm管理策の仕様",
        ],
        .topic: ["control name", "control title", "ccm control title", "aicm control title", "topic", "管理策名", "管理策", "管理策名称", "件名"],
        .allocation: [
            "control origination", "allocation", "responsibility", "ownership", "ssrm control ownership", "割当て", "割り当て", "割当", "責任区分",
            "責任分担", "分担", "分担区分", "責任",
        ],
        .inheritable: ["inheritable", "can be inherited", "継承", "継承可否", "継承可能"],
        .providerStatement: [
            "implementation details", "provider statement", "csp implementation description", "service provider implementation description",
            "provider responsibility",
            "provider responsibilities", "export provided",
            "プロバイダの対応", "プロバイダの実施内容", "プロバイダの記述", "事業者の対応", "事業者対応", "事業者側の対応", "事業者の実施内容", "事業者の責任", "クラウド事業者の対応", "提供者の対応",
        ],
        .customerAction: [
            "implementation requirement", "implementation requirements", "csc responsibilities", "service customer responsibilities",
            "customer action",
            "customer responsibility",
            "customer responsibilities", "export responsibility", "カスタマの対応", "カスタマの実施内容", "カスタマの実施事項", "利用者の対応", "利用者対応", "利用者側の対応",
            "利用者の実施内容", "利用者の責任", "クラウド利用者の対応",
            "お客様の対応", "お客さまの対応",
        ],
        .boundaryNote: ["boundary", "boundary note", "分界点", "責任分界点", "責任分界"],
        .implementationStatus: ["implementation status", "status", "state", "実装状況", "実施状況", "対応状況"],
        .notApplicableReason: ["not applicable reason", "reason not applicable", "対象外理由", "対象外の理由", "適用除外理由", "除外理由"],
        .providerShares: ["provider shares", "事業者も分担"],
        // Known, and not for others: remarks, and the words of a standard, which are not the matrix's to pass on.
        .private: [
            "remarks", "remark", "notes", "note", "comments", "description", "control description", "implementation model or entity",
            "implementation model", "baseline", "baseline entity or framework", "備考", "管理策の内容", "根拠・証拠", "合意日", "メモ",
        ],
    ]

    private static func table(_ fields: [ColumnMapping.Field: [String]]) -> [String: ColumnMapping.Field] {
        var result: [String: ColumnMapping.Field] = [:]
        for (field, words) in fields {
            for word in words { result[word.folded.withoutBlanksInJapanese] = field }
        }
        return result
    }
}
