import BuntanProtocol
import Storage
import StorageSQLite
import Synchronization
import Syncing
import TestKit
import Testing

/// Order (P11): whoever follows a log from a cursor sees every position once, in order, whoever writes meanwhile.
@Suite("A reader that follows a log while many write to it")
struct TailingReaderTests {
    /// What a reader has been shown, by position: the next is one more than the last.
    private struct Tail {
        private(set) var cursor = 0
        private(set) var faults: [String] = []

        mutating func take(_ positions: [Int]) {
            for position in positions {
                if position != cursor { faults.append("position \(position) where \(cursor) was to come") }
                cursor = position + 1
            }
        }
    }

    private func follow(_ store: some SpaceStore) throws -> [String] {
        var first = try SampleLog()
        let space = first.space
        let beginning = first.beginning
        try store.write { try $0.apply(beginning) }
        let (writers, each) = (6, 60)
        let size = first.standing.size + writers * each
        let update = try first.writing([.sample(0): "first"])
        try store.write { try $0.apply(update) }
        // Guards the log that the writers make their updates of: one at a time has the store for writing.
        let log = Mutex(first)
        let writing = (0..<writers).map { writer in
            Worker {
                for number in 0..<each {
                    try store.write { transaction in
                        try transaction.apply(try log.withLock { try $0.writing([.sample(writer): "\(number)"]) })
                    }
                }
            }
        }
        // Guards what the readers find; each adds once.
        let faults = Mutex<[String]>([])
        let reading = (0..<2).map { _ in
            Worker {
                var tail = Tail()
                while tail.cursor <= size {
                    // Few bytes, so that a page ends anywhere.
                    tail.take(try store.read { try $0.entries(of: space, from: tail.cursor, maxBytes: 900) }.map(\.position))
                }
                faults.withLock { $0 += tail.faults }
            }
        }
        for worker in writing + reading { try worker.join() }
        return faults.withLock { $0 }
    }

    @Test("In memory")
    func memory() throws { #expect(try follow(MemoryStore()).isEmpty) }

    @Test("In SQLite, as server and as client open it", arguments: [true, false])
    func sqlite(isServer: Bool) throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(isServer ? .server : .client)
        #expect(try follow(store).isEmpty)
        try store.close()
    }

    /// What is wrong with a store, each a way in which an engine could order its writers.
    enum Mistake: CaseIterable {
        /// A writer is given its number before it commits, and one with a higher number commits first.
        case numbersBeforeCommit
        /// Readers see the order of commits, which is not that of the numbers.
        case orderOfCommits
        /// A page begins with the entry that the last one ended with.
        case repeats

        func showing() -> MemoryStore.Showing {
            let place = 11
            let hasHappened = Atomic(false)
            return { entries, position in
                let shown = Array(entries.dropFirst(position))
                guard position <= place, !hasHappened.load(ordering: .relaxed) else { return shown }
                // Readers come together here, and go on once the entry behind has been committed as well.
                guard position == place, entries.count > place + 1 else { return Array(shown.prefix(place - position)) }
                // Once is enough: what was late is there from now on.
                hasHappened.store(true, ordering: .relaxed)
                return switch self {
                case .numbersBeforeCommit: Array(shown.dropFirst())
                case .orderOfCommits: [shown[1], shown[0]] + shown.dropFirst(2)
                case .repeats: [entries[place - 1]] + shown
                }
            }
        }
    }

    @Test("A store that shows its entries in another order than their numbers', or one twice, is noticed", arguments: Mistake.allCases)
    func notices(mistake: Mistake) throws {
        let store = MemoryStore()
        store.shows(mistake.showing())
        #expect(try !follow(store).isEmpty)
    }
}
