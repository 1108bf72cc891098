import BuntanProtocol
import Foundation
import GRDBSQLite
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import Benchmarks

/// Cost (P13), as SQLite counts it: what one change costs the stores of a server and of a customer's device depends on the
/// change, not on how long its log is.
@Suite("What a change costs in SQLite", .serialized)
struct CostTests {
    private static let (short, long) = (1_000, 10_000)

    /// What changes cost in a log of a folder of its own, which stays only where something went wrong.
    private func costs(
        entries: Int, cycles: Int = 2, spoiling spoil: (LongLog) throws -> Void = { _ in }
    ) throws -> [CostOfAChange.Part: CostOfAChange.Cost] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-cost-\(UUID().uuidString)").path
        let log = try LongLog(in: folder, entries: entries)
        #expect(try log.standing().size >= entries)
        #expect(try log.customer.read { try $0.standing(of: log.space)?.base } == log.standing().base)
        try spoil(log)
        let costs = try CostOfAChange.costs(in: log, cycles: cycles)
        try log.close()
        try FileManager.default.removeItem(atPath: folder)
        return costs
    }

    /// What a long log makes dearer, or too dear at all, by the parts in which it does.
    private func excess(
        of long: [CostOfAChange.Part: CostOfAChange.Cost], over short: [CostOfAChange.Part: CostOfAChange.Cost]
    ) throws -> [CostOfAChange.Part: [String]] {
        var excess: [CostOfAChange.Part: [String]] = [:]
        for part in CostOfAChange.Part.allCases {
            let (long, short) = (try #require(long[part]), try #require(short[part]))
            var found: [String] = []
            // A tree of hashes that is one level taller has one more row to read, and a table's tree one more page a question.
            if long.work.steps > short.work.steps + 100 { found.append("\(long.work.steps) steps, \(short.work.steps) of a short log") }
            if long.work.pages > short.work.pages * 2 { found.append("\(long.work.pages) pages, \(short.work.pages) of a short log") }
            if long.work.scanned > short.work.scanned { found.append("\(long.work.scanned) rows scanned, \(short.work.scanned)") }
            if [.push, .heads, .pull].contains(part), long.work.scanned > 0 { found.append("\(long.work.scanned) rows scanned") }
            if long.bytes > 16 * 1024 { found.append("\(long.bytes) bytes") }
            if !found.isEmpty { excess[part] = found }
        }
        return excess
    }

    @Test("A change is pushed, pulled, filed, read and written at the same cost in a long log as in a short one, without a scan")
    func change() throws {
        let (short, long) = (try costs(entries: Self.short), try costs(entries: Self.long))
        let excess = try excess(of: long, over: short)
        #expect(excess.isEmpty, "\(excess)")
        // Everything was counted, and is of the size of a change.
        for part in CostOfAChange.Part.allCases {
            let cost = try #require(short[part])
            #expect((10..<20_000).contains(cost.work.steps) && cost.work.pages > 0, "\(part): \(cost)")
        }
    }

    @Test("A table of entries without its key is noticed")
    func withoutKey() throws {
        func dropKey(_ log: LongLog) throws {
            var connection: OpaquePointer?
            #expect(sqlite3_open(log.server.path, &connection) == SQLITE_OK)
            defer { sqlite3_close(connection) }
            let sql = "CREATE TABLE bare AS SELECT * FROM entry; DROP TABLE entry; ALTER TABLE bare RENAME TO entry;"
            #expect(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
        }
        let short = try costs(entries: 100, cycles: 1, spoiling: dropKey)
        let long = try costs(entries: 1_000, cycles: 1, spoiling: dropKey)
        let excess = try excess(of: long, over: short)
        #expect(excess[.pull]?.contains { $0.contains("scanned") } == true && excess[.heads] != nil, "\(excess)")
    }

    /// A store that looks through a log by its key for whatever it is asked: no scan, and yet every row of it.
    private struct LookingThrough: SpaceStore {
        let store: SQLiteStore
        let space: SpaceID

        func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
            try store.read { reader in
                _ = try reader.changes(in: space)
                return try body(reader)
            }
        }

        func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result { try store.write(body) }
    }

    @Test("A server that looks through a log for each answer is noticed, though it scans no table")
    func looksThrough() throws {
        func spoil(_ log: LongLog) { log.served = LookingThrough(store: log.server, space: log.space) }
        let short = try costs(entries: 100, cycles: 1, spoiling: spoil)
        let long = try costs(entries: 1_000, cycles: 1, spoiling: spoil)
        let excess = try excess(of: long, over: short)
        #expect(Set(excess.keys).isSuperset(of: [.push, .heads, .pull]), "\(excess)")
        #expect(long[.pull]?.work.scanned == 0)
    }
}
