import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Logging
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing

@testable import ServerApp

/// P7 at the boundary that attackers see: two servers with one clock, one source of chance and one tenant that asks, beside whom
/// another tenant has other ids, names, values, counts and sizes in each.
@Suite("Two worlds: nothing that a tenant can obtain tells of another")
struct TwoWorldsTests {
    private static let shapes = [
        WorldTenant.Shape(seed: 101, services: 1, changes: 2, words: 3, devices: 1, auditors: 0),
        WorldTenant.Shape(seed: 202, services: 3, changes: 25, words: 600, devices: 4, auditors: 2),
    ]

    private static func ids() async throws -> [ForeignIDs] {
        var ids: [ForeignIDs] = []
        for shape in shapes { ids.append(try await WorldRun(other: shape).scouted()) }
        return ids
    }

    @Test("A tour of all methods brings the same bytes in both, heads and sizes included, whatever ids it asks about")
    func equal() async throws {
        let ids = try await Self.ids()
        let first = try await WorldRun(other: Self.shapes[0]).tour(about: ids)
        let second = try await WorldRun(other: Self.shapes[1]).tour(about: ids)
        #expect(first.count == second.count)
        #expect(
            Set(first.compactMap { $0.what.split(separator: " ").last.map(String.init) }).isSuperset(
                of: BuntanProtocol.Method.allCases.map(\.rawValue)))
        // Answers of every kind: done, and refused in each way that does not need a fault of the server's.
        let statuses = Set(first.compactMap { $0.head.split(separator: " ").dropFirst().first })
        #expect(statuses.isSuperset(of: ["200", "401", "403", "404", "409", "422"]), "\(statuses)")
        for coding in ["gzip", "zstd"] { #expect(first.contains { $0.head.lowercased().contains("content-encoding: \(coding)") }) }
        for (here, there) in zip(first, second) {
            #expect(here.request == there.request, "\(here.what) asks otherwise")
            #expect(here.head == there.head && here.body == there.body, "\(here.what): \(here.head)\n\(there.head)")
        }
        print("two worlds: \(first.count) requests, \(first.reduce(0) { $0 + $1.head.utf8.count + $1.body.count }) bytes of answers alike")
    }

    @Test("A server that tells something of another tenant is caught by the same comparison", arguments: Leak.allCases)
    func caught(_ leak: Leak) async throws {
        let ids = try await Self.ids()
        let first = try await WorldRun(other: Self.shapes[0], leak: leak).tour(about: ids)
        let second = try await WorldRun(other: Self.shapes[1], leak: leak).tour(about: ids)
        #expect(zip(first, second).contains { $0.head != $1.head || $0.body != $1.body })
    }

    @Test("How long each method takes to refuse, for what is another's and for what is nobody's, is told for people to look at")
    func times() async throws {
        let samples = 200
        try await WorldRun(other: Self.shapes[1]).with { scene in
            let other = try scene.tenant(Self.shapes[1])
            try await other.settle()
            let tenant = try scene.tenant(WorldRun.asking)
            try await tenant.settle()
            let own = (space: tenant.services[0], base: try await tenant.base(of: tenant.services[0], as: tenant.provider).base)
            let asked = try [ForeignIDs(of: other), ForeignIDs(nobodys: 77)].map { ids in
                Dictionary(try ids.probes(by: tenant, within: own).map { ($0.name, $0) }) { first, _ in first }
            }
            print("refusals, \(samples) samples each, median and nine in ten in µs")
            for name in asked[0].keys.sorted() {
                let probes = try asked.map { try #require($0[name]) }
                var taken: [[Duration]] = [[], []]
                var statuses: Set<Int> = []
                // In turn, so that whatever else the machine does befalls both alike.
                for number in 0..<(2 * samples) {
                    let probe = probes[number % 2]
                    let start = ContinuousClock.now
                    let answer = try await tenant.answer(probe.method, probe.body, as: tenant.provider)
                    taken[number % 2].append(ContinuousClock.now - start)
                    statuses.insert(answer.status)
                }
                #expect(statuses.count == 1, "\(name): \(statuses)")
                let told = taken.map { times in
                    let sorted = times.sorted().map { $0 / .microseconds(1) }
                    return [0.5, 0.9].map { String(format: "%.1f", sorted[Int(Double(sorted.count) * $0)]) }
                }
                print("\(name): another's \(told[0]), nobody's \(told[1])")
            }
        }
    }
}
