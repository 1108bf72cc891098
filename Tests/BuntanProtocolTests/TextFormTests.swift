import BuntanProtocol
import Testing

@Suite struct TextFormTests {
    @Test(
        "Base32 follows RFC 4648 section 10 in small letters without padding",
        arguments: [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"), ("foobar", "mzxw6ytboi"),
        ])
    func base32(plain: String, text: String) {
        #expect(Base32.text(Array(plain.utf8)) == text)
        #expect(Base32.bytes(text) == Array(plain.utf8))
        #expect(Base32.bytes(text.uppercased()) == Array(plain.utf8))
        #expect(Base32.bytes(Base32.grouped(text)) == Array(plain.utf8))
    }

    @Test("Base32 that no bytes give is refused", arguments: ["m", "mz x", "mzx", "mz1q", "mzxw6=", "mzxw6ü", "mzxr"])
    func base32Refused(text: String) {
        #expect(Base32.bytes(text) == nil)
    }

    @Test("Hexadecimal is lower case and in pairs")
    func hexadecimal() {
        #expect(Hexadecimal.text([0, 15, 16, 255]) == "000f10ff")
        #expect(Hexadecimal.bytes("000f10ff") == [0, 15, 16, 255])
        for text in ["0", "0F", "0g", "0x", " 00"] { #expect(Hexadecimal.bytes(text) == nil, "\(text)") }
    }

    @Test("Text forms give back any bytes")
    func anyBytes() {
        for seed in 0..<UInt64(300) {
            var shapes = Shapes(seed: seed)
            let bytes = shapes.bytes(0...70)
            #expect(Base32.bytes(Base32.text(bytes)) == bytes, "seed \(seed)")
            #expect(Hexadecimal.bytes(Hexadecimal.text(bytes)) == bytes, "seed \(seed)")
        }
    }

    @Test("A fingerprint is 26 letters in groups of four")
    func fingerprint() {
        var shapes = Shapes(seed: 1)
        let organisation: OrganisationID = shapes.id()
        #expect(organisation.fingerprint.filter { $0 != "-" }.count == 26)
        #expect(organisation.fingerprint.split(separator: "-").map(\.count) == [4, 4, 4, 4, 4, 4, 2])
    }

    private static func codes(seed: UInt64) -> [HandedCode] {
        var s = Shapes(seed: seed)
        return [
            .invitation(seed: s.id(), organisation: s.id(), server: s.serverName()),
            .deviceRequest(
                device: s.fixed(), sealingKey: s.fixed(), proof: s.signature(), label: s.pick(["", "desk", "机", String(repeating: "x", count: 256)])),
            .organisation(s.id(), server: s.serverName()),
            .admission(s.id()),
        ]
    }

    @Test("A handed code is read back as what it is, in any case, grouped or with blanks around", arguments: 0..<UInt64(50))
    func handedCode(seed: UInt64) throws {
        for code in Self.codes(seed: seed) {
            let text = code.text
            #expect(try HandedCode(reading: text) == code)
            #expect(try HandedCode(reading: "  \(text)\n") == code)
            let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            let shouted = Base32.grouped(parts[0].filter { $0 != "-" }.uppercased())
            #expect(try HandedCode(reading: ([shouted] + parts.dropFirst().map(String.init)).joined(separator: "@")) == code)
        }
    }

    @Test("A handed code with one letter mistyped is hardly ever taken for one")
    func mistyped() {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        var (tried, taken) = (0, 0)
        for seed in 0..<UInt64(6) {
            for code in Self.codes(seed: seed) {
                // A fingerprint with a server has no check of its own: people compare it, and the server's answer must fit it.
                if case .organisation = code { continue }
                let text = code.text
                let letters = Array(text.prefix { $0 != "@" })
                for index in letters.indices.prefix(120) {
                    var wrong = letters
                    wrong[index] = alphabet[(alphabet.firstIndex(of: letters[index]).map { $0 + 1 + Int(seed) } ?? 0) % 32]
                    tried += 1
                    guard wrong != letters else { continue }
                    if (try? HandedCode(reading: String(wrong) + text.dropFirst(letters.count))) != nil { taken += 1 }
                }
            }
        }
        // Two bytes of check let one slip in 65,536 pass.
        #expect(tried > 1_000)
        #expect(taken <= 1)
    }

    @Test(
        "What is no code is told from a code with a slip",
        arguments: [
            ("", HandedCode.Fault.notACode), ("hello, world", .notACode), ("@server", .notACode),
            ("mzxw6ytboimzxw6ytboimzxw6y1", .mistyped), ("mzxw6ytb", .mistyped),
        ])
    func faults(text: String, fault: HandedCode.Fault) {
        #expect(throws: fault) { _ = try HandedCode(reading: text) }
    }

    @Test("A code is refused where its server is missing or should not be there")
    func serverPart() {
        for code in Self.codes(seed: 3) {
            let text = code.text
            let letters = String(text.prefix { $0 != "@" })
            switch code {
            case .invitation, .organisation:
                #expect(throws: HandedCode.Fault.mistyped) { _ = try HandedCode(reading: letters) }
                #expect(throws: HandedCode.Fault.mistyped) { _ = try HandedCode(reading: letters + "@") }
            case .deviceRequest, .admission:
                #expect(throws: HandedCode.Fault.mistyped) { _ = try HandedCode(reading: letters + "@sync.example.jp") }
            }
        }
    }
}
