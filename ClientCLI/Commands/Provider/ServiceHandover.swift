import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Hands an own service over to another provider: tells every customer to whom and when, and ends what was engaged in it on that day.
struct ServiceHandover: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "handover", abstract: CommandPhrases.serviceHandover.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String
    @Option(help: .spoken(.successor)) var to: String?
    @Option(help: .spoken(.handoverDay)) var on: String?
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
    @Flag(help: .spoken(.handoverBack)) var withdraw = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (known, service) = try selector.ownService(named: name)
        try Selector.requireWhole(name, of: known.handle, or: known.name) { name in
            withdraw ? "buntan service handover \(name) --withdraw" : "buntan service handover \(name) --to NAME --on DATE -m WHY"
        }
        var facts: Facts = ["name": .text(known.name.spoken(invocation.language.rawValue) ?? known.handle)]
        if withdraw { return try takeBack(known, service, &facts, selector, open) }
        guard let to else { throw CommandFailure(.missingOptionValue, ["option": "--to"]) }
        guard let on else { throw CommandFailure(.missingOptionValue, ["option": "--on"]) }
        let message = try CommandFailure.reason(message)
        let day = try invocation.dayToCome(on)
        let successor = try successor(to, in: known, selector)
        facts["successor"] = .text(successor.counterpartName.spoken(invocation.language.rawValue) ?? successor.handle)
        (facts["fingerprint"], facts["date"]) = (.text(successor.counterpart.fingerprint), .text(day.text))
        facts["n"] = .number(try open.store.read { try open.reading.engagementsGoingOn(of: service, by: invocation.today, $0) }.count)
        guard try invocation.prompt.confirms(ProviderPhrases.handoverQuestion, facts) else { throw CommandFailure(.declined) }
        let made = try open.writing().handOver(service, to: successor, on: day, today: invocation.today, reason: message)
        let now = Int64(invocation.console.now().timeIntervalSince1970 * 1_000)
        let isInvited = try open.store.read { try $0.invited(to: known.service) ?? 0 } > now
        let whom: JSONValue = .members(
            ("name", .texts(successor.counterpartName)), ("fingerprint", .text(successor.counterpart.fingerprint)))
        return try tell(made, known, to: whom, on: .text(day.text), why: .text(message), selector, open) { [facts] page, change in
            guard !made.committed.isEmpty else { return page.say(ProviderPhrases.handedOverAlready, facts) }
            var facts = facts
            facts["id"] = change
            page.say(ProviderPhrases.handedOver, facts)
            for engagement in made.told { page.line(Span("  \(engagement.handle)")) }
            if isInvited { page.say(ProviderPhrases.handoverOpenInvites, [:], .warning) }
        }
    }

    private func takeBack(
        _ known: KnownService, _ service: ProvidedService, _ facts: inout Facts, _ selector: Selector, _ open: OpenStore
    ) throws -> CommandExit {
        for (isGiven, option) in [(to != nil, "--to"), (on != nil, "--on")] where isGiven {
            throw CommandFailure(.optionsExclude, ["first": .text(option), "second": "--withdraw"])
        }
        let said = selector.directory.engagements.count { $0.service == known.service && $0.side == .provider && $0.end?.handover != nil }
        facts["n"] = .number(said)
        guard try said == 0 || open.invocation.prompt.confirms(ProviderPhrases.handoverBackQuestion, facts) else {
            throw CommandFailure(.declined)
        }
        let made = try open.writing().withdrawHandover(of: service, today: open.invocation.today)
        return try tell(made, known, to: .null, on: .null, why: .null, selector, open) {
            [facts] page, change in
            var facts = facts
            facts["id"] = change
            page.say(ProviderPhrases.handoverBack, facts)
            for engagement in made.told { page.line(Span("  \(engagement.handle)")) }
        }
    }

    private func tell(
        _ made: HandoverMade, _ known: KnownService, to whom: JSONValue, on day: JSONValue, why: JSONValue, _ selector: Selector,
        _ open: OpenStore, _ say: @escaping (inout Page, Fact) -> Void
    ) throws -> CommandExit {
        let (context, change) = try open.written(made.committed.last?.changes.last, selector, .service(known))
        let item = JSONValue.written(
            change, ("id", .text(known.service.hex)), ("handle", .text(known.handle)), ("successor", whom), ("passesOn", day),
            ("message", why), ("engagements", .list(made.told.map { .text($0.handle) })))
        try open.invocation.print(
            .change(
                "service-handover/1", context,
                fields: ["change", "short", "id", "handle", "successor", "passesOn", "message", "engagements"], item
            ) { page in
                say(&page, change.shown)
                for engagement in made.frozen {
                    page.say(ProviderPhrases.handoverFrozen, ["name": .text(engagement.handle)], .warning)
                }
                if !made.committed.isEmpty { page.next("buntan sync") }
            })
        return .done
    }

    /// Whoever takes it over is engaged in the service: so its fingerprint is known, and it holds what it takes over.
    private func successor(_ typed: String, in service: KnownService, _ selector: Selector) throws -> KnownEngagement {
        let own = selector.directory.engagements.filter { $0.service == service.service && $0.side == .provider }
        let handle = Selector.handle(typed)
        let letters = typed.lowercased().filter { $0 != "-" }
        let found = own.filter { engagement in
            let names = engagement.counterpartName.values.map { Selector.handle($0) }
            let handles = [engagement.handle, String(engagement.handle.prefix { $0 != "/" })]
            return (handles + names).contains(handle) || engagement.counterpart.fingerprint.filter { $0 != "-" } == letters
        }
        if found.count == 1 { return found[0] }
        throw CommandFailure(
            .successorNotEngaged, ["name": .text(typed), "service": .text(service.handle)],
            next: found.isEmpty ? "buntan invite NAME -s \(service.handle)" : "buntan engagements",
            candidates: (found.isEmpty ? own : found).map { CommandFailure.Candidate(name: $0.handle) })
    }
}
