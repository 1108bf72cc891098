import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Wording

// What was signed: by whom, when, with which key, and what it is worth on the day.

extension ReportBuilder {
    func agreementForms(of engagement: KnownEngagement) throws -> AgreementForms {
        try AgreementForms(engagement, selector.directory, workspace, invocation, on: asked, reader)
    }

    func agreements(of engagement: KnownEngagement) throws -> ReportDocument.Section {
        let forms = try agreementForms(of: engagement)
        let lines = try forms.erased.map { line($0, forms) } + forms.known.map { try line($0, forms) }
        let agreements = ReportDocument.Table(
            name: "agreements", caption: say(.agreementsCaption), form: .stacked,
            columns: [
                column(.headAgreement, .key), column(.headRelease, .mark), column(.headRows, .number), column(.headValid, .name),
                column(.headState, .text),
            ], rows: lines)
        let signatures = ReportDocument.Table(
            name: "signatures", caption: say(.signaturesCaption), form: .stacked,
            columns: [
                column(.headAgreement, .key), column(.headSignedBy, .name), column(.headOrganisation, .name), column(.headReceived, .day),
                column(.headKey, .text),
            ], rows: forms.known.flatMap { self.signatures(of: $0, forms) })
        return ReportDocument.Section(
            name: .agreements, title: say(.sectionAgreements), lead: lines.isEmpty ? [] : [say(.agreementsLead, ["date": .text(day.text)])],
            tables: [agreements, signatures], none: say(.agreementNone))
    }

    /// What an agreement is worth, in a sentence in which nobody is "you": it is read by both.
    func worth(_ agreement: KnownAgreement, _ forms: AgreementForms, _ spans: [StaleSpan] = []) -> ReportDocument.Run {
        let tone: ReportDocument.Tone =
            switch agreement.status {
            case .inForce: .good
            case .stale, .contested: .warning
            case .proposed, .halfSigned, .signed, .notYetValid, .expired, .ended, .superseded: .plain
            }
        return .mark(standing(agreement, forms, spans), tone)
    }

    private func standing(_ agreement: KnownAgreement, _ forms: AgreementForms, _ spans: [StaleSpan]) -> String {
        var fact = forms.standing(agreement, spans)
        if case .halfSigned(let side) = agreement.status {
            fact = .word(
                AuditorPhrases.halfSigned,
                [
                    "organisation": .text(forms.name(of: agreement.head.organisation(side))),
                    "counterpart": .text(forms.name(of: agreement.head.organisation(side.other))),
                ])
        }
        return AgreementPhrases.statusLine.text(in: language, ["status": fact])
    }

    private func line(_ agreement: KnownAgreement, _ forms: AgreementForms) throws -> ReportDocument.Row {
        let spans = try workspace.staleSpans(of: agreement, reader)
        let document = agreement.head
        var state: [ReportDocument.Run] = [worth(agreement, forms, spans)]
        for span in spans where !(span.to == nil && agreement.status == .stale) {
            let to = forms.end(of: span, of: agreement)
            let phrase: AgreementPhrases = to == nil ? .staleSince : .staleFromTo
            state += [.next, .words(phrase.text(in: language, ["from": .text(date(span.from)), "to": .text(to ?? "")]))]
        }
        if let release = agreement.release, release.isWithdrawn {
            let facts: Facts = ["label": .text(release.label), "reason": .text(release.withdrawal?.message ?? "-")]
            state += [.next, .typed(AgreementPhrases.withdrawnRelease.text(in: language, facts))]
        }
        state += [.next, .code("SHA-256 " + agreement.content.digest.hex)]
        return ReportDocument.Row(
            cells: [
                [.code(forms.short(agreement.id))], [.typed(agreement.release?.label ?? "–")],
                [.words(String(agreement.content.outline.rowCount))],
                [.words("\(document.validFrom?.text ?? "…") – \(agreement.lastDay?.text ?? "…")")], state,
            ], value: forms.json(agreement, spans: spans))
    }

    /// Why it was erased is a note of whoever erased it, and for nobody else.
    private func line(_ gone: ErasedAgreement, _ forms: AgreementForms) -> ReportDocument.Row {
        let isTold = isForMyself || gone.reason == nil
        let status: Fact = isTold ? forms.standing(gone) : .word(AgreementPhrases.documentErased)
        var value = forms.json(gone)
        if !isTold { value = value.replacing("erased", ["by": .null, "at": .null, "reference": .null, "reason": .null]) }
        return ReportDocument.Row(
            cells: [
                [.code(forms.short(gone.id))], [.faint("–")], [.faint("–")], [.faint("–")],
                [.typed(AgreementPhrases.statusLine.text(in: language, ["status": status]))],
            ], value: value)
    }

    private func signatures(of agreement: KnownAgreement, _ forms: AgreementForms) -> [ReportDocument.Row] {
        agreement.content.signatures.map { signature, standing in
            let side: Side = signature.organisation == agreement.head.provider ? .provider : .customer
            var received: [ReportDocument.Run] = [.words(stamp(signature.place?.received))]
            if let place = signature.place { received += [.next, .faint(say(.entryNumber, ["n": .number(place.position)]))] }
            return ReportDocument.Row(
                cells: [
                    [.code(forms.short(agreement.id))], [.typed(signature.name), .next, .typed(signature.title)],
                    [.typed(forms.name(of: signature.organisation)), .next, .faint(self.side(side))], received,
                    [
                        standing == .valid ? .mark(say(.signatureValid), .good) : .mark(say(.signatureDoubtful), .warning),
                        .typed(forms.device(signature.device)), .next, .code(signature.device.hex),
                    ],
                ],
                value: JSONValue.members(("agreement", .text(agreement.id.uuid))).adding(
                    forms.json(signature, side: side, standing: standing.name)))
        }
    }
}

extension JSONValue {
    /// This object with the members of another behind its own.
    fileprivate func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let members) = other else { return self }
        return .object(own + members)
    }

    /// This object with another value for one of its members.
    fileprivate func replacing(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.map { $0.name == name ? Member(name, value) : $0 })
    }
}
