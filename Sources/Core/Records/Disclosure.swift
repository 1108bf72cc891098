package import BuntanProtocol

/// For whom something is meant.
package enum Audience: String, CaseIterable, Hashable, Sendable {
    /// The own organisation: everything.
    case myself
    /// The other party of an engagement, or any customer of a service.
    case counterpart
    /// Anybody.
    case everybody = "public"

    /// Whether it sees what is between the parties of an engagement: who they are, what each holds to, what they have signed.
    package var seesEngagements: Bool { self != .everybody }
    /// Whether it sees what an organisation keeps to itself.
    package var seesOwn: Bool { self == .myself }
}

/// Where a record stands, as far as its readers go (sync.md section 2).
package enum RecordPlace: Hashable, Sendable {
    /// The space of the organisation's own records.
    case home
    /// Where a service is edited: what of it is published is copied, the rest stays.
    case draft
    case service
    case engagement
}

/// Why something is not shown to an audience.
package enum HeldBack: String, CaseIterable, Hashable, Sendable {
    /// The kind never leaves its organisation.
    case privateKind = "private-kind"
    /// The field stays behind when its record is published.
    case privateField = "private-field"
    /// It is between the two parties of an engagement.
    case betweenParties = "between-parties"
    /// The record itself says that it is not for others.
    case undisclosed
    /// This program does not know what it is.
    case unknown
}

/// Says what an audience may see: the one place where that is decided, from the schema registry and nothing else.
///
/// What is published, previewed and exported all ask here, so that none of them can show more than another.
package struct Disclosure: Sendable {
    package let audience: Audience
    private let schema: SchemaRegistry

    package init(to audience: Audience, schema: SchemaRegistry = .current) {
        self.audience = audience
        self.schema = schema
    }

    /// Why records of a kind are held back where they stand, or `nil` if they are shown.
    package func reason(holding kind: String, in place: RecordPlace) -> HeldBack? {
        guard audience != .myself else { return nil }
        guard let kind = schema.kind(kind) else { return .unknown }
        switch place {
        case .home: return .privateKind
        case .draft: return kind.spaces.contains(.service) ? nil : .privateKind
        case .service: return nil
        case .engagement: return audience.seesEngagements ? nil : .betweenParties
        }
    }

    /// Why a field of a kind that is shown is held back, or `nil` if it is shown.
    package func reason(holding field: String, of kind: String) -> HeldBack? {
        guard audience != .myself else { return nil }
        guard let known = schema.kind(kind)?.field(field) else { return .unknown }
        return known.isPrivate ? .privateField : nil
    }

    /// Why one record is held back although its kind is not: its provider said so in a field.
    ///
    /// - Parameter isDisclosed: the settled value of the field that says so, `nil` where it is empty or in conflict.
    package func reason(holdingRecordOf kind: String, isDisclosed: Bool?) -> HeldBack? {
        guard audience != .myself, Self.disclosingField(of: kind) != nil else { return nil }
        return isDisclosed == true ? nil : .undisclosed
    }

    /// The field in which a record says whether others may see it, for kinds that have one.
    package static func disclosingField(of kind: String) -> String? { kind == "service-dependency" ? "disclosedToCustomers" : nil }

    /// The kinds that a publish copies from a draft into its service, in the registry's order.
    ///
    /// An organisation's own name goes into every space of its own accord and is copied from none.
    package static func publishedKinds(_ schema: SchemaRegistry) -> [Kind] {
        schema.kinds.filter(\.isDrafted)
    }
}
