import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Spaces that move to the server")
struct ReplayTests {
    @Test("A space is served once its log names this server, and not before")
    func servedOnceMoved() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let own = try bench.ownSpace(of: firm, changes: 4)
        let count = own.entries.count
        #expect(try bench.call(own.page(0..<3), as: firm.admin).get().size == 3)
        #expect(try bench.heads(firm.admin).isEmpty)
        #expect(refusal(try bench.pull(own.space, as: firm.admin)) == Refusal(.notFound))
        #expect(try bench.call(own.page(3..<count), as: firm.admin).get().size == count)
        #expect(try bench.heads(firm.admin) == [SpaceHead(space: own.space, epoch: 0, size: count)])
        #expect(bench.store.violations.isEmpty)
    }

    @Test("Pages may be sent again, overlap or run ahead: the answer says what is held")
    func idempotent() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let own = try bench.ownSpace(of: firm, changes: 4)
        let count = own.entries.count
        #expect(try bench.call(own.page(0..<4), as: firm.admin).get().size == 4)
        #expect(try bench.call(own.page(0..<4), as: firm.admin).get().size == 4)
        #expect(try bench.call(own.page(6..<count), as: firm.admin).get().size == 4)
        #expect(try bench.call(own.page(2..<count), as: firm.admin).get().size == count)
        #expect(try bench.call(own.page(0..<count), as: firm.admin).get().size == count)
        #expect(try bench.standing(own.space).frontier.root == own.base.root)
    }

    @Test("What is handed over is checked to the last byte", arguments: Fault.allCases)
    func checked(_ fault: Fault) throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        var own = try bench.ownSpace(of: firm, changes: 2, moves: false)
        if fault == .otherServer { try own.move(to: bench.identity, name: "other.example") }
        if fault == .otherKey { try own.move(to: bench.identity, key: own.logKey.publicKey) }
        if fault == .keyChange { try own.say(.key(bench.identity.logKey.publicKey)) }
        let count = own.entries.count
        var request = own.page(0..<count)
        switch fault {
        case .note: request = own.page(0..<count, note: own.note(count - 1))
        case .noteKey:
            let origin = Checkpoint.origin(server: nil, space: own.space, epoch: 0)
            request = own.page(
                0..<count, note: Checkpoint(origin: origin, size: count, root: own.root(count)).signed(by: firm.admin.signing))
        case .noteRoot:
            let origin = Checkpoint.origin(server: nil, space: own.space, epoch: 0)
            request = own.page(0..<count, note: Checkpoint(origin: origin, size: count, root: SHA.empty).signed(by: own.logKey))
        case .payload:
            var entries = own.entries
            entries[count - 1] = CarriedEntry(entry: entries[count - 1].entry, payload: entries[count - 2].payload)
            request = ReplayRequest(space: own.space, from: 0, entries: entries, note: own.note(count))
        case .missing:
            var entries = own.entries
            entries.remove(at: 1)
            request = ReplayRequest(space: own.space, from: 0, entries: entries, note: own.note(count))
        case .otherServer, .otherKey, .keyChange: break
        }
        #expect(refusal(try bench.call(request, as: firm.admin)) == fault.refusal)
        #expect(try bench.store.read { try $0.spaces().isEmpty })
        #expect(bench.store.violations.isEmpty)
    }

    enum Fault: CaseIterable {
        case note, noteKey, noteRoot, payload, missing, otherServer, otherKey, keyChange

        var refusal: Refusal {
            switch self {
            case .note, .noteKey: Refusal(.badSignature, "note")
            case .noteRoot: Refusal(.baseMismatch, "root")
            case .payload: Refusal(.badSignature, "values_root")
            case .missing: Refusal(.unknownPredecessor, StatementDetail.gap)
            case .otherServer: Refusal(.invalid, "server_name")
            case .otherKey: Refusal(.invalid, "log_key")
            case .keyChange: Refusal(.invalid, "server")
            }
        }
    }

    @Test("A log that went another way, or goes on after the move, is refused")
    func forks() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        var own = try bench.ownSpace(of: firm, changes: 2, moves: false)
        var fork = own
        _ = try own.write("one way")
        _ = try fork.write("the other way")
        let count = own.entries.count
        #expect(try bench.call(own.page(0..<count), as: firm.admin).get().size == count)
        #expect(refusal(try bench.call(fork.page(0..<count), as: firm.admin)) == Refusal(.baseMismatch, "fork"))
        try own.move(to: bench.identity)
        #expect(try bench.call(own.page(count..<count + 1), as: firm.admin).get().size == count + 1)
        _ = try own.write("too late")
        #expect(refusal(try bench.call(own.page(count + 1..<count + 2), as: firm.admin)) == Refusal(.invalid, "moved"))
    }

    @Test("Statements that the log lacks follow the move")
    func catchesUp() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let own = try bench.ownSpace(of: firm)
        let second = try firm.enrol([.read, .write])
        _ = try bench.call(StatementRequest(statements: [second.statement]), as: firm.admin).get()
        #expect(try bench.call(own.page(0..<own.entries.count), as: firm.admin).get().size == own.entries.count)
        let standing = try bench.standing(own.space)
        #expect(standing.size == own.entries.count + 1)
        #expect(standing.rights.capabilities(of: second.keys.device) == [.read, .write])
    }

    @Test("Pages of a moved log end where its founder vouched for them, and after the move with the server's word")
    func pulledPages() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let own = try bench.ownSpace(of: firm, changes: 9)
        let count = own.entries.count
        for range in [0..<4, 4..<8, 8..<count] { _ = try bench.call(own.page(range), as: firm.admin).get() }
        var size = 0
        var ends: [Int] = []
        while size < count {
            let base = Base(epoch: 0, size: size, root: own.root(size))
            let page = try bench.pull(own.space, as: firm.admin, from: base, maxBytes: 1).get()
            size += page.entries.count
            ends.append(size)
            let isMoved = size == count
            let key = isMoved ? bench.identity.logKey.publicKey : own.logKey.publicKey
            let origin = Checkpoint.origin(server: isMoved ? bench.identity.name : nil, space: own.space, epoch: 0)
            let checkpoint = try Checkpoint.open(page.note, origin: origin, key: key)
            #expect(checkpoint.size == size && checkpoint.root == own.root(size))
            #expect(page.more == !isMoved)
        }
        #expect(ends == [4, 8, count])
    }
}
