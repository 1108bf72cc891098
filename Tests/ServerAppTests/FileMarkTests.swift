import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Testing

@testable import ServerApp

@Suite("The high-water mark on disk")
struct FileMarkTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("marks-\(UUID().uuidString)")
    private var path: String { folder.appendingPathComponent("marks").path }
    private let space = SpaceID(high: 1, low: 2)
    private let organisation = OrganisationID(high: 3, low: 4)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func place(_ size: Int) -> MarkedPlace { MarkedPlace(epoch: 0, size: size, root: SHA.digest([UInt8(size)])) }

    @Test("What was marked is there after the process has gone, and never goes back")
    func survives() throws {
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }  // Only tidying up.
        let head = ChainHead(number: 2, digest: SHA.empty)
        do {
            let mark = try FileMark(path: path)
            try mark.advance([space: place(1)], chains: [organisation: head])
            try mark.advance([space: place(5)], chains: [:])
            try mark.advance([space: place(3)], chains: [organisation: .start])
            #expect(mark.place(of: space) == place(5))
        }
        let again = try FileMark(path: path)
        #expect(again.places() == [space: place(5)] && again.chains() == [organisation: head])
    }

    @Test("A line that a crash cut short is dropped; one in the middle that was changed is damage")
    func tornAndDamaged() throws {
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }  // Only tidying up.
        do {
            let mark = try FileMark(path: path)
            for size in 1...3 { try mark.advance([space: place(size)], chains: [:]) }
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for cut in 1...whole.count / 3 {
            try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
            let mark = try FileMark(path: path)
            #expect(mark.place(of: space) == place(2))
        }
        var damaged = whole
        damaged[whole.count / 3 + 40] ^= 1
        try damaged.write(to: URL(fileURLWithPath: path))
        #expect(throws: FileMarkFault.damaged(path: path, line: 2)) { try FileMark(path: path) }
    }

    @Test("Two servers do not share one folder")
    func locked() throws {
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }  // Only tidying up.
        let mark = try FileMark(path: path)
        #expect(throws: FileMarkFault.inUse(path: path)) { try FileMark(path: path) }
        try mark.advance([space: place(1)], chains: [:])
        #expect(try FileMark.reading(path).place(of: space) == place(1))
    }

    @Test("Whatever a loss of power leaves of the last line, the lines before it stand and the mark opens")
    func powerLoss() throws {
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }  // Only tidying up.
        let file = URL(fileURLWithPath: path)
        let others = (1...9).map { SpaceID(high: 7, low: UInt64($0)) }
        do {
            let mark = try FileMark(path: path)
            try mark.advance([space: place(1)], chains: [organisation: ChainHead(number: 2, digest: SHA.empty)])
        }
        let durable = try Data(contentsOf: file)
        do { try FileMark(path: path).advance(Dictionary(uniqueKeysWithValues: others.map { ($0, place(4)) }), chains: [:]) }
        let whole = try Data(contentsOf: file)
        // What one group commit has marked is more than a sector, and any of its sectors may be lost while others land.
        let sectors = stride(from: durable.count, to: whole.count, by: 512).map { $0..<min(whole.count, $0 + 512) }
        #expect(sectors.count > 1)
        for kept in 0..<(1 << sectors.count) - 1 {
            var left = durable
            left.append(Data(count: whole.count - durable.count))
            for (index, sector) in sectors.enumerated() where kept >> index & 1 == 1 { left[sector] = whole[sector] }
            try left.write(to: file)
            let mark = try FileMark(path: path)
            #expect(mark.places() == [space: place(1)], "sectors \(kept)")
            try mark.advance([others[0]: place(2)], chains: [:])
            #expect(try FileMark.reading(path).places() == [space: place(1), others[0]: place(2)], "sectors \(kept)")
        }
        try whole.write(to: file)
        #expect(try FileMark(path: path).places().count == 1 + others.count)

        // A line for each would not do: where the first is lost and a later one is not, this is no end that was cut short.
        try durable.write(to: file)
        do {
            let mark = try FileMark(path: path)
            for other in others { try mark.advance([other: place(4)], chains: [:]) }
        }
        var torn = try Data(contentsOf: file)
        torn.replaceSubrange(durable.count..<durable.count + 512, with: Data(count: 512))
        try torn.write(to: file)
        #expect(throws: FileMarkFault.self) { try FileMark(path: path) }
    }
}
