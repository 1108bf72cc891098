package import BuntanProtocol

/// A finished change that the log does not hold yet.
package struct OutboxItem: Hashable, Sendable {
    package enum List: Int, Sendable, CaseIterable {
        /// To be sent with the next sync.
        case pending = 0
        /// Parked until what it needs has arrived.
        case waiting = 1
        /// Refused by the server: a person retries, exports or discards it.
        case rejected = 2
    }

    package struct New: Hashable, Sendable {
        package let space: SpaceID
        package let change: ChangeID
        package let signed: SignedChange
        /// The records it touches, with the edits in the open even where the space is sealed.
        package let edits: [Edit]
        package let payload: Payload

        package init(space: SpaceID, change: ChangeID, signed: SignedChange, edits: [Edit], payload: Payload) {
            self.space = space
            self.change = change
            self.signed = signed
            self.edits = edits
            self.payload = payload
        }
    }

    /// A local number that grows: the order in which changes were made.
    package let number: Int
    package let list: List
    package let item: New
    package let code: Code?
    package let detail: String?

    package init(number: Int, list: List, item: New, code: Code?, detail: String?) {
        self.number = number
        self.list = list
        self.item = item
        self.code = code
        self.detail = detail
    }
}

/// What an outbox tells of a change without reading it.
package struct OutboxPlace: Hashable, Sendable {
    package let number: Int
    package let list: OutboxItem.List
    package let space: SpaceID
    package let change: ChangeID
    /// Bytes of its signed form, as pushes count them.
    package let size: Int

    package init(number: Int, list: OutboxItem.List, space: SpaceID, change: ChangeID, size: Int) {
        self.number = number
        self.list = list
        self.space = space
        self.change = change
        self.size = size
    }
}

/// An entry that its log has lost at the server, kept until the log holds it again (sync.md section 10).
package struct Orphan: Hashable, Sendable {
    package struct New: Hashable, Sendable {
        package let space: SpaceID
        /// The entry as it was, with its payload.
        package let carried: CarriedEntry
        /// Where it stood, and that the log's key had vouched for it.
        package let proof: [UInt8]
        /// The change in it; `nil` for a statement.
        package let change: ChangeID?

        package init(space: SpaceID, carried: CarriedEntry, proof: [UInt8], change: ChangeID?) {
            self.space = space
            self.carried = carried
            self.proof = proof
            self.change = change
        }
    }

    /// A local number that grows: the order in which the log had them.
    package let number: Int
    package let item: New
    /// Why the server would not take it back; `nil` while it has not been asked, or may take it yet.
    package let code: Code?

    package init(number: Int, item: New, code: Code?) {
        self.number = number
        self.item = item
        self.code = code
    }
}

/// What a list of orphans tells of one without reading it.
package struct OrphanPlace: Hashable, Sendable {
    package let number: Int
    package let space: SpaceID
    package let change: ChangeID?
    package let code: Code?
    /// Bytes of entry, payload and proof.
    package let size: Int

    package init(number: Int, space: SpaceID, change: ChangeID?, code: Code?, size: Int) {
        self.number = number
        self.space = space
        self.change = change
        self.code = code
        self.size = size
    }
}

/// An organisation as a server knows it.
package struct RegisteredOrganisation: Hashable, Sendable {
    package let id: OrganisationID
    package let rootKey: PublicKey
    /// The operator's own label; the server knows no legal names.
    package var label: String?
    package var admitted: Int64
    package var isSuspended: Bool
    /// Bytes of logs and payloads that its spaces may hold; `nil` for the server's default.
    package var quotaBytes: Int?

    package init(id: OrganisationID, rootKey: PublicKey, label: String?, admitted: Int64, isSuspended: Bool = false, quotaBytes: Int? = nil)
    {
        self.id = id
        self.rootKey = rootKey
        self.label = label
        self.admitted = admitted
        self.isSuspended = isSuspended
        self.quotaBytes = quotaBytes
    }
}

package struct RegisteredInvitation: Hashable, Sendable {
    package let id: InvitationID
    package let organisation: OrganisationID
    package let invitation: [UInt8]
    package let signature: Signature
    package let expires: Int64
    /// The engagement that took it up; a key is admitted once.
    package var usedBy: SpaceID?
    package var isRevoked: Bool

    package init(
        id: InvitationID, organisation: OrganisationID, invitation: [UInt8], signature: Signature, expires: Int64, usedBy: SpaceID? = nil,
        isRevoked: Bool = false
    ) {
        self.id = id
        self.organisation = organisation
        self.invitation = invitation
        self.signature = signature
        self.expires = expires
        self.usedBy = usedBy
        self.isRevoked = isRevoked
    }
}

/// An operator's admission code, known by the digest of its nonce.
package struct RegisteredAdmission: Hashable, Sendable {
    package let label: String?
    package let expires: Int64
    package var usedBy: OrganisationID?

    package init(label: String?, expires: Int64, usedBy: OrganisationID? = nil) {
        self.label = label
        self.expires = expires
        self.usedBy = usedBy
    }
}

/// That an organisation may read a space, and until when.
package struct Reading: Hashable, Sendable {
    package let space: SpaceID
    package let organisation: OrganisationID
    /// In milliseconds since 1970, `forGood` without an end.
    package let end: Int64

    package static let forGood = Int64.max

    package init(space: SpaceID, organisation: OrganisationID, end: Int64) {
        self.space = space
        self.organisation = organisation
        self.end = end
    }
}
