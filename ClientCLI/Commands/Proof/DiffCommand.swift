import Agreements
import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Shows what differs between two releases, or between an agreement and what stands now.
struct DiffCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "diff", abstract: CommandPhrases.diff.spoken)
    }

    @Argument(help: .spoken(.range)) var range: String?
    @OptionGroup var cut: CutOptions
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let files = FiledMatrix.files(of: range)
        if let files, !StoreLayout(folder: invocation.storePath).exists { return try compare(files, invocation) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        if let days = DiffDays(range), try !days.nameReleases(selector, open) {
            guard day.at == nil else { throw CommandFailure(.optionsExclude, ["first": .text(range ?? "A..B"), "second": "--at"]) }
            return try days.run(open, selector, cut)
        }
        // An agreement that is named says which engagement is meant.
        let named = try open.store.read { reader in
            try range.flatMap { range in
                try range.split(separator: "..").lazy.compactMap { try selector.engagement(ofAgreement: String($0), reader) }.first
            }
        }
        let selection: Selection
        do { selection = try named.map { .engagement($0) } ?? selector.either() } catch let failure as CommandFailure {
            // Files need nothing that is here; but a label that is spelled like one comes first where it is known whose.
            let unchosen = [ErrorPhrases.noCurrent, .noService].map(\.code)
            guard let files, unchosen.contains(failure.code) else { throw failure }
            return try compare(files, invocation)
        }
        let workspace = open.reading
        return try open.store.read { reader in
            let ends = try DiffEnds(range, selection, selector, workspace, invocation, reader)
            let items = ends.terms + (try ends.differences(workspace, reader).map { .record($0) })
            let (chosen, more) = try cut.part(of: items) { $0.key }
            let shorts = ShortNames(reader)
            let records = chosen.compactMap { if case .record(let difference) = $0 { difference } else { nil } }
            // Rows go by their own names; what else differs is spoken of by its kind and its short id.
            let others = records.filter { ($0.signed ?? $0.current).flatMap { RowKey($0) } == nil }
            let names = Dictionary(try others.map { ($0.record, try shorts.of($0.record)) }) { first, _ in first }
            try invocation.print(
                .list(
                    "diff/1", try selector.context(selection, reader), fields: DiffForms.fields, of: chosen, more: more,
                    form: { try DiffForms.json($0) { try shorts.of($0) } }
                ) { page in
                    for case .terms(_, let changes) in chosen {
                        page.say(AgreementPhrases.termsDiffer)
                        for change in changes { change.show(&page) }
                        page.blank()
                    }
                    guard !records.isEmpty || chosen.isEmpty else { return page.say(RowPhrases.diffNoRows) }
                    DiffForms.show(records, names, from: ends.names.from, to: ends.names.to, &page)
                })
            return invocation.status(ofListWith: chosen.count)
        }
    }

    /// Compares two files with each other and with nothing else.
    private func compare(_ files: (String, String), _ invocation: Invocation) throws -> CommandExit {
        // A file is what it is, whatever the day.
        guard day.at == nil else {
            throw CommandFailure(.optionsExclude, ["first": .text(range ?? "A..B"), "second": "--at"])
        }
        // Ids follow from that of a service: these are in none.
        let nowhere = SpaceID(high: 0, low: 0)
        let before = try FiledMatrix.rows(in: files.0, of: nowhere) { [] }
        let after = try FiledMatrix.rows(in: files.1, of: nowhere) { [] }
        let (chosen, more) = try cut.part(of: before.differences(to: after, of: nowhere).map { DiffItem.record($0) }) { $0.key }
        func name(_ file: String) -> Fact { .text(URL(fileURLWithPath: file).lastPathComponent) }
        try invocation.print(
            .list(
                "diff/1", nil, fields: DiffForms.fields, of: chosen, more: more,
                form: { DiffForms.json($0) { leastLetters(of: $0.bytes) } }
            ) { page in
                let records = chosen.compactMap { if case .record(let difference) = $0 { difference } else { nil } }
                DiffForms.show(records, [:], from: name(files.0), to: name(files.1), &page)
            })
        return invocation.status(ofListWith: chosen.count)
    }
}

/// One thing that differs: what two documents say beside their rows, or a record.
enum DiffItem {
    case terms(of: RecordID, [TermChange])
    case record(AgreementDifference)

    var key: String {
        switch self {
        case .terms(let id, _): id.uuid
        case .record(let difference): difference.record.uuid
        }
    }
}

/// What is compared with what.
private struct DiffEnds {
    let names: (from: Fact, to: Fact)
    private let from: PublishedAt
    private let to: PublishedAt
    private let service: SpaceID
    /// What two documents say differently beside their rows.
    let terms: [DiffItem]

    init(
        _ range: String?, _ selection: Selection, _ selector: Selector, _ workspace: Workspace, _ invocation: Invocation,
        _ reader: any StoreReader
    ) throws {
        var forms: AgreementForms?
        let service: SpaceID
        switch selection {
        case .engagement(let engagement):
            try selector.requireRows(of: engagement)
            service = engagement.service
            forms = try AgreementForms(engagement, selector.directory, workspace, invocation, reader)
        case .service(let known): service = known.service
        }
        self.service = service
        let draft = selector.directory.services.first { $0.service == service }?.draft
        let releases = try workspace.releases(of: service, reader)
        var compared: [KnownAgreement] = []
        func document(_ agreement: KnownAgreement, _ forms: AgreementForms) throws -> AgreementDocument {
            guard let document = try workspace.document(of: agreement.id, in: forms.engagement, reader) else {
                throw CommandFailure(.unknownID, ["id": .text(forms.short(agreement.id))], next: "buntan agreements")
            }
            return document
        }
        func end(_ word: String) throws -> (PublishedAt, Fact) {
            if word == "now" { return (.now, .word(RowPhrases.diffNow)) }
            if let release = releases.last(where: { $0.label == word }) { return (.release(release), .text(word)) }
            if word == "draft", let draft { return (.draft(draft), .word(RowPhrases.diffDraft)) }
            if let forms, ShortID.isShortID(word) || RecordID(uuid: word) != nil {
                let agreement = try forms.agreement(word)
                compared.append(agreement)
                return (.agreement(try document(agreement, forms)), .text(forms.short(agreement.id)))
            }
            if FiledMatrix.isFile(word) {
                let rows = try FiledMatrix.rows(in: word, of: service) {
                    Set(try workspace.rowKeys(in: draft ?? service, reader).map(\.framework))
                }
                return (.file(rows), .text(URL(fileURLWithPath: word).lastPathComponent))
            }
            throw CommandFailure(
                .unknownRelease, ["label": .text(word)], next: "buntan releases",
                candidates: releases.map { CommandFailure.Candidate(name: $0.label) })
        }
        guard let range else {
            // What stands against what was signed, or against what was published before.
            if let forms, !forms.known.isEmpty || !forms.erased.isEmpty {
                let agreement = try forms.newest()
                (from, to) = (.agreement(try document(agreement, forms)), .now)
                names = (.text(forms.short(agreement.id)), .word(RowPhrases.diffNow))
                terms = []
                return
            }
            if case .service = selection, let draft, let newest = releases.last, releases.count == 1 {
                // What a second release would change.
                (from, to) = (.release(newest), .draft(draft))
                names = (.text(newest.label), .word(RowPhrases.diffDraft))
                terms = []
                return
            }
            guard releases.count > 1 else { throw CommandFailure(.missingArgument, ["argument": "A..B"], next: "buntan releases") }
            let (before, after) = (releases[releases.count - 2], releases[releases.count - 1])
            (from, to, names) = (.release(before), .release(after), (.text(before.label), .text(after.label)))
            terms = []
            return
        }
        guard let (first, second) = FiledMatrix.ends(of: range) else {
            let (rows, name) = try end(range)
            (from, to, names) = (rows, .now, (name, .word(RowPhrases.diffNow)))
            terms = []
            return
        }
        let before = try end(first)
        let after = try end(second)
        (from, to, names) = (before.0, after.0, (before.1, after.1))
        let changes = compared.count == 2 ? TermChange.all(from: compared[0], to: compared[1]) : []
        terms = changes.isEmpty ? [] : [.terms(of: compared[1].id, changes)]
    }

    /// What an agreement covers is compared as a whole, positions included; a release holds what is published.
    func differences(_ workspace: Workspace, _ reader: any StoreReader) throws -> [AgreementDifference] {
        switch (from, to) {
        case (.agreement(let agreement), .now): try workspace.differences(of: agreement, reader)
        case (.agreement(let before), .agreement(let after)):
            before.differences(from: after.records.map { CurrentRecord($0) })
        case (.release, _), (.file, _), (.draft, _), (.now, _), (.agreement, .release), (.agreement, .file), (.agreement, .draft):
            try workspace.publishedDifferences(from: from, to: to, of: service, reader)
        }
    }
}

/// How differences are printed: grouped by the transition of the allocation, then those of words alone.
enum DiffForms {
    static let fields = ["id", "short", "kind", "row.framework", "row.controlId", "row.itemKey", "side", "change", "cells"]

    static func json(_ item: DiffItem, _ short: (RecordID) throws -> String) rethrows -> JSONValue {
        switch item {
        case .terms(let id, let changes):
            .identified(
                id.uuid, short: try short(id), ("kind", "agreement"), ("change", "changed"), ("cells", .list(changes.map(\.json))))
        case .record(let difference): try json(difference, short)
        }
    }

    private static func json(_ difference: AgreementDifference, _ short: (RecordID) throws -> String) rethrows -> JSONValue {
        let covered = difference.signed ?? difference.current
        let row = covered.flatMap { RowKey($0) }
        return .identified(
            difference.record.uuid, short: try short(difference.record), ("kind", .text(difference.kind)), ("row", row?.json),
            ("side", covered?.text("side").map { .text($0) }), ("change", .text(name(difference.change))),
            (
                "cells",
                .list(
                    cells(difference).map { cell in
                        .members(
                            ("field", .text(cell.key.field)), ("element", .text(orNull: cell.key.elementText)),
                            ("before", .value(cell.before)), ("after", .value(cell.after)))
                    })
            ))
    }

    private static func name(_ change: AgreementDifference.Change) -> String {
        switch change {
        case .changed: "changed"
        case .vanished: "removed"
        case .conflicted: "conflicted"
        case .erased: "erased"
        case .added: "added"
        }
    }

    private static func cells(_ difference: AgreementDifference) -> [AgreementDifference.CellChange] {
        switch difference.change {
        case .changed(let cells): return cells
        // What one side says of a row is little, and says what the row has come to.
        case .added where isPosition(difference):
            return said(in: difference.current).map { .init(key: $0.key, before: nil, after: $0.value) }
        case .vanished where isPosition(difference):
            return said(in: difference.signed).map { .init(key: $0.key, before: $0.value, after: nil) }
        case .added, .vanished, .conflicted, .erased: return []
        }
    }

    private static func said(in position: CoveredRecord?) -> [(key: CellKey, value: EncodedValue)] {
        let key = position.flatMap { SchemaRegistry.current.kind($0.kind)?.key } ?? []
        return (position?.cells ?? []).filter { !key.contains($0.key.field) }.map { ($0.key, $0.value) }
    }

    /// Whether it is about what one side says of a row.
    fileprivate static func isPosition(_ difference: AgreementDifference) -> Bool { difference.kind == "responsibility-position" }

    static func show(_ differences: [AgreementDifference], _ names: [RecordID: String], from: Fact, to: Fact, _ page: inout Page) {
        guard !differences.isEmpty else { return page.say(RowPhrases.diffNone) }
        let rows = differences.rowKeys.count
        let others = differences.count { row($0) == nil }
        let heading: RowPhrases = others == 0 ? .diffHeading : rows == 0 ? .diffHeadingRecords : .diffHeadingBoth
        page.say(heading, ["from": from, "to": to, "rows": .number(rows), "n": .number(others)])
        var groups: [(heading: DiffHeading, members: [AgreementDifference])] = []
        // A row stands in one group, with all that differs about it: so the groups add up.
        var headings: [RowKey: DiffHeading] = [:]
        for difference in differences {
            guard let row = row(difference) else { continue }
            headings[row] = min(headings[row] ?? DiffHeading(difference), DiffHeading(difference))
        }
        for difference in differences {
            let heading = row(difference).flatMap { headings[$0] } ?? DiffHeading(difference)
            if let index = groups.firstIndex(where: { $0.heading == heading }) {
                groups[index].members.append(difference)
            } else {
                groups.append((heading, [difference]))
            }
        }
        for group in groups.sorted(by: { $0.heading < $1.heading }) {
            page.blank()
            page.line(
                Span(group.heading.text(group.members.rowKeys.count + group.members.count { row($0) == nil }, page.language), .strong))
            for difference in RowKey.sorted(group.members, by: { ($0.signed ?? $0.current).flatMap { RowKey($0) } ?? Self.nowhere }) {
                show(difference, names, &page)
            }
        }
    }

    /// The row that a difference is about; `nil` for one of another record.
    static func row(_ difference: AgreementDifference) -> RowKey? {
        (difference.signed ?? difference.current).flatMap { RowKey($0) }
    }

    /// Stands for records that are no row.
    private static let nowhere = RowKey(framework: "", controlId: "")

    private static func show(_ difference: AgreementDifference, _ names: [RecordID: String], _ page: inout Page) {
        let covered = difference.signed ?? difference.current
        let name = row(difference)?.shown ?? ""
        if row(difference) == nil {
            // A record goes by its kind as well, which is longer than a row's name.
            let label = CodeLabels.field(nil, of: difference.kind, page.language)
            page.place(.at(2, Span("\(label) \(names[difference.record] ?? "-")")))
        }
        let side = covered?.text("side").map { CodeLabels.shown($0, page.language) } ?? ""
        let kind = SchemaRegistry.current.kind(difference.kind)
        for (index, cell) in cells(difference).enumerated() {
            let field = CodeLabels.field(cell.key, in: difference.kind, page.language)
            page.place(.at(2, Span(index == 0 ? name : "")), .at(14, Span(field)), .at(40, Span(index == 0 ? side : "", .faint)))
            // What was accepted is named by a digest, which says nothing to a person.
            if cell.key == CellKey("accepts") {
                page.say(cell.after == nil ? RowPhrases.diffAcceptsNone : cell.before == nil ? .diffAcceptsNow : .diffAccepts, indent: 4)
                continue
            }
            let known = kind?.field(cell.key.field)
            page.paragraph("- " + shown(cell.before, of: known, in: difference.kind, page.language), .bad, indent: 4)
            page.paragraph("+ " + shown(cell.after, of: known, in: difference.kind, page.language), .good, indent: 4)
        }
        if cells(difference).isEmpty, row(difference) != nil { page.place(.at(2, Span(name)), .at(40, Span(side, .faint))) }
    }

    /// A value as people read it.
    private static func shown(_ value: EncodedValue?, of field: Field?, in kind: String, _ language: Language) -> String {
        switch value?.value {
        case nil, .null?: "-"
        case .bytes(let bytes)?: String(Hexadecimal.text(bytes).prefix(16))
        case .text?, .bool?, .int?: value.map { CodeLabels.printed($0.value, of: field, in: kind, language) } ?? "-"
        }
    }
}

/// What a group of differences has in common.
private enum DiffHeading: Hashable, Comparable {
    case allocation(before: String, after: String)
    case added, removed, answered, withdrawn, conflicted, erased, words
    /// Of records that are no rows.
    case recordsChanged, recordsAdded, recordsRemoved, recordsConflicted, recordsErased

    init(_ difference: AgreementDifference) {
        guard DiffForms.row(difference) != nil else {
            self =
                switch difference.change {
                case .changed: .recordsChanged
                case .vanished: .recordsRemoved
                case .conflicted: .recordsConflicted
                case .erased: .recordsErased
                case .added: .recordsAdded
                }
            return
        }
        switch difference.change {
        case .changed(let cells):
            guard let cell = cells.first(where: { $0.key == CellKey("allocation") }) else {
                self = .words
                return
            }
            self = .allocation(before: cell.before?.value.text ?? "-", after: cell.after?.value.text ?? "-")
        case .vanished: self = DiffForms.isPosition(difference) ? .withdrawn : .removed
        case .conflicted: self = .conflicted
        case .erased: self = .erased
        case .added: self = DiffForms.isPosition(difference) ? .answered : .added
        }
    }

    func text(_ rows: Int, _ language: Language) -> String {
        let count: Fact = .number(rows)
        return switch self {
        case .allocation(let before, let after):
            RowPhrases.diffAllocation.text(
                in: language,
                [
                    "rows": count, "before": .text(CodeLabels.shown(before, language)), "after": .text(CodeLabels.shown(after, language)),
                ])
        case .words: RowPhrases.diffReworded.text(in: language, ["rows": count])
        case .added: RowPhrases.diffAdded.text(in: language, ["rows": count])
        case .removed: RowPhrases.diffRemoved.text(in: language, ["rows": count])
        case .answered: RowPhrases.diffAnswered.text(in: language, ["rows": count])
        case .withdrawn: RowPhrases.diffWithdrawn.text(in: language, ["rows": count])
        case .conflicted: RowPhrases.diffConflicted.text(in: language, ["rows": count])
        case .erased: RowPhrases.diffErased.text(in: language, ["rows": count])
        case .recordsChanged: RowPhrases.diffRecordsChanged.text(in: language, ["n": count])
        case .recordsAdded: RowPhrases.diffRecordsAdded.text(in: language, ["n": count])
        case .recordsRemoved: RowPhrases.diffRecordsRemoved.text(in: language, ["n": count])
        case .recordsConflicted: RowPhrases.diffRecordsConflicted.text(in: language, ["n": count])
        case .recordsErased: RowPhrases.diffRecordsErased.text(in: language, ["n": count])
        }
    }
}
