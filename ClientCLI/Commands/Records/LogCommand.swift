import Agreements
import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Who changed what when and on what basis, newest first; values that returned are marked.
struct LogCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "log", abstract: CommandPhrases.log.spoken)
    }

    @Argument(help: .spoken(.id)) var id: String?
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let workspace = open.reading
        return try open.store.read { reader in
            let selection = try id.map { try selector.eitherOrNone(holding: [$0], reader) } ?? selector.eitherOrNone()
            let words: RecordWords
            let entries: [LogEntry]
            if let id {
                let found = try Addresses(selection, selector, workspace, reader)
                words = found.words
                entries = try Self.entries(about: try found.find(id), found.scope, reader)
            } else {
                words = try RecordWords(selector, reader)
                entries = try Self.entries(in: try selector.scope(selection, reader).spaces, reader)
            }
            let newestFirst = Array(entries.reversed())
            let (shown, more) = try cut.part(of: newestFirst) { $0.change.id.hex }
            func view(_ entry: LogEntry) throws -> ChangeView {
                try ChangeView(entry.change, of: entry.record, returned: entry.returned, words, reader)
            }
            let page = try invocation.printsItems ? [] : shown.map(view)
            try invocation.print(
                .list(
                    "log/1", try selector.context(selection, reader), fields: ChangeView.fields, of: shown, more: more,
                    form: { try view($0).json }
                ) { output in
                    guard !page.isEmpty else { return output.say(RowPhrases.logNone) }
                    if page.count < entries.count {
                        output.say(RecordPhrases.logHeading, ["shown": .number(page.count), "n": .number(entries.count)])
                        output.blank()
                    }
                    for view in page { view.show(&output, invocation.times, most: id == nil ? 3 : 10) }
                })
            return invocation.status(ofListWith: entries.count)
        }
    }

    private struct LogEntry {
        let change: RecordedChange
        /// Set where one record alone is asked about.
        var record: RecordID?
        let returned: Set<OpID>
    }

    /// The changes of spaces, oldest first by the clocks of their authors: several logs have no other common order.
    private static func entries(in spaces: [SpaceID], _ reader: any StoreReader) throws -> [LogEntry] {
        var entries: [LogEntry] = []
        for space in spaces {
            var trail = ValueTrail()
            try SpaceHistory(space, reader)?.eachChange { change in
                entries.append(LogEntry(change: change, returned: returned(by: change, nil, &trail)))
            }
        }
        return spaces.count == 1 ? entries : inOrder(entries)
    }

    private static func entries(about things: [Addressed], _ scope: RecordScope, _ reader: any StoreReader) throws -> [LogEntry] {
        var entries: [LogEntry] = []
        for thing in things {
            switch thing {
            case .change(let space, let id):
                if let change = try SpaceHistory(space, reader)?.change(id) { entries.append(LogEntry(change: change, returned: [])) }
            case .record(let space, let id):
                entries += try self.entries(of: id, in: space, reader)
                for saying in try sayings(about: id, in: space, reader) { entries += try self.entries(of: saying, in: space, reader) }
            case .row(let row):
                let published = scope.engagement == nil ? scope.draft ?? scope.service : scope.service
                if let published { entries += try self.entries(of: row.key.responsibility(in: published), in: published, reader) }
                guard let engagement = scope.engagement else { continue }
                for side in Side.allCases {
                    entries += try self.entries(of: row.key.position(of: side, in: engagement.space), in: engagement.space, reader)
                }
            case .service(let service):
                entries += try Self.entries(in: [service.draft, service.service].compactMap { $0 }, reader)
            case .engagement(let engagement): entries += try Self.entries(in: [engagement.space], reader)
            case .invitation: continue
            case .device(let device):
                for space in scope.spaces {
                    try SpaceHistory(space, reader)?.eachChange { change in
                        if change.device == device { entries.append(LogEntry(change: change, returned: [])) }
                    }
                }
            }
        }
        return inOrder(entries)
    }

    /// The signatures and ends of an agreement: what is said about it is part of its history.
    private static func sayings(about record: RecordID, in space: SpaceID, _ reader: any StoreReader) throws -> [RecordID] {
        guard try reader.shown(record, in: space)?.kind == "agreement" else { return [] }
        return try [PartySignature.kind, AgreementEnding.kind].flatMap { kind in
            try reader.records(of: kind, in: space, after: nil, limit: .max).filter { $0.shown.value("agreement") == .id(record) }
                .map(\.id)
        }
    }

    private static func entries(of record: RecordID, in space: SpaceID, _ reader: any StoreReader) throws -> [LogEntry] {
        var trail = ValueTrail()
        return try SpaceHistory(space, reader)?.changes(of: record).map { change in
            LogEntry(change: change, record: record, returned: returned(by: change, record, &trail))
        } ?? []
    }

    private static func returned(by change: RecordedChange, _ record: RecordID?, _ trail: inout ValueTrail) -> Set<OpID> {
        var returned = Set<OpID>()
        for step in change.steps where record == nil || step.record == record {
            if let value = step.value, trail.returns(to: value, in: step.op.cell, of: step.record) { returned.insert(step.id) }
        }
        return returned
    }

    private static func inOrder(_ entries: [LogEntry]) -> [LogEntry] {
        entries.enumerated().sorted { ($0.element.change.time, $0.offset) < ($1.element.change.time, $1.offset) }.map(\.element)
    }
}
