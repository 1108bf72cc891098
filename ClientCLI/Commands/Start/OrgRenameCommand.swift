import ArgumentParser
import BuntanProtocol
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Changes the organisation's name, among its own records and wherever a counterpart reads it.
struct OrgRenameCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "rename", abstract: CommandPhrases.orgRename.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.newName)) var name: String
    @Option(name: .customLong("name-ja"), help: .spoken(.orgJa)) var nameJA: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let names = try TypedName.texts((name, "NAME"), japanese: nameJA.map { ($0, "--name-ja") })
        let open = try OpenStore.existing(invocation)
        let committed = try open.writing().renameOrganisation(to: names)
        let selector = try Selector(open)
        let (context, change) = try open.written(committed.first?.changes.last, selector, nil)
        let told = selector.directory.engagements.filter { engagement in committed.contains { $0.space == engagement.space } }
        let item: JSONValue = .written(
            change, ("name", .texts(names)), ("engagements", .list(told.map { .text($0.handle) })))
        try invocation.print(
            .change("org-rename/1", context, fields: ["change", "short", "name", "engagements"], item) { page in
                guard !committed.isEmpty else { return page.say(RowPhrases.nothingChanged) }
                page.say(
                    StartPhrases.orgRenamed,
                    ["id": change.shown, "name": .text(names.spoken(page.language.rawValue) ?? name)])
                page.next("buntan sync")
            })
        return .done
    }
}
