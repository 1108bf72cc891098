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
    @OptionGroup var reading: ReadingOptions
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
        // Two files are compared with each other, unless one is spelled like a release.
        if let files, try open.store.read({ try !DiffEnds.names(either: files, of: selection, workspace, $0) }) {
            return try compare(files, invocation)
        }
        return try open.store.read { reader in
            let ends = try DiffEnds(range, selection, selector, workspace, reading, invocation, reader)
            let items = ends.terms + (try ends.differences(workspace, reader).map { .record($0) })
            let (chosen, more) = try cut.part(of: items) { $0.key }
            let story = try ends.story(of: items, workspace, reader)
            let shorts = ShortNames(reader)
            let records = chosen.records
            // Rows go by their own names; what else differs is spoken of by its kind and its short id.
            let others = records.filter { ($0.signed ?? $0.current).flatMap { RowKey($0) } == nil }
            let names = Dictionary(try others.map { ($0.record, try shorts.of($0.record)) }) { first, _ in first }
            try invocation.print(
                .list(
                    "diff/1", try selector.context(selection, reader), fields: DiffForms.fields, of: chosen, more: more,
                    form: { try DiffForms.json($0, story) { try shorts.of($0) } }
                ) { page in
                    for case .terms(_, let changes) in chosen {
                        page.say(AgreementPhrases.termsDiffer)
                        for change in changes { change.show(&page) }
                        page.blank()
                    }
                    guard !records.isEmpty || chosen.isEmpty else { return page.say(RowPhrases.diffNoRows) }
                    let all = items.records
                    DiffForms.show(records, of: all, names, story, from: ends.names.from, to: ends.names.to, invocation.times, &page)
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
        let options = try reading.importOptions(invocation)
        let nowhere = SpaceID(high: 0, low: 0)
        let (before, after) = try FiledMatrix.pair(files, of: nowhere, options)
        try FiledMatrix.requireCommon(before.frameworks, after.frameworks, files)
        let differences = before.differences(to: after, of: nowhere)
        let (chosen, more) = try cut.part(of: differences.map { DiffItem.record($0) }) { $0.key }
        let story = DiffStory(differences)
        func name(_ file: String) -> Fact { .text(URL(fileURLWithPath: file).lastPathComponent) }
        try invocation.print(
            .list(
                "diff/1", nil, fields: DiffForms.fields, of: chosen, more: more,
                form: { DiffForms.json($0, story) { leastLetters(of: $0.bytes) } }
            ) { page in
                let records = chosen.records
                DiffForms.show(records, of: differences, [:], story, from: name(files.0), to: name(files.1), nil, &page)
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
        _ range: String?, _ selection: Selection, _ selector: Selector, _ workspace: Workspace, _ reading: ReadingOptions,
        _ invocation: Invocation, _ reader: any StoreReader
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
                let held = Set(try workspace.rowKeys(in: draft ?? service, reader).map(\.framework))
                let rows = try FiledMatrix.rows(in: word, of: service, reading.importOptions(invocation)) { held }
                let handle = selector.directory.services.first { $0.service == service }?.handle ?? "-"
                try FiledMatrix.requireCommon(rows.frameworks, held, (word, handle))
                return (.file(rows), .text(URL(fileURLWithPath: word).lastPathComponent))
            }
            if FiledMatrix.looksLikeFile(word) { throw CommandFailure(.fileMissing, ["file": .text(word)], place: .init(file: word)) }
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

    /// Whether a release of the selected service goes by one of two words.
    static func names(
        either words: (String, String), of selection: Selection, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> Bool {
        let service =
            switch selection {
            case .engagement(let engagement): engagement.service
            case .service(let known): known.service
            }
        return try workspace.releases(of: service, reader).contains { [words.0, words.1].contains($0.label) }
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

    /// What is to be known beside the cells: of releases also who wrote what, and when it went out.
    func story(of items: [DiffItem], _ workspace: Workspace, _ reader: any StoreReader) throws -> DiffStory {
        let differences = items.records
        if case .agreement = from { return DiffStory(differences) }
        return try workspace.story(of: differences, from: from, to: to, of: service, reader)
    }
}

extension [DiffItem] {
    /// The records that differ.
    var records: [AgreementDifference] { compactMap { if case .record(let difference) = $0 { difference } else { nil } } }
}
