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
        defer { try? FileManager.default.removeItem(at: folder) }
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
        defer { try? FileManager.default.removeItem(at: folder) }
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
        defer { try? FileManager.default.removeItem(at: folder) }
        let mark = try FileMark(path: path)
        #expect(throws: FileMarkFault.inUse(path: path)) { try FileMark(path: path) }
        try mark.advance([space: place(1)], chains: [:])
        #expect(try FileMark.reading(path).place(of: space) == place(1))
    }
}
