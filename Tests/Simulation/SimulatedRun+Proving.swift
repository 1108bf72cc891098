import Agreements
import BuntanProtocol
import ChangeLog
import Records
import Replica
import Storage
import TestKit

/// What anybody can check of an agreement without server or store (P9).
extension SimulatedRun {
    /// At the end of a run in which people sign: one who holds an agreement that both have signed exports the evidence of it. It
    /// is good to a verifier that trusts the two parties, and once any bit of it is another it is no more, or says which signature
    /// beside one that counts is not valid.
    func prove() throws {
        guard plan.signs, let today = Self.today else { return }
        // Drawn apart: what else a seed draws stays what it was.
        var chance = SeededRandom(seed: seed ^ 0x7072_6f76)
        for (firm, engagement) in world.engagements.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let holders = try participants.filter { holder in
                let known = holder.firm == firm || holder.firm == .provider && world.providerEngagements[engagement.space] != nil
                return try known && holder.shutOut == nil && [engagement.space, engagement.service].allSatisfy(holder.spaces().contains)
            }
            guard let holder = holders.randomElement(using: &chance),
                let own = holder.firm == firm ? engagement : world.providerEngagements[engagement.space]
            else { continue }
            let whole = try holder.store.read { reader in
                try holder.workspace.agreements(of: own, day: { _ in today }, reader).filter { $0.content.isWhole && $0.isSent }
            }
            guard let agreement = whole.randomElement(using: &chance) else { continue }
            let evidence = try holder.store.read { try holder.workspace.evidence(of: agreement.id, in: own, $0) }
            let archive = try evidence.archived()
            let parties = Set(Side.allCases.map { agreement.head.organisation($0) })
            let report = EvidenceCheck.report(on: try Evidence(archive: archive), trusted: parties) { _ in today }
            // A signature under a key that was doubted by then is told of, and counts for a person to judge.
            let isDoubted = !agreement.content.contestedSides.isEmpty
            let findings = report.findings.filter { if case .signatureContested = $0 { !isDoubted } else { true } }
            if !findings.isEmpty || !isDoubted && !report.isTrusted {
                chronicle.find(
                    .agreement,
                    "the evidence of \(agreement.id) that \(holder.name) exports, \(agreement.status.name), is not good: \(findings)")
            }
            reach.note(.proved)
            try damage(archive, trusted: parties, on: today, telling: Self.passedOver(report), &chance)
        }
    }

    /// Any file of an archive with a bit that is another, packed as it should be; and the archive itself with one.
    private func damage(
        _ archive: [UInt8], trusted: Set<OrganisationID>, on day: CalendarDate, telling told: Int, _ chance: inout SeededRandom
    ) throws {
        let files = try StoredArchive.files(archive)
        guard let name = files.keys.sorted().randomElement(using: &chance), var content = files[name] else { return }
        if content.isEmpty { content = [0] }
        Self.flip(&content, &chance)
        var whole = archive
        Self.flip(&whole, &chance)
        let repacked = try StoredArchive.encoded(files.merging([name: content]) { $1 })
        for (what, bytes) in [("\(name) is another", repacked), ("it is another", whole)]
        where isGood(bytes, trusted: trusted, on: day, telling: told) {
            chronicle.find(.agreement, "evidence is good though \(what)")
        }
    }

    private static func flip(_ bytes: inout [UInt8], _ chance: inout SeededRandom) {
        bytes[Int.random(in: 0..<bytes.count, using: &chance)] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
    }

    /// The signatures that are not valid, beside others of the same party that are.
    private static func passedOver(_ report: EvidenceReport) -> Int {
        report.lines.count { if case .passedOver = $0 { true } else { false } }
    }

    /// Whether a verifier takes it for as good as it was.
    private func isGood(_ archive: [UInt8], trusted: Set<OrganisationID>, on day: CalendarDate, telling told: Int) -> Bool {
        if sabotage.kind == .believesEvidence { return true }
        do {
            let report = EvidenceCheck.report(on: try Evidence(archive: archive), trusted: trusted) { _ in day }
            return report.isTrusted && Self.passedOver(report) == told
        } catch {
            // Nothing in it can be checked at all.
            return false
        }
    }
}
