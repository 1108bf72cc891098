import Agreements
import BuntanProtocol
import Testing

@Suite("What a release holds")
struct ReleaseManifestTests {
    private static func item(_ number: UInt64, _ kind: String = "responsibility") -> ReleaseManifest.Item {
        .init(record: RecordID(high: number, low: 0), kind: kind, digest: Digest(word0: number, word1: 0, word2: 0, word3: 0))
    }

    @Test("A manifest is written by record and reads back, whatever stands in the name of a kind")
    func roundTrip() throws {
        let manifest = ReleaseManifest([Self.item(3), Self.item(1, "odd\"kind\\"), Self.item(2)])
        let read = try #require(ReleaseManifest(decoding: manifest.encoded()))
        #expect(read == manifest)
        #expect(read.items.map(\.record.high) == [1, 2, 3])
        #expect(read.count(of: "responsibility") == 2)
        #expect(read.digests[RecordID(high: 2, low: 0)]?.word0 == 2)
        #expect(ReleaseManifest(decoding: ReleaseManifest([]).encoded())?.items.isEmpty == true)
    }

    @Test("Two readers could take a record that stands twice for different things, so it is refused; so is every other form")
    func refused() {
        let one = #"["00000000000000010000000000000000","k","\#(String(repeating: "0", count: 64))"]"#
        let two = one.replacing("00000001", with: "00000002")
        #expect(ReleaseManifest(decoding: "[\(one),\(two)]".utf8) != nil)
        for text in [
            "[\(one),\(one)]", "[\(two),\(one)]", "[\(one), \(two)]", "\(one)", "[[]]", "[\(one)", "", "{}", "[[\"00\",\"k\",\"00\"]]",
        ] {
            #expect(ReleaseManifest(decoding: text.utf8) == nil, "\(text)")
        }
    }
}
