package import BuntanProtocol
package import Merging
package import Records

/// What both parties sign: canonical JSON that people can read (PROTOCOL.md section 15).
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

    package let agreement: RecordID
    package let engagement: SpaceID
    package let service: SpaceID
    package let provider: OrganisationID
    package let customer: OrganisationID
    package let release: NamedRelease
    /// The first day; `nil` for no first one.
    package let validFrom: CalendarDate?
    /// The last day; `nil` for no end.
    package let validTo: CalendarDate?
    package let terms: Terms
    /// Sorted.
    package let scope: [ScopePart]
    /// Records of the scope that are left open on purpose, whether they exist or not; sorted.
    package let except: [RecordID]
    /// Sorted by space and record, which is the order of their encoded form.
    package let records: [CoveredRecord]

    /// Proposes a document over settled records.
    package init(
        agreement: RecordID, engagement: SpaceID, service: SpaceID, provider: OrganisationID, customer: OrganisationID,
        release: NamedRelease, validFrom: CalendarDate?, validTo: CalendarDate?, terms: Terms, scope: [ScopePart], except: Set<RecordID>,
        records: [SettledRecord]
    ) {
        self.init(
            agreement: agreement, engagement: engagement, service: service, provider: provider, customer: customer, release: release,
            validFrom: validFrom, validTo: validTo, terms: terms, scope: scope.sorted(), except: except.sorted(),
            covered: records.map(\.covered).sorted { ($0.space, $0.record) < ($1.space, $1.record) })
    }

    /// Takes what a reader has checked.
    init(
        agreement: RecordID, engagement: SpaceID, service: SpaceID, provider: OrganisationID, customer: OrganisationID,
        release: NamedRelease, validFrom: CalendarDate?, validTo: CalendarDate?, terms: Terms, scope: [ScopePart], except: [RecordID],
        covered: [CoveredRecord]
    ) {
        self.agreement = agreement
        self.engagement = engagement
        self.service = service
        self.provider = provider
        self.customer = customer
        self.release = release
        self.validFrom = validFrom
        self.validTo = validTo
        self.terms = terms
        self.scope = scope
        self.except = except
        records = covered
    }

    package func organisation(_ side: Side) -> OrganisationID { side == .provider ? provider : customer }

    /// The spaces of the scope: each signature says which log of each it was made on.
    package var spaces: Set<SpaceID> { Set(scope.map(\.space)) }

    /// Whether the same is said under another agreement's id.
    package func saysTheSame(as other: AgreementDocument) -> Bool {
        renamed(to: other.agreement).encoded().elementsEqual(other.encoded())
    }

    /// The same words under another id.
    package func renamed(to agreement: RecordID) -> AgreementDocument {
        AgreementDocument(
            agreement: agreement, engagement: engagement, service: service, provider: provider, customer: customer, release: release,
            validFrom: validFrom, validTo: validTo, terms: terms, scope: scope, except: except, covered: records)
    }

    // MARK: printing

    /// The document as it is signed: canonical JSON.
    package func encoded() -> [UInt8] { json.encoded() }

    private var json: CanonicalJSON {
        .object([
            .init("format", .text(Self.format)), .init("agreement", .hex(agreement)), .init("engagement", .hex(engagement)),
            .init("service", .hex(service)), .init("provider", .hex(provider)), .init("customer", .hex(customer)),
            .init("release", .object([.init("record", .hex(release.record)), .init("digest", .hex(release.digest))])),
            .init("validFrom", validFrom.map { .text($0.text) } ?? .null), .init("validTo", validTo.map { .text($0.text) } ?? .null),
            .init(
                "terms",
                .object([.init("timeZone", .text(terms.timeZone)), .init("reviewInterval", .text(terms.reviewInterval))])),
            .init("scope", .list(scope.map(\.json))), .init("except", .list(except.map { .hex($0) })),
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
