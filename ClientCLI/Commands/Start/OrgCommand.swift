import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import Replica
import Storage
import Wording

/// Prints the own name and fingerprint, and who sees them.
struct OrgCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "org", abstract: CommandPhrases.org.spoken, subcommands: [OrgRenameCommand.self])
    }

    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let directory = selector.directory
        // Where it only reads, nobody sees what it is called.
        let engagements = directory.engagements.filter { $0.side != nil }
        let (context, server, seen) = try open.store.read { reader in
            // What stands in an engagement is what the other side reads, whatever this organisation is called by now.
            let names = try engagements.map { try reader.legalName(directory.identity.organisation, in: $0.space) }
            return (try selector.context(nil, reader), try reader.knownServer(), names)
        }
        let address = invocation.settings.server(known: server?.address)?.value
        let language = invocation.language.rawValue
        let organisation = directory.identity.organisation
        let item: JSONValue = [
            "organisation": .text(Hexadecimal.text(organisation.bytes)), "fingerprint": .text(organisation.fingerprint),
            "name": directory.ownName.languagesJSON, "server": .text(orNull: address),
            "isRegistered": .bool(server?.isRegistered ?? false),
            "seenBy": .list(
                zip(engagements, seen).map { engagement, name in
                    [
                        "engagement": .text(engagement.handle), "seenName": name.languagesJSON,
                        "counterpart": engagement.counterpartName.languagesJSON,
                        "fingerprint": .text(engagement.counterpart.fingerprint), "isConfirmed": .bool(engagement.isConfirmed),
                    ]
                }),
        ]
        try invocation.print(
            .single(
                "org/1", context, fields: ["organisation", "fingerprint", "name", "server", "isRegistered", "seenBy"], item
            ) { page in
                page.line(Span(directory.ownName.spoken(language) ?? "", .strong))
                page.say(StartPhrases.fingerprintOwn, ["fingerprint": .text(organisation.fingerprint)])
                if let address {
                    page.say(StartPhrases.serverOwn, ["server": .text(address)])
                } else {
                    page.say(StartPhrases.noServerYet)
                }
                guard !engagements.isEmpty else { return }
                page.blank()
                page.say(StartPhrases.orgSeenBy)
                for (engagement, name) in zip(engagements, seen) {
                    page.place(
                        .at(2, Span(engagement.counterpartName.spoken(language) ?? engagement.handle)),
                        .at(32, Span(name.spoken(language) ?? "-")), .at(56, Span(organisation.fingerprint)))
                }
            })
        return .done
    }
}
