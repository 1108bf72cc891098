import BuntanProtocol
import FaultyDisks
import Foundation
import GRDB
import Storage
import Syncing
import TestKit
import Testing

@testable import StorageSQLite

/// A loss of power after each write, change of size, synchronisation and deletion that the stores of both programs ask for
/// (sync.md sections 9 and 13): what no synchronisation has covered is lost in part, torn and out of order.
@Suite("A disk that loses what was not synchronised")
struct PowerLossTests {
    enum Owner: CaseIterable { case client, server }

    /// What is found of a store after the power came back.
    private enum Found: Hashable {
        /// Everything acknowledged, and at most the one transaction that was under way, whole.
        case whole
        /// Less than was acknowledged.
        case lost
        /// A transaction in part.
        case half
        /// It does not open, or its check has findings.
        case damaged
    }

    /// What a store asked of its disk while it was made, written to, closed, opened again and written to.
    private struct Recording {
        let events: [DiskEvent]
        let space: SpaceID
        /// The sizes of the log as transactions left it, one after the other.
        let sizes: [Int]
        let next: SpaceUpdate

        init(_ owner: Owner, synchronous: String? = nil) async throws {
            let folder = try TemporaryFolder()
            let disk = FaultyDisk(folder: folder.url.path)
            disk.startRecording()
            var log = try SampleLog()
            space = log.space
            var sizes = [0]
            var update = log.beginning
            for session in 0..<2 {
                var options = owner == .client ? SQLiteStoreOptions.client : .server
                // The log is copied into the file after some commits and not after others.
                options.checkpointPages = 12
                let store = try folder.open(options)
                if let synchronous { try Self.set(synchronous, store) }
                let writer = owner == .server ? GroupCommitWriter(store) : nil
                for number in 0..<3 {
                    let wanted = update
                    let work: @Sendable (any StoreWriter) throws -> Void = { writer in
                        try writer.apply(wanted)
                        try writer.setValue(Array("\(wanted.standing.size)".utf8), for: "size")
                    }
                    if let writer { try await writer.write(work) } else { try store.write(work) }
                    disk.acknowledge(wanted.standing.size)
                    sizes.append(wanted.standing.size)
                    update = try log.writing([.sample(number): String(repeating: "x", count: 900), .sample(9): "\(session)"])
                }
                await writer?.stop()
                try store.close()
            }
            next = update
            self.sizes = sizes
            events = disk.events
        }

        private static func set(_ synchronous: String, _ store: SQLiteStore) throws {
            try store.connections.writer().writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(synchronous)") }
        }
    }

    /// A folder in which stores are opened on what a loss of power has left.
    private struct Remains {
        private let folder: TemporaryFolder
        private let disk: FaultyDisk

        init() throws {
            folder = try TemporaryFolder()
            // Nothing fails here, and nothing waits for a real disk.
            disk = FaultyDisk(folder: folder.url.path)
        }

        func find(_ contents: [String: [UInt8]], of recording: Recording, acknowledged: Int, goesOn: Bool) throws -> Found {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
                try FileManager.default.removeItem(atPath: folder.path(name))
            }
            for (name, bytes) in contents { try Data(bytes).write(to: folder.url.appendingPathComponent(name)) }
            do {
                let store = try folder.open()
                // What cannot be closed after a loss of power says so where it is looked at.
                defer { do { try store.close() } catch {} }
                let found = try look(store, recording, acknowledged)
                if goesOn, found == .whole { try goOn(store, recording) }
                return found
            } catch is StorageFault {
                return .damaged
            }
        }

        private func look(_ store: SQLiteStore, _ recording: Recording, _ acknowledged: Int) throws -> Found {
            guard try store.check() == [] else { return .damaged }
            return try store.read { reader in
                let size = try reader.standing(of: recording.space)?.size ?? 0
                guard size >= acknowledged else { return .lost }
                let next = recording.sizes.first { $0 > acknowledged }
                guard size == acknowledged || size == next else { return .half }
                guard size > 0 else { return try reader.value("size") == nil ? .whole : .half }
                let isWhole =
                    try reader.value("size") == Array("\(size)".utf8)
                    && reader.entries(of: recording.space, from: 0, maxBytes: .max).count == size
                    && reader.history(of: .sample(9), in: recording.space) == Array(2..<size)
                return isWhole ? .whole : .half
            }
        }

        /// What survived is a store to go on with.
        private func goOn(_ store: SQLiteStore, _ recording: Recording) throws {
            try store.write { try $0.setValue([1], for: "after") }
            if try store.read({ try $0.standing(of: recording.space)?.size }) == recording.sizes.last {
                try store.write { try $0.apply(recording.next) }
            }
            #expect(try store.check() == [])
        }
    }

    /// Cuts the power after each event, and returns what was found how often.
    ///
    /// - Parameters:
    ///   - step: with more than 1 only after one event of so many.
    ///   - made: whether the store's making, which ends with the first acknowledgement, is passed over.
    ///   - isTold: whether each cut that leaves anything but a whole store is a failure of its own.
    private func cut(
        _ recording: Recording, every step: Int = 1, once made: Bool = false, isTold: Bool = false,
        neglecting neglect: VolatileDisk.Neglect = .nothing
    ) throws -> [Found: Int] {
        let remains = try Remains()
        var disk = VolatileDisk(neglecting: neglect)
        var acknowledged = 0
        var found: [Found: Int] = [:]
        /// What has been looked at since the last acknowledgement: often nothing more is left than was before.
        var seen: [[String: Digest]: Found] = [:]
        for (index, event) in recording.events.enumerated() {
            disk.take(event)
            if case .acknowledged(let size) = event {
                acknowledged = size
                seen = [:]
            }
            guard index % step == 0, !made || acknowledged > 0 else { continue }
            for seed in 0..<(isTold ? Self.seeds : 1) {
                var random = SeededRandom(seed: UInt64(index * 1_000 + seed))
                let left = disk.afterPowerCut(&random)
                let digests = left.mapValues(SHA.digest)
                let what =
                    try seen[digests]
                    ?? remains.find(left, of: recording, acknowledged: acknowledged, goesOn: index % 7 == seed % 7)
                seen[digests] = what
                found[what, default: 0] += 1
                if isTold, what != .whole { Issue.record("\(what) with the power gone after event \(index), seed \(seed)") }
            }
        }
        return found
    }

    /// How often the power goes after each event; `POWER_LOSS_SEEDS` says otherwise.
    private static let seeds = ProcessInfo.processInfo.environment["POWER_LOSS_SEEDS"].flatMap(Int.init) ?? 3

    @Test(
        "Whenever the power goes, every acknowledged commit is there whole and nothing half, and the check is clean",
        arguments: Owner.allCases)
    func survives(owner: Owner) async throws {
        // Both make their stores alike.
        let found = try cut(try await Recording(owner), once: owner == .server, isTold: true)
        #expect(Set(found.keys) == [.whole], "\(found)")
        #expect(found[.whole, default: 0] > 500)
    }

    @Test("A store that waits for its disk less than FULL loses acknowledged commits: NORMAL whole ones, OFF whatever there is")
    func lessThanFull() async throws {
        let normal = try cut(try await Recording(.client, synchronous: "NORMAL"), every: 5)
        #expect(normal[.lost, default: 0] > 3 && Set(normal.keys) == [.whole, .lost], "\(normal)")
        let off = try cut(try await Recording(.server, synchronous: "OFF"), every: 5)
        #expect(off[.lost, default: 0] > 3 && off[.damaged, default: 0] > 3, "\(off)")
    }

    @Test("A disk that only pretends to have synchronised files, or the names of files, loses acknowledged commits")
    func lyingDisk() async throws {
        let recording = try await Recording(.client)
        let files = try cut(recording, every: 5, neglecting: .synchronisation)
        #expect(files[.lost, default: 0] > 3 && files[.damaged, default: 0] > 3, "\(files)")
        let names = try cut(recording, every: 5, neglecting: .folder)
        #expect(names[.lost, default: 0] > 3, "\(names)")
    }
}
