package import BuntanProtocol
package import ChangeLog
package import Records

/// Which of the two logs of an evidence.
package enum EvidenceLog: String, Hashable, Sendable { case engagement, service }

/// One thing that a verifier has looked at, with what it saw.
package enum EvidenceLine: Hashable, Sendable {
    // The document.
    case document(Digest)
    /// The document is not the one that the evidence names.
    case documentChanged(named: Digest, found: Digest)
    case documentBroken(DocumentFault)
    /// The document is of another agreement, engagement or service than the evidence says, or names other parties.
    case documentElsewhere
    /// Each record's digest is that of the values printed beside it.
    case records(rows: Int, records: Int)

    // The organisations.
    case trusted(OrganisationID, Side)
    case notCompared(OrganisationID, Side)
    case notTrusted(OrganisationID, Side)

    // The logs.
    case genesisBroken(EvidenceLog, SpaceID)
    case statementBroken(EvidenceLog, position: Int, Refusal)
    case log(EvidenceLog, SpaceID, size: Int, root: Digest, key: PublicKey)
    case checkpointBroken(EvidenceLog, SpaceID, NoteFault)
    case included(EvidenceLog, position: Int)
    case notIncluded(EvidenceLog, position: Int)
    /// An entry that is not what an entry at its place has to be.
    case entryBroken(EvidenceLog, position: Int, Refusal)

    // The signatures.
    case signed(PartySignature, place: EntryPlace)
    case key(DeviceID, OrganisationID, enrolledAt: Int)
    case views(OrganisationID, Side, engagement: Int, service: Int)
    case signatureVoid(PartySignature, place: EntryPlace, SignatureFault)
    /// A signature that somebody else than its organisation put into the log.
    case signatureForeign(OrganisationID, position: Int)
    case signatureMissing(OrganisationID, Side)
    case signatureContested(OrganisationID, DeviceID, since: Int64)
    /// What is wrong with one more signature of a party that has another which counts: it takes nothing from that one.
    indirect case passedOver(EvidenceLine)

    // The release.
    case release(label: String, Digest)
    case releaseMissing(Digest)
    case releaseChanged(label: String, named: Digest, found: Digest)
    /// Covered rows that the release does not hold, or holds otherwise.
    case releaseDiffers(label: String, Digest, records: Int)

    // The dates.
    case validOn(CalendarDate)
    case notValidOn(CalendarDate)
    case ended(OrganisationID, CalendarDate)

    // The archive.
    /// A file that nothing in this evidence needs.
    case unneeded(String)

    /// Whether it says that a party is one whose fingerprint was given.
    package var isTrusted: Bool { if case .trusted = self { true } else { false } }

    /// Whether this speaks against the evidence.
    package var isFinding: Bool {
        switch self {
        case .document, .records, .trusted, .notCompared, .log, .included, .signed, .key, .views, .release, .validOn, .notValidOn, .ended,
            .passedOver:
            false
        case .documentChanged, .documentBroken, .documentElsewhere, .notTrusted, .genesisBroken, .statementBroken, .checkpointBroken,
            .notIncluded, .entryBroken, .signatureVoid, .signatureForeign, .signatureMissing, .signatureContested, .releaseMissing,
            .releaseChanged, .releaseDiffers, .unneeded:
            true
        }
    }

    /// The stable name of what was seen, in kebab-case.
    package var name: String {
        switch self {
        case .document: "document-ok"
        case .documentChanged: "document-changed"
        case .documentBroken: "document-broken"
        case .documentElsewhere: "document-elsewhere"
        case .records: "rows-ok"
        case .trusted: "trust-ok"
        case .notCompared: "trust-missing"
        case .notTrusted: "trust-bad"
        case .genesisBroken: "genesis-bad"
        case .statementBroken: "statement-bad"
        case .log: "log-ok"
        case .checkpointBroken: "log-bad"
        case .included: "inclusion-ok"
        case .notIncluded: "inclusion-bad"
        case .entryBroken: "entry-bad"
        case .signed: "signature-ok"
        case .key: "key-ok"
        case .views: "views-ok"
        case .signatureVoid(_, _, let fault):
            switch fault {
            case .doesNotVerify: "signature-bad"
            case .notAParty, .notEnrolled: "key-unknown"
            case .revoked: "key-revoked"
            case .noRight: "key-no-right"
            case .viewMissing: "view-missing"
            case .viewNotPrefix, .viewForeign: "view-bad"
            }
        case .signatureForeign: "signature-foreign"
        case .signatureMissing: "signature-missing"
        case .signatureContested: "signature-contested"
        case .passedOver: "signature-passed-over"
        case .release: "release-ok"
        case .releaseMissing: "release-missing"
        case .releaseChanged: "release-changed"
        case .releaseDiffers: "release-bad"
        case .validOn: "valid-on"
        case .notValidOn: "not-valid-on"
        case .ended: "ended"
        case .unneeded: "file-unneeded"
        }
    }
}
