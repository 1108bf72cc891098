/// What fields are called where people read and nothing is typed; each entry has the name of its field.
package enum FieldPhrases: String, PhraseTable {
    package static let section = "field"

    case framework, controlId, itemKey, topic, allocation, supplierPartyId, dependencyId, providerShares
    case providerStatement, customerStatement, customerAction, boundaryNote, implementationStatus, notApplicableReason
    case lastReviewedOn, derived, foundFlag, foundText, foundStatuses, foundOriginations, side, accepts, canFulfil
    case responsible, accountable, consulted, informed, name, providerPartyId, serviceModel, capabilityType
    case deploymentModel, selfService, broadNetworkAccess, resourcePooling, rapidElasticity, measuredService
    case definedInterface, characteristicsNote, catalogueUrl, slaReference, providesBackup, retiredOn
    case upstreamServiceId, upstreamName, upstreamPartyId, dependencyType, customerDataFlows, riskManagementRequired
    case upstreamMatrixRevision, disclosedToCustomers, legalName, org, registrationNumber, roles, partnerKind
    case headOfficeCountry, operatingCountries
    case row, text, label, message, document, release, agreement, device, title, views, signature, endsOn, confirmed, holder
    case contractRef, startDate, endDate, endReason, governingLaw

    package var phrase: Phrase {
        switch self {
        case .framework: Phrase("framework", ja: "枠組み")
        case .controlId: Phrase("control", ja: "管理策番号")
        case .itemKey: Phrase("item", ja: "項目")
        case .topic: Phrase("topic", ja: "主題")
        case .allocation: Phrase("allocation", ja: "割当て")
        case .supplierPartyId: Phrase("supplier", ja: "供給者")
        case .dependencyId: Phrase("service dependency", ja: "サービスの依存関係")
        case .providerShares: Phrase("provider takes a share", ja: "プロバイダの分担の有無")
        case .providerStatement: Phrase("provider statement", ja: "プロバイダの記述")
        case .customerStatement: Phrase("customer statement", ja: "カスタマの記述")
        case .customerAction: Phrase("customer action", ja: "カスタマに求める対応")
        case .boundaryNote: Phrase("demarcation of responsibility", ja: "責任分界")
        case .implementationStatus: Phrase("implementation status", ja: "実施状況")
        case .notApplicableReason: Phrase("reason for not applying", ja: "適用外の理由")
        case .lastReviewedOn: Phrase("last reviewed", ja: "最終見直し日")
        case .derived: Phrase("concluded from marks", ja: "印からの判断")
        case .foundFlag: Phrase("flag as found", ja: "元の区分")
        case .foundText: Phrase("text as found", ja: "元の文")
        case .foundStatuses: Phrase("statuses as found", ja: "元の実施状況")
        case .foundOriginations: Phrase("originations as found", ja: "元の実施主体")
        case .side: Phrase("side", ja: "立場")
        case .accepts: Phrase("accepts", ja: "承諾")
        case .canFulfil: Phrase("can fulfil", ja: "実施の可否")
        case .responsible: Phrase("responsible", ja: "実行責任")
        case .accountable: Phrase("accountable", ja: "説明責任")
        case .consulted: Phrase("consulted", ja: "協議先")
        case .informed: Phrase("informed", ja: "報告先")
        case .name: Phrase("name", ja: "名前")
        case .providerPartyId: Phrase("provider", ja: "プロバイダ")
        case .serviceModel: Phrase("service model", ja: "サービスモデル")
        case .capabilityType: Phrase("capabilities type", ja: "クラウド能力型")
        case .deploymentModel: Phrase("deployment model", ja: "配置モデル")
        case .selfService: Phrase("on-demand self-service", ja: "オンデマンド・セルフサービス")
        case .broadNetworkAccess: Phrase("broad network access", ja: "幅広いネットワークアクセス")
        case .resourcePooling: Phrase("resource pooling", ja: "リソースの共用")
        case .rapidElasticity: Phrase("rapid elasticity", ja: "スピーディな拡張性")
        case .measuredService: Phrase("measured service", ja: "サービスが計測可能であること")
        case .definedInterface: Phrase("defined interface", ja: "定められたインタフェース")
        case .characteristicsNote: Phrase("note on characteristics", ja: "特性についての注記")
        case .catalogueUrl: Phrase("address of the catalogue", ja: "サービスカタログの所在")
        case .slaReference: Phrase("reference to the SLA", ja: "SLAの参照先")
        case .providesBackup: Phrase("provides backup", ja: "バックアップの提供")
        case .retiredOn: Phrase("retired on", ja: "終了日")
        case .upstreamServiceId: Phrase("upstream service", ja: "上流のサービス")
        case .upstreamName: Phrase("name of the upstream service", ja: "上流のサービス名")
        case .upstreamPartyId: Phrase("upstream provider", ja: "上流のプロバイダ")
        case .dependencyType: Phrase("kind of dependency", ja: "依存の種類")
        case .customerDataFlows: Phrase("customer data flows", ja: "カスタマデータの流れ")
        case .riskManagementRequired: Phrase("risk management required", ja: "リスク管理の要否")
        case .upstreamMatrixRevision: Phrase("upstream matrix", ja: "上流の責任分担表")
        case .disclosedToCustomers: Phrase("disclosed to customers", ja: "カスタマへの開示")
        case .org: Phrase("organisation", ja: "組織")
        case .registrationNumber: Phrase("registration number", ja: "登録番号")
        case .roles: Phrase("roles", ja: "役割")
        case .partnerKind: Phrase("kind of partner", ja: "パートナーの種類")
        case .headOfficeCountry: Phrase("country of the head office", ja: "本社の所在国")
        case .operatingCountries: Phrase("countries of operation", ja: "事業を行う国")
        case .legalName: Phrase("legal name", ja: "正式名称")
        case .row: Phrase("about", ja: "対象")
        case .text: Phrase("text", ja: "本文")
        case .label: Phrase("label", ja: "名称")
        case .message: Phrase("why", ja: "理由")
        case .document: Phrase("document", ja: "文書")
        case .release: Phrase("release", ja: "公開版")
        case .agreement: Phrase("agreement", ja: "合意")
        case .device: Phrase("device", ja: "端末")
        case .title: Phrase("title", ja: "役職")
        case .views: Phrase("logs as seen", ja: "見ていた履歴")
        case .signature: Phrase("signature", ja: "署名")
        case .endsOn: Phrase("last day", ja: "最終日")
        case .confirmed: Phrase("confirmed", ja: "確認済み")
        case .holder: Phrase("holder", ja: "使用者")
        case .contractRef: Phrase("contract", ja: "契約の参照先")
        case .startDate: Phrase("first day", ja: "開始日")
        case .endDate: Phrase("end", ja: "終了日")
        case .endReason: Phrase("reason for the end", ja: "終了の理由")
        case .governingLaw: Phrase("governing law", ja: "準拠法")
        }
    }
}
