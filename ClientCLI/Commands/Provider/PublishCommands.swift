import ArgumentParser
import Agreements
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

struct Publish: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "publish", abstract: CommandPhrases.publish.spoken)
    }
    @Argument(help: .spoken(.releaseLabel)) var label: String
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.ownService()
        let workspace = try open.writing()
        try open.store.read { try workspace.requireUnretired(service, by: invocation.today, $0) }
        let plan = try open.store.read { try PublicationPlan(label, service, selector, workspace, $0) }
        if let last = plan.unchangedSince {
            invocation.notice(ProviderPhrases.publishNothing, ["label": .text(last)])
            return .done
        }
        plan.say(invocation)
        try plan.confirm(invocation)
        let message = try plan.reason(message, invocation)
        let made = try workspace.publish(service, label: label, message: message, leaving: plan.fields)
        let (context, change) = try open.written(made.changes.last, selector, nil)
        try invocation.print(
            .change(
                "release/1", context, fields: ["change", "short", "id", "label", "rows", "changed", "digest"],
                .written(
                    change, ("id", .text(made.release.uuid)), ("label", .text(label)),
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
        CommandConfiguration(commandName: "releases", abstract: CommandPhrases.releases.spoken)
    }
    @OptionGroup var asked: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: asked)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let service = try selector.service()
        let now = invocation.console.now()
        let (context, releases, dates, withdrawn, signers, shorts) = try open.store.read { reader in
            let releases = try open.reading.releases(of: service.service, reader)
            var dates: [RecordID: Int64] = [:]
            var withdrawn: [RecordID: Int64] = [:]
            for release in releases {
                dates[release.id] = try reader.received(release.position, in: service.service)
                withdrawn[release.id] = try reader.received(release.withdrawal?.position, in: service.service)
            }
            // Who has signed a release with whom is seen by the parties alone; each store knows of its own engagements.
            var signers: [RecordID: [String]] = [:]
            for engagement in selector.directory.engagements where engagement.service == service.service {
                for agreement in try open.reading.agreements(of: engagement, day: { ZonedDays.day(of: now, zone: $0) }, reader)
                where Side.allCases.allSatisfy({ agreement.content.signature(of: $0) != nil }) {
                    let release = agreement.head.release.record
                    if signers[release]?.contains(engagement.handle) != true { signers[release, default: []].append(engagement.handle) }
                }
            }
            let names = ShortNames(reader)
            let shorts =
                try !invocation.printsItems ? [:] : Dictionary(uniqueKeysWithValues: releases.map { ($0.id, try names.of($0.id)) })
            return (try selector.context(.service(service), reader), releases, dates, withdrawn, signers, shorts)
        }
        func day(_ millis: Int64?) -> String {
            millis.map { invocation.times.day(Date(timeIntervalSince1970: Double($0) / 1_000)).text } ?? "-"
        }
        try invocation.print(
            .list(
                "releases/1", context,
                fields: ["id", "short", "label", "message", "date", "rows", "digest", "signedBy", "isWithdrawn", "withdrawal", "isSent"],
                releases.map { release in
                    .identified(
                        release.id.uuid, short: shorts[release.id] ?? "", ("label", .text(release.label)),
                        ("message", .text(orNull: release.message)),
                        ("date", dates[release.id].map { .text(Timestamp.rfc3339(milliseconds: $0)) } ?? .null),
                        ("rows", .number(release.rows)),
                        ("digest", .text(release.documentDigest.hex)),
                        ("signedBy", .list((signers[release.id] ?? []).map { .text($0) })), ("isWithdrawn", .bool(release.isWithdrawn)),
                        ("withdrawal", release.withdrawal.map { .members(("message", .text(orNull: $0.message))) } ?? .null),
                        ("isSent", .bool(release.position != nil)))
                }
            ) { page in
                guard !releases.isEmpty else { return page.say(ProviderPhrases.releasesNone) }
                var table = Table(columns: [
                    Column(.headRelease, in: page.language), Column(.headDate, in: page.language),
                    Column(.headRows, in: page.language, alignment: .right), Column(.headDigest, in: page.language),
                    Column(.headSignedBy, in: page.language, fit: .wrapped), Column(.headReason, in: page.language, fit: .wrapped),
                ])
                for release in releases {
                    let withdrawal = release.withdrawal.map { withdrawal in
                        [
                            withdrawn[release.id] == nil
                                ? ProviderPhrases.releaseWithdrawnUnsent.text(in: page.language)
                                : ProviderPhrases.releaseWithdrawn.text(in: page.language, ["date": .text(day(withdrawn[release.id]))]),
                            withdrawal.message,
                        ].compactMap { $0 }.joined(separator: ": ")
                    }
                    table.rows.append([
                        Span(release.label), Span(day(dates[release.id])),
                        Span(String(release.rows)),
                        Span(String(release.documentDigest.hex.prefix(16))),
                        Span((signers[release.id] ?? []).joined(separator: ", ")),
                        Span(withdrawal ?? release.message ?? "", withdrawal == nil ? .plain : .warning),
                    ])
                }
                page.table(table)
            })
        return invocation.status(ofListWith: releases.count)
    }
}
