/// What `service`, `import`, `preview`, `publish`, `releases` and `invite` say.
package enum ProviderPhrases: String, PhraseTable {
    package static let section = "provider"

    case serviceAdded, serviceRows, serviceFrameworkRows, serviceCopied, serviceRenamed, serviceRetired, servicesNone, ownService,
        subscribedService,
        auditedService,
        upstreamServices
    case importQuestion, importQuestionRemoving, importPlan, importNothing, importDry, imported, importedNotes, importedWhole, importWhole,
        importConflicted
    case previewHeading, previewHeldBack
    case publishFields, publishQuestion, publishReason, published, publishNothing, withdrawn, releasesNone, releaseWithdrawn,
        releaseWithdrawnUnsent
    case withdrawQuestion
    case inviteCode, inviteCodeForAny, inviteSealed, inviteRevoked, invitesNone, inviteOpen, inviteUsed, inviteExpired
    case handoverQuestion, handedOver, handedOverAlready, handoverOpenInvites, handoverFrozen, handoverBackQuestion, handoverBack,
        inviteRetiring
    case serviceRetireQuestion, retiredOn, retiresOn, publishStays, publishReallocated, publishUnallocated, publishOverruled,
        publishOutgrows,
        publishOutgrowsTheirs, publishOutgrowsYours, inviteTakenUp, inviteTakenBack

    package var phrase: Phrase {
        switch self {
        case .serviceAdded: Phrase("{id} {name} is made. It is called {handle} here.", ja: "{name}を作りました（{id}）。ここでの名前は{handle}です。")
        case .serviceRows:
            Phrase(
                "Its draft has {n} {n|row|rows} to answer, one for each control of {template} with cloud guidance.",
                ja: "下書きには、{template}のうちクラウド向けの手引がある管理策ごとに、回答する行が{n}行あります。")
        case .serviceFrameworkRows:
            Phrase(
                "Its draft has {n} {n|row|rows} to answer, one for each control of {template}.",
                ja: "下書きには、{template}の管理策ごとに、回答する行が{n}行あります。")
        case .serviceCopied:
            Phrase(
                "It begins with the {rows} {rows|row|rows} and {records} further {records|record|records} of {service}, as a draft of your own.",
                ja: "「{service}」の{rows}行とその他の記録{records}件を、自組織の下書きとして引き継ぎました。")
        case .serviceRenamed:
            Phrase("{id} the service will be called {name} from the next release on.", ja: "次の公開版からサービス名は{name}になります（{id}）。")
        case .serviceRetireQuestion:
            Phrase("Take no further invitations and releases of {name} from {date} on?", ja: "{date}以後、{name}の招待と公開を受け付けないようにしますか。")
        case .handoverQuestion:
            Phrase(
                "Hand {name} over to {successor} ({fingerprint}) on {date}? {n} {n|engagement is|engagements are} told, and end on that day at the latest.",
                ja: "{name}を{date}に{successor}（{fingerprint}）へ引き継ぎますか。{n}件の取引関係に伝わり、遅くともその日に終了します。")
        case .handedOver:
            Phrase(
                "{id} {name} passes to {successor} on {date}. From that day on it takes no further invitations and releases. These engagements end on it at the latest, and are told the fingerprint {fingerprint}:",
                ja: "{name}は{date}に{successor}へ引き継がれます（{id}）。その日以後、招待と公開は受け付けません。次の取引関係は遅くともその日に終了し、フィンガープリント{fingerprint}が伝わります:")
        case .handedOverAlready:
            Phrase("Everybody who is engaged in {name} was told so before.", ja: "{name}の取引関係には、全て同じ内容が伝えてあります。")
        case .handoverOpenInvites:
            Phrase(
                "An invitation to it is still open. Revoke it, or say this again once it was taken up: whoever comes later is told then.",
                ja: "まだ有効な招待があります。取り消すか、使われた後にもう一度このコマンドを実行してください。後から参加した組織にはそのとき伝わります。")
        case .handoverFrozen:
            Phrase("{name} is not told: its log lies, and takes nothing more.", ja: "{name}には伝わりません。そのログは矛盾しており、何も受け付けません。")
        case .handoverBackQuestion:
            Phrase("Take the handover of {name} back, and tell {n} {n|engagement|engagements}?", ja: "{name}の引継ぎを取り消し、{n}件の取引関係に伝えますか。")
        case .handoverBack:
            Phrase("{id} {name} is handed over to nobody; these are told:", ja: "{name}の引継ぎを取り消しました（{id}）。次の取引関係に伝わります:")
        case .inviteRetiring:
            Phrase(
                "This service is retired from {date} on. If it passes to somebody, whoever joins now is told once you hand it over again.",
                ja: "このサービスは{date}で終了する予定です。引継ぎがある場合、これから参加する組織には、もう一度引継ぎを実行したときに伝わります。")
        case .retiredOn: Phrase("retired {date}", ja: "{date}に終了")
        case .retiresOn: Phrase("retires on {date}", ja: "{date}に終了予定")
        case .publishStays: Phrase("These columns stay in your organisation: {columns}", ja: "次の列は組織の外に出ません: {columns}")
        case .publishReallocated:
            Phrase(
                "Allocation without other words in {rows} {rows|row|rows}: {shown}", ja: "文言が同じまま割当てが変わる行が{rows}行: {shown}")
        case .publishUnallocated:
            Phrase(
                "{rows} {rows|row names|rows name} nobody: {shown}. No agreement can hold them until they are allocated.",
                ja: "担当が未割当ての行が{rows}行: {shown}。担当を決めるまで、合意に含められません。")
        case .publishOverruled:
            Phrase(
                "{rows} {rows|row|rows} ({shown}): your own position towards {counterpart} says otherwise and goes on to count. '{command}' lets what is published count.",
                ja: "{rows}行（{shown}）は、{counterpart}への自らの見解が異なり、そちらが引き続き優先します。「{command}」で公開版に戻せます。")
        case .publishOutgrowsTheirs:
            Phrase(
                "{id} is signed by {counterpart} and waits for you. This changes {n} {n|record|records} of it: it will fit no longer, and both sign anew. To sign it first: {command}",
                ja: "{id}は{counterpart}が署名し、こちらの署名を待っています。この公開でその{n}件が変わると署名できなくなり、双方の署名がもう一度要ります。先に署名する場合: {command}")
        case .publishOutgrowsYours:
            Phrase(
                "{id} is signed by you and not by {counterpart} yet. This changes {n} {n|record|records} of it: sign again afterwards.",
                ja: "{id}はこちらが署名し、{counterpart}の署名を待っています。この公開でその{n}件が変わるため、もう一度署名してください。")
        case .publishOutgrows:
            Phrase(
                "{id} with {counterpart} holds {n} of the {n|record|records} that change: it will be stale until both sign again.",
                ja: "{counterpart}との合意{id}のうち{n}件が変わり、双方がもう一度署名するまで要更新になります。")
        case .inviteTakenUp: Phrase("used by {name}", ja: "{name}が使用済み")
        case .inviteTakenBack: Phrase("revoked", ja: "取消し済み")
        case .serviceRetired:
            Phrase(
                "{id} {name} is retired from {date} on: no further invitations and releases.",
                ja: "{name}の終了日は{date}です（{id}）。その日以後、招待と公開は受け付けません。")
        case .servicesNone: Phrase("No service yet.", ja: "サービスはまだありません。")
        case .ownService: Phrase("own", ja: "自社")
        case .subscribedService: Phrase("subscribed", ja: "利用中")
        case .auditedService: Phrase("audited", ja: "監査中")
        case .upstreamServices: Phrase("Upstream, as their records say:", ja: "上流のサービス（記録による）:")
        case .importQuestion:
            Phrase(
                "Take {rows} {rows|row|rows} and {notes} private {notes|note|notes} into the draft of {service}?",
                ja: "{service}の下書きに{rows}行と非公開のメモ{notes}件を取り込みますか。")
        case .importQuestionRemoving:
            Phrase(
                "Take {rows} {rows|row|rows} and {notes} private {notes|note|notes} into the draft of {service}, and {removed} {removed|row|rows} out of it?",
                ja: "{service}の下書きに{rows}行と非公開のメモ{notes}件を取り込み、{removed}行を除きますか。")
        case .importPlan:
            Phrase(
                "{added} to add, {changed} to change, {same} unchanged, {missing} only in the draft",
                ja: "追加{added}、変更{changed}、変更なし{same}、下書きだけにある{missing}")
        case .importNothing: Phrase("The draft holds all of this already; nothing to change.", ja: "下書きは既に同じ内容です。変更はありません。")
        case .importDry: Phrase("Nothing was written (-n).", ja: "何も書いていません（-n）。")
        case .imported:
            Phrase(
                "{id} {rows} {rows|row|rows} taken into the draft of {service}: {added} added, {changed} changed.",
                ja: "{service}の下書きに{rows}行を取り込みました: 追加{added}、変更{changed}（{id}）。")
        case .importedNotes:
            Phrase(
                "{id} {n} private {n|note|notes} taken; the draft of {service} held all the rest already.",
                ja: "メモ{n}件を取り込みました（{id}）。ほかは{service}の下書きと同じ内容です。")
        case .importedWhole:
            Phrase(
                "{id} the draft of {service} held all rows already; the document says something else besides.",
                ja: "{service}の下書きと同じ行です。行以外の内容が変わりました（{id}）。")
        case .importWhole:
            Phrase(
                "The draft holds all rows already; the document says something else besides.", ja: "下書きと同じ行です。行以外の内容が変わっています。")
        case .importConflicted:
            Phrase(
                "{n} {n|field has|fields have} several values here and {n|was|were} left alone; 'buntan conflicts' shows them.",
                ja: "{n}項目にこちらの値が複数あるため、取り込みませんでした。「buntan conflicts」で表示できます。")
        case .previewHeading: Phrase("What {audience} would see: {rows} {rows|row|rows}", ja: "{audience}に見える内容: {rows}行")
        case .previewHeldBack: Phrase("Held back:", ja: "見せないもの:")
        case .publishFields: Phrase("These fields will leave your organisation: {fields}", ja: "次の項目が組織の外に出ます: {fields}")
        case .publishQuestion:
            Phrase(
                "Publish {label} of {service}: {rows} {rows|row|rows}, {changed} {changed|record|records} changed?",
                ja: "{service}の{label}を公開しますか。{rows}行、変更のある記録は{changed}件。")
        case .publishReason:
            Phrase(
                "{rows} {rows|row changes its|rows change their} allocation without other words. Why?",
                ja: "{rows}行で、文言が同じまま割当てが変わります。理由は何ですか。")
        case .published:
            Phrase(
                "{label} is published: {rows} {rows|row|rows}, digest {digest}. Customers see it after the next sync.",
                ja: "{label}を公開しました: {rows}行、ダイジェスト{digest}。カスタマには次の同期の後に見えます。")
        case .publishNothing: Phrase("Nothing differs from {label}; no release was made.", ja: "{label}との違いがないため、公開しませんでした。")
        case .withdrawn:
            Phrase(
                "{id} {label} is marked withdrawn. It stays readable, and agreements over it say so.",
                ja: "{label}に取下げの印を付けました（{id}）。その後も読め、それを対象とする合意にはその旨が表示されます。")
        case .releasesNone: Phrase("Nothing published yet.", ja: "公開はまだありません。")
        case .releaseWithdrawn: Phrase("withdrawn {date}", ja: "{date}に取下げ")
        case .releaseWithdrawnUnsent: Phrase("withdrawn, not sent yet", ja: "取下げ（未送信）")
        case .withdrawQuestion:
            Phrase(
                "Withdraw {label} of {service}, {rows} {rows|row|rows}? Agreements over it will say so, and it does not come back.",
                ja: "{service}の{label}（{rows}行）を取り下げますか。対象とする合意にその旨が表示され、元には戻せません。")
        case .inviteCode:
            Phrase(
                "Code for {name}, valid once until {date}. Hand it over by a way you trust, it is secret:",
                ja: "{name}への招待コード。{date}まで一度だけ有効です。秘密なので、信頼できる方法で渡してください:")
        case .inviteCodeForAny:
            Phrase(
                "Code for whoever uses it first, valid once until {date}. Hand it over by a way you trust, it is secret:",
                ja: "最初に使った組織への招待コード。{date}まで一度だけ有効です。秘密なので、信頼できる方法で渡してください:")
        case .inviteSealed: Phrase("It names {service}, your fingerprint and {server}.", ja: "{service}、自組織のフィンガープリント、{server}が入っています。")
        case .inviteRevoked: Phrase("The invitation {id} is revoked.", ja: "招待{id}を取り消しました。")
        case .invitesNone: Phrase("No invitation yet.", ja: "招待はまだありません。")
        case .inviteOpen: Phrase("open until {date}", ja: "{date}まで有効")
        case .inviteUsed: Phrase("used {date}", ja: "{date}に使用済み")
        case .inviteExpired: Phrase("expired {date}", ja: "{date}に期限切れ")
        }
    }
}
