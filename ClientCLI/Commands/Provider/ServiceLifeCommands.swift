import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Gives a service the name that it will have from the next release on.
struct ServiceRename: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "rename", abstract: CommandPhrases.serviceRename.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String
    @Option(name: .customLong("name-ja"), help: .spoken(.orgJa)) var nameJA: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let service = try Selector(open).ownService()
        try open.store.read { try open.reading.requireUnretired(service, by: invocation.today, $0) }
        let names = try TypedName.texts((name, "NAME"), japanese: nameJA.map { ($0, "--name-ja") })
        let committed = try open.writing().rename(service, to: names)
        let selector = try Selector(open)
        // The handle follows the name, so what was chosen by it is chosen by the new one.
        let renamed = selector.directory.services.first { $0.service == service.service }
        if let old = selector.chosen, let new = renamed?.handle, old != new, renamed.map({ _ in selector.holds(old) }) == false {
            try open.store.write { try $0.setValue(Array(new.utf8), for: Selector.storedName) }
        }
        let (context, change) = try open.written(committed.changes.last, selector, renamed.map { .service($0) })
        let item: JSONValue = .written(
            change, ("id", .text(service.service.hex)), ("handle", .text(orNull: renamed?.handle)), ("name", .texts(names)))
        try invocation.print(
            .change("service-rename/1", context, fields: ["change", "short", "id", "handle", "name"], item) { page in
                guard !committed.changes.isEmpty else { return page.say(RowPhrases.nothingChanged) }
                page.say(
                    ProviderPhrases.serviceRenamed, ["id": change.shown, "name": .text(names.spoken(page.language.rawValue) ?? name)])
                page.next("buntan publish LABEL -m WHY")
            })
        return .done
    }
}

/// Takes no further invitations and releases of a service.
struct ServiceRetire: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "retire", abstract: CommandPhrases.serviceRetire.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String
    @Option(help: .spoken(.on)) var on: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let day = try invocation.dayToCome(on)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (known, service) = try selector.ownService(named: name)
        try Selector.requireWhole(name, of: known.handle, or: known.name) { "buntan service retire \($0)" }
        let shown = known.name.spoken(invocation.language.rawValue) ?? known.handle
        guard try invocation.prompt.confirms(ProviderPhrases.serviceRetireQuestion, ["name": .text(shown), "date": .text(day.text)]) else {
            throw CommandFailure(.declined)
        }
        let committed = try open.writing().retire(service, on: day, today: invocation.today)
        let (context, change) = try open.written(committed.changes.last, selector, .service(known))
        let item: JSONValue = .written(
            change, ("id", .text(known.service.hex)), ("handle", .text(known.handle)), ("retiredOn", .text(day.text)))
        try invocation.print(
            .change("service-retire/1", context, fields: ["change", "short", "id", "handle", "retiredOn"], item) { page in
                page.say(ProviderPhrases.serviceRetired, ["id": change.shown, "name": .text(shown), "date": .text(day.text)])
                page.next("buntan sync")
            })
        return .done
    }
}

/// Marks a release withdrawn.
struct WithdrawCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "withdraw", abstract: CommandPhrases.withdraw.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.releaseLabel)) var label: String
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let message = try CommandFailure.reason(message)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let known = try selector.service()
        let service = try selector.ownService()
        // A label that is none, or withdrawn before, is told by the act itself.
        let meant = try open.store.read { try open.reading.releases(of: service.service, $0) }.first { $0.label == label }
        if let meant, !meant.isWithdrawn {
            let name = known.name.spoken(invocation.language.rawValue) ?? known.handle
            try invocation.prompt.confirmsMany(
                meant.rows, ProviderPhrases.withdrawQuestion,
                ["label": .text(label), "service": .text(name), "rows": .number(meant.rows)])
        }
        let (committed, release) = try open.writing().withdraw(label, of: service, message: message)
        let (context, change) = try open.written(committed.changes.last, selector, .service(known))
        let item: JSONValue = .written(
            change, ("release", .text(release.id.uuid)), ("label", .text(label)), ("message", .text(message)))
        try invocation.print(
            .change("withdrawal/1", context, fields: ["change", "short", "release", "label", "message"], item) { page in
                page.say(ProviderPhrases.withdrawn, ["id": change.shown, "label": .text(label)])
                page.next("buntan sync")
            })
        return .done
    }
}

extension StoreDirectory {
    /// The command that usually follows a change of this space: a draft is published, unless its service is retired.
    func publishing(_ space: SpaceID, on today: CalendarDate, _ reader: any StoreReader) throws -> String? {
        guard services.contains(where: { $0.draft == space }) else { return nil }
        let retired = try reader.shown(KnownService.record(in: space), in: space)?.text("retiredOn")
        guard retired.map({ $0 > today.text }) ?? true else { return nil }
        return "buntan publish LABEL -m WHY"
    }
}
