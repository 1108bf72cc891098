import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Testing

@Suite struct VectorTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Protocol/Vectors").standardized
    private static var updates: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil }

    @Test("The vectors are what this program computes, byte for byte")
    func golden() throws {
        let files = try VectorBook().files()
        for file in files {
            let url = Self.folder.appending(path: file.name + ".json")
            let text = file.content.printed
            if Self.updates { try Data(text.utf8).write(to: url) }
            let stored = try String(contentsOf: url, encoding: .utf8)
            if stored != text {
                let (old, new) = (stored.split(separator: "\n"), text.split(separator: "\n"))
                let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
                Issue.record("\(file.name).json differs from line \(line + 1) on; rewriting it changes the protocol's version")
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path(percentEncoded: false)).filter {
            $0.hasSuffix(".json")
        }
        #expect(Set(names) == Set(files.map { $0.name + ".json" }))
    }

    @Test("The keys of the vectors are those of RFC 8032 section 7.1")
    func knownKeys() {
        let cast = Cast()
        #expect(cast.providerRoot.publicKey.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(cast.providerDevice.publicKey.hex == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(cast.customerRoot.publicKey.hex == "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        #expect(cast.customerDevice.publicKey.hex == "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e")
        #expect(cast.serverLog.publicKey.hex == "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
    }

    @Test("Points of small order are refused as keys, whichever way they are written")
    func smallOrder() throws {
        for text in VectorBook.smallOrder {
            let key = try #require(Hexadecimal.bytes(text).flatMap { PublicKey($0) })
            #expect(key.isWeak, "\(text)")
        }
        for (name, key) in Cast().named { #expect(!key.publicKey.isWeak, "\(name)") }
    }

    @Test("Every layout of the vectors decodes, and encodes to the same bytes")
    func layouts() throws {
        for (name, layout, bytes) in try VectorBook().layouts() {
            let reencode = try #require(Layout.named(layout)?.reencode, "\(layout)")
            #expect(try reencode(bytes) == bytes, "\(name)")
        }
    }

    @Test("Damaged vectors never crash a decoder and never pass for others")
    func damage() throws {
        for (name, layout, bytes) in try VectorBook().layouts() {
            expectSound(try #require(Layout.named(layout)), damagedFrom: bytes, name)
        }
    }

    @Test("Every broken layout is refused, and differs from a good one")
    func broken() throws {
        let book = try VectorBook()
        let good = Set(try book.layouts().map { $0.layout + Hexadecimal.text($0.bytes) })
        for broken in try book.broken() {
            let layout = try #require(Layout.named(broken.layout), "\(broken.layout)")
            let isGood = good.contains(broken.layout + Hexadecimal.text(broken.bytes))
            #expect(!isGood, "\(broken.layout): \(broken.name) is not broken")
            #expect(throws: DecodingFault.self, "\(broken.layout): \(broken.name)") { _ = try layout.reencode(broken.bytes) }
        }
    }

    @Test("The wrapped space key opens, and the sealed draft with it")
    func wrappedKey() throws {
        let story = try Story()
        let wrapped = try #require(story.draft.rights.wrappedKey(for: story.cast.providerDevice.publicKey, epoch: 1))
        let key = try SpaceKey(opening: wrapped, with: story.cast.providerSealing, space: story.draft.space, epoch: 1)
        let sealed = try #require(story.changes.first { $0.name == "a sealed draft" })
        let (edits, payload) = try SealedSpace.open(Change(decoding: sealed.change.bytes), payload: sealed.change.payload, key: key)
        #expect(edits.first?.kind == "cloud-service")
        #expect(payload.count == 3)
    }

    @Test("A damaged record state never crashes its decoder and never passes for another")
    func states() throws {
        let layout = Layout(
            "state", decode: { b throws(DecodingFault) in try RecordState(decoding: b) }, encode: { $0.encoded() },
            make: { RecordState(kind: $0.name(), creator: $0.id()) })
        let cells = [
            Cell(
                key: CellKey("allocation"),
                heads: [
                    Head(op: OpID(ChangeID(high: 1, low: 0), 0), position: 3, author: 1, value: Value.text("shared").encoded),
                    Head(op: OpID(ChangeID(high: 2, low: 0), 1), position: nil, author: 2, value: nil),
                ])
        ]
        expectSound(
            layout,
            damagedFrom: RecordState(kind: "responsibility", creator: OrganisationID(high: 1, low: 1), seam: 4, cells: cells).encoded(),
            "state")
    }
}
