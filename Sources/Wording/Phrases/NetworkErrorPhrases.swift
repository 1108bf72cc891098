/// What goes wrong on the way to a server, or with the one that answers: each ends a command of `buntan` with the same status. The
/// name of an entry is the error's code.
package enum NetworkErrorPhrases: String, PhraseTable {
    package static let section = "network"

    case serverOther, serverUnreachable, serverTimedOut, serverName, connectionLost
    case certificateExpired, certificateNotYet, certificateOtherName, certificateUnknownIssuer, proxyFailed, proxyDenies
    case proxyAsks, proxyForbids, serverNoTLS, plainServerHere, serverSpeaksTLS, serverAnswerTooLarge, serverNotBuntan
    case serverAnswerBroken, serverAnswerInvalid, serverOlder, serverNewer

    package var phrase: Phrase {
        switch self {
        case .serverOther:
            Phrase(
                "the server at {server} calls itself {found}, but the spaces of this store are kept by {known}",
                ja: "{server}のサーバは{found}と名乗っていますが、このストアのスペースは{known}にあります")
        case .serverUnreachable: Phrase("{server} does not answer: {reason}", ja: "{server}が応答しません: {reason}")
        case .serverTimedOut: Phrase("{server} did not answer within {seconds} s", ja: "{server}が{seconds}秒以内に応答しませんでした")
        case .serverName: Phrase("the name {server} cannot be resolved", ja: "{server}の名前を解決できません")
        case .connectionLost: Phrase("the connection to {server} broke off", ja: "{server}との接続が切れました")
        case .certificateExpired: Phrase("the certificate of {server} ended on {date}", ja: "{server}の証明書は{date}に切れています")
        case .certificateNotYet: Phrase("the certificate of {server} is valid only from {date}", ja: "{server}の証明書が有効になるのは{date}です")
        case .certificateOtherName: Phrase("the certificate of {server} is for {names}", ja: "{server}の証明書は{names}のものです")
        case .certificateUnknownIssuer:
            Phrase(
                "the certificate of {server} is signed by nobody this machine trusts; name a company CA with --ca-file",
                ja: "{server}の証明書の発行者はこの機械では信頼されていません。社内のCAは--ca-fileで指定します")
        case .proxyFailed: Phrase("the proxy {proxy} cannot be reached: {reason}", ja: "プロキシ{proxy}に接続できません: {reason}")
        case .proxyDenies:
            Phrase("the proxy {proxy} does not take this name and password", ja: "プロキシ{proxy}はこの名前とパスワードを受け付けません")
        case .proxyAsks:
            Phrase(
                "the proxy {proxy} wants a name and a password: --proxy http://NAME:PASSWORD@{proxy}",
                ja: "プロキシ{proxy}には名前とパスワードが必要です: --proxy http://名前:パスワード@{proxy}")
        case .proxyForbids: Phrase("the proxy {proxy} does not let this connection through", ja: "プロキシ{proxy}がこの接続を通しません")
        case .serverNoTLS:
            Phrase("{server} does not answer with TLS; check host and port", ja: "{server}はTLSで応答しません。ホストとポートを確かめてください")
        case .plainServerHere:
            Phrase(
                "{server} does not answer with TLS; a server on this machine that has none is given as http://{server}, in a code too: FINGERPRINT@http://{server}",
                ja: "{server}はTLSで応答しません。この機械にあるTLSなしのサーバは http://{server} と指定します。コードでも同じです: FINGERPRINT@http://{server}")
        case .serverSpeaksTLS:
            Phrase(
                "the connection to {server} broke off before an answer came; if it is encrypted, its address begins with https://",
                ja: "{server}との接続が応答の前に切れました。暗号化されている場合、アドレスはhttps://で始まります")
        case .serverAnswerTooLarge:
            Phrase(
                "{server} sends more than an answer may hold, {limit} bytes; nothing of it was taken",
                ja: "{server}の応答が上限の{limit}バイトを超えています。何も受け取っていません")
        case .serverNotBuntan:
            Phrase(
                "{server} answers with HTTP {status}, but not as a Buntan server: check the address, and whether this network asks to sign in first",
                ja: "{server}はHTTP {status}で応答しますが、Buntanのサーバではありません。アドレスと、この網でログインが必要かを確かめてください")
        case .serverAnswerBroken: Phrase("the answer of {server} is damaged; nothing of it was taken", ja: "{server}の応答が壊れています。何も受け取っていません")
        case .serverAnswerInvalid:
            Phrase("the answer of {server} cannot be read ({method}); nothing was changed", ja: "{server}の応答を読めません（{method}）。何も変えていません")
        case .serverOlder:
            Phrase(
                "{server} speaks protocol up to {found}; this program needs {needed}",
                ja: "{server}はプロトコル{found}までです。このプログラムには{needed}が必要です")
        case .serverNewer:
            Phrase(
                "{server} needs protocol {found}; this program knows up to {known}; upgrade buntan",
                ja: "{server}にはプロトコル{found}が必要です。このプログラムは{known}までです。buntanを更新してください")
        }
    }
}
