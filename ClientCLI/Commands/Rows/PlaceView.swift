import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import Wording

/// What a service is, with its newest release.
struct ServiceCard {
    let service: KnownService
    let release: String?
    /// The day on which it was retired.
    let retired: String?
    /// Whether it is read as an auditor alone.
    private let isAudited: Bool

    init(_ service: KnownService, _ directory: StoreDirectory, _ workspace: Workspace, _ reader: any StoreReader) throws {
        self.service = service
        let engagements = directory.engagements.filter { $0.service == service.service }
        isAudited = !service.isOwn && !engagements.isEmpty && engagements.allSatisfy { $0.side == nil }
        release = try workspace.releases(of: service.service, reader).last?.label
        retired = try workspace.retirement(of: service, reader)
    }

    static let fields = ["id", "short", "handle", "name", "isOwn", "release", "retiredOn"]

    func json(_ shorts: ShortNames) throws -> JSONValue {
        .identified(
            service.service.hex, short: try shorts.of(service.service), ("handle", .text(service.handle)), ("name", .texts(service.name)),
            ("isOwn", .bool(service.isOwn)), ("release", .text(orNull: release)), ("retiredOn", .text(orNull: retired)))
    }

    /// That it is retired, or will be.
    func retirement(_ today: CalendarDate, _ language: Language) -> String? {
        retired.map { day in
            (day <= today.text ? ProviderPhrases.retiredOn : .retiresOn).text(in: language, ["date": .text(day)])
        }
    }

    var ownership: ProviderPhrases { service.isOwn ? .ownService : isAudited ? .auditedService : .subscribedService }
}

extension KnownEngagement {
    static let fields = ["id", "short", "handle", "side", "counterpart", "fingerprint", "isConfirmed", "end", "audit"]
    /// What stands in place of a side where this organisation has none.
    static let auditor = "auditor"
    var sideName: String { side?.name ?? Self.auditor }

    func json(_ shorts: ShortNames) throws -> JSONValue {
        .identified(
            space.hex, short: try shorts.of(space), ("handle", .text(handle)), ("side", .text(sideName)),
            ("counterpart", .texts(counterpartName)), ("fingerprint", .text(counterpart.fingerprint)),
            ("isConfirmed", .bool(isConfirmed)), ("end", end?.json ?? .null), ("audit", audit?.json ?? .null))
    }
}

extension JSONValue {
    /// This object with its kind behind its ids, as `show` tells one thing from another.
    fileprivate func ofKind(_ kind: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.prefix(2) + [.init("kind", .text(kind))] + members.dropFirst(2))
    }
}

/// A service, an engagement or an invitation, as `show` prints one.
enum PlaceView {
    case service(ServiceCard)
    case engagement(KnownEngagement)
    case invitation(InvitationID, name: String?)

    func json(_ shorts: ShortNames) throws -> JSONValue {
        switch self {
        case .service(let view): try view.json(shorts).ofKind("service")
        case .engagement(let engagement): try engagement.json(shorts).ofKind("engagement")
        case .invitation(let id, let name):
            .identified(id.hex, short: try shorts.of(id), ("kind", "invitation"), ("name", .text(orNull: name)))
        }
    }

    func show(_ page: inout Page, _ words: RecordWords, _ times: TimeDisplay, _ today: CalendarDate) {
        let language = page.language
        func head(_ name: String?, _ kind: TermPhrases, _ thing: NamedThing) {
            page.line(
                Span(name ?? "-", .strong), Span("  \(kind.text(in: language))"), Span("  \(words.index.short(thing))"))
        }
        func line(_ title: TermPhrases, _ text: String) { page.place(.at(2, Span(title.text(in: language))), .at(18, Span(text))) }
        switch self {
        case .service(let view):
            head(
                view.service.name.spoken(language.rawValue), .service,
                .record(KnownService.record(in: view.service.draft ?? view.service.service)))
            line(.headName, view.service.handle)
            line(.headKind, view.ownership.text(in: language))
            line(.headRelease, view.release ?? "-")
            if let retired = view.retirement(today, language) { page.paragraph(retired, .warning, indent: 2) }
        case .engagement(let engagement):
            head(engagement.counterpartName.spoken(language.rawValue), .engagement, .space(engagement.space))
            line(.headName, engagement.handle)
            line(.headService, engagement.serviceName.spoken(language.rawValue) ?? "-")
            line(.fingerprint, engagement.counterpart.fingerprint)
            if let audit = engagement.audit {
                audit.say(&page, times, indent: 2)
            } else {
                let confirmed = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
                page.say(confirmed, [:], engagement.isConfirmed ? .good : .warning, indent: 2)
            }
            if let end = engagement.end?.text(on: today, in: language) { page.paragraph(end, .warning, indent: 2) }
            engagement.end?.handover?.say(&page, of: engagement, indent: 2)
        case .invitation(let id, let name):
            head(name, .invitation, .invitation(id))
            page.next("buntan invite --list")
        }
        page.blank()
    }
}
