import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import Replica
import Storage
import Wording

/// Records that a person has compared a counterpart's fingerprint.
struct ConfirmCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "confirm", abstract: CommandPhrases.confirm.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.requireParty(of: counterpart(selector))
        let counterpart = engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle
        let fingerprint = engagement.counterpart.fingerprint
        if !engagement.isConfirmed {
            invocation.console.complain(
                EngagementPhrases.fingerprintTheirs.text(
                    in: invocation.language, ["counterpart": .text(counterpart), "fingerprint": .text(fingerprint)]) + "\n")
            invocation.console.complain(EngagementPhrases.fingerprintCompare.text(in: invocation.language) + "\n")
            guard try invocation.prompt.confirms(EngagementPhrases.confirmQuestion) else { throw CommandFailure(.declined) }
            let workspace = try open.writing()
            try open.store.write { transaction in
                guard let home = try selector.directory.home(transaction) else { throw CommandFailure(.notEnrolled, next: "buntan sync") }
                try workspace.confirm(engagement.counterpart, in: home, transaction)
            }
        }
        let context = try open.store.read { try selector.context(.engagement(engagement), $0) }
        let item: JSONValue = [
            "counterpart": engagement.counterpartName.languagesJSON,
            "organisation": .text(Hexadecimal.text(engagement.counterpart.bytes)), "fingerprint": .text(fingerprint), "isConfirmed": true,
            "wasConfirmed": .bool(engagement.isConfirmed),
        ]
        try invocation.print(
            .change(
                "confirm/1", context, fields: ["counterpart", "organisation", "fingerprint", "isConfirmed", "wasConfirmed"], item
            ) { page in
                let said = engagement.isConfirmed ? EngagementPhrases.confirmedAlready : .confirmed
                page.say(said, ["counterpart": .text(counterpart)])
                page.next("buntan status -e \(engagement.handle)")
            })
        return .done
    }

    /// Any engagement with the counterpart meant: a name that fits several of the same one is clear enough.
    private func counterpart(_ selector: Selector) throws -> KnownEngagement {
        let engagements = selector.directory.engagements
        let fitting = engagements.filter { $0.handle == name || $0.handle.contains(name.lowercased()) }
        if let first = fitting.first, Set(fitting.map(\.counterpart)).count == 1 { return first }
        return try selector.engagement(named: name)
    }
}
