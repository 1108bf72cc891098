import Wording

extension OptionPhrases {
    /// What stands for the value in usage lines and manual pages, and by which completion knows what could stand there.
    ///
    /// `nil` where the name of the argument says it already.
    var valueName: String? {
        switch self {
        case .store: "dir"
        case .service, .engagement, .name, .orgJa, .successor: "name"
        case .org: "organisation"
        case .newName: "new-name"
        case .confirm: "counterpart"
        case .audience, .previewAudience, .reportAudience: "audience"
        case .with: "kind,kind"
        case .columnsOf: "word"
        case .fields: "field,field"
        case .lang: "language"
        case .passphraseFile, .newPassphraseFile, .caFile, .files, .file, .map, .saveMap, .from, .output, .reportOutput, .codeFile,
            .reconcileFiles,
            .sinceFile:
            "file"
        case .proxy, .server: "url"
        case .orgFingerprint, .trust: "fingerprint"
        case .admission, .code: "code"
        case .caps: "right,right"
        case .label: "label"
        case .key: "key"
        case .until, .auditorUntil, .on, .handoverDay, .at, .atNow, .atDay, .compromisedAfter: "date"
        case .validRange: "date..date"
        case .rows, .row, .except: "row"
        case .ids, .id, .revoke: "id"
        case .gap: "gap"
        case .gapAreas: "area"
        case .whereCondition, .setField: "field=value"
        case .message, .reason: "why"
        case .take, .limit: "n"
        case .after: "more"
        case .takeValue, .text: "text"
        case .kind: "kind"
        case .field: "field"
        case .change: "change"
        case .range: "a..b"
        case .releaseLabel: "release"
        case .exec: "command"
        case .seen: "seen"
        case .documentDigest: "digest"
        case .reportFormat: "form"
        default: nil
        }
    }
}
