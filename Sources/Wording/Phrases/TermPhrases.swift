/// Words of the field: values, fields, states and column heads.
package enum TermPhrases: String, PhraseTable {
    package static let section = "term"

    case provider, customer, shared
    case organisation, service, engagement, counterpart, release, draft, agreement, invitation, device
    case fingerprint, responsibility, party
    case agreementEnd
    case visibility
    case yes, notConfirmed, read, write, visibilityPrivate, visibilityCounterpart, visibilityPublic
    case halfSigned
    case inForce, signed, stale, contested, superseded, ended, revoked
    case headAuditor, headGrantedBy, headCustomer
    case headRow, headTheirs, headYours, headTurn, headSince, headLastWord, headState, headAllocation
    case headStatement, headName, headService, headRelease, headRows, headID
    case headKind, headValue, headCount
    case headOwner, headVisibility, headValid
    case headChange
    case headKey, headRights, headBegan, headDate, headDigest, headSignedBy, headReason, headCounterpart, headAgreement
    case headProvider, headUsedBy, headEngagement

    package var phrase: Phrase {
        switch self {
        case .provider: Phrase("provider", ja: "プロバイダ")
        case .customer: Phrase("customer", ja: "カスタマ")
        case .shared: Phrase("shared", ja: "共有")
        case .organisation: Phrase("organisation", ja: "組織")
        case .service: Phrase("service", ja: "サービス")
        case .engagement: Phrase("engagement", ja: "取引関係")
        case .counterpart: Phrase("counterpart", ja: "相手方")
        case .release: Phrase("release", ja: "公開版")
        case .draft: Phrase("draft", ja: "下書き")
        case .agreement: Phrase("agreement", ja: "合意")
        case .invitation: Phrase("invitation", ja: "招待")
        case .device: Phrase("device", ja: "端末")
        case .fingerprint: Phrase("fingerprint", ja: "フィンガープリント")
        case .responsibility: Phrase("responsibility row", ja: "責任分担の行")
        case .party: Phrase("party", ja: "パーティ（組織）")
        case .agreementEnd: Phrase("end of an agreement", ja: "合意の終了")
        case .visibility: Phrase("visibility", ja: "公開範囲")
        case .yes: Phrase("yes", ja: "はい")
        case .notConfirmed: Phrase("not confirmed", ja: "未確認")
        case .read: Phrase("read", ja: "読取り")
        case .write: Phrase("write", ja: "書込み")
        case .visibilityPrivate: Phrase("private", ja: "非公開")
        case .visibilityCounterpart: Phrase("counterpart", ja: "相手方まで")
        case .visibilityPublic: Phrase("public", ja: "一般公開")
        case .halfSigned: Phrase("half-signed", ja: "片方が署名")
        case .inForce: Phrase("in force", ja: "効力がある")
        case .signed: Phrase("signed", ja: "署名済み")
        case .stale: Phrase("stale", ja: "要更新")
        case .contested: Phrase("contested", ja: "疑義あり")
        case .superseded: Phrase("superseded", ja: "置換え済み")
        case .ended: Phrase("ended", ja: "終了")
        case .revoked: Phrase("revoked", ja: "取消し")
        case .headAuditor: Phrase("AUDITOR", ja: "監査人")
        case .headGrantedBy: Phrase("GRANTED BY", ja: "認めた側")
        case .headCustomer: Phrase("CUSTOMER", ja: "カスタマ")
        case .headRow: Phrase("ROW", ja: "行")
        case .headTheirs: Phrase("THEIRS", ja: "相手方")
        case .headYours: Phrase("YOURS", ja: "こちら")
        case .headTurn: Phrase("TURN", ja: "番")
        case .headSince: Phrase("SINCE", ja: "経過")
        case .headLastWord: Phrase("LAST WORD", ja: "最後の発言")
        case .headState: Phrase("STATE", ja: "状態")
        case .headAllocation: Phrase("ALLOCATION", ja: "割当て")
        case .headStatement: Phrase("STATEMENT", ja: "記述")
        case .headName: Phrase("NAME", ja: "名前")
        case .headService: Phrase("SERVICE", ja: "サービス")
        case .headRelease: Phrase("RELEASE", ja: "公開版")
        case .headRows: Phrase("ROWS", ja: "行数")
        case .headID: Phrase("ID", ja: "id番号")
        case .headKind: Phrase("KIND", ja: "種類")
        case .headValue: Phrase("VALUE", ja: "値")
        case .headCount: Phrase("COUNT", ja: "件数")
        case .headOwner: Phrase("OWNER", ja: "所有者")
        case .headVisibility: Phrase("VISIBILITY", ja: "公開範囲")
        case .headValid: Phrase("VALID", ja: "有効期間")
        case .headChange: Phrase("CHANGE", ja: "変更")
        case .headKey: Phrase("KEY", ja: "鍵")
        case .headRights: Phrase("RIGHTS", ja: "権利")
        case .headBegan: Phrase("SINCE", ja: "開始日")
        case .headDate: Phrase("DATE", ja: "公開日")
        case .headDigest: Phrase("DIGEST", ja: "ダイジェスト")
        case .headSignedBy: Phrase("SIGNED BY", ja: "署名")
        case .headReason: Phrase("WHY", ja: "理由")
        case .headCounterpart: Phrase("COUNTERPART", ja: "相手方")
        case .headAgreement: Phrase("AGREEMENT", ja: "合意")
        case .headProvider: Phrase("PROVIDER", ja: "プロバイダ")
        case .headUsedBy: Phrase("USED BY", ja: "利用する側")
        case .headEngagement: Phrase("ENGAGEMENT", ja: "取引関係")
        }
    }
}
