/// What is wrong with a code that somebody was handed: an invitation, an admission, a device's, a recovery code or a fingerprint. The
/// name of an entry is the error's code.
package enum CodeErrorPhrases: String, PhraseTable {
    package static let section = "code"

    case codeMistyped, codeNoServer, codeUsedUndated, codeExpired, codeRevoked, codeUnknown, codeExpiredUndated
    case codeRevokedUnnamed, codeIsDevice, codeIsInvitation, codeIsAdmission, codeIsRecovery, codeIsFingerprint, codeIsOwn
    case codeOtherServer, codeOtherOrganisation, codeOfOthers, codeFingerprintDiffers, admissionWrong, admissionUsed
    case admissionExpired, admissionNeeded, recoveryWrong

    package var phrase: Phrase {
        switch self {
        case .codeMistyped:
            Phrase(
                "this code is mistyped: its check characters do not fit; compare it with the original",
                ja: "コードに誤りがあります（検査文字が一致しません）。元のコードと照合してください")
        case .codeNoServer: Phrase("this code names no server; it ends in @SERVER", ja: "このコードにはサーバがありません。末尾は@サーバです")
        case .codeUsedUndated: Phrase("this code has been used already; ask for another", ja: "このコードは既に使われています。新しいコードを頼んでください")
        case .codeExpired:
            Phrase("this code was valid until {date}; ask {provider} for another", ja: "このコードの期限は{date}でした。{provider}に新しいコードを頼んでください")
        case .codeExpiredUndated: Phrase("this code has expired; ask for another", ja: "このコードは期限切れです。新しいコードを頼んでください")
        case .codeRevokedUnnamed:
            Phrase("this code was revoked by whoever gave it out; ask for another", ja: "このコードは発行者が取り消しました。新しいコードを頼んでください")
        case .codeRevoked: Phrase("this code was revoked by {provider}", ja: "このコードは{provider}が取り消しました")
        case .codeUnknown:
            Phrase(
                "{server} knows no such invitation: the code is of another server, or used up, or revoked",
                ja: "{server}にこの招待はありません。別のサーバのコードか、使用済みか、取り消されたものです")
        case .codeIsDevice:
            Phrase(
                "this is the code of a device that wants to be enrolled; it belongs to 'buntan device add'",
                ja: "これは登録を待つ端末のコードです。「buntan device add」に使います")
        case .codeIsInvitation: Phrase("this is an invitation; it belongs to 'buntan join'", ja: "これは招待コードです。「buntan join」に使います")
        case .codeIsAdmission:
            Phrase(
                "this is an operator's admission code; it belongs to 'buntan init --admission', or to 'buntan join' once there is a store",
                ja: "これは運用者の許可コードです。「buntan init --admission」か、ストアができた後の「buntan join」に使います")
        case .codeIsRecovery:
            Phrase(
                "this is a recovery code; it belongs to 'buntan key recover' and nowhere else",
                ja: "これは復旧コードです。「buntan key recover」だけに使います")
        case .codeIsFingerprint:
            Phrase(
                "this is a fingerprint without its server; to enter your organisation write FINGERPRINT@SERVER",
                ja: "これはサーバのないフィンガープリントです。自分の組織に入るには「フィンガープリント@サーバ」と書きます")
        case .codeIsOwn: Phrase("this invitation is your own organisation's; it is for a customer", ja: "これは自組織の招待です。カスタマのためのものです")
        case .codeOtherServer:
            Phrase(
                "this code is for {server}, but this store belongs to {known}; a store talks to one server",
                ja: "このコードは{server}のものですが、このストアのサーバは{known}です。一つのストアのサーバは一つです")
        case .codeOtherOrganisation:
            Phrase(
                "this device asks to enter another organisation; it was given another fingerprint",
                ja: "この端末は別の組織に入ろうとしています。別のフィンガープリントで作ったコードです")
        case .codeOfOthers:
            Phrase(
                "the organisation that enrolled this device is not {fingerprint}; compare the code letter by letter",
                ja: "この端末を登録した組織は{fingerprint}ではありません。コードを一文字ずつ照合してください")
        case .codeFingerprintDiffers:
            Phrase(
                "the invitation on {server} is not signed by the organisation that the code names; nothing was joined",
                ja: "{server}にある招待は、コードが示す組織の署名ではありません。参加していません")
        case .admissionWrong: Phrase("{server} does not take this admission code", ja: "{server}はこの許可コードを受け付けません")
        case .admissionUsed:
            Phrase("this admission code has let another organisation into {server} already", ja: "この許可コードで既に別の組織が{server}に入っています")
        case .admissionExpired:
            Phrase(
                "this admission code of {server} has expired; ask its operator for another",
                ja: "{server}のこの許可コードは期限切れです。運用者に新しいコードを頼んでください")
        case .admissionNeeded:
            Phrase(
                "{server} admits organisations by invitation or with an admission code of its operator",
                ja: "{server}に入るには、招待か運用者の許可コードが必要です")
        case .recoveryWrong: Phrase("this recovery code is not the one of {name}", ja: "この復旧コードは{name}のものではありません")
        }
    }
}
