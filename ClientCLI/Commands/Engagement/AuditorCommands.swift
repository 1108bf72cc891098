import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Lists the auditors of every engagement: who, until when, by whose word.
struct AuditorsCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "auditors", abstract: CommandPhrases.auditors.spoken)
    }

    @Flag(name: .long, help: .spoken(.auditorsAll)) var all = false
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (context, cards) = try open.store.read { reader in
            let names = try open.reading.calledNames(invocation.language.rawValue, reader)
            let cards = try selector.directory.engagements.flatMap { engagement in
                let now = try open.reading.auditors(of: engagement, reader).map { AuditorCard($0, names, engagement, selector) }
                let past = all ? try open.reading.pastGrants(of: engagement, reader) : []
                return now + past.map { AuditorCard($0, names, engagement, selector) }
            }
            return (try selector.context(nil, reader), cards)
        }
        try invocation.print(
            .list("auditors/1", context, fields: AuditorCard.fields, cards.map(\.json)) { page in
                guard !cards.isEmpty else { return page.say(AuditorPhrases.none) }
                page.table(AuditorCard.table(cards, page.language))
            })
        return invocation.status(ofListWith: cards.count)
    }
}

/// Lets an organisation read an engagement for a time, or no longer.
struct AuditorCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "auditor", abstract: CommandPhrases.auditor.spoken, subcommands: [AuditorAdd.self, AuditorEnd.self])
    }
}

struct AuditorAdd: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "add", abstract: CommandPhrases.auditorAdd.spoken)
    }

    @Argument(help: .spoken(.fingerprint)) var fingerprint: String
    @Option(help: .spoken(.auditorUntil)) var until: String?
    @Option(help: .spoken(.auditorName)) var name: String?
    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions

    /// As long as most audits take, where no day is named.
    static let usualDays = 90
    /// The server counts 400 days from its own clock to the end of the last one.
    static let mostDays = 399

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard let auditor = Base32.bytes(fingerprint).flatMap({ OrganisationID($0) }) else {
            throw CommandFailure(.invalidValue, ["value": .text(fingerprint), "option": "FINGERPRINT"])
        }
        let day = try lastDay(invocation)
        let desk = try AuditorDesk(invocation, network)
        guard auditor != desk.engagement.party, auditor != desk.engagement.counterpart else { throw desk.failure(.isParty, auditor) }
        let end = invocation.times.end(of: day)
        let facts = desk.facts(auditor, day.text)
        guard try invocation.prompt.confirms(AuditorPhrases.addQuestion, facts) else { throw CommandFailure(.declined) }
        let called = name.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        let card = try await desk.saying(auditor) { workspace, engagement in
            try workspace.letRead(auditor, engagement, until: end)
            if let called { try workspace.store.write { try workspace.call(auditor, called, $0) } }
        }
        try desk.print("auditor-add/1", card) { page in
            page.say(card.auditor.missing == nil ? AuditorPhrases.added : .addedHalf, facts)
            page.next("buntan auditors")
        }
        return .done
    }

    private func lastDay(_ invocation: Invocation) throws -> CalendarDay {
        let today = CalendarDay(daysSince1970: invocation.times.day(invocation.console.now()).daysSince1970)
        guard let until else { return CalendarDay(daysSince1970: today.daysSince1970 + Self.usualDays) }
        let day = try CalendarDay(reading: until)
        guard day >= today else { throw CommandFailure(.dateInPast, ["value": .text(day.text)]) }
        let latest = CalendarDay(daysSince1970: today.daysSince1970 + Self.mostDays)
        guard day <= latest else { throw CommandFailure(.dateTooLate, ["value": .text(day.text), "date": .text(latest.text)]) }
        return day
    }
}

struct AuditorEnd: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "end", abstract: CommandPhrases.auditorEnd.spoken)
    }

    @Argument(help: .spoken(.fingerprint)) var fingerprint: String
    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let desk = try AuditorDesk(invocation, network)
        let auditor = try desk.auditor(named: fingerprint)
        guard try invocation.prompt.confirms(AuditorPhrases.endQuestion, desk.facts(auditor, nil)) else {
            throw CommandFailure(.declined)
        }
        let card = try await desk.saying(auditor) { try $0.endReading(auditor, of: $1) }
        let left = card.auditor.grants.first
        try desk.print("auditor-end/1", card) { page in
            let facts = desk.facts(auditor, left.map { invocation.times.day(Date(milliseconds: $0.until)).text })
            page.say(left != nil && card.auditor.until != nil ? AuditorPhrases.endedHalf : .ended, facts)
            page.next("buntan auditors")
        }
        return .done
    }
}

/// Says a word about an auditor of the engagement that is meant: with the newest words before it, and sent at once.
private struct AuditorDesk {
    let engagement: KnownEngagement
    private let open: OpenStore
    private let sync: SyncRun
    private let selector: Selector

    private var invocation: Invocation { open.invocation }

    init(_ invocation: Invocation, _ network: NetworkOptions) throws {
        open = try OpenStore.existing(invocation)
        sync = SyncRun(open, invocation.settings.applying(network))
        selector = try Selector(open)
        engagement = try selector.ownEngagement()
    }

    func facts(_ auditor: OrganisationID, _ day: String?) -> Facts {
        [
            "auditor": .text(auditor.fingerprint), "engagement": .text(engagement.handle), "date": .text(day ?? "-"),
            "counterpart": .text(engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle),
        ]
    }

    /// The auditor of this engagement that a fingerprint, or the beginning of one, means.
    func auditor(named typed: String) throws -> OrganisationID {
        let (known, names) = try open.store.read { reader in
            (
                try open.reading.auditors(of: engagement, reader).map(\.auditor),
                try open.reading.calledNames(invocation.language.rawValue, reader)
            )
        }
        let called = known.filter { names[$0]?.lowercased() == typed.lowercased() }
        if called.count == 1 { return called[0] }
        let letters = Self.letters(typed)
        let found = known.filter { letters.count >= ShortID.leastLetters && Self.letters($0.fingerprint).hasPrefix(letters) }
        if found.count == 1 { return found[0] }
        throw CommandFailure(
            found.isEmpty ? .unknownAuditor : .ambiguousName, ["name": .text(typed), "engagement": .text(engagement.handle)],
            next: "buntan auditors", candidates: (found.isEmpty ? known : found).map { CommandFailure.Candidate(name: $0.fingerprint) })
    }

    private static func letters(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != " " } }

    func saying(_ auditor: OrganisationID, _ act: (Workspace, KnownEngagement) throws -> Void) async throws -> AuditorCard {
        let workspace = try open.writing()
        // Another device may have spoken in this engagement meanwhile: one chain has one next word.
        _ = try await sync.run(workspace)
        do { try act(workspace, engagement) } catch let fault as AuditFault { throw failure(fault, auditor) }
        let report: SyncReport
        do { report = try await sync.run(workspace).report } catch {
            invocation.notice(AuditorPhrases.keptUnsent)
            throw error
        }
        if let refused = report.rejected.first(where: { $0.number == 0 }) {
            throw FaultWords.refused(.statement, refused.code, detail: refused.detail)
        }
        let (known, names) = try open.store.read { reader in
            (
                try workspace.auditors(of: engagement, reader).first { $0.auditor == auditor },
                try workspace.calledNames(invocation.language.rawValue, reader)
            )
        }
        return AuditorCard(known ?? KnownAuditor(former: auditor), names, engagement, selector)
    }

    func failure(_ fault: AuditFault, _ auditor: OrganisationID) -> CommandFailure {
        switch fault {
        case .isParty: CommandFailure(.auditorIsParty, facts(auditor, nil))
        case .notGranted(nil): CommandFailure(.unknownAuditor, facts(auditor, nil).merging(["name": .text(auditor.fingerprint)]) { $1 })
        case .notGranted: CommandFailure(.auditorOfTheirs, facts(auditor, nil), next: "buntan auditors")
        case .noRight: CommandFailure(.noRight, ["right": .text(Capabilities.admin.shown(Language.spoken))], next: "buntan devices")
        }
    }

    func print(_ format: String, _ card: AuditorCard, human: @escaping (inout Page) -> Void) throws {
        let context = try open.store.read { try Selector(open).context(.engagement(engagement), $0) }
        try invocation.print(.change(format, context, fields: AuditorCard.fields, card.json, human: human))
    }
}
