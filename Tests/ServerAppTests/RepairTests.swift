import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import ServerApp

@Suite("repair")
struct RepairTests {
    typealias Damage = CheckTests.Damage

    @Test(
        "What is kept of a log that holds is made anew from it, whole",
        arguments: [
            Damage.tile, .genesis, .unreadableState, .otherState, .lostState, .extraState, .standing, .usedBytes, .rights, .readingEnd,
        ])
    func states(_ damage: Damage) async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        _ = try CheckTests().plant(damage, served, space)
        #expect(await served.run("check").exit == 1)
        // Who reads what is no log's own: it is settled with the log that says so.
        if damage == .readingEnd { try served.alter("UPDATE space SET used_bytes = used_bytes + 1") }
        let listed = await served.run("repair")
        #expect(listed.exit == 1 && listed.output.contains("\(space.hex): the log holds"), "\(listed.output)\(listed.errors)")
        let done = await served.run("repair", space.hex)
        #expect(done.exit == 0 && done.output.contains("made anew from its"), "\(done.output)\(done.errors)")
        let checked = await served.run("check")
        #expect(checked.exit == 0, "\(checked.output)\(checked.errors)")
        #expect(await served.run("repair").output.contains("nothing to repair"))
    }

    @Test(
        "What no longer holds is given up, shown to nobody, and comes back whole from whoever holds it",
        arguments: [Damage.leaf, .gap, .end, .root, .entry])
    func entries(_ damage: Damage) async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        try served.serving { served in
            for number in 70..<73 { try served.push("later", in: space, number: number) }
        }
        let (used, size) = try (filled(served), size(of: space, served))
        let held = try served.serving { try $0.call(PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty), as: served.firm.device) }
        #expect(held.entries.count == size && !held.more)
        _ = try CheckTests().plant(damage, served, space)

        let found = await served.run("check")
        #expect(found.exit == 1 && found.output.contains("Next: buntan-server repair"), "\(found.output)")
        let listed = await served.run("repair")
        #expect(listed.exit == 1 && listed.output.contains("of \(size) entries hold"), "\(listed.output)\(listed.errors)")
        // Nothing was done by listing.
        #expect(await served.run("repair").output == listed.output)
        let done = await served.run("repair", "--all")
        #expect(done.exit == 0 && done.output.contains("come back as those who hold them sync"), "\(done.output)\(done.errors)")
        #expect(await served.run("check").output.contains("1 space"), "what is missing is known")

        try giveBack(held, in: space, served)
        let checked = await served.run("check")
        #expect(checked.exit == 0, "\(checked.output)\(checked.errors)")
        #expect(try filled(served) == used)
    }

    /// A server that starts anew waits for what it lacks, and takes it.
    private func giveBack(_ held: LogPage, in space: SpaceID, _ served: ServedFolder) throws {
        let store = try served.folder.openStore()
        let mark = try FileMark(path: served.folder.marksPath)
        let (left, fallen) = try store.read { (try $0.standing(of: space)?.size ?? 0, try FallenBack.reconcile($0, with: mark)) }
        #expect(left < held.entries.count && fallen.spaces[space]?.isFork == false)
        let recovering = Served(folder: served, store: store, mark: mark, frozen: fallen)
        let back = ReplayRequest(space: space, from: left, entries: Array(held.entries[left...]), note: held.note)
        #expect(try recovering.call(back, as: served.firm.device).size == held.entries.count)
        let asked = PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty)
        #expect(try recovering.call(asked, as: served.firm.device).entries == held.entries)
        try store.close()
    }

    @Test("A byte that a disk has changed is shown to nobody as the log's word: the server says that it cannot answer")
    func shownToNobody() throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let size = try size(of: space, served)
        var bytes = try served.blob("SELECT bytes FROM entry WHERE pos = 2")
        bytes[bytes.count / 2] ^= 1
        try served.alter("UPDATE entry SET bytes = ? WHERE pos = 2", bytes)
        try served.serving { open in
            let asked = PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty)
            #expect(throws: Refusal(.unavailable)) { try open.call(asked, as: served.firm.device) }
            // What stands behind it is served: each entry is judged by itself.
            let base = try open.store.read { reader in
                let source = try reader.source(of: space)
                return Base(epoch: 0, size: size - 1, root: try LogTiles.root(ofSize: size - 1) { try source.tile($0) })
            }
            #expect(try open.call(PullRequest(space: space, base: base), as: served.firm.device).entries.count == 1)
        }
    }

    @Test("What is no space, or none here, is said, and nothing is done beside a server that runs")
    func refused() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        #expect(await served.run("repair", "--all").output.contains("nothing to repair"))
        for name in ["x", String(repeating: "0", count: 32)] {
            let outcome = await served.run("repair", name)
            #expect(outcome.exit == 2 && outcome.errors.contains("there is no space \(name)"), "\(outcome.errors)")
        }
        let both = await served.run("repair", space.hex, "--all")
        #expect(both.exit == 2 && both.errors.contains("two different orders"), "\(both.errors)")
        try served.alter("UPDATE space SET used_bytes = used_bytes + 1")
        let mark = try FileMark(path: served.folder.marksPath)
        let outcome = await served.run("repair", space.hex)
        #expect(outcome.exit == 7 && outcome.errors.contains("in use"), "\(outcome.exit) \(outcome.errors)")
        #expect(mark.place(of: space) != nil)
        #expect(await served.run("check").exit == 1)
    }

    @Test("Of one space that holds nothing is said about another that does not")
    func onlyTheOneMeant() async throws {
        let served = try ServedFolder()
        let sound = try served.filled()
        let other = try served.serving { open in
            let own = try served.ownSpace(nonce: 2)
            _ = try open.call(own, as: served.firm.device)
            return own.space
        }
        try served.alter("UPDATE space SET used_bytes = used_bytes + 1 WHERE space_id = ?", other.bytes)
        let spared = await served.run("repair", sound.hex)
        #expect(spared.exit == 0 && spared.output.contains("\(sound.hex): the log holds"), "\(spared.output)")
        #expect(await served.run("check").exit == 1)
        let done = await served.run("repair", other.hex)
        #expect(done.exit == 0 && done.output.contains("\(other.hex): made anew"), "\(done.output)\(done.errors)")
        #expect(await served.run("check").exit == 0)
    }

    @Test("Nor is an entry that is no change, nor one that is asked for by its place")
    func otherReads() throws {
        let served = try ServedFolder()
        let space = try served.filled()
        try served.alter("UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE pos = 1")
        try served.serving { open in
            try open.store.read { reader in
                let damaged = StorageFault.damaged("entry 1 in \(space)")
                #expect(throws: damaged) { try reader.words(of: space) }
                #expect(throws: damaged) { try reader.source(of: space).entry(at: 1) }
                try #expect(reader.source(of: space).entry(at: 2) != nil)
            }
        }
    }

    private func size(of space: SpaceID, _ served: ServedFolder) throws -> Int {
        try served.serving { try $0.store.read { try $0.standing(of: space)?.size ?? 0 } }
    }

    /// What the organisation is counted to fill.
    private func filled(_ served: ServedFolder) throws -> Int {
        try served.serving { try $0.store.read { try Operating.list($0)[0].usedBytes } }
    }
}
