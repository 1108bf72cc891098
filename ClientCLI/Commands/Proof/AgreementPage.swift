import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Wording

/// What a person reads before signing.
struct AgreementPage {
    let engagement: KnownEngagement
    let forms: AgreementForms
    let preview: AgreementPreview
    let signatory: (name: String, title: String, device: String)
    /// The command that prints this very document for people.
    let reading: String
    /// The rows that do not say yet all that the rules ask for, and the rules that ask.
    var unsaid: (rows: Int, rules: [String]) = (0, [])

    private static let mostSeams = 20
    private static let labels = 2
    private static let texts = 14
    private static let commands = 68

    func show(_ page: inout Page) {
        let language = page.language
        let own = forms.directory.ownName.spoken(language.rawValue) ?? "-"
        page.say(
            AgreementPhrases.aboutToSign,
            [
                "own": .text(own), "counterpart": .text(forms.counterpart), "fingerprint": .text(engagement.counterpart.fingerprint),
            ])
        sayOrigin(&page)
        page.blank()
        covers(&page)
        if let previous = preview.previous {
            let (rows, records) = (previous.differingRows.count, previous.changedRecords)
            let facts: Facts = [
                "rows": .number(rows), "n": .number(records.count), "id": .text(forms.short(previous.id)),
                "date": .text(previous.content.signedAt.map { forms.day($0) } ?? "-"),
                "list": .text(records.kinds.map { Labels.kind($0, page.language) ?? $0 }.joined(separator: ", ")),
            ]
            let diff = "buntan diff \(forms.short(previous.id))"
            let hasRows = rows > 0 || records.count == 0
            if hasRows { place(.changed, AgreementPhrases.changedText, facts, command: diff, &page) }
            if records.count > 0 {
                place(hasRows ? nil : .changed, AgreementPhrases.changedRecords, facts, command: hasRows ? nil : diff, &page)
            }
            for (entry, rows) in [(AgreementPhrases.changedNewly, preview.newlyCovered), (.changedNoLonger, preview.noLongerCovered)]
            where !rows.isEmpty {
                place(nil, entry, ["rows": .number(rows.count), "id": .text(forms.short(previous.id))], &page)
            }
            // What was signed beside the rows falls out of what is signed now unless somebody asks for it again.
            let dropped = Self.attached(previous.head.scope).subtracting(Self.attached(preview.document?.scope ?? []))
            if !dropped.isEmpty {
                let kinds = dropped.sorted()
                place(
                    nil, AgreementPhrases.changedWithout,
                    ["list": .text(kinds.joined(separator: ", ")), "id": .text(forms.short(previous.id))],
                    command: "buntan agree --with \(kinds.joined(separator: ","))", &page)
            }
        } else if let last = forms.known.last(where: \.content.isWhole) {
            let facts: Facts = ["id": .text(forms.short(last.id)), "date": .text(last.content.signedAt.map { forms.day($0) } ?? "-")]
            place(.changed, AgreementPhrases.changedLapsed, facts, &page)
        } else if let gone = forms.erased.last(where: \.isWhole) {
            place(.changed, AgreementPhrases.changedErased, ["id": .text(forms.short(gone.id))], &page)
        } else {
            place(.changed, AgreementPhrases.changedFirst, [:], &page)
        }
        if preview.excepted.isEmpty {
            place(.excepted, AgreementPhrases.exceptedNone(preview.document?.scope ?? []), [:], &page)
        } else {
            let list = preview.excepted.map(\.shown).joined(separator: ", ")
            place(.excepted, AgreementPhrases.exceptedRows, ["rows": .number(preview.excepted.count), "list": .text(list)], &page)
            if !preview.dropped.isEmpty {
                place(nil, AgreementPhrases.exceptedDropped, ["list": .text(preview.dropped.map(\.shown).joined(separator: ", "))], &page)
            }
        }
        lookAt(&page)
        if unsaid.rows > 0 {
            place(
                .unsaid, AgreementPhrases.unsaidRows, ["rows": .number(unsaid.rows), "rules": .text(unsaid.rules.joined(separator: ", "))],
                command: "buntan check --group \(unsaid.rules.joined(separator: ","))", &page)
        }
        valid(&page)
        place(
            .signedBy, AgreementPhrases.signedByText,
            ["name": .text(signatory.name), "title": .text(signatory.title), "device": .text(signatory.device)], &page)
        let id = preview.document.map { forms.short($0.agreement) } ?? "-"
        let digest = preview.digest?.hex.prefix(AgreeCommand.leastDigits) ?? ""
        place(
            .document, AgreementPhrases.documentCut, ["id": .text(id), "digest": .text(String(digest))],
            command: reading, &page)
        page.blank()
    }

    /// The kinds of records that a scope covers beside the rows.
    private static func attached(_ scope: [ScopePart]) -> Set<String> {
        Set(scope.map(\.kind)).subtracting(["responsibility", "responsibility-position"])
    }

    private func sayOrigin(_ page: inout Page) {
        func new(_ reason: AgreementPhrases, _ theirs: KnownAgreement, rows: Int) {
            let facts: Facts = ["rows": .number(rows), "counterpart": .text(forms.counterpart), "id": .text(forms.short(theirs.id))]
            page.say(AgreementPhrases.newDocument, ["reason": .word(reason, facts)])
        }
        switch preview.origin {
        case .new: break
        case .newSince(let theirs, let rows): new(.newBecauseChanged, theirs, rows: rows)
        case .newAsked(let theirs): new(.newBecauseAsked, theirs, rows: 0)
        case .theirs(let theirs):
            let signature = theirs.content.signature(of: engagement.seat.other)?.signature
            page.say(
                AgreementPhrases.signingTheirs,
                ["counterpart": .text(forms.counterpart), "date": .text(forms.signedOn(signature))])
        }
    }

    private func covers(_ page: inout Page) {
        func count(_ allocation: String) -> Fact { .number(preview.allocations[allocation] ?? 0) }
        place(
            .covers, AgreementPhrases.coversText,
            [
                "rows": .number(preview.rowCount - preview.excepted.count), "label": .text(preview.release.label),
                "provider": count("provider"), "customer": count("customer"), "shared": count("shared"),
            ], &page)
        let taken = preview.document?.records.count { $0.cells.contains { $0.key == CellKey("followsControl") && $0.value.isTrue } } ?? 0
        if taken > 0 {
            page.place(.at(Self.texts, Span(AgreementPhrases.coversTaken.text(in: page.language, ["n": .number(taken)]))))
        }
        if ["supplier", "not-applicable", "unallocated"].contains(where: { preview.allocations[$0] != nil }) {
            let facts: Facts = [
                "supplier": count("supplier"), "notApplicable": count("not-applicable"), "unallocated": count("unallocated"),
            ]
            page.place(.at(Self.texts, Span(RowPhrases.othersCount.text(in: page.language, facts))))
        }
        sayScope(&page)
    }

    /// What a document of less than the whole matrix, or of more, is about.
    private func sayScope(_ page: inout Page) {
        guard let scope = preview.document?.scope else { return }
        func say(_ entry: AgreementPhrases, _ list: [String]) {
            guard !list.isEmpty else { return }
            let text = entry.text(in: page.language, ["list": .text(list.joined(separator: ", "))])
            page.place(.at(Self.texts, Span(text)))
        }
        let matrix = ["responsibility", "responsibility-position"]
        let parts = scope.flatMap { $0.keys ?? [] }.map { $0.spoken(in: page.language) }
        say(.coversPart, Set(parts).sorted())
        let covered = Set(preview.document?.records.map(\.kind) ?? [])
        say(.coversWith, scope.map(\.kind).filter { !matrix.contains($0) && covered.contains($0) })
    }

    private func lookAt(_ page: inout Page) {
        let withdrawal = preview.release.withdrawal
        if let withdrawal {
            let facts: Facts = ["label": .text(preview.release.label), "reason": .text(withdrawal.message ?? "-")]
            place(.lookAt, AgreementPhrases.lookAtWithdrawn, facts, command: "buntan releases", &page)
        } else if preview.seams.isEmpty {
            return place(.lookAt, AgreementPhrases.lookAtNone, [:], &page)
        }
        for (index, row) in preview.seams.prefix(Self.mostSeams).enumerated() {
            place(
                index == 0 && withdrawal == nil ? .lookAt : nil, AgreementPhrases.lookAtMerged, ["row": .text(row.shown)],
                command: "buntan show \(row.pasteable)", &page)
        }
        if preview.seams.count > Self.mostSeams {
            place(nil, AgreementPhrases.lookAtMore, ["rows": .number(preview.seams.count - Self.mostSeams)], &page)
        }
    }

    private func valid(_ page: inout Page) {
        guard let document = preview.document else { return }
        let facts: Facts = [
            "from": .text(document.validFrom?.text ?? "-"), "to": .text(document.validTo?.text ?? "-"),
            "zone": .text(document.terms.timeZone),
        ]
        place(.valid, document.validTo == nil ? AgreementPhrases.validOpen : .validText, facts, &page)
        // What this program would not have written stands out, since it is signed with the rest.
        if document.terms.reviewInterval != AgreementDocument.Terms.yearly {
            place(.review, AgreementPhrases.reviewText, ["interval": .text(document.terms.reviewInterval)], &page)
        }
    }

    private func place(
        _ label: AgreementPhrases?, _ text: some PhraseTable, _ facts: Facts, command: String? = nil, _ page: inout Page
    ) {
        var pieces: [Placed] = []
        if let label { pieces.append(.at(Self.labels, Span(label.text(in: page.language)))) }
        pieces.append(.at(Self.texts, Span(text.text(in: page.language, facts))))
        if let command { pieces.append(.command(Self.commands, command)) }
        page.place(pieces)
    }
}

extension [String] {
    /// A beginning of row keys as a person would name the rows: a family or clause with all below it, or one row.
    fileprivate func spoken(in language: Language) -> String {
        guard count >= 2 else { return joined(separator: ":") }
        guard count == 2, let sign = self[1].last, !sign.isLetter, !sign.isNumber, sign != ")" else {
            let item = count > 2 ? RowKey(framework: self[0], controlId: self[1], itemKey: self[2]).shown : self[1]
            return "\(self[0]):\(item)"
        }
        return AgreementPhrases.coversBelow.text(in: language, ["control": .text("\(self[0]):\(self[1].dropLast())")])
    }
}

extension AgreementPhrases {
    /// That nothing is left open, and what can be no part of a document with this scope.
    static func exceptedNone(_ scope: [ScopePart]) -> AgreementPhrases {
        scope.contains { $0.kind == "comment" } ? .exceptedNoneComments : .exceptedNone
    }
}
