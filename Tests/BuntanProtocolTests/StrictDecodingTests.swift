import BuntanProtocol
import Testing

@Suite struct StrictDecodingTests {
    private func check(_ bytes: [UInt8]) throws(DecodingFault) -> [UInt8] {
        Array(try CBORReader.decode(bytes) { r throws(DecodingFault) in try r.skip() })
    }

    @Test(
        "Every item of RFC 8949 appendix A and of the profile's own edges is taken or refused for its reason", arguments: ProfileCases.all)
    func profile(item: ProfileCases.Case) throws {
        #expect(!item.hex.isEmpty || item.reason == .truncated)
        do {
            let bytes = try check(item.bytes)
            #expect(item.reason == nil, "\(item.meaning) was taken")
            #expect(bytes == item.bytes)
        } catch { #expect(error.reason == item.reason, "\(item.meaning)") }
    }

    @Test("Each argument has one head: the shortest")
    func shortest() throws {
        let edges: [UInt64] = [0, 23, 24, 255, 256, 65_535, 65_536, 0xffff_ffff, 0x1_0000_0000, 1 << 62 - 1]
        for edge in edges {
            let value = Int64(edge)
            let right = CBORWriter.encode { $0.int(value) }
            #expect(try CBORReader.decode(right) { r throws(DecodingFault) in try r.int() } == value)
            for (count, low) in [(1, UInt8(24)), (2, 25), (4, 26), (8, 27)] where count >= right.count {
                let wide = [low] + (0..<count).reversed().map { UInt8(truncatingIfNeeded: edge >> UInt64($0 * 8)) }
                #expect(throws: DecodingFault.self, "\(edge) in \(count + 1) bytes") { _ = try check(wide) }
            }
        }
    }

    @Test(
        "Values are the five data types and nothing else",
        arguments: ["80", "a0", "c100", "f7", "f97e00", "1b0020000000000000", "3b001fffffffffffff"])
    func values(hex: String) throws {
        let bytes = try #require(Hexadecimal.bytes(hex))
        #expect(throws: DecodingFault.self) {
            _ = try CBORReader.decode(bytes) { r throws(DecodingFault) in try Value(from: &r) }
        }
        #expect(throws: DecodingFault.self) {
            _ = try CBORReader.decode(bytes) { r throws(DecodingFault) in try EncodedValue(from: &r) }
        }
    }

    @Test("An encoded value is the value it was read from")
    func encodedValue() throws {
        for seed in 0..<UInt64(300) {
            var shapes = Shapes(seed: seed)
            let value = shapes.value()
            let bytes = Array(value.encoded.bytes)
            let read = try CBORReader.decode(bytes) { r throws(DecodingFault) in try EncodedValue(from: &r) }
            #expect(read == value.encoded && read.value == value, "seed \(seed)")
            #expect(read.isNull == (value == .null) && read.isTrue == (value == .bool(true)) && read.isFalse == (value == .bool(false)))
        }
    }

    @Test("Names are printable ASCII", arguments: ["", "a b", "名", "é", "a\u{0}", "a\n", "\u{7f}"])
    func names(name: String) {
        for bytes in [
            CBORWriter.encode {
                $0.array(2)
                $0.text(name)
                $0.null()
            },
            CBORWriter.encode {
                $0.array(2)
                $0.text("field")
                $0.text(name)
            },
        ] {
            #expect(throws: DecodingFault.self) { _ = try Layout.named("cell")?.reencode(bytes) }
        }
    }

    @Test(
        "Server names fit a checkpoint and a code",
        arguments: [
            ("sync.example.jp", true), ("127.0.0.1:8443", true), ("[::1]:443", true), (String(repeating: "a", count: 255), true),
            ("", false),
            (String(repeating: "a", count: 256), false), ("a b", false), ("a+b", false), ("a/b", false), ("a@b", false), ("例え", false),
            ("a\n", false),
        ])
    func serverNames(name: String, isValid: Bool) {
        #expect(ServerName.isValid(name) == isValid)
    }

    @Test(
        "A request has no key for an empty list: it has one form",
        arguments: [("heads request", 2), ("replay request", 5), ("replay request", 6)])
    func emptyLists(layout: String, key: Int) throws {
        let bytes = CBORWriter.encode { w in
            w.map(layout == "heads request" ? 2 : 5)
            w.key(1)
            if layout == "heads request" {
                w.fixed(SHA.empty)
            } else {
                w.id(SpaceID(high: 1, low: 2))
                w.key(2)
                w.int(0)
                w.key(3)
                w.array(0)
                w.key(4)
                w.text("")
            }
            w.key(key)
            w.array(0)
        }
        #expect(throws: DecodingFault(.wrongLength, at: bytes.count - 1)) { _ = try Layout.named(layout)?.reencode(bytes) }
    }
}
