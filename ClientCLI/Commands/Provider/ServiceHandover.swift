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
    @Option(help: .spoken(.successor)) var to: String
    @Option(help: .spoken(.on)) var on: String?
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard let message, !message.isEmpty else { throw CommandFailure(.reasonMissing) }
        let day = try invocation.dayToCome(on)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (known, service) = try selector.ownService(named: name)
        try Selector.requireWhole(name, of: known.handle, or: known.name) { "buntan service handover \($0) --to NAME -m WHY" }
        let successor = try successor(in: known, selector)
        let language = invocation.language.rawValue
        var facts: Facts = [
            "name": .text(known.name.spoken(language) ?? known.handle),
            "successor": .text(successor.counterpartName.spoken(language) ?? successor.handle),
            "fingerprint": .text(successor.counterpart.fingerprint), "date": .text(day.text),
        ]
        let told = try open.store.read { try open.reading.engagementsGoingOn(of: service, by: invocation.today, $0) }
        facts["n"] = .number(told.count)
        guard try invocation.prompt.confirms(ProviderPhrases.handoverQuestion, facts) else { throw CommandFailure(.declined) }
        let committed = try open.writing().handOver(service, to: successor, on: day, today: invocation.today, reason: message)
        let (context, change) = try open.written(committed.last?.changes.last, selector, .service(known))
        let item: JSONValue = .written(
            change, ("id", .text(known.service.hex)), ("handle", .text(known.handle)),
            ("successor", Successor(organisation: successor.counterpart, name: successor.counterpartName).json),
            ("endsOn", .text(day.text)), ("message", .text(message)), ("engagements", .list(told.map { .text($0.handle) })))
        facts["id"] = change.shown
        try invocation.print(
            .change(
                "service-handover/1", context,
                fields: ["change", "short", "id", "handle", "successor", "endsOn", "message", "engagements"], item
            ) { [facts] page in
                page.say(ProviderPhrases.handedOver, facts)
                for engagement in told { page.line(Span("  \(engagement.handle)")) }
                page.next("buntan sync")
            })
        return .done
    }

    /// Whoever takes it over is engaged in the service: so its fingerprint is known, and it holds what it takes over.
    private func successor(in service: KnownService, _ selector: Selector) throws -> KnownEngagement {
        let own = selector.directory.engagements.filter { $0.service == service.service && $0.side == .provider }
        let typed = Selector.handle(to)
        let exact = own.filter { $0.handle == typed || $0.counterpartName.values.contains(to) || $0.counterpart.fingerprint == to }
        let found = exact.isEmpty ? own.filter { $0.handle.contains(typed) } : exact
        if found.count == 1 { return found[0] }
        throw CommandFailure(
            .successorNotEngaged, ["name": .text(to), "service": .text(service.handle)], next: "buntan invite NAME -s \(service.handle)",
            candidates: own.map { CommandFailure.Candidate(name: $0.handle) })
    }
}

extension Successor {
    var json: JSONValue { .members(("name", .texts(name)), ("fingerprint", .text(organisation.fingerprint))) }

    func facts(_ language: Language) -> Facts {
        ["successor": .text(name.spoken(language.rawValue) ?? "-"), "fingerprint": .text(organisation.fingerprint)]
    }
}
