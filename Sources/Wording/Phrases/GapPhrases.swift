/// What is said of gaps between what is required and what is offered, and of how far each was followed through.
package enum GapPhrases: String, PhraseTable {
    package static let section = "gap"

    case heading, none, noneCompared, awaited, moreInArea, gapsCut
    case backup, jurisdictions, monitoring, responsibilities
    case compared, tooLong, tooShort, weaker, overdue, expired, notYetInForce, missing, notAccepted, differs
    case customersDuty, customersDutyOpen
    case stageNone, stageNamed, stageAssessed, stageTreated, stageAccepted, stageMeasured, stageApproved, lacking, measureInPlace,
        measureNotInPlace, measureForNothing, approvalUnfinished, approvalOfAnother
    case reopened, reopenedFrom, nothingOffered, otherwise, riskTitle, gone, comparedMissing
    case requirementMissing, requirementUnknown, offerMissing, valueUnknown

    package var phrase: Phrase {
        switch self {
        case .heading:
            Phrase(
                "On {date}: {n} {n|gap|gaps}, {open} not followed through, {reopened} reopened; {uncompared} not compared.",
                ja: "{date}時点: ギャップ{n}件、対応未了{open}件、再開{reopened}件、比較できないもの{uncompared}件。")
        case .none:
            Phrase("No gaps on {date}: all that is required is offered.", ja: "{date}時点でギャップはありません。要求は全て満たされています。")
        case .noneCompared:
            Phrase(
                "On {date}: no gaps in what could be compared; {uncompared} not compared.",
                ja: "{date}時点: 比較できたものにギャップはありません。比較できないもの{uncompared}件。")
        case .awaited:
            Phrase("{n} more {n|waits|wait} for {counterpart}.", ja: "ほかに{n}件は「{counterpart}」の対応待ちです。")
        case .moreInArea: Phrase("{n} more like these; --json lists all.", ja: "ほかに{n}件。--jsonで全て表示。")
        case .gapsCut: Phrase("{shown} of {n} shown (--limit).", ja: "{n}件中{shown}件を表示（--limit）。")
        case .backup: Phrase("Backup", ja: "バックアップ")
        case .jurisdictions: Phrase("Jurisdictions and laws", ja: "法域・法令")
        case .monitoring: Phrase("Monitoring", ja: "監視")
        case .responsibilities: Phrase("Unanswered responsibilities", ja: "未回答の責任分担")
        case .compared: Phrase("required {required}, offered {offered}: {difference}", ja: "要求 {required}、提供 {offered}: {difference}")
        case .comparedMissing: Phrase("required {required}, offered nothing", ja: "要求 {required}、提供なし")
        case .tooLong: Phrase("{span} too long", ja: "{span}超過")
        case .tooShort: Phrase("{span} too short", ja: "{span}不足")
        case .weaker: Phrase("{n} {n|step|steps} weaker", ja: "強度が{n}段階不足")
        case .overdue: Phrase("{n} {n|day|days} overdue", ja: "{n}日超過")
        case .expired: Phrase("not in force for {n} {n|day|days}", ja: "失効から{n}日")
        case .notYetInForce: Phrase("not in force for another {n} {n|day|days}", ja: "施行まで{n}日")
        case .missing: Phrase("missing", ja: "なし")
        case .notAccepted: Phrase("not accepted", ja: "受入れ対象外")
        case .differs: Phrase("not met", ja: "要求を満たさない")
        case .customersDuty:
            Phrase(
                "{service} has no backup function, so backup is the customer's responsibility (12.3.1).",
                ja: "「{service}」にはバックアップ機能がないため、バックアップはカスタマの責任です（12.3.1）。")
        case .customersDutyOpen:
            Phrase("No requirement says what has to be backed up.", ja: "バックアップの要求事項がまだありません。")
        case .stageNone: Phrase("no risk names it yet", ja: "リスクが未特定")
        case .stageNamed: Phrase("risk {risk}: not assessed as it is now", ja: "リスク{risk}: 現状について未評価")
        case .stageAssessed: Phrase("risk {risk}: assessed, not treated", ja: "リスク{risk}: 評価済み、未対応")
        case .stageTreated: Phrase("risk {risk}: treated, what is left is not approved", ja: "リスク{risk}: 対応済み、残留リスク未承認")
        case .stageAccepted: Phrase("risk {risk}: no higher than is accepted, not approved", ja: "リスク{risk}: 受容水準以内、未承認")
        case .stageMeasured: Phrase("measure {measure} is in place; no risk names it yet", ja: "補完策{measure}を実施中。リスクは未特定")
        case .stageApproved:
            Phrase("risk {risk}: its owner has approved what is left ({approval})", ja: "リスク{risk}: 残留リスク承認済み（{approval}）")
        case .lacking: Phrase("still to fill in: {fields}", ja: "未記入: {fields}")
        case .measureNotInPlace: Phrase("measure {measure} is not in place yet", ja: "補完策{measure}は未実施")
        case .measureForNothing:
            Phrase("measure {measure} does not say of what it was written: it closes nothing", ja: "補完策{measure}は対象の値が未記入のため、ギャップを解消しない")
        case .approvalOfAnother:
            Phrase("acceptance {acceptance} is by {name}, the risk is {owner}'s", ja: "リスク受容{acceptance}の承認者は{name}、リスク所有者は{owner}")
        case .approvalUnfinished: Phrase("acceptance {acceptance} is not an approval yet", ja: "リスク受容{acceptance}は未承認")
        case .measureInPlace: Phrase("measure {measure} is in place", ja: "補完策{measure}を実施中")
        case .reopened: Phrase("reopened: what is required or offered has changed since", ja: "再開: 要求又は提供がその後変わりました")
        case .reopenedFrom:
            Phrase(
                "reopened: was required {required}, offered {offered}", ja: "再開: 以前は要求 {required}、提供 {offered}")
        case .gone: Phrase("a gap that there is no more", ja: "解消済みのギャップ")
        case .nothingOffered: Phrase("nothing", ja: "なし")
        case .otherwise: Phrase("or", ja: "又は")
        case .riskTitle: Phrase("Gap of {what}", ja: "{what}のギャップ")
        case .requirementMissing: Phrase("No {kind} yet: there is nothing to hold the offer against.", ja: "{kind}がないため、提供と比較できません。")
        case .requirementUnknown:
            Phrase("{kind}: unknown here, since the customer may keep it to itself.", ja: "{kind}: カスタマの非公開記録のため、ここでは不明です。")
        case .offerMissing: Phrase("The provider has published no {kind}.", ja: "プロバイダは{kind}を公開していません。")
        case .valueUnknown:
            Phrase(
                "{kind} {record}: unknown, {rule} rests on a value that is in conflict or not to be seen.",
                ja: "{kind} {record}: 不明。{rule}の判定に要る値が競合中か非公開です。")
        }
    }
}
