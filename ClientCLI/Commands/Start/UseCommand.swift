import BuntanProtocol
import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import Replica
import Storage
import Wording

/// Shows or chooses what commands work on.
struct UseCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "use", abstract: CommandPhrases.use.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        guard let name else { return try show(selector, open, invocation) }
        let handle: String
        if name == "-" {
            let before = try open.store.read { try $0.value(Selector.storedBefore) }
            guard let before, !before.isEmpty else { throw CommandFailure(.nothingBefore) }
            handle = try selector.named(String(decoding: before, as: UTF8.self)).handle
        } else {
            handle = try selector.named(name).handle
        }
        if handle != selector.chosen {
            try open.store.write { transaction in
                try transaction.setValue(selector.chosen.map { Array($0.utf8) }, for: Selector.storedBefore)
                try transaction.setValue(Array(handle.utf8), for: Selector.storedName)
            }
        }
        let selection = try selector.named(handle)
        let context = try open.store.read { try selector.context(selection, $0) }
        try invocation.print(
            .change("use/1", context, fields: ["current", "before"], item(handle, before: selector.chosen)) { page in
                page.say(StatusPhrases.currentChosen, ["name": .text(handle)])
            })
        return .done
    }

    private func show(_ selector: Selector, _ open: OpenStore, _ invocation: Invocation) throws -> CommandExit {
        let directory = selector.directory
        let before = try open.store.read { try $0.value(Selector.storedBefore) }.map { String(decoding: $0, as: UTF8.self) }
        let chosen = selector.chosen.flatMap { chosen in
            (directory.engagements.map(\.handle) + directory.services.map(\.handle)).contains(chosen) ? chosen : nil
        }
        let context = try open.store.read { try selector.context(chosen.map { try selector.named($0) }, $0) }
        try invocation.print(
            .single("use/1", context, fields: ["current", "before"], item(chosen, before: before)) { page in
                if let chosen {
                    page.say(StatusPhrases.currentEngagement, ["name": .text(chosen)])
                } else {
                    page.say(StatusPhrases.currentNone)
                }
                let others = (directory.engagements.map(\.handle) + directory.services.map(\.handle)).filter { $0 != chosen }
                guard !others.isEmpty else { return }
                page.say(StatusPhrases.candidates)
                for other in others { page.place(.command(2, "buntan use \(other)")) }
            })
        return .done
    }

    private func item(_ current: String?, before: String?) -> JSONValue {
        ["current": .text(orNull: current), "before": .text(orNull: before)]
    }
}
