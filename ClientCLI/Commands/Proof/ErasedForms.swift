import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Wording

/// What every command says alike of an agreement whose document was erased.
extension AgreementForms {
    /// That its document is gone: by whom, when and why, as far as that is known here.
    func standing(_ gone: ErasedAgreement) -> Fact {
        guard let erasure = gone.erasure else { return .word(AgreementPhrases.documentErased) }
        var facts: Facts = ["date": .text(day(erasure.received))]
        guard let organisation = erasure.organisation else {
            facts["reason"] = .text(erasure.word.reference ?? "-")
            return .word(AgreementPhrases.documentErasedByOrder, facts)
        }
        facts["organisation"] = .text(name(of: organisation))
        guard let reason = gone.reason else { return .word(AgreementPhrases.documentErasedBy, facts) }
        facts["reason"] = .text(reason)
        return .word(AgreementPhrases.documentErasedFor, facts)
    }

    /// Who had signed it, and when; `nil` where nobody had.
    func signers(_ gone: ErasedAgreement) -> Fact? {
        guard !gone.signatures.isEmpty else { return nil }
        let list = gone.signatures.map { signature in
            AgreementPhrases.erasedSigner.text(
                in: invocation.language,
                [
                    "name": .text(signature.name), "organisation": .text(name(of: signature.organisation)),
                    "date": .text(signedOn(signature)),
                ])
        }
        return .word(AgreementPhrases.erasedSigned, ["list": .text(list.joined(separator: invocation.language == .ja ? "、" : ", "))])
    }

    /// Why nothing can be done with it that needs its document.
    func failure(_ gone: ErasedAgreement) -> CommandFailure {
        CommandFailure(
            .agreementErased, ["id": .text(short(gone.id)), "reason": standing(gone)],
            next: gone.isMissed ? "buntan agree" : "buntan agreements")
    }

    func json(_ gone: ErasedAgreement) -> JSONValue {
        .identified(
            gone.id.uuid, short: short(gone.id), ("kind", "agreement"), ("status", .text(ErasedAgreement.status)), ("document", .null),
            ("release", .null), ("validFrom", .null), ("validTo", .null), ("timeZone", .null), ("rows", .null), ("excepted", .null),
            ("signedAt", .null), ("signatures", .list(gone.signatures.map { json($0, of: gone) })), ("differing", .list([])),
            ("staleSpans", .list([])), ("end", gone.endings.first.map { Self.json($0) }), ("sent", .bool(true)),
            (
                "erased",
                [
                    "by": .text(orNull: gone.erasure?.organisation?.hex),
                    "at": .text(orNull: gone.erasure.map { Timestamp.rfc3339(milliseconds: $0.received) }),
                    "reference": .text(orNull: gone.erasure?.word.reference), "reason": .text(orNull: gone.reason),
                ]
            ))
    }

    private func json(_ signature: PartySignature, of gone: ErasedAgreement) -> JSONValue {
        let isProvider = signature.organisation == (engagement.seat == .provider ? engagement.party : engagement.counterpart)
        return json(signature, side: isProvider ? .provider : .customer, standing: ErasedAgreement.status)
    }
}
