import BuntanProtocol
import Testing

@Suite struct RoundTripTests {
    @Test("Decoding inverts encoding, and encoding again gives the same bytes", arguments: Layout.all)
    func roundTrip(layout: Layout) throws {
        for seed in 0..<UInt64(200) {
            var shapes = Shapes(seed: seed)
            let (bytes, isSame) = try layout.roundTrip(&shapes)
            #expect(isSame, "\(layout.name), seed \(seed)")
            let again = try layout.reencode(bytes)
            #expect(again == bytes, "\(layout.name), seed \(seed)")
        }
    }

    @Test("Every method has a request and an answer among the layouts", arguments: Method.allCases)
    func everyMethod(method: Method) {
        #expect(Layout.named("\(method.rawValue) request") != nil)
        #expect(Layout.named("\(method.rawValue) answer") != nil)
    }

    @Test("A layout with one key more is refused where it is signed, stored or asked, and passed over in answers", arguments: Layout.all)
    func unknownKey(layout: Layout) throws {
        var shapes = Shapes(seed: 7)
        let (bytes, _) = try layout.roundTrip(&shapes)
        // Layouts that are maps of fewer than 23 entries: one more entry, under a key above all others.
        guard let head = bytes.first, (0xa0..<0xb6).contains(head) else { return }
        let longer = [head + 1] + bytes.dropFirst() + [0x18, 0x7b, 0xf6]
        switch layout.strictness {
        case .exact:
            #expect(throws: DecodingFault.self) { _ = try layout.reencode(longer) }
        case .lenient:
            let again = try layout.reencode(longer)
            #expect(again == bytes)
        }
    }
}
