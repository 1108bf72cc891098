package import BuntanProtocol
package import ChangeLog

/// Where an entry stands in its log, and when the log's keeper took it.
package struct EntryPlace: Hashable, Sendable {
    package let position: Int
    /// The keeper's clock, in milliseconds since 1970.
    package let received: Int64
    /// For an entry that was salvaged, how many entries of this log stood before it when it was first accepted, in the epoch
    /// that ended: what its author might do then is asked from there on (PROTOCOL.md section 15). `nil` for any other.
    package let accepted: Int?

    package init(position: Int, received: Int64, accepted: Int? = nil) {
        self.position = position
        self.received = received
        self.accepted = accepted
    }
}

/// One party's signature under an agreement, as an `agreement-signature` record holds it.
///
/// It is read from the change that made the record: what was signed once stays signed, whatever becomes of the record.
package struct PartySignature: Hashable, Sendable {
    package let record: RecordID
    package let agreement: RecordID
    package let organisation: OrganisationID
    package let device: DeviceID
    package let name: String
    package let title: String
    package let views: [SpaceID: Base]
    package let signature: Signature
    /// `nil` while it waits in the outbox.
    package let place: EntryPlace?

    package static let kind = "agreement-signature"

    package init(
        record: RecordID, agreement: RecordID, organisation: OrganisationID, device: DeviceID, name: String, title: String,
        views: [SpaceID: Base], signature: Signature, place: EntryPlace?
    ) {
        self.record = record
        self.agreement = agreement
        self.organisation = organisation
        self.device = device
        self.name = name
        self.title = title
        self.views = views
        self.signature = signature
        self.place = place
    }

    /// Signs a document for a party; the record is made of what this returns.
    package init(
        record: RecordID, of document: AgreementDocument, digest: Digest, organisation: OrganisationID, name: String, title: String,
        views: [SpaceID: Base], key: SigningKey
    ) {
        let words = AgreementWords(document: digest, organisation: organisation, name: name, title: title, views: views)
        self.init(
            record: record, agreement: document.agreement, organisation: organisation, device: key.publicKey, name: name, title: title,
            views: views, signature: words.signed(by: key), place: nil)
    }

    /// Reads the record's values; `nil` where one is missing, erased or not of its form.
    package init?(record: RecordID, values: (String) -> Value?, place: EntryPlace?) {
        guard let agreement = values("agreement")?.bytes.flatMap({ RecordID($0) }),
            let organisation = values("org")?.bytes.flatMap({ OrganisationID($0) }),
            let device = values("device")?.bytes.flatMap({ DeviceID($0) }), let name = values("name")?.text,
            let views = values("views")?.text.flatMap({ SignedViews.views($0) }),
            let signature = values("signature")?.bytes.flatMap({ Signature($0) }), values("title").isTextOrEmpty
        else { return nil }
        self.init(
            record: record, agreement: agreement, organisation: organisation, device: device, name: name,
            title: values("title")?.text ?? "", views: views, signature: signature, place: place)
    }

    /// The cells of the record.
    package var cells: [CellKey: Value] {
        var cells: [CellKey: Value] = [
            CellKey("agreement"): .id(agreement), CellKey("org"): .id(organisation), CellKey("device"): .fixed(device),
            CellKey("name"): .text(name), CellKey("views"): .text(SignedViews.text(views)), CellKey("signature"): .bytes(signature.bytes),
        ]
        if !title.isEmpty { cells[CellKey("title")] = .text(title) }
        return cells
    }

    package func words(for document: Digest) -> AgreementWords {
        AgreementWords(document: document, organisation: organisation, name: name, title: title, views: views)
    }
}

/// Why a signature does not count.
package enum SignatureFault: Error, Hashable, Sendable {
    /// It does not verify over this document, or was made for another agreement.
    case doesNotVerify
    /// Its organisation is no party of the engagement.
    case notAParty
    /// Nobody of the organisation enrolled the device in this log before that position.
    case notEnrolled
    /// The device was revoked before that position.
    case revoked
    /// The device had no `sign` at that position.
    case noRight
    /// It does not say which log of a space in scope it was made on.
    case viewMissing(SpaceID)
    /// A view is none of the log: another history, or more of it than there was.
    case viewNotPrefix(SpaceID)
    /// A view of a space that the agreement has nothing to do with: nobody who reads it can tell whether it is one.
    case viewForeign(SpaceID)
}

/// What a signature is worth.
package enum SignatureStanding: Hashable, Sendable {
    case valid
    /// Valid, but its device was marked as compromised from a time on that lies before the signature was received.
    case contested(since: Int64)
    /// Valid as far as can be told by who does not hold a log that it covers up to where the signer had it.
    case unseen
    case void(SignatureFault)

    package var counts: Bool { if case .void = self { false } else { true } }
}

extension PartySignature {
    /// Judges the signature by the log that holds it.
    ///
    /// - Parameters:
    ///   - rights: those of the engagement at its head; they know what a device could do at each position below.
    ///   - isPrefix: whether a view is that of the space's log, `nil` where the log that would tell is not here; throws only
    ///     faults of a store.
    package func standing(
        under document: AgreementHead, digest: Digest, rights: SpaceRights, isPrefix: (SpaceID, Base) throws -> Bool?
    ) rethrows -> SignatureStanding {
        var isUnseen = false
        let fault = try fault(under: document, digest: digest, rights: rights) { space, view in
            if let answer = try isPrefix(space, view) { return answer }
            isUnseen = true
            return true
        }
        if let fault { return .void(fault) }
        if let place, let since = rights.chain(of: organisation)?.devices[device]?.compromisedAfter, place.received > since {
            return .contested(since: since)
        }
        return isUnseen ? .unseen : .valid
    }

    private func fault(
        under document: AgreementHead, digest: Digest, rights: SpaceRights, isPrefix: (SpaceID, Base) throws -> Bool
    ) rethrows -> SignatureFault? {
        guard agreement == document.agreement, words(for: digest).isSigned(signature, by: device) else { return .doesNotVerify }
        guard rights.side(of: organisation) != nil, [document.provider, document.customer].contains(organisation) else { return .notAParty }
        guard rights.organisation(of: device) == organisation, let enrolled = rights.authorPosition(of: device),
            place.map({ enrolled < $0.position }) ?? true
        else { return .notEnrolled }
        guard isByWhoMightSign(rights) else {
            let isLeftNothing = capabilities(rights).isEmpty && rights.chain(of: organisation)?.devices[device]?.isRevoked == true
            return isLeftNothing ? .revoked : .noRight
        }
        for space in document.spaces.sorted() where views[space] == nil { return .viewMissing(space) }
        for (space, view) in views.sorted(by: { $0.key < $1.key }) {
            guard space == document.engagement || space == document.service else { return .viewForeign(space) }
            // A signer cannot have seen entries that came after its signature.
            if space == document.engagement, let place, view.size > place.position { return .viewNotPrefix(space) }
            guard try isPrefix(space, view) else { return .viewNotPrefix(space) }
        }
        return nil
    }

    /// What its device may do where the entry stands that holds it.
    private func capabilities(_ rights: SpaceRights) -> Capabilities {
        place.map { rights.capabilities(of: device, at: $0.position) } ?? rights.capabilities(of: device)
    }

    /// Whether its device had `sign` where its entry stands or, if that was salvaged, when it was first accepted.
    ///
    /// Which of the statements since then stood before it, nothing tells but this: it was accepted, so its device might write.
    /// Where the device might sign whenever it might write, it might sign then.
    package func isByWhoMightSign(_ rights: SpaceRights) -> Bool {
        if capabilities(rights).contains(.sign) { return true }
        guard let place, let accepted = place.accepted else { return false }
        let writing = rights.capabilities(of: device, from: accepted, through: place.position).filter { $0.contains(.write) }
        return !writing.isEmpty && writing.allSatisfy { $0.contains(.sign) }
    }
}
