import BuntanProtocol
import Testing

@Suite struct MutationTests {
    @Test("Damaged bytes never crash a decoder and never pass for others", arguments: Layout.all)
    func damage(layout: Layout) throws {
        for seed in 0..<UInt64(4) {
            var shapes = Shapes(seed: seed)
            let (bytes, _) = try layout.roundTrip(&shapes)
            expectSound(layout, damagedFrom: bytes, "seed \(seed)")
        }
    }

    @Test("Random bytes never crash a decoder", arguments: Layout.all)
    func noise(layout: Layout) {
        for seed in 0..<UInt64(500) {
            var shapes = Shapes(seed: seed)
            expectSound(layout, shapes.bytes(0...80), "noise, seed \(seed)")
        }
    }
}

/// Checks every flip of one bit (of up to about 160 bytes, spread) and every truncation.
func expectSound(_ layout: Layout, damagedFrom bytes: [UInt8], _ origin: String) {
    let step = max(1, bytes.count / 160)
    for position in stride(from: 0, to: bytes.count, by: step) {
        var damaged = bytes
        for bit in 0..<8 {
            damaged[position] = bytes[position] ^ (1 << UInt8(bit))
            expectSound(layout, damaged, "byte \(position), bit \(bit) of \(origin)")
        }
        expectRefused(layout, Array(bytes[..<position]), "cut to \(position), \(origin)")
    }
    expectRefused(layout, bytes + [0], "one byte more, \(origin)")
}

private func expectRefused(_ layout: Layout, _ bytes: [UInt8], _ origin: @autoclosure () -> String) {
    if (try? layout.reencode(bytes)) != nil { Issue.record("\(layout.name) took bytes it should refuse: \(origin())") }
}

/// Checks that bytes are refused, or taken for exactly what they are.
func expectSound(_ layout: Layout, _ bytes: [UInt8], _ origin: @autoclosure () -> String) {
    guard let again = try? layout.reencode(bytes) else { return }
    let isSound =
        switch layout.strictness {
        case .exact: again == bytes
        // What a later version added is dropped; what remains stays as it is.
        case .lenient: (try? layout.reencode(again)) == again
        }
    if !isSound { Issue.record("\(layout.name) took bytes for others: \(origin())") }
}
