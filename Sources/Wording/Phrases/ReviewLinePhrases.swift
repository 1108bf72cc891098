/// What the lines of a management review's inputs say; the names are those of what is said.
package enum ReviewLinePhrases: String, PhraseTable {
    package static let section = "review-line"

    case noEarlierReview, noActions, actionOpen, actionLate, actionDone
    case engagementBegan, engagementEnded, noticedChange, lawInForce, lawExpired, editionSuperseded, themeInUse, policyApproved
    case scopeApproved, noChange
    case findingOpen, findingLate, findingUnchecked, findingClosed, noNonconformity
    case checked, checkedNone, verified, notMet, restoreTest, noMeasurement
    case auditHeld, auditReported, auditUnreported, auditFound, noAudit
    case statementStands, measureInPlace, measureToCome, objectiveOfSupplier, noObjective
    case customerStands, providerStands, agreementStands, agreementMissing, requestsOpen, noParty
    case riskCounts, riskAbove, riskApproved, riskApprovedBefore, riskToReassess, treatmentPlanned, treatmentLate, treatmentDone, gapsStand,
        noRisk
    case findingOfOpportunity, opportunityOfRisk, opportunityOfTheme, advised, noOpportunity

    package var phrase: Phrase {
        switch self {
        case .noEarlierReview: Phrase("No earlier review is recorded.", ja: "前回までのマネジメントレビューの記録はありません。")
        case .noActions: Phrase("No action of earlier reviews is open.", ja: "前回までのレビューで未完了の処置はありません。")
        case .actionOpen: Phrase("Open: {action} ({owner}, due {due})", ja: "未完了: {action}（{owner}、期限{due}）")
        case .actionLate: Phrase("Late: {action} ({owner}, was due {due})", ja: "期限超過: {action}（{owner}、期限{due}）")
        case .actionDone: Phrase("Done on {done}: {action} ({owner})", ja: "{done}完了: {action}（{owner}）")
        case .engagementBegan: Phrase("Engagement with {party} on {service} began on {date}.", ja: "{party}との「{service}」の取引関係が{date}に開始。")
        case .engagementEnded: Phrase("Engagement with {party} on {service} ended on {date}.", ja: "{party}との「{service}」の取引関係が{date}に終了。")
        case .noticedChange: Phrase("Change of {service}, {date}: {change}", ja: "「{service}」の変更（{date}）: {change}")
        case .lawInForce: Phrase("{law} is in force since {date} ({service}).", ja: "「{law}」が{date}に施行（{service}）。")
        case .lawExpired: Phrase("{law} is not in force since {date} ({service}).", ja: "「{law}」が{date}に失効（{service}）。")
        case .editionSuperseded:
            Phrase(
                "{edition} was superseded on {date}; the statement of {service} rests on it.",
                ja: "{edition}は{date}に改訂済み。「{service}」の適用宣言書が依拠。")
        case .themeInUse: Phrase("{theme}, in use: {use}", ja: "{theme}、利用: {use}")
        case .policyApproved: Phrase("Policy approved on {date}: {name}", ja: "{date}承認の方針: {name}")
        case .scopeApproved: Phrase("The scope statement was approved on {date}.", ja: "適用範囲の文書を{date}に承認。")
        case .noChange: Phrase("The records tell of no change in this period.", ja: "この期間に記録された変化はありません。")
        case .findingOpen: Phrase("{grade}, {clause}, due {due}: {finding}", ja: "{grade}、{clause}、期限{due}: {finding}")
        case .findingLate: Phrase("{grade}, {clause}, late since {due}: {finding}", ja: "{grade}、{clause}、{due}から期限超過: {finding}")
        case .findingUnchecked:
            Phrase(
                "{grade}, {clause}, corrected on {done}, effect not checked: {finding}", ja: "{grade}、{clause}、{done}是正済み、有効性未確認: {finding}"
            )
        case .findingClosed: Phrase("{grade}, {clause}, closed on {done}: {finding}", ja: "{grade}、{clause}、{done}完了: {finding}")
        case .noNonconformity: Phrase("No nonconformity is open.", ja: "未完了の不適合はありません。")
        case .checked:
            Phrase(
                "In the organisation's own records the rules find on {date}: {violations} {violations|violation|violations}, "
                    + "{gaps} {gaps|gap|gaps}, {advice} advised.",
                ja: "自組織の記録についての規則による確認（{date}時点）: 違反{violations}件、ギャップ{gaps}件、助言{advice}件。")
        case .checkedNone:
            Phrase(
                "In the organisation's own records the rules find nothing on {date}.", ja: "自組織の記録についての規則による確認（{date}時点）: 指摘なし。")
        case .verified: Phrase("{n} {n|verification|verifications}, {met} met the requirement.", ja: "検証{n}件、うち要求を満たすもの{met}件。")
        case .notMet: Phrase("Verification of {date}: {result}", ja: "{date}の検証: {result}")
        case .restoreTest: Phrase("Restore test of {service} on {date}: {result}", ja: "「{service}」の復元試験（{date}）: {result}")
        case .noMeasurement: Phrase("No verification and no restore test is recorded.", ja: "検証及び復元試験の記録はありません。")
        case .auditHeld:
            Phrase(
                "Internal audit of {date} against {criteria}; services: {services}.", ja: "{date}の内部監査。基準: {criteria}、対象サービス: {services}。")
        case .auditReported: Phrase("Audit of {date}: reported to management on {reported}.", ja: "{date}の監査: {reported}に経営層へ報告済み。")
        case .auditUnreported: Phrase("Audit of {date}: not reported to management yet.", ja: "{date}の監査: 経営層へ未報告。")
        case .auditFound: Phrase("Audit of {date}, {grade}: {n}", ja: "{date}の監査、{grade}: {n}件")
        case .noAudit: Phrase("No internal audit is recorded in this period.", ja: "この期間の内部監査の記録はありません。")
        case .statementStands:
            Phrase(
                "{service}: {n} {n|control|controls} adopted, {implemented} implemented, {partial} in part, {planned} planned, {missing} not.",
                ja: "{service}: 採用した管理策{n}件。実施済み{implemented}、一部実施{partial}、計画中{planned}、未実施{missing}。")
        case .measureInPlace: Phrase("In place since {date} for {service}: {measure}", ja: "「{service}」の補完策、{date}から実施: {measure}")
        case .measureToCome:
            Phrase("Not in place yet for {service} (from {date}): {measure}", ja: "「{service}」の補完策、未実施（{date}から）: {measure}")
        case .objectiveOfSupplier: Phrase("Objective given to {supplier}: {objective}", ja: "供給者「{supplier}」に示した目的: {objective}")
        case .noObjective: Phrase("No objective is recorded.", ja: "情報セキュリティ目的の記録はありません。")
        case .customerStands:
            Phrase(
                "Customer {party}, {service}: {agreed} of {n} {n|row|rows} agreed, {disputed} disputed, {open} open.",
                ja: "カスタマ{party}、「{service}」: {n}行のうち合意{agreed}、不一致{disputed}、未回答{open}。")
        case .providerStands:
            Phrase(
                "Provider {party}, {service}: {agreed} of {n} {n|row|rows} agreed, {disputed} disputed, {open} open.",
                ja: "プロバイダ{party}、「{service}」: {n}行のうち合意{agreed}、不一致{disputed}、未回答{open}。")
        case .agreementStands: Phrase("An agreement with {party} on {service} stands.", ja: "{party}との「{service}」の合意が有効。")
        case .agreementMissing: Phrase("No agreement with {party} on {service} stands.", ja: "{party}との「{service}」の有効な合意なし。")
        case .requestsOpen:
            Phrase(
                "{requests} {requests|request|requests} for information with {party} unanswered.", ja: "{party}との間の未回答の情報提供依頼{requests}件。")
        case .noParty: Phrase("No engagement with a customer or a provider is recorded.", ja: "カスタマ又はプロバイダとの取引関係の記録はありません。")
        case .riskCounts:
            Phrase(
                "{n} {n|risk|risks}, {above} above the accepted level, {open} not assessed.", ja: "リスク{n}件。受容水準を超えるもの{above}件、未評価{open}件。")
        case .riskAbove: Phrase("Level {level} above {accepted}: {risk} ({owner})", ja: "水準{level}（受容水準{accepted}）: {risk}（{owner}）")
        case .riskApprovedBefore:
            Phrase(
                "What is left of {risk}, level {residual}, was approved by {owner} on {date}, before what is required or offered changed.",
                ja: "「{risk}」の残留リスク（水準{residual}）を{owner}が{date}に承認。要求又は提供がその後変わった。")
        case .riskApproved:
            Phrase(
                "What is left of {risk}, level {residual}, was approved by {owner} on {date}.",
                ja: "「{risk}」の残留リスク（水準{residual}）を{owner}が{date}に承認。")
        case .riskToReassess: Phrase("To be assessed again since {date}: {risk}", ja: "{date}から再評価の時期: {risk}")
        case .treatmentPlanned:
            Phrase(
                "Treatment of {risk}: {treatment} ({owner}, due {due}, progress: {progress})",
                ja: "「{risk}」への対応: {treatment}（{owner}、期限{due}、進捗: {progress}）")
        case .treatmentLate:
            Phrase("Late treatment of {risk}: {treatment} ({owner}, was due {due})", ja: "「{risk}」への対応、期限超過: {treatment}（{owner}、期限{due}）")
        case .treatmentDone: Phrase("Treated: {risk}, {treatment}", ja: "対応済み: {risk}、{treatment}")
        case .gapsStand:
            Phrase(
                "Gaps with {party} on {service}: {n}, {open} not followed through.", ja: "{party}との「{service}」のギャップ{n}件、うち対応未了{open}件。")
        case .noRisk: Phrase("No risk is recorded.", ja: "リスクの記録はありません。")
        case .findingOfOpportunity: Phrase("Found in an audit: {finding}", ja: "監査で挙がった改善の機会: {finding}")
        case .opportunityOfRisk: Phrase("{opportunity} (risk: {risk})", ja: "{opportunity}（リスク: {risk}）")
        case .opportunityOfTheme: Phrase("{opportunity} (theme: {theme})", ja: "{opportunity}（主題: {theme}）")
        case .advised: Phrase("{n} {n|piece|pieces} of advice by the rules ('buntan check').", ja: "規則による助言{n}件（「buntan check」）。")
        case .noOpportunity: Phrase("None is recorded.", ja: "記録はありません。")
        }
    }
}
