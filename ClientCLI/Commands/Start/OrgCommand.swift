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
        CommandConfiguration(commandName: "org", abstract: CommandPhrases.org.spoken)
    }

    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (context, server) = try open.store.read { (try selector.context(nil, $0), try $0.knownServer()) }
        let directory = selector.directory
        let language = invocation.language.rawValue
        let organisation = directory.identity.organisation
        let item: JSONValue = [
            "organisation": .text(Hexadecimal.text(organisation.bytes)), "fingerprint": .text(organisation.fingerprint),
            "name": directory.ownName.languagesJSON, "server": .text(orNull: server?.address),
            "isRegistered": .bool(server?.isRegistered ?? false),
            "seenBy": .list(
                directory.engagements.map { engagement in
                    [
                        "engagement": .text(engagement.handle), "counterpart": engagement.counterpartName.languagesJSON,
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
                if let server {
                    page.say(StartPhrases.serverOwn, ["server": .text(server.address)])
                } else {
                    page.say(StartPhrases.noServerYet)
                }
                guard !directory.engagements.isEmpty else { return }
                page.blank()
                page.say(StartPhrases.orgSeenBy)
                for engagement in directory.engagements {
                    let state = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
                    page.place(
                        .at(2, Span(engagement.counterpartName.spoken(language) ?? engagement.handle)),
                        .at(32, Span(engagement.counterpart.fingerprint)), .at(66, Span(state.text(in: page.language))))
                }
            })
        return .done
    }
}
