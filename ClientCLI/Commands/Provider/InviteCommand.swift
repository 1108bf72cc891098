import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Makes a code with which one customer joins; lists and revokes what was made before.
struct Invite: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "invite", abstract: CommandPhrases.invite.spoken)
    }

    @Argument(help: .spoken(.name)) var name: String?
    @Option(help: .spoken(.until)) var until: String?
    @Flag(name: .customLong("audit-by-both"), help: .spoken(.auditByBoth)) var auditByBoth = false
    @Flag(help: .spoken(.list)) var list = false
    @Option(help: .spoken(.revoke)) var revoke: String?
    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        if list, revoke != nil { throw CommandFailure(.optionsExclude, ["first": "--list", "second": "--revoke"]) }
        if list || revoke != nil, let name {
            throw CommandFailure(.unexpectedArgument, ["value": .text(name)], next: "buntan invite --help")
        }
        let open = try OpenStore.existing(invocation)
        let desk = try InvitationDesk(open, invocation.settings.applying(network))
        if list { return try await desk.list() }
        if let revoke { return try await desk.revoke(revoke) }
        let (expires, day) = try expiry(invocation)
        return try await desk.invite(name, until: expires, day: day, policy: Policy(auditNeedsBoth: auditByBoth))
    }

    /// The end of the last day, by the calendar of whoever invites.
    private func expiry(_ invocation: Invocation) throws -> (millis: Int64, day: String) {
        let today = invocation.times.day(invocation.console.now())
        let day = try until.map { try CalendarDay(reading: $0) } ?? CalendarDay(daysSince1970: today.daysSince1970 + 14)
        guard day >= today else { throw CommandFailure(.dateInPast, ["value": .text(day.text)]) }
        return (invocation.times.end(of: day), day.text)
    }
}

/// What an organisation has to do with the invitations that its server keeps.
struct InvitationDesk {
    private let open: OpenStore
    private let settings: Settings
    private let selector: Selector
    private let address: String

    init(_ open: OpenStore, _ settings: Settings) throws {
        self.open = open
        self.settings = settings
        selector = try Selector(open)
        address = try SyncRun(open, settings).knownAddress()
    }

    private var invocation: Invocation { open.invocation }

    // MARK: making one

    func invite(_ name: String?, until expires: Int64, day: String, policy: Policy) async throws -> CommandExit {
        let service = try selector.ownService()
        guard let known = selector.directory.services.first(where: { $0.service == service.service }) else {
            throw CommandFailure(.noService)
        }
        let workspace = try open.writing()
        try open.store.read { try workspace.requireUnretired(service, by: invocation.today, $0) }
        if let day = try open.store.read({ try workspace.retirement(of: service, $0) }) {
            invocation.notice(ProviderPhrases.inviteRetiring, ["date": .text(day)])
        }
        let (code, id) = try await ServerLink.reaching(address, settings: settings) { link in
            // The server takes an invitation of a service that it keeps.
            _ = try await link.sync(workspace)
            let (request, code, id) = try workspace.invite(to: service.service, until: expires, policy: policy)
            _ = try await link.ask(request, token: try await link.signIn(workspace))
            return (code, id)
        }
        try open.store.write {
            try $0.setValue(Array((name ?? "").utf8), for: StoredName.invitation(id))
            try $0.setInvited(to: service.service, until: max(expires, $0.invited(to: service.service) ?? 0))
        }
        let (context, short) = try open.store.read {
            (try selector.context(.service(known), $0), try $0.shortID(of: .invitation(id)))
        }
        var report = Report.single(
            "invitation/1", context, fields: ["id", "short", "code", "expires", "name"],
            .identified(
                id.hex, short: short, ("code", .text(code.text)),
                ("expires", .text(Timestamp.rfc3339(milliseconds: expires))),
                ("name", .text(orNull: name)))
        ) { page in
            page.say(name == nil ? ProviderPhrases.inviteCodeForAny : .inviteCode, ["name": .text(name ?? ""), "date": .text(day)])
            page.line(Span(code.text, .strong))
            page.say(
                ProviderPhrases.inviteSealed,
                ["service": .text(known.name.spoken(page.language.rawValue) ?? known.handle), "server": .text(ServerLink.short(address))])
        }
        report.isPaged = false
        try invocation.print(report)
        return .done
    }

    // MARK: those made before

    /// An invitation with what this store knows of it.
    private struct Offer {
        let kept: KeptInvitation
        let name: String?
        let service: String?
        let engagement: String?

        func state(at now: Int64) -> String {
            if kept.engagement != nil { return "used" }
            if kept.isRevoked { return "revoked" }
            return kept.expires > now ? "open" : "expired"
        }
    }

    private func offers() async throws -> [Offer] {
        let workspace = try open.writing()
        let kept = try await ServerLink.reaching(address, settings: settings) { link in
            try await link.ask(InvitationsRequest(), token: try await link.signIn(workspace)).invitations
        }
        let directory = selector.directory
        return try open.store.read { reader in
            try kept.sorted { ($0.expires, $0.id) < ($1.expires, $1.id) }.map { invitation in
                Offer(
                    kept: invitation,
                    name: try reader.invitedName(invitation.id),
                    service: directory.services.first { $0.service == invitation.service }?.handle,
                    engagement: directory.engagements.first { $0.space == invitation.engagement }?.handle)
            }
        }
    }

    func list() async throws -> CommandExit {
        let offers = try await offers()
        let context = try open.store.read { try selector.context(nil, $0) }
        let now = Int64(invocation.console.now().timeIntervalSince1970 * 1_000)
        let times = invocation.times
        let shorts = ShortIDs(offers.map(\.kept.id))
        try invocation.print(
            .list(
                "invitations/1", context, fields: ["id", "short", "name", "service", "state", "expires", "engagement"],
                offers.map { offer in
                    .identified(
                        offer.kept.id.hex, short: shorts.shortest(offer.kept.id) ?? "", ("name", .text(orNull: offer.name)),
                        ("service", .text(orNull: offer.service)), ("state", .text(offer.state(at: now))),
                        ("expires", .text(Timestamp.rfc3339(milliseconds: offer.kept.expires))),
                        ("engagement", .text(orNull: offer.engagement)))
                }
            ) { page in
                guard !offers.isEmpty else { return page.say(ProviderPhrases.invitesNone) }
                var table = Table(columns: [
                    Column(.headID, in: page.language), Column(.headName, in: page.language, fit: .cut),
                    Column(.headService, in: page.language, fit: .cut), Column(.headState, in: page.language),
                ])
                for offer in offers {
                    let day = times.day(Date(timeIntervalSince1970: Double(offer.kept.expires) / 1_000)).text
                    let phrase: ProviderPhrases =
                        switch offer.state(at: now) {
                        case "used": .inviteTakenUp
                        case "revoked": .inviteTakenBack
                        case "expired": .inviteExpired
                        default: .inviteOpen
                        }
                    table.rows.append([
                        Span(shorts.shortest(offer.kept.id) ?? "-"), Span(offer.name ?? "-"),
                        Span(offer.service ?? "-"),
                        Span(phrase.text(in: page.language, ["date": .text(day), "name": .text(offer.engagement ?? "-")])),
                    ])
                }
                page.table(table)
            })
        return invocation.status(ofListWith: offers.count)
    }

    func revoke(_ text: String) async throws -> CommandExit {
        let offers = try await offers()
        let ids = offers.map(\.kept.id)
        let short = ShortIDs(ids)
        let id: InvitationID
        if let exact = ids.first(where: { $0.hex == text.lowercased() }) {
            id = exact
        } else {
            switch short.find(text) {
            case .one(let found): id = found
            case .several(let found):
                throw CommandFailure(
                    .ambiguousID, ["id": .text(text)],
                    candidates: found.map { CommandFailure.Candidate(name: short.shortest($0) ?? $0.hex) })
            case .none, .notAShortID: throw CommandFailure(.unknownID, ["id": .text(text)], next: "buntan invite --list")
            }
        }
        let shown = short.shortest(id) ?? id.hex
        let workspace = try open.writing()
        do {
            try await ServerLink.reaching(address, settings: settings) { link in
                _ = try await link.ask(RevokeInvitationRequest(id: id), token: try await link.signIn(workspace))
            }
        } catch let failure as CommandFailure where failure.code == CodeErrorPhrases.codeUsedUndated.code {
            throw CommandFailure(.inviteUsed, ["id": .text(shown)], next: "buntan engagement end NAME")
        }
        if let service = offers.first(where: { $0.kept.id == id })?.kept.service {
            let left = offers.map(\.kept).filter { $0.service == service && $0.id != id && !$0.isRevoked && $0.engagement == nil }
            try open.store.write { try $0.setInvited(to: service, until: left.map(\.expires).max()) }
        }
        let context = try open.store.read { try selector.context(nil, $0) }
        try invocation.print(
            .change("invite-revoke/1", context, fields: ["id", "short"], .identified(id.hex, short: shown)) { page in
                page.say(ProviderPhrases.inviteRevoked, ["id": .text(shown)])
                page.next("buntan invite --list")
            })
        return .done
    }
}

extension ServerLink {
    /// A session for requests outside a sync.
    func signIn(_ workspace: Workspace) async throws -> [UInt8] {
        let device = try workspace.store.read { try $0.identity().device }
        let challenge = try await ask(ChallengeRequest(device: device))
        return try await ask(try workspace.signIn(nonce: challenge.nonce)).token
    }
}
