import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Rows along the supply chain: what each service above and below says of them, as far as this store may see, and which of one's own
/// rows rest on something that has changed since it was signed.
struct TraceCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "trace", abstract: CommandPhrases.trace.spoken)
    }

    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let words = try invocation.addresses(addresses)
        // Whatever rests on something is looked for in all own services, a row in what is meant.
        let selection = words.isEmpty ? try selector.eitherOrNone() : try selector.either()
        return try open.store.read { reader in
            let chains = try ChainReading(selector, open.reading, reader)
            let services = try Self.services(selection, selector)
            let found =
                try words.isEmpty
                ? services.flatMap { service in try chains.touched(of: service).map { (service, $0.key) } }
                : Self.rows(words, selection, open.reading, reader).map { (try Self.service(selection, selector), $0) }
            let (part, more) = try cut.part(of: found) { $0.1.responsibility(in: $0.0.service).uuid }
            let only: KnownEngagement? = if case .engagement(let engagement)? = selection { engagement } else { nil }
            let traced = try part.map { service, key in try chains.trace(key, of: service, only: words.isEmpty ? nil : only) }
            let sums = words.isEmpty ? try services.map(chains.sum) : []
            try invocation.print(
                .list(
                    "trace/1", try selector.context(selection, reader), fields: ["row", "service", "isTouched", "chain"], of: traced,
                    more: more, form: { try $0.json(reader) }
                ) { page in
                    for (index, view) in traced.enumerated() {
                        if index > 0 { page.blank() }
                        view.show(&page)
                    }
                    if !traced.isEmpty, traced.count < found.count || !sums.isEmpty { page.blank() }
                    if traced.count < found.count {
                        page.say(RowPhrases.cutOff, ["shown": .number(traced.count), "total": .number(found.count)])
                    }
                    for sum in sums { sum.show(&page) }
                    if words.isEmpty, services.isEmpty { page.say(ChainPhrases.noOwnService) }
                })
            return invocation.status(ofListWith: found.count)
        }
    }

    /// The own services of which it is asked what they rest on: the one that is meant, those that build on it, or all.
    private static func services(_ selection: Selection?, _ selector: Selector) throws -> [KnownService] {
        guard let selection else { return selector.directory.services.filter(\.isOwn) }
        let meant = try service(selection, selector)
        return meant.isOwn ? [meant] : selector.directory.services.filter(\.isOwn)
    }

    private static func service(_ selection: Selection?, _ selector: Selector) throws -> KnownService {
        switch selection {
        case .service(let service)?: service
        case .engagement(let engagement)?: try selector.service(of: engagement)
        case nil: try selector.service()
        }
    }

    private static func rows(
        _ words: [String], _ selection: Selection?, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [RowKey] {
        guard let selection else { return [] }
        return try RowSelection(Matrix.keys(selection, workspace, reader)).rows(words)
    }
}
