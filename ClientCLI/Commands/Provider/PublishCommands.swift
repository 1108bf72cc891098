import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

struct Publish: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.publish.spoken)
    }
    @Argument var label: String
    @Option(name: [.customShort("m"), .long]) var message: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.ownService()
        let workspace = try open.writing()
        // What leaves is said before it leaves.
        let drafts = try open.store.read { try workspace.publicationDrafts(service, $0) }
        let fields = Set(drafts.flatMap { $0.cells.keys.map(\.field) }).subtracting([BuntanProtocol.CellKey.life.field]).sorted()
        invocation.notice(ProviderPhrases.publishFields, ["fields": .text(fields.joined(separator: ", "))])
        let made = try workspace.publish(service, label: label, message: message)
        let context = try open.store.read { try selector.context(nil, $0) }
        try invocation.print(
            .change(
                "release/1", context, fields: ["change", "short", "id", "label", "rows", "changed", "digest"],
                .written(
                    made.changes.last, ("id", .text(made.release.uuid)), ("label", .text(label)),
                    ("rows", .number(made.rows)), ("changed", .number(made.changedRecords)), ("digest", .text(made.documentDigest.hex)))
            ) { page in
                page.say(
                    ProviderPhrases.published,
                    ["label": .text(label), "rows": .number(made.rows), "digest": .text(String(made.documentDigest.hex.prefix(16)))])
                page.next("buntan sync")
            })
        return .done
    }
}

struct Releases: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.releases.spoken)
    }
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.service()
        let (context, releases) = try open.store.read { reader in
            (try selector.context(.service(service), reader), try open.reading.releases(of: service.service, reader))
        }
        try invocation.print(
            .list(
                "releases/1", context,
                fields: ["id", "short", "label", "message", "rows", "digest", "isWithdrawn", "isSent"],
                releases.map { release in
                    .identified(
                        release.id.uuid, by: release.id.bytes, ("label", .text(release.label)), ("message", .text(orNull: release.message)),
                        ("rows", .number(release.records.filter { $0.kind == "responsibility" }.count)),
                        ("digest", .text(release.documentDigest.hex)), ("isWithdrawn", .bool(release.isWithdrawn)),
                        ("isSent", .bool(release.position != nil)))
                }
            ) { page in
                guard !releases.isEmpty else { return page.say(ProviderPhrases.releasesNone) }
                var table = Table(columns: [
                    Column(title: ""), Column(title: "", alignment: .right), Column(title: ""), Column(title: "", fit: .cut),
                ])
                table.hasHeads = false
                for release in releases {
                    table.rows.append([
                        Span(release.label), Span(String(release.records.filter { $0.kind == "responsibility" }.count)),
                        Span(String(release.documentDigest.hex.prefix(16))), Span(release.message ?? ""),
                    ])
                }
                page.table(table)
            })
        return .done
    }
}

struct Invite: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.invite.spoken)
    }
    @Argument var name: String?
    @Option var until: String?
    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.ownService()
        let workspace = try open.writing()
        guard let address = try open.store.read({ try $0.knownServer()?.address }) else { throw CommandFailure(.noServer) }
        let now = SystemClock().now()
        var expires = now + 14 * 86_400_000
        if let until {
            guard let day = Records.CalendarDate(canonical: until) else { throw CommandFailure(.invalidDate, ["value": .text(until)]) }
            expires = Self.endOfDay(day)
            guard expires > now else { throw CommandFailure(.dateInPast, ["value": .text(until)]) }
        }
        let code = try await ServerLink.with(address, settings: invocation.settings.applying(network)) { link in
            // The server takes an invitation of a service that it keeps.
            _ = try await link.sync(workspace)
            let (request, code, _) = try workspace.invite(to: service.service, until: expires)
            _ = try await link.ask(request, token: try await link.signIn(workspace))
            return code
        }
        let context = try open.store.read { try selector.context(nil, $0) }
        let date = String(Timestamp.rfc3339(milliseconds: expires).prefix(10))
        try invocation.print(
            .single(
                "invitation/1", context, fields: ["code", "expires"],
                .members(("code", .text(code.text)), ("expires", .text(Timestamp.rfc3339(milliseconds: expires))))
            ) { page in
                page.say(ProviderPhrases.inviteCode, ["name": .text(name ?? "-"), "date": .text(date)])
                page.line(Span(code.text, .strong))
            })
        return .done
    }

    static func endOfDay(_ day: Records.CalendarDate) -> Int64 {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: day.year, month: day.month, day: day.day, hour: 23, minute: 59, second: 59)
        return Int64((calendar.date(from: components)?.timeIntervalSince1970 ?? 0) * 1_000)
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
