/// A group of rules about one subject.
package struct RuleGroup: Hashable, Sendable {
    /// What the ids of its rules begin with.
    package let id: String
    package let subject: BilingualText

    /// All groups, in the order of the table.
    package static let all = [
        group("SCOPE", "Scope and eligibility", "適用範囲と適格性"),
        group("SOA", "Statement of applicability", "適用宣言書"),
        group("ROLE", "Roles, responsibilities and agreement", "役割・責任と合意"),
        group("BKP", "Backup", "バックアップ"),
        group("JUR", "Jurisdictions and laws", "法域・法令"),
        group("MON", "Monitoring", "監視"),
        group("AST", "Asset removal at exit", "資産の除去"),
        group("CAP", "Other 27017 capabilities", "その他の27017の項目"),
        group("SUP", "Supply chain", "供給網"),
        group("POL", "Policies", "方針"),
        group("RISK", "Risk assessment and treatment", "リスクアセスメントとリスク対応"),
        group("AUD", "Internal audit", "内部監査"),
        group("MR", "Management review", "マネジメントレビュー"),
        group("EMT", "Emerging themes", "新技術の主題"),
        group("ITS", "IT service management", "ITサービスマネジメント"),
        group("ED", "Editions and certification claims", "版と認証の表示"),
        group("DATA", "Record integrity", "記録の整合性"),
    ]

    private static func group(_ id: String, _ en: String, _ ja: String) -> RuleGroup {
        RuleGroup(id: id, subject: BilingualText(en: en, ja: ja))
    }
}
