import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// A server that takes what an organisation says of a device, and keeps it from those whom it concerns (P8, P10).
extension SimulatedRun {
    /// At the end of a run: an admin ends or restricts the rights of a device, and one log is shown to the others as if nothing
    /// had been said, while that device goes on writing in it.
    ///
    /// Those of the organisation say what the log lacks, since another one brings them the word. The others cannot know; they
    /// find out with the first change of somebody who had seen it, and with the first word of a server that is honest again.
    func withhold() throws {
        // Drawn apart: what else a seed draws stays what it was.
        var chance = SeededRandom(seed: seed ^ 0x7769_7468)
        guard let (space, readers) = try audience(&chance) else { return }
        var pairs = readers.flatMap { speaker in
            readers.filter { $0.firm == speaker.firm && $0.keys.device != speaker.keys.device }.map { (speaker, $0) }
        }
        func witnesses(_ speaker: Participant, _ author: Participant) -> [Participant] {
            readers.filter { $0 !== speaker && $0.keys.device != author.keys.device }
        }
        // Most often there is somebody of the same organisation to miss it.
        let missed = pairs.filter { speaker, author in witnesses(speaker, author).contains { $0.firm == speaker.firm } }
        if !missed.isEmpty, Int.random(in: 0..<4, using: &chance) > 0 { pairs = missed }
        guard let (speaker, author) = pairs.randomElement(using: &chance), case let witnesses = witnesses(speaker, author),
            !witnesses.isEmpty
        else { return }
        // Written before its device has heard of it.
        let written = try jot(in: space, by: author)
        let before = try entries(of: space)
        let ends = Bool.random(using: &chance)
        curtailed.insert(author.keys.device)
        if ends {
            try speaker.workspace.revoke(author.keys.device)
        } else {
            try speaker.workspace.set([.read], of: author.keys.device)
        }
        for _ in 0..<2 { try syncAlone(speaker) }
        guard try entries(of: space).count > before.count else {
            return chronicle.find(.authority, "what \(speaker.name) has said of \(author.name) does not stand in \(space)")
        }

        var lie = before
        let goesOn = Bool.random(using: &chance)
        if goesOn { lie.append(try taken(written, by: author, at: before.count)) }
        say(
            "the server keeps from \(witnesses.map(\.name)) that \(speaker.name) \(ends ? "revokes" : "restricts") \(author.name) in \(space)"
                + (goesOn ? ", who goes on" : ""))
        // Whoever hears of it elsewhere misses it the next time.
        guard let liar = try show(lie, of: space, to: witnesses, rounds: 2) else { return }
        reach.note(.withheld)
        let noticed = told.union(liar.lacking)
        for witness in witnesses where witness.firm == speaker.firm && !noticed.contains(ObjectIdentifier(witness)) {
            chronicle.find(
                .tamperEvidence,
                "\(witness.name) is shown \(space) without what \(speaker.name) has said of \(author.name), and says nothing")
        }
        var remarks = [written]
        if Bool.random(using: &chance) {
            remarks.append(try say(in: space, by: speaker))
            try show(lie + entries(of: space).suffix(1), of: space, to: witnesses)
            for witness in witnesses where !told.contains(ObjectIdentifier(witness)) {
                chronicle.find(
                    .tamperEvidence, "\(witness.name) is shown what \(speaker.name) wrote after its word without that, and says nothing")
            }
        }
        try tellTruth(of: space, to: [speaker] + witnesses, remarks, alsoTo: author)
    }

    /// A change as a server takes it into its log that does not ask who may write.
    private func taken(_ remark: Remark, by author: Participant, at position: Int) throws -> StoredEntry {
        guard let signed = try author.outbox().first(where: { $0.item.change == remark.change })?.item.signed else {
            throw LogFault.missingEntry(space: remark.space, position: position)
        }
        let entry = Entry(kind: .change, received: server.clock.now(), content: signed.bytes, signature: signed.signature)
        return StoredEntry(position: position, bytes: entry.encoded(), payload: signed.payload)
    }
}
