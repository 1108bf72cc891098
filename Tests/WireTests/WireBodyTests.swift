import CZlib
import CZstd
import Testing
import Wire

/// Bytes that compress a little, the same on every run.
func prose(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 60) + 0x61
    }
}

@Suite("A body on its way")
struct WireBodyTests {
    @Test(
        "What is packed comes back, in every coding and length", arguments: ContentCoding.allCases, [0, 1, 1_024, 1_025, 70_000, 600_000])
    func roundTrip(coding: ContentCoding, count: Int) throws {
        let message = prose(count)
        let body = WireBody(packing: message, as: coding)
        #expect(try body.message() == message)
        #expect(body.coding == (count > 1_024 ? coding : .identity))
        if count > 1_024, coding != .identity { #expect(body.bytes.count < count) }
    }

    @Test("A body that does not shrink travels as it is", arguments: [ContentCoding.zstd, .gzip])
    func noGain(coding: ContentCoding) throws {
        var generator = SystemRandomNumberGenerator()
        let message = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(WireBody(packing: message, as: coding) == WireBody(bytes: message, coding: .identity))
    }

    @Test("A sender never makes what a reader must take for a bomb", arguments: [ContentCoding.zstd, .gzip])
    func senderKeepsRatio(coding: ContentCoding) throws {
        let message = [UInt8](repeating: 7, count: 100_000)
        let body = WireBody(packing: message, as: coding)
        #expect(body.coding == .identity)
        #expect(try body.message() == message)
    }

    @Test(
        "The length unfolded is allowed at the limit and refused one past it", arguments: [ContentCoding.identity, .zstd, .gzip],
        [true, false])
    func atTheLimit(coding: ContentCoding, statesLength: Bool) throws {
        let limits = BodyLimits(bytes: 50_000, ratio: 1_000)
        let at = WireBody(bytes: compressed(prose(50_000), coding, statesLength: statesLength), coding: coding)
        #expect(try at.message(within: limits) == prose(50_000))
        let past = WireBody(bytes: compressed(prose(50_001), coding, statesLength: statesLength), coding: coding)
        #expect(throws: BodyFault.tooLarge(limit: 50_000)) { try past.message(within: limits) }
    }

    @Test("The ratio is allowed at the limit and refused one past it", arguments: [ContentCoding.zstd, .gzip], [true, false])
    func atTheRatio(coding: ContentCoding, statesLength: Bool) throws {
        let message = prose(20_000)
        let bytes = compressed(message, coding, statesLength: statesLength)
        let least = (message.count + bytes.count - 1) / bytes.count
        let body = WireBody(bytes: bytes, coding: coding)
        #expect(try body.message(within: BodyLimits(bytes: 1 << 20, ratio: least)) == message)
        #expect(throws: BodyFault.tooDense(ratio: least - 1)) { try body.message(within: BodyLimits(bytes: 1 << 20, ratio: least - 1)) }
    }

    @Test("A bomb of 256 MiB is refused without unfolding it", arguments: [ContentCoding.zstd, .gzip])
    func bombs(coding: ContentCoding) throws {
        let bytes = bomb(of: 1 << 28, coding)
        #expect(bytes.count < 1 << 21)
        let before = residentPeakKiB()
        #expect(throws: (BodyFault).self) { try WireBody(bytes: bytes, coding: coding).message() }
        #expect(residentPeakKiB() - before < 64 * 1024)
    }

    @Test("A frame that asks for a huge window is refused before memory is set aside")
    func hugeWindow() throws {
        // Frame header without a stated length: window descriptor 0xA8 asks for 2 GiB.
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]
        #expect(throws: BodyFault.corrupt(.zstd)) { try WireBody(bytes: frame, coding: .zstd).message() }
    }

    @Test("Every cut of a compressed body is noticed", arguments: [ContentCoding.zstd, .gzip], [true, false])
    func cut(coding: ContentCoding, statesLength: Bool) throws {
        let bytes = compressed(prose(3_000), coding, statesLength: statesLength)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: BodyFault.self) { try WireBody(bytes: Array(bytes[..<count]), coding: coding).message() }
        }
        #expect(throws: BodyFault.truncated(coding)) { try WireBody(bytes: Array(bytes.dropLast()), coding: coding).message() }
    }

    @Test("Bytes after the end are refused", arguments: [ContentCoding.zstd, .gzip])
    func trailing(coding: ContentCoding) throws {
        let bytes = compressed(prose(3_000), coding, statesLength: true)
        #expect(throws: BodyFault.trailing(coding, count: 1)) { try WireBody(bytes: bytes + [0], coding: coding).message() }
        #expect(throws: BodyFault.trailing(coding, count: bytes.count)) { try WireBody(bytes: bytes + bytes, coding: coding).message() }
    }

    @Test("Bytes of another kind are refused", arguments: [ContentCoding.zstd, .gzip])
    func otherKind(coding: ContentCoding) throws {
        #expect(throws: BodyFault.corrupt(coding)) { try WireBody(bytes: prose(2_000), coding: coding).message() }
    }

    @Test("Bodies packed at the same time do not mix")
    func manyAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 1...40 {
                group.addTask {
                    let message = prose(20_000, seed: UInt64(seed))
                    let back = try WireBody(packing: message, as: seed % 2 == 0 ? .zstd : .gzip).message()
                    #expect(back == message)
                }
            }
            try await group.waitForAll()
        }
    }
}
