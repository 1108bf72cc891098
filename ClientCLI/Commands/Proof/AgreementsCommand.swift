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

/// Lists the agreements of an engagement, with what each is worth on a day.
struct AgreementsCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "agreements", abstract: CommandPhrases.agreements.spoken)
    }

    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let workspace = open.reading
        return try open.store.read { reader in
            let forms = try AgreementForms(engagement, selector.directory, workspace, invocation, reader)
            // What was erased is told first: most of it came before what is there.
            let all = forms.erased.map { Listed.erased($0) } + forms.known.map { .known($0) }
            let (part, more) = try cut.part(of: all) { $0.id.uuid }
            let chosen = part.compactMap { if case .known(let known) = $0 { known } else { nil } }
            let gone = part.compactMap { if case .erased(let gone) = $0 { gone } else { nil } }
            let today = invocation.today
            let isOver = engagement.end?.hasCome(by: today) ?? false
            let isClosedBefore = selector.directory.isClosedBefore(engagement)
            let spans = try chosen.map { try workspace.staleSpans(of: $0, reader) }
            try invocation.print(
                .list(
                    "agreements/1", try selector.context(.engagement(engagement), reader), fields: AgreementForms.fields,
                    gone.map { forms.json($0) } + zip(chosen, spans).map { forms.json($0, spans: $1) }, more: more
                ) { page in
                    show(gone, chosen, spans, forms, &page)
                    // Nothing is left to do where what was signed is not here to be proved.
                    guard !part.isEmpty, !(isOver && (isClosedBefore || chosen.isEmpty)) else { return }
                    page.blank()
                    page.next(isOver ? evidence(forms) : next(chosen, forms))
                })
            return invocation.status(ofListWith: part.count)
        }
    }

    /// An agreement, or what is left of one.
    private enum Listed {
        case erased(ErasedAgreement)
        case known(KnownAgreement)

        var id: RecordID {
            switch self {
            case .erased(let gone): gone.id
            case .known(let known): known.id
            }
        }
    }

    private func show(
        _ gone: [ErasedAgreement], _ chosen: [KnownAgreement], _ spans: [[StaleSpan]], _ forms: AgreementForms, _ page: inout Page
    ) {
        guard !gone.isEmpty || !chosen.isEmpty else { return page.say(AgreementPhrases.agreementsNone) }
        let language = page.language
        func head(_ term: TermPhrases) -> String { term.text(in: language) }
        var table = Table(columns: [
            Column(title: head(.headID)), Column(title: head(.headRelease)), Column(title: head(.headRows), alignment: .right),
            Column(title: head(.headValid)), Column(title: head(.headState), fit: .wrapped),
        ])
        for agreement in gone {
            func row(_ id: String, _ text: String) { table.rows.append([id, "", "", "", text].map { Span($0) }) }
            row(forms.short(agreement.id), AgreementPhrases.statusLine.text(in: language, ["status": forms.standing(agreement)]))
            if let signers = forms.signers(agreement) {
                row("", AgreementPhrases.statusLine.text(in: language, ["status": signers]))
            }
        }
        for (agreement, past) in zip(chosen, spans) {
            let document = agreement.head
            let rows = agreement.content.outline.rowCount
            let days = "\(document.validFrom?.text ?? "")..\(agreement.lastDay?.text ?? "")"
            func row(_ cells: [String]) { table.rows.append(cells.map { Span($0) }) }
            func note(_ entry: AgreementPhrases, _ facts: Facts) { row(["", "", "", "", entry.text(in: language, facts)]) }
            row([
                forms.short(agreement.id), agreement.release?.label ?? "-", String(rows), days,
                AgreementPhrases.statusLine.text(in: language, ["status": forms.standing(agreement, past)]),
            ])
            if !agreement.isSent { note(.unsentYet, [:]) }
            // That it is stale now, and since when, is part of what it is worth.
            for span in past where !(span.to == nil && agreement.status == .stale) {
                let to = forms.end(of: span, of: agreement)
                note(to == nil ? .staleSince : .staleFromTo, ["from": .text(forms.day(span.from)), "to": .text(to ?? "")])
            }
            if let release = agreement.release, release.isWithdrawn {
                note(.withdrawnRelease, ["label": .text(release.label), "reason": .text(release.withdrawal?.message ?? "-")])
            }
        }
        page.table(table)
    }

    /// The evidence of what stands, else of the newest: by its id where there are several.
    private func evidence(_ forms: AgreementForms) -> String {
        guard forms.known.count > 1, let told = forms.known.provable else { return "buntan export evidence -o evidence.zip" }
        return "buntan export evidence \(forms.short(told.id)) -o evidence.zip"
    }

    private func next(_ chosen: [KnownAgreement], _ forms: AgreementForms) -> String {
        guard let side = forms.engagement.side else {
            return chosen.provable.map { "buntan verify \(forms.short($0.id))" } ?? "buntan sync"
        }
        guard let last = chosen.newest else { return "buntan agree" }
        if chosen.halfSigned(by: side.other) != nil { return "buntan agree" }
        switch last.status {
        case .halfSigned(let by): return by == side ? "buntan sync" : "buntan agree"
        case .stale: return "buntan diff \(forms.short(last.id))"
        case .notYetValid where !last.differences.isEmpty: return "buntan diff \(forms.short(last.id))"
        case .signed: return "buntan sync"
        case .inForce, .notYetValid: return evidence(forms)
        case .proposed, .contested, .expired, .ended, .superseded: return "buntan agree"
        }
    }
}

/// What can be done to one agreement.
struct AgreementCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "agreement", abstract: CommandPhrases.agreement.spoken, subcommands: [End.self])
    }

    /// Ends an agreement on a day; takes back or turns down what one side alone has signed.
    struct End: ConsoleCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "end", abstract: CommandPhrases.agreementEnd.spoken)
        }

        @Argument(help: .spoken(.id)) var id: String
        @Option(name: .long, help: .spoken(.on)) var on: String?
        @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
        @OptionGroup var global: GlobalOptions

        func run(in invocation: Invocation) async throws -> CommandExit {
            let message = try CommandFailure.reason(message)
            let typed = try on.map { try ZonedDays.day(reading: $0) }
            let open = try OpenStore.existing(invocation)
            let selector = try Selector(open)
            let engagement = try selector.requireParty(
                of: open.store.read { try selector.engagement(ofAgreement: id, $0) } ?? selector.engagement())
            let reading = open.reading
            let (forms, context) = try open.store.read { reader in
                (
                    try AgreementForms(engagement, selector.directory, reading, invocation, reader),
                    try selector.context(.engagement(engagement), reader)
                )
            }
            let agreement = try forms.agreement(id)
            let today = ZonedDays.day(of: invocation.console.now(), zone: agreement.head.terms.timeZone)
            let words = EndWords(agreement, own: selector.directory.identity.organisation)
            // An offer binds nobody: it is over at once.
            guard let day = words.isOffer ? today : typed else { throw CommandFailure(.missingOptionValue, ["option": "--on"]) }
            guard today <= typed ?? day else { throw CommandFailure(.dateInPast, ["value": .text(on ?? "")]) }
            let facts: Facts = [
                "id": .text(forms.short(agreement.id)), "counterpart": .text(forms.counterpart), "date": .text(day.text),
            ]
            if !words.isOffer, let last = agreement.lastDay, last < day {
                throw CommandFailure(.agreementEndsEarlier, ["id": .text(forms.short(agreement.id)), "date": .text(last.text)])
            }
            guard try invocation.prompt.confirms(words.question, facts) else { throw CommandFailure(.declined) }
            let workspace = try open.writing()
            let committed = try AgreementFailures(engagement: engagement, forms: forms, invocation: invocation).saying {
                try workspace.end(agreement.id, on: day, message: message, today: today, in: engagement)
            }
            let (_, change) = try open.written(committed.changes.last, selector, nil)
            try invocation.print(
                .change(
                    "agreement-end/1", context, fields: ["change", "short", "agreement", "on", "message"],
                    .written(
                        change, ("agreement", .text(agreement.id.uuid)), ("on", .text(day.text)),
                        ("message", .text(message)))
                ) { page in
                    page.say(words.done, facts)
                    page.next(change.sending ?? "buntan agreements")
                })
            return .done
        }

        /// How an end is spoken of: of what both signed, of one's own offer, or of theirs.
        private struct EndWords {
            let isOffer: Bool
            let question: AgreementPhrases
            let done: AgreementPhrases

            init(_ agreement: KnownAgreement, own: OrganisationID) {
                isOffer = !agreement.content.isWhole
                (question, done) =
                    !isOffer
                    ? (.endQuestion, .endedNow)
                    : agreement.isOffered(by: own) ? (.withdrawQuestion, .withdrawnNow) : (.declineQuestion, .declinedNow)
            }
        }
    }
}
