package import BuntanProtocol
package import Merging
package import Records

/// What an agreement says beside its records: who, on what, from when to when.
package struct AgreementHead: Hashable, Sendable {
    package let agreement: RecordID
    package let engagement: SpaceID
    package let service: SpaceID
    package let provider: OrganisationID
    package let customer: OrganisationID
    package let release: AgreementDocument.NamedRelease
    /// The first day; `nil` for no first one.
    package let validFrom: CalendarDate?
    /// The last day; `nil` for no end.
    package let validTo: CalendarDate?
    package let terms: AgreementDocument.Terms
    /// Sorted.
    package let scope: [ScopePart]
    /// Records of the scope that are left open on purpose, whether they exist or not; sorted.
    package let except: [RecordID]

    package func organisation(_ side: Side) -> OrganisationID { side == .provider ? provider : customer }

    /// The spaces of the scope: each signature says which log of each it was made on.
    package var spaces: Set<SpaceID> { Set(scope.map(\.space)) }
}

/// What both parties sign: canonical JSON that people can read (PROTOCOL.md section 15).
@dynamicMemberLookup
package struct AgreementDocument: Sendable {
    package static let format = "buntan-agreement-1"

    package struct NamedRelease: Hashable, Sendable {
        package let record: RecordID
        package let digest: Digest

        package init(record: RecordID, digest: Digest) {
            self.record = record
            self.digest = digest
        }
    }

    /// What holds beside the rows.
    package struct Terms: Hashable, Sendable {
        /// The zone whose days `validFrom` and `validTo` are, as the tz database names it.
        package let timeZone: String
        /// After how long the parties look at it again: ISO 8601.
        package let reviewInterval: String

        package static let yearly = "P365D"

        package init(timeZone: String, reviewInterval: String = Terms.yearly) {
            self.timeZone = timeZone
            self.reviewInterval = reviewInterval
        }
    }

    package let head: AgreementHead
    /// Sorted by space and record, which is the order of their encoded form.
    package let records: [CoveredRecord]

    package subscript<T>(dynamicMember member: KeyPath<AgreementHead, T>) -> T { head[keyPath: member] }

    package func organisation(_ side: Side) -> OrganisationID { head.organisation(side) }

    /// Proposes a document over settled records.
    package init(
        agreement: RecordID, engagement: SpaceID, service: SpaceID, provider: OrganisationID, customer: OrganisationID,
        release: NamedRelease, validFrom: CalendarDate?, validTo: CalendarDate?, terms: Terms, scope: [ScopePart], except: Set<RecordID>,
        records: [SettledRecord]
    ) {
        self.init(
            head: AgreementHead(
                agreement: agreement, engagement: engagement, service: service, provider: provider, customer: customer, release: release,
                validFrom: validFrom, validTo: validTo, terms: terms, scope: scope.sorted(), except: except.sorted()),
            covered: records.map(\.covered).sorted { ($0.space, $0.record) < ($1.space, $1.record) })
    }

    /// Takes what a reader has checked.
    init(head: AgreementHead, covered: [CoveredRecord]) {
        self.head = head
        records = covered
    }

    /// Whether the same is said under another agreement's id.
    package func saysTheSame(as other: AgreementDocument) -> Bool {
        renamed(to: other.agreement).encoded().elementsEqual(other.encoded())
    }

    /// The same words under another id.
    package func renamed(to agreement: RecordID) -> AgreementDocument {
        AgreementDocument(
            head: AgreementHead(
                agreement: agreement, engagement: head.engagement, service: head.service, provider: head.provider, customer: head.customer,
                release: head.release, validFrom: head.validFrom, validTo: head.validTo, terms: head.terms, scope: head.scope,
                except: head.except),
            covered: records)
    }

    // MARK: printing

    /// The document as it is signed: canonical JSON.
    package func encoded() -> [UInt8] { json.encoded() }

    private var json: CanonicalJSON {
        .object([
            .init("format", .text(Self.format)), .init("agreement", .hex(head.agreement)), .init("engagement", .hex(head.engagement)),
            .init("service", .hex(head.service)), .init("provider", .hex(head.provider)), .init("customer", .hex(head.customer)),
            .init("release", .object([.init("record", .hex(head.release.record)), .init("digest", .hex(head.release.digest))])),
            .init("validFrom", head.validFrom.map { .text($0.text) } ?? .null),
            .init("validTo", head.validTo.map { .text($0.text) } ?? .null),
            .init(
                "terms",
                .object([.init("timeZone", .text(head.terms.timeZone)), .init("reviewInterval", .text(head.terms.reviewInterval))])),
            .init("scope", .list(head.scope.map(\.json))), .init("except", .list(head.except.map { .hex($0) })),
            .init("records", .list(records.map(\.json))),
        ])
    }
}

extension ScopePart {
    fileprivate var json: CanonicalJSON {
        var members: [CanonicalJSON.Member] = [.init("space", .hex(space)), .init("kind", .text(kind))]
        if let keys { members.append(.init("keys", .list(keys.map { .list($0.map { .text($0) }) }))) }
        return .object(members)
    }
}

extension CoveredRecord {
    fileprivate var json: CanonicalJSON {
        .object([
            .init("space", .hex(space)), .init("record", .hex(record)), .init("kind", .text(kind)), .init("digest", .hex(digest)),
            .init("cells", .list(cells.map(\.json))),
        ])
    }
}

extension CoveredCell {
    fileprivate var json: CanonicalJSON {
        let element: CanonicalJSON =
            switch key.element {
            case nil: .null
            case .code(let code)?: .text(code)
            case .id(let id)?: .byteString(id)
            }
        return .list([.text(key.field), element, value.value.json])
    }
}

extension Value {
    fileprivate var json: CanonicalJSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .integer(value)
        case .text(let text): .text(text)
        case .bytes(let bytes): .byteString(bytes)
        }
    }
}

extension CanonicalJSON {
    /// A byte string, printed as {"b": hexadecimal}.
    fileprivate static func byteString(_ bytes: [UInt8]) -> CanonicalJSON { .object([.init("b", .text(Hexadecimal.text(bytes)))]) }
}
