/// What is asked at the terminal.
package enum PromptPhrases: String, PhraseTable {
    package static let section = "prompt"

    case yesNo, yesNoAgain, touchesMany, passphrase, passphraseNew, passphraseAgain, pressReturn, number, stepsKept, recoveryCode

    package var phrase: Phrase {
        switch self {
        case .yesNo: Phrase("{question} [y/N]", ja: "{question} [y/N]")
        case .yesNoAgain: Phrase("Please type y or n.", ja: "yかnを入力してください。")
        case .touchesMany: Phrase("This touches {n} records. Go ahead?", ja: "{n}件の記録に及びます。進めますか。")
        case .passphrase: Phrase("Passphrase:", ja: "パスフレーズ:")
        case .passphraseNew: Phrase("New passphrase:", ja: "新しいパスフレーズ:")
        case .passphraseAgain: Phrase("Once more:", ja: "もう一度:")
        case .pressReturn: Phrase("Press return to edit again, or type q to leave it:", ja: "もう一度編集するには改行、やめるには「q」を入力してください:")
        case .number: Phrase("Number:", ja: "番号:")
        case .recoveryCode: Phrase("Recovery code:", ja: "復旧コード:")
        case .stepsKept:
            Phrase("every step that was finished is kept", ja: "終えた段階は残っています。")
        }
    }
}
