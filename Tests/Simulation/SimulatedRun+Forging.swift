import BuntanProtocol
import ChangeLog
import Replica
import Storage
import TestKit

/// Somebody between the server and its clients, or a server without the log's key, makes up what would have to be signed (P10).
extension SimulatedRun {
    /// At the end of a run: shows some a forgery. They take nothing of it, say so with proof, and keep what they have typed.
    func forge() throws {
        // Drawn apart: what else a seed draws stays what it was.
        var chance = SeededRandom(seed: seed ^ 0x666f_7267)
        let ofRecords = Bool.random(using: &chance)
        guard let (space, readers) = try audience(&chance), let author = readers.randomElement(using: &chance),
            var forgery = Forgery.allCases.filter({ $0.isOfRecords == ofRecords }).randomElement(using: &chance)
        else { return }
        var remarks = [try say(in: space, by: author)]
        let log = try entries(of: space)
        let salvaged = try Forgery.salvaged(in: log)
        // Few logs hold anything that an epoch has lost.
        if salvaged != nil, !ofRecords, Bool.random(using: &chance) { forgery = .brokenProof }
        if forgery == .brokenProof, salvaged == nil { forgery = .brokenSignature }
        var victims = readers.filter { $0 !== author }
        var shown: [StoredEntry]? = log
        switch forgery {
        // The last entry, which the others have not seen, came at another time than its server says.
        case .otherRoot, .otherKey, .otherLog: shown = try log.dropLast() + log.suffix(1).map(retimed)
        case .brokenSignature, .otherSize: break
        case .brokenProof: if let salvaged { shown?[salvaged] = try Forgery.withBrokenProof(log[salvaged]) }
        case .brokenSeal, .otherRecords, .otherFrontier, .otherWords: shown = nil
        }
        if sabotage.kind == .takesForged, forgery == .brokenProof { shown = log }
        if forgery.needsNewDevice {
            victims = try [author, victims[0]].compactMap { try newcomer(like: $0, fast: forgery.isOfRecords) }
        } else {
            remarks.append(try jot(in: space, by: victims[0]))
        }
        say("forged for \(victims.map(\.name)) of \(space): \(forgery)")
        guard let liar = try show(shown, of: space, to: victims, forgedAs: forgery) else { return }
        // Who is new asks for no records where a log is short.
        let met = victims.filter { liar.met.contains(ObjectIdentifier($0)) }
        if !met.isEmpty { reach.note(forgery.isOfRecords ? .forgedRecords : .forged) }
        let truth = try entries(of: space).map(\.bytes)
        for victim in met {
            if try !told.contains(ObjectIdentifier(victim)) || !victim.isFrozen(space) {
                chronicle.find(.tamperEvidence, "\(victim.name) is shown a forgery, \(forgery), and says nothing")
            }
            let held = try victim.entries(of: space).map(\.bytes)
            if !truth.starts(with: held) { chronicle.find(.tamperEvidence, "\(victim.name) has taken what was forged, \(forgery)") }
            if try victim.store.read({ try $0.lead(of: space) }) != nil {
                chronicle.find(.tamperEvidence, "\(victim.name) shows records that were forged, \(forgery)")
            }
        }
        try tellTruth(of: space, to: readers + met.filter { victim in !readers.contains { $0 === victim } }, remarks)
    }

    /// A device that has been let in and has nothing yet.
    private func newcomer(like reader: Participant, fast: Bool) throws -> Participant? {
        guard let organisation = world.organisations[reader.firm] else { return nil }
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: reader.keys, store: store)
        return Participant(
            name: reader.name + " anew", firm: reader.firm, keys: reader.keys, store: store, clock: SimulatedClock(reader.clock.now()),
            random: random, fastStart: fast ? FastStart(leastEntries: 4, firstBytes: 1, pageBytes: 400) : .standard,
            schema: reader.schema)
    }
}
