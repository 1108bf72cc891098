import Agreements
import BuntanProtocol
import Merging
import Replica
import Wording

/// Turns what stands in the way of an agreement into failures with their sentences.
struct AgreementFailures {
    let engagement: KnownEngagement
    let forms: AgreementForms
    let invocation: Invocation
    /// The command that prints the document.
    var printing = "buntan agree --print"

    /// Runs a step and says what it refuses.
    func saying<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let fault as AgreementFault { throw failure(fault) }
    }

    func failure(_ fault: AgreementFault, given: String? = nil) -> CommandFailure {
        let counterpart: Fact = .text(forms.counterpart)
        switch fault {
        case .notConfirmed:
            return CommandFailure(.notConfirmed, ["counterpart": counterpart], next: "buntan confirm \(engagement.handle)")
        case .engagementEnded(let day):
            return CommandFailure(
                .engagementEnded, ["date": .text(day ?? "-")], next: "buntan export evidence -e \(engagement.handle) -o FILE")
        case .noRight: return CommandFailure(.noRight, ["right": "sign"])
        case .noRelease: return CommandFailure(.nothingPublished, ["name": .text(engagement.handle)])
        case .nothingToAttach(let kinds):
            return CommandFailure(
                .nothingToAttach, ["kind": .text(kinds.joined(separator: ", "))], next: kinds.first.map { "buntan list \($0)" })
        case .notReady: return CommandFailure(.declined, next: "buntan agree")
        case .documentChanged(let now):
            return CommandFailure(
                .documentChanged, ["now": .text(now.hex), "given": .text(given ?? "-")], next: printing)
        case .documentTooLarge(let bytes): return tooLarge(bytes)
        case .inForce(let id): return CommandFailure(.nothingToSign, ["id": .text(forms.short(id))], next: "buntan agreements")
        case .waitsForThem(let id):
            return CommandFailure(.alreadySigned, ["id": .text(forms.short(id)), "counterpart": counterpart], next: "buntan sync")
        case .unknownAgreement: return CommandFailure(.noAgreement, ["counterpart": counterpart], next: "buntan agreements")
        case .notStanding(let id):
            let status = forms.known.first { $0.id == id }?.status ?? .proposed
            return CommandFailure(.agreementNotStanding, ["id": .text(forms.short(id)), "status": AgreementForms.word(status)])
        case .notSent(let id): return CommandFailure(.agreementNotSent, ["id": .text(forms.short(id))], next: "buntan sync")
        }
    }

    func tooLarge(_ bytes: Int) -> CommandFailure {
        CommandFailure(.documentTooLarge, ["size": .number(bytes), "limit": .number(Limits.documentBytes)], next: "buntan agree ROW...")
    }

    /// Throws what stands in the way of signing, the rows that the two sides have to settle first.
    func requireReady(_ preview: AgreementPreview) throws {
        guard !preview.obstacles.isEmpty else { return }
        let total: Fact = .number(preview.rowCount)
        let states = preview.obstacles.compactMap { if case .row(let state) = $0.obstacle.reason { state } else { nil } }
        if !states.isEmpty {
            // What was meant is what the other side has signed, which no longer fits: nobody asked for another one on everything.
            if case .newSince(let theirs, _) = preview.origin {
                let id = forms.short(theirs.id)
                throw CommandFailure(
                    .offerOutgrown, ["id": .text(id), "counterpart": .text(forms.counterpart)], next: "buntan diff \(id)")
            }
            throw CommandFailure(
                .rowsNotReady, ["n": .number(states.count), "total": total, "list": .text(states.counted(in: invocation.language))],
                next: "buntan status")
        }
        func rows(_ isMeant: (Unsettled) -> Bool) -> Int {
            let found = preview.obstacles.filter { obstacle in
                if case .record(let reason) = obstacle.obstacle.reason { return isMeant(reason) }
                return false
            }
            return Set(found.compactMap(\.row)).count + found.count { $0.row == nil }
        }
        let known: [((Unsettled) -> Bool, ErrorPhrases, String?)] = [
            ({ $0 == .unsent }, .rowsUnsent, "buntan sync"), ({ $0 == .unreleased }, .rowsUnreleased, "buntan sync"),
            ({ if case .erased = $0 { true } else { false } }, .rowsErased, "buntan conflicts"),
            ({ if case .conflict = $0 { true } else { false } }, .recordsUnsettled, "buntan conflicts"),
        ]
        for (isMeant, phrase, next) in known {
            let count = rows(isMeant)
            guard count > 0 else { continue }
            throw CommandFailure(
                phrase, ["n": .number(count), "total": total, "label": .text(preview.release.label)], next: next)
        }
        throw CommandFailure(.rowsUnknown, ["n": .number(rows { _ in true }), "total": total])
    }
}
