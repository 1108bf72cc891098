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

/// One of anything: a row with both sides' words, a record, a change, a device.
struct ShowCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: CommandPhrases.show.spoken)
    }

    @Argument(help: .spoken(.ids)) var addresses: [String]
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    private enum Shown {
        case row(RowView)
        case record(RecordView, AgreementStanding?)
        case change(ChangeView)
        case device(DeviceView)
        case place(PlaceView)
    }

    /// Every member that one of them has, in an order that suits each.
    static let fields =
        RowForms.fields + [
            "published", "providerPosition", "customerPosition", "numbers", "guidance", "comments", "notes", "title", "visibility", "owner",
            "position", "base",
            "time", "received", "device", "label", "organisation", "handle", "side", "counterpart", "fingerprint", "isConfirmed", "end",
            "audit",
            "name", "isOwn", "isDeleted", "standing", "fields", "lists", "edits", "capabilities",
            "since", "revoked", "isThis", "release", "retiredOn", "history", "status",
        ]

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let workspace = open.reading
        let typed = try invocation.addresses(addresses)
        try open.store.read { reader in
            let selection = try selector.eitherOrNone(holding: typed, reader)
            let found = try Addresses(selection, selector, workspace, reader)
            let scope = found.scope
            let things = try typed.flatMap { try found.find($0) }
            var words = found.words
            words.gaps = try GapForms.names(in: things, selector, workspace, reader)
            let remarks = try Remarks(scope, words, reader)
            let forms = try selection.map { try RowForms($0, reader) }
            let shown = try things.compactMap { thing -> Shown? in
                switch thing {
                case .row(let row): return .row(try RowView(row, scope, remarks, words, reader))
                case .record(let space, let id):
                    return try RecordView(id, in: space, scope, remarks, words, reader).map {
                        .record($0, try AgreementStanding(of: $0, selector, workspace, reader))
                    }
                case .change(let space, let id):
                    return try SpaceHistory(space, reader)?.change(id).map { .change(try ChangeView($0, words, reader)) }
                case .device(let id): return .device(try DeviceView(id, words, reader))
                case .service(let service): return .place(.service(try ServiceCard(service, selector.directory, workspace, reader)))
                case .engagement(let engagement): return .place(.engagement(engagement))
                case .invitation(let id): return .place(.invitation(id, name: try reader.invitedName(id)))
                }
            }
            let times = invocation.times
            let shorts = ShortNames(reader)
            let today = invocation.today
            try invocation.print(
                .list(
                    "show/1", try selector.context(selection, reader), fields: Self.fields, of: shown,
                    form: { thing in
                        switch thing {
                        case .row(let view): try forms.map { try view.json($0) } ?? .null
                        case .record(let view, let standing):
                            view.json(withHistory: true).adding(("status", standing?.status), ("end", standing?.end))
                        case .change(let view): view.json
                        case .device(let view): view.json
                        case .place(let view): try view.json(shorts)
                        }
                    }
                ) { page in
                    for thing in shown {
                        switch thing {
                        case .row(let view): view.show(&page, times)
                        case .record(let view, let standing): view.show(&page, times, standing: standing?.text)
                        case .change(let view):
                            view.show(&page, times, most: .max)
                            page.blank()
                        case .device(let view): view.show(&page, times)
                        case .place(let view): view.show(&page, found.words, times, today)
                        }
                    }
                })
        }
        return .done
    }
}

/// What the agreement is worth that a record is the document of.
private struct AgreementStanding {
    let text: Fact
    let status: JSONValue
    let end: JSONValue?

    init?(of record: RecordView, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws {
        guard record.state.kind == "agreement",
            let engagement = selector.directory.engagements.first(where: { $0.space == record.space })
        else { return nil }
        let forms = try AgreementForms(engagement, selector.directory, workspace, selector.invocation, reader)
        if let gone = forms.erased.first(where: { $0.id == record.id }) {
            text = forms.standing(gone)
            status = .text(ErasedAgreement.status)
            end = gone.endings.first.map { AgreementForms.json($0) }
            return
        }
        guard let known = forms.known.first(where: { $0.id == record.id }) else { return nil }
        text = forms.standing(known)
        status = .text(known.status.name)
        end = known.end.map { AgreementForms.json($0) }
    }
}

/// A device as the logs here know it, of whichever organisation.
struct DeviceView {
    let id: DeviceID
    private let label: String
    private let organisation: OrganisationID?
    private let capabilities: Capabilities
    private let listed: ListedDevice?
    private let words: RecordWords

    init(_ id: DeviceID, _ words: RecordWords, _ reader: any StoreReader) throws {
        (self.id, self.words) = (id, words)
        listed = try ListedDevice.all(reader).first { $0.id == id }
        let rights = try reader.spaces().compactMap { try reader.standing(of: $0)?.rights }.first { $0.organisation(of: id) != nil }
        organisation = rights?.organisation(of: id)
        let enrolled = organisation.flatMap { rights?.chain(of: $0) }?.devices[id]
        label = listed?.label ?? enrolled?.label ?? "-"
        capabilities = listed?.capabilities ?? enrolled?.capabilities ?? []
    }

    private var isThis: Bool { id == words.directory.identity.device }

    var json: JSONValue {
        [
            "id": .text(id.hex), "short": .text(words.index.short(.device(id))), "kind": "device", "label": .text(label),
            "organisation": .text(orNull: organisation?.fingerprint), "capabilities": .list(capabilities.list.map { .text($0) }),
            "since": .text(orNull: listed.map { Timestamp.rfc3339(milliseconds: $0.since) }),
            "revoked": .text(orNull: listed?.revoked.map { Timestamp.rfc3339(milliseconds: $0) }), "isThis": .bool(isThis),
        ]
    }

    func show(_ page: inout Page, _ times: TimeDisplay) {
        let name = isThis ? ConflictPhrases.thisDevice.text(in: page.language, ["device": .text(label)]) : label
        page.line(Span(name, .strong), Span("  \(words.index.short(.device(id)))  \(words.name(organisation))"))
        page.paragraph(id.shownKey, indent: 2)
        if let listed {
            let day = times.day(Date(milliseconds: listed.since)).text
            page.say(RecordPhrases.deviceSince, ["date": .text(day), "caps": .text(capabilities.shown(page.language))], indent: 2)
            if let revoked = listed.revoked {
                page.say(RecordPhrases.deviceRevokedOn, ["date": .text(times.day(Date(milliseconds: revoked)).text)], .bad, indent: 2)
            }
        } else {
            page.paragraph(capabilities.shown(page.language), indent: 2)
        }
        page.blank()
    }
}
