import BuntanProtocol
import Foundation
import Storage
import StorageSQLite
import Synchronization
import Syncing
import TestKit
import Testing

@Suite("Group commit")
struct GroupCommitTests {
    private struct ChangeOfMind: Error, Equatable {}

    @Test("Work of many callers is done once each, in fewer transactions than pieces")
    func together() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        let writer = GroupCommitWriter(store, limits: .init(milliseconds: 10_000))
        let words = Conversation()
        // While the first is being written the others line up behind it.
        async let first: Void = writer.write { _ in
            words.say(1)
            words.awaitWord(2)
        }
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try await writer.write { transaction in
                        try transaction.setValue([1], for: "value \(number)")
                        return number
                    }
                }
            }
            words.say(2)
            var numbers: [Int] = []
            for try await number in group { numbers.append(number) }
            return numbers
        }
        try await first
        #expect(numbers.sorted() == Array(0..<500))
        #expect(try store.read { try $0.values(withPrefix: "value ").count } == 500)
        let tally = writer.tally
        #expect(tally.work == 501)
        #expect(tally.commits < 400, "\(tally.commits) commits")
        await writer.stop()
    }

    /// Writes `pieces` that all wait in line behind a first one, and returns how many there were in each transaction after it.
    private func transactions(
        of pieces: Int, limits: GroupCommitWriter.Limits, ticks: @escaping @Sendable () -> Duration = { .zero },
        each: @escaping @Sendable () -> Void = {}
    ) async throws -> [Int] {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        var limits = limits
        limits.waiting = pieces
        let writer = GroupCommitWriter(store, limits: limits, ticks: ticks)
        let words = Conversation()
        async let first: Void = writer.write { _ in
            words.say(1)
            words.awaitWord(2)
        }
        await withCheckedContinuation { continuation in
            _ = Worker {
                words.awaitWord(1)
                continuation.resume()
            }
        }
        let commits = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0...pieces {
                group.addTask {
                    do {
                        return try await writer.write { [writer] transaction in
                            try transaction.setValue([1], for: "value \(number)")
                            each()
                            return writer.tally.commits
                        }
                    } catch StorageFault.busy(holder: nil) {
                        // One too many for the line: all others stand in it.
                        words.say(2)
                        return nil
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { if let commit = $1 { $0.append(commit) } }
        }
        try await first
        #expect(writer.tally.work == pieces + 1)
        await writer.stop()
        try store.close()
        let counts = Dictionary(commits.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { $0.key < $1.key }.map(\.value)
    }

    @Test("A transaction holds as many pieces as its limit and not one more", arguments: [(1, 3), (3, 9), (3, 10), (200, 401)])
    func workLimit(limit: Int, pieces: Int) async throws {
        #expect(GroupCommitWriter.Limits().work == 200 && GroupCommitWriter.Limits().milliseconds == 2)
        let sizes = try await transactions(of: pieces, limits: .init(work: limit))
        let whole = [Int](repeating: limit, count: pieces / limit)
        #expect(sizes == whole + (pieces % limit == 0 ? [] : [pieces % limit]))
    }

    @Test(
        "A transaction takes pieces until its time is over, however many more wait",
        arguments: [(0.5, [4, 4, 2]), (2, Array(repeating: 1, count: 10)), (0.1, [10])] as [(Double, [Int])])
    func timeLimit(millisecondsEach: Double, expected: [Int]) async throws {
        let clock = Mutex(Duration.zero)
        let sizes = try await transactions(
            of: 10, limits: .init(), ticks: { clock.withLock { $0 } }, each: { clock.withLock { $0 += .milliseconds(millisecondsEach) } })
        #expect(sizes == expected)
    }

    @Test("Work that throws undoes itself alone, and its caller gets its own error")
    func alone() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let writer = GroupCommitWriter(store)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        try await writer.write { transaction in
                            try transaction.setValue([1], for: "value \(number)")
                            if number % 3 == 0 { throw ChangeOfMind() }
                        }
                        #expect(number % 3 != 0)
                    } catch {
                        #expect(error is ChangeOfMind && number % 3 == 0)
                    }
                }
            }
        }
        let names = try store.read { try $0.values(withPrefix: "value ").keys }
        #expect(Set(names) == Set((0..<100).filter { $0 % 3 != 0 }.map { "value \($0)" }))
        await writer.stop()
    }

    @Test("Nobody is answered before the commit is durable and what follows it is done")
    func order() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let marks = Mutex<[SpaceID: Int]>([:])
        let log = try SampleLog()
        let writer = GroupCommitWriter(store) { standings in
            // Seen from outside the transaction: it has been committed.
            for (space, standing) in standings {
                let seen = try store.read { try $0.standing(of: space)?.size }
                #expect(seen == standing.size)
                marks.withLock { $0[space] = standing.size }
            }
        }
        try await writer.write { try $0.apply(log.beginning) }
        #expect(marks.withLock { $0 } == [log.space: 2])
        var next = log
        let update = try next.writing([.sample(1): "text"])
        await #expect(throws: ChangeOfMind.self) {
            try await writer.write { transaction in
                try transaction.apply(update)
                throw ChangeOfMind()
            }
        }
        #expect(marks.withLock { $0 } == [log.space: 2], "what was undone is not told")
        await writer.stop()
    }

    @Test("If what follows the commit fails, all in the transaction hear of it")
    func failingMark() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let writer = GroupCommitWriter(store) { _ in throw ChangeOfMind() }
        await #expect(throws: ChangeOfMind.self) { try await writer.write { try $0.setValue([1], for: "name") } }
        await writer.stop()
    }

    @Test("At the limit work still waits its turn; one past it the caller hears busy at once", arguments: [1, 3])
    func bounded(_ limit: Int) async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let writer = GroupCommitWriter(store, limits: .init(waiting: limit))
        let words = Conversation()
        async let first: Void = writer.write { _ in
            words.say(1)
            words.awaitWord(2)
        }
        // A thread of its own waits: the writing thread has taken the first piece and the line is empty.
        await withCheckedContinuation { continuation in
            _ = Worker {
                words.awaitWord(1)
                continuation.resume()
            }
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0...limit {
                group.addTask {
                    do {
                        try await writer.write { try $0.setValue([1], for: "value \(number)") }
                        return true
                    } catch StorageFault.busy(holder: nil) {
                        words.say(2)
                        return false
                    }
                }
            }
            var taken = 0
            for try await isTaken in group where isTaken { taken += 1 }
            #expect(taken == limit)
        }
        try await first
        await writer.stop()
    }

    @Test("Stopping finishes what was taken and takes no more")
    func stopping() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let writer = GroupCommitWriter(store)
        let written = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        try await writer.write { try $0.setValue([1], for: "value \(number)") }
                        return true
                    } catch StorageFault.busy {
                        return false
                    }
                }
            }
            group.addTask {
                await writer.stop()
                return false
            }
            var written = 0
            for try await isWritten in group where isWritten { written += 1 }
            return written
        }
        #expect(try store.read { try $0.values(withPrefix: "value ").count } == written)
        await #expect(throws: StorageFault.busy(holder: nil)) { try await writer.write { _ in } }
    }

    @Test("A store held by another process is told to all who wait, with the holder")
    func held() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(SQLiteStoreOptions(wait: 0))
        let process = try CrasherProcess("hold", store: folder.path)
        #expect(process.line() == "holding")
        let writer = GroupCommitWriter(store)
        await #expect(throws: StorageFault.busy(holder: process.number)) { try await writer.write { _ in } }
        #expect(process.finish() == 0)
        try await writer.write { try $0.setValue([1], for: "name") }
        await writer.stop()
    }

    @Test("The write-ahead log is copied into the file once it is long, and does not grow without end")
    func checkpoints() async throws {
        let folder = try TemporaryFolder()
        var options = SQLiteStoreOptions.server
        options.checkpointPages = 50
        let store = try folder.open(options)
        let writer = GroupCommitWriter(store)
        for number in 0..<100 {
            try await writer.write { try $0.setValue([UInt8](repeating: 1, count: 20_000), for: "value \(number % 5)") }
        }
        await writer.stop()
        let size = try #require(try FileManager.default.attributesOfItem(atPath: folder.path + "-wal")[.size] as? Int)
        #expect(size < 150 * 4_096, "\(size) bytes")
        #expect(try store.durability() == .full)
    }
}
