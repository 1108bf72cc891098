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

/// Shows exactly what will be signed, asks for the counterpart's name, and signs.
struct AgreeCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "agree", abstract: CommandPhrases.agree.spoken)
    }

    /// Of a digest that is named, at least so many digits: as many as are shown.
    static let leastDigits = 16

    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .long, help: .spoken(.with)) var with: String?
    @Option(name: .long, parsing: .upToNextOption, help: .spoken(.except)) var except: [String] = []
    @Option(name: .long, help: .spoken(.validRange)) var valid: String?
    @Option(name: .long, help: .spoken(.confirm)) var confirm: String?
    @Option(name: .long, help: .spoken(.documentDigest)) var document: String?
    @Flag(name: .long, help: .spoken(.signIncomplete)) var incomplete = false
    @Flag(name: .long, help: .spoken(.printDocument)) var print = false
    @Flag(name: .long, help: .spoken(.readDocument)) var read = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.ownEngagement()
        let reading = open.reading
        let (wish, forms, preview, judgement, context) = try open.store.read {
            reader -> (AgreementWish, AgreementForms, AgreementPreview, SigningJudgement, ReportContext) in
            let keys = except.isEmpty && addresses.isEmpty ? [] : try reading.rowOutlines(of: engagement, reader).map(\.key)
            let wish = try wished(keys, invocation, reading.schema)
            var forms = try AgreementForms(engagement, selector.directory, reading, invocation, on: wish.today, reader)
            let failures = AgreementFailures(engagement: engagement, forms: forms, invocation: invocation, printing: printing)
            let preview = try failures.saying { try reading.agreementPreview(wish, in: engagement, reader) }
            try failures.requireReady(preview)
            if let document = preview.document { try forms.name(document.agreement, reader) }
            // What is signed for a day to come has to hold then.
            let day = max(wish.today, preview.document?.validFrom ?? wish.today)
            let judgement = try SigningJudgement(preview, in: engagement, selector, reading, today: day, reader)
            try judgement.requireMet(counterpart: forms.counterpart, in: invocation.language)
            return (wish, forms, preview, judgement, try selector.context(.engagement(engagement), reader))
        }
        let label = forms.device(selector.directory.identity.device)
        let failures = AgreementFailures(engagement: engagement, forms: forms, invocation: invocation, printing: printing)
        guard let digest = preview.digest else { throw CommandFailure(.declined) }
        guard preview.bytes.count <= Limits.documentBytes else { throw failures.tooLarge(preview.bytes.count) }
        if read {
            guard let document = preview.document else { throw CommandFailure(.declined) }
            return try readDocument(document, digest, forms, preview, context, invocation)
        }
        if print { return try printDocument(preview, digest, context, invocation) }

        guard let name = invocation.settings.value(.signatoryName), let title = invocation.settings.value(.signatoryTitle) else {
            let isNamed = invocation.settings.value(.signatoryName) != nil
            throw CommandFailure(.signatoryMissing, next: "buntan config " + (isNamed ? "signatory.title TITLE" : "signatory.name NAME"))
        }
        func typesName(_ given: String?) throws {
            let names = Set(engagement.counterpartName.values)
            try invocation.prompt.typesName(
                forms.counterpart, given: given, asking: AgreementPhrases.typeName, ["counterpart": .text(forms.counterpart)]
            ) { names.contains($0) || $0 == engagement.handle }
        }
        // A wrong name may mean a wrong agreement: nothing else is asked for before.
        if let confirm { try typesName(confirm) }
        try requireNamed(digest)
        if invocation.mode == .human, !invocation.options.quiet {
            var page = Page(invocation.pageStyle)
            AgreementPage(
                engagement: engagement, forms: forms, preview: preview, signatory: (name, title, label), reading: shown(.read),
                unsaid: judgement.unsaid
            ).show(&page)
            try invocation.console.write(page.text)
        }
        try requireSaid(judgement.unsaid)
        if confirm == nil {
            do { try typesName(nil) } catch var failure as CommandFailure where failure.code == ErrorPhrases.answerMissing.code {
                // Nobody can be shown the document here: reading it is the first of the steps.
                failure.next = shown(.read)
                throw failure
            }
        }
        let workspace = try open.writing()
        let signed: SignedAgreement
        do {
            signed = try workspace.sign(wish, expecting: digest, in: engagement, name: name, title: title)
        } catch AgreementFault.notReady {
            // Something came between what was shown and the name: what stands in the way now is said.
            try failures.requireReady(open.store.read { try reading.agreementPreview(wish, in: engagement, $0) })
            throw CommandFailure(.declined)
        } catch let fault as AgreementFault { throw failures.failure(fault, given: document) }
        let (_, change) = try open.written(signed.committed.changes.last, selector, nil)
        try invocation.print(
            .change(
                "agree/1", context, fields: ["change", "short", "agreement", "agreementShort", "signature", "document", "whole"],
                .written(
                    change, ("agreement", .text(signed.agreement.uuid)),
                    ("agreementShort", .text(forms.short(signed.agreement))), ("signature", .text(signed.signature.uuid)),
                    ("document", .text(signed.digest.hex)), ("whole", .bool(signed.isWhole)))
            ) { page in
                let later = preview.document?.validFrom.flatMap { wish.today < $0 ? $0.text : nil }
                page.say(
                    !signed.isWhole ? AgreementPhrases.signedFirst : later == nil ? .signedBoth : .signedBothLater,
                    [
                        "id": .text(forms.short(signed.agreement)), "counterpart": .text(forms.counterpart),
                        "date": .text(later ?? ""),
                    ])
                page.next(change.sending ?? "buntan agreements")
            })
        return .done
    }

    // MARK: what was asked for

    private func wished(_ rows: [RowKey], _ invocation: Invocation, _ schema: SchemaRegistry) throws -> AgreementWish {
        let zone = invocation.settings.timeZone.identifier
        var wish = AgreementWish(timeZone: zone, today: ZonedDays.day(of: invocation.console.now(), zone: zone))
        if !except.isEmpty { wish.except = try RowSelection(rows).rows(except) }
        if !addresses.isEmpty { wish.keys = try RowPrefixes(addresses, among: rows).keys }
        // What each side says of what was published is agreed with it: conditions that nobody signs bind nobody.
        wish.kinds = try (with?.split(separator: ",").map(String.init) ?? []).flatMap { typed in
            let kind = try kind(typed, schema)
            return [kind] + [schema.kind("\(kind)-position")?.name].compactMap(\.self)
        }
        if let valid {
            guard let dots = valid.firstRange(of: "..") else {
                let day = try ZonedDays.day(reading: valid)
                throw CommandFailure(.spanExpected, ["value": .text(day.text), "first": .text(min(wish.today, day).text)])
            }
            let from = try ZonedDays.day(reading: String(valid[..<dots.lowerBound]))
            let rest = String(valid[dots.upperBound...])
            let to = rest.isEmpty ? nil : try ZonedDays.day(reading: rest)
            if let to, to < from { throw CommandFailure(.dateOrder, ["from": .text(from.text), "to": .text(to.text)]) }
            if let to, to < wish.today { throw CommandFailure(.dateInPast, ["value": .text(to.text)]) }
            wish.validity = (from, to)
        }
        return wish
    }

    /// A kind by its name, the beginning of that or several of its kind, of those that both sides can see.
    private func kind(_ typed: String, _ schema: SchemaRegistry) throws -> String {
        let shared = schema.kinds.filter { $0.list == nil && !$0.spaces.isDisjoint(with: [.service, .engagement]) }
        if shared.contains(where: { $0.name == typed }) { return typed }
        // Several of a kind are meant by its name or its beginning with an s, or with ies for y.
        let singular = typed.hasSuffix("ies") ? typed.dropLast(3) + "y" : typed.hasSuffix("s") ? typed.dropLast() : typed[...]
        func meant(_ kinds: [Kind]) -> [String] {
            let names = kinds.map(\.name)
            let found = names.filter { $0.hasPrefix(typed) }
            return found.isEmpty ? names.filter { $0.hasPrefix(singular) } : found
        }
        // What a provider publishes is meant before what a customer keeps for itself unless it says otherwise.
        let published = meant(shared.filter(\.isDrafted))
        let found = published.count == 1 ? published : meant(shared)
        guard let first = found.first, found.count == 1 else {
            throw CommandFailure(
                found.isEmpty ? .unknownKind : .ambiguousKind, ["kind": .text(typed)],
                candidates: found.map { CommandFailure.Candidate(name: $0) })
        }
        return first
    }

    private enum Sort: String { case print = "--print", read = "--read", incomplete = "--incomplete" }

    /// The command that prints the very document that this one is about.
    private var printing: String { shown(.print) }

    private func shown(_ flag: Sort) -> String {
        let words =
            addresses + [("--with", with), ("--valid", valid)].flatMap { flag, value in value.map { [flag, $0] } ?? [] }
            + (except.isEmpty ? [] : ["--except"] + except)
        return (["buntan agree"] + words.map(RetypedFlags.quoted) + [flag.rawValue]).joined(separator: " ")
    }

    /// Refuses rows that do not say yet all that must be said, unless whoever signs wants them as they are.
    private func requireSaid(_ unsaid: (rows: Int, rules: [String])) throws {
        guard unsaid.rows > 0, !incomplete else { return }
        throw CommandFailure(
            .rowsIncomplete,
            [
                "rows": .number(unsaid.rows), "rules": .text(unsaid.rules.joined(separator: ", ")),
                "group": .text(unsaid.rules.joined(separator: ",")),
            ], next: shown(.incomplete))
    }

    /// A script names the document it was shown; one that is another is refused.
    private func requireNamed(_ digest: Digest) throws {
        guard let document else {
            guard confirm == nil else {
                throw CommandFailure(
                    .answerMissing, ["question": .word(AgreementPhrases.documentAsked), "flag": "--document"], next: shown(.read))
            }
            return
        }
        let typed = document.lowercased()
        guard typed.utf8.count >= Self.leastDigits, digest.hex.hasPrefix(typed) else {
            throw CommandFailure(
                .documentChanged, ["now": .text(digest.hex), "given": .text(document)], next: printing)
        }
    }

    /// Prints what the document says by row, for people; JSON is the document itself.
    private func readDocument(
        _ document: AgreementDocument, _ digest: Digest, _ forms: AgreementForms, _ preview: AgreementPreview,
        _ context: ReportContext, _ invocation: Invocation
    ) throws -> CommandExit {
        guard invocation.mode == .human else { return try printDocument(preview, digest, context, invocation) }
        var page = Page(invocation.pageStyle)
        let parties = [document.provider, document.customer]
        DocumentPage(
            document: document, names: Dictionary(parties.map { ($0, forms.name(of: $0)) }) { first, _ in first },
            release: preview.release.label
        ).show(&page)
        try invocation.console.write(page.text)
        invocation.notice(AgreementPhrases.documentIs, ["digest": .text(digest.hex)])
        return .done
    }

    /// Prints the document byte for byte, so that its SHA-256 is the digest, and the digest beside it.
    private func printDocument(
        _ preview: AgreementPreview, _ digest: Digest, _ context: ReportContext, _ invocation: Invocation
    ) throws -> CommandExit {
        guard invocation.mode == .human else {
            let item: JSONValue = [
                "digest": .text(digest.hex), "bytes": .number(preview.bytes.count),
                "document": .text(String(decoding: preview.bytes, as: UTF8.self)),
            ]
            try invocation.print(.single("agree-document/1", context, fields: ["digest", "bytes", "document"], item) { _ in })
            return .done
        }
        try invocation.console.output.write(preview.bytes)
        invocation.notice(AgreementPhrases.documentIs, ["digest": .text(digest.hex)])
        return .done
    }
}

/// The part of the matrix that some addresses mean, as beginnings of row keys.
struct RowPrefixes {
    let keys: [[String]]

    /// Whole families and clauses become one beginning each; single rows are named as they are.
    init(_ addresses: [String], among rows: [RowKey]) throws {
        var found: [[String]] = []
        for address in addresses {
            let selected = Set(try RowSelection(rows).rows([address]))
            let beginnings = Set(selected.compactMap { Self.family($0, address) })
            let whole = beginnings.filter { beginning in
                rows.allSatisfy { !$0.controlId.hasPrefix(beginning[1]) || $0.framework != beginning[0] || selected.contains($0) }
            }
            let rest = selected.filter { row in !whole.contains { row.framework == $0[0] && row.controlId.hasPrefix($0[1]) } }
            found += whole
            found += rest.map { [$0.framework, $0.controlId, $0.itemKey] }
        }
        keys = Set(found).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The beginning of a control's id as long as what was typed, with the sign behind it.
    private static func family(_ key: RowKey, _ address: String) -> [String]? {
        let typed = address.split(separator: ":").last.map(String.init) ?? address
        guard key.controlId.count > typed.count, key.controlId.lowercased().hasPrefix(typed.lowercased()) else { return nil }
        let beginning = key.controlId.prefix(typed.count + 1)
        guard let sign = beginning.last, !sign.isLetter, !sign.isNumber else { return nil }
        return [key.framework, String(beginning)]
    }
}
