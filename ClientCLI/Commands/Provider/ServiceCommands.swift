import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

extension Buntan {
    static let provider: [any ParsableCommand.Type] = [
        Services.self, Service.self, Import.self, PreviewCommand.self, Publish.self, Releases.self, WithdrawCommand.self,
        Invite.self,
    ]
}

struct Services: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "services", abstract: CommandPhrases.services.spoken)
    }
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let workspace = open.reading
        let (context, views, upstream, items) = try open.store.read { reader in
            let views = try selector.directory.services.map { try ServiceCard($0, selector.directory, workspace, reader) }
            let shorts = ShortNames(reader)
            let upstream = try views.map { try UpstreamCard.all(of: $0.service, selector.directory, workspace, shorts, reader) }
            let items =
                try !invocation.printsItems
                ? []
                : zip(views, upstream).map { view, upstream in
                    try view.json(shorts).adding(("upstream", .list(upstream.map(\.json))))
                }
            return (try selector.context(nil, reader), views, upstream.flatMap(\.self), items)
        }
        let language = invocation.language.rawValue
        try invocation.print(
            .list("services/1", context, fields: ServiceCard.fields + ["upstream"], items) { page in
                guard !views.isEmpty else { return page.say(ProviderPhrases.servicesNone) }
                var table = Table(columns: [
                    Column(.headName, in: page.language), Column(.headService, in: page.language, fit: .cut),
                    Column(.headKind, in: page.language), Column(.headRelease, in: page.language), Column(.headState, in: page.language),
                ])
                for view in views {
                    table.rows.append([
                        Span(view.service.handle), Span(view.service.name.spoken(language) ?? "-"),
                        Span(view.ownership.text(in: page.language)), Span(view.release ?? "-"),
                        Span(view.retirement(invocation.today, page.language) ?? ""),
                    ])
                }
                page.table(table)
                UpstreamCard.show(upstream, &page)
            })
        return invocation.status(ofListWith: views.count)
    }
}

struct Service: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: CommandPhrases.service.spoken,
            subcommands: [ServiceAdd.self, ServiceRename.self, ServiceHandover.self, ServiceRetire.self])
    }
}

struct ServiceAdd: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "add", abstract: CommandPhrases.serviceAdd.spoken)
    }
    @Argument(help: .spoken(.name)) var name: String
    @Option(name: .customLong("name-ja"), help: .spoken(.orgJa)) var nameJA: String?
    @Option(help: .spoken(.model)) var model: String?
    @Option(help: .spoken(.deployment)) var deployment: String?
    @Option(help: .spoken(.template)) var template: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        var cells: [CellKey: Value] = [:]
        for (field, given, known, flag) in [
            ("serviceModel", model, Vocabulary.serviceModel, "--model"),
            ("deploymentModel", deployment, Vocabulary.deploymentModel, "--deployment"),
        ] {
            guard let given else { continue }
            cells[CellKey(field)] = .text(try Self.code(given, among: known, flag))
        }
        let open = try OpenStore.existing(invocation)
        let start = try template.map { try Self.start($0, open) }
        let names = try TypedName.texts((name, "NAME"), japanese: nameJA.map { ($0, "--name-ja") })
        // Two services of one name are a slip far more often than they are meant.
        let known = try Selector(open).directory.services.first { service in
            service.isOwn && names.contains { service.name[$0.key] == $0.value }
        }
        if let known, !invocation.options.yes {
            throw CommandFailure(.serviceExists, ["name": .text(name), "handle": .text(known.handle)], next: "buntan use \(known.handle)")
        }
        let workspace = try open.writing()
        let made: ProvidedService
        switch start {
        case .copy(let copy)?: made = try workspace.addService(name: names, cells: cells, copying: copy)
        case .rows(let rows)?: made = try workspace.addService(name: names, cells: cells) { draft in rows.map { $0.draft(in: draft) } }
        case nil: made = try workspace.addService(name: names, cells: cells)
        }
        let directory = try open.store.read { try StoreDirectory($0) }
        let handle = directory.services.first { $0.service == made.service }?.handle ?? ""
        let selector = try Selector(open)
        let record = KnownService.record(in: made.draft)
        let (context, short, spoken) = try open.store.read {
            (try selector.context(nil, $0), try $0.shortID(of: .space(made.service)), try $0.shortID(of: .record(record)))
        }
        try invocation.print(
            .change(
                "service/1", context, fields: ["id", "short", "handle"],
                .identified(made.service.hex, short: short, ("handle", .text(handle)))
            ) { page in
                page.say(ProviderPhrases.serviceAdded, ["id": .text(spoken), "name": .text(name), "handle": .text(handle)])
                switch start {
                case .copy(let copy)?:
                    let name = copy.service.name.spoken(page.language.rawValue) ?? copy.service.handle
                    page.say(
                        ProviderPhrases.serviceCopied,
                        ["rows": .number(copy.rows), "records": .number(copy.others), "service": .text(name)])
                    page.next("buntan matrix -s \(handle)")
                case .rows(let rows)?:
                    let isStandard = template?.lowercased() == ServiceTemplate.name
                    page.say(
                        isStandard ? ProviderPhrases.serviceRows : .serviceFrameworkRows,
                        ["n": .number(rows.count), "template": .text(template ?? "")])
                    page.next(directory.services.count > 1 ? "buntan matrix -s \(handle)" : "buntan matrix")
                case nil: page.next("buntan import FILE")
                }
            })
        return .done
    }

    /// What a new service begins with.
    private enum Start {
        case rows([ServiceTemplate])
        case copy(ServiceCopy)
    }

    private static func start(_ typed: String, _ open: OpenStore) throws -> Start {
        if typed.lowercased() == ServiceTemplate.name { return .rows(try ServiceTemplate.iso27017()) }
        if let rows = try open.store.read({ try ServiceTemplate.stored(typed, $0) }) { return .rows(rows) }
        let selector = try Selector(open)
        let known: KnownService
        do { known = try selector.service(named: typed) } catch let failure as CommandFailure
            where failure.code == ErrorPhrases.unknownName.code
        {
            let frameworks = try open.store.read { try StoredFramework.choices($0) }
            let names = [ServiceTemplate.name] + frameworks + selector.directory.services.map(\.handle)
            throw CommandFailure(
                .invalidValueOf, ["value": .text(typed), "option": "--template", "known": .text(names.joined(separator: ", "))])
        }
        return .copy(try open.store.read { try ServiceCopy(of: known, schema: open.reading.schema, $0) })
    }

    /// The code that was typed for an option, whatever the case of its letters.
    private static func code(_ given: String, among known: [String], _ flag: String) throws -> String {
        guard known.contains(given.lowercased()) else {
            throw CommandFailure(
                .invalidValueOf, ["value": .text(given), "option": .text(flag), "known": .text(known.joined(separator: ", "))])
        }
        return given.lowercased()
    }
}

extension JSONValue {
    /// A text in languages.
    static func texts(_ texts: [String: String]) -> JSONValue {
        .object(texts.sorted { $0.key > $1.key }.map { Member($0.key, .text($0.value)) })
    }
}
