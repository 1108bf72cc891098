import Agreements
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    private static func text(_ json: CanonicalJSON) -> String { String(decoding: json.encoded(), as: UTF8.self) }

    @Test("Members are sorted by UTF-16 code units, as in the sample of RFC 8785 section 3.2.3")
    func order() throws {
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"]
        let json = CanonicalJSON.object(names.map { .init($0, .null) })
        let sorted = ["\\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"]
        #expect(Self.text(json) == "{" + sorted.map { "\"\($0)\":null" }.joined(separator: ",") + "}")
        #expect(Self.text(try CanonicalJSON(decoding: json.encoded())) == Self.text(json))
    }

    @Test(
        "Nothing is escaped that need not be, and what is written reads back",
        arguments: [
            ("\u{20}\"\\/\u{8}\u{c}\n\r\t", #"" \"\\/\b\f\n\r\t""#), ("\u{0}\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""), ("分担😀", "\"分担😀\""),
            ("e\u{301}", "\"e\u{301}\""),
        ])
    func texts(text: String, expected: String) throws {
        let json = CanonicalJSON.text(text)
        #expect(Self.text(json).utf8.elementsEqual(expected.utf8))
        #expect(try CanonicalJSON(decoding: json.encoded()).text?.utf8.elementsEqual(text.utf8) == true)
    }

    @Test(
        "Every other form of the same is refused",
        arguments: [
            "", " null", "null ", "[1, 2]", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "01", "-0", "1.0", "1e2", "9007199254740992",
            "\"\\u0041\"",
            "\"\\/\"", "\"\\u000a\"", "\"\\u001F\"", "\"\n\"", "\"a", "[1,]", "{\"a\":1,}", "[1", "{\"a\"}", "nul", "true1", "\"\\ud83d\"",
            "'a'", "+1",
            "- 1", "[1 ,2]",
        ])
    func strict(text: String) {
        #expect(throws: CanonicalFault.self) { try CanonicalJSON(decoding: Array(text.utf8)) }
    }

    @Test("Bytes that are no UTF-8 are refused, and so is what stands too deep")
    func bytes() {
        #expect(throws: CanonicalFault.self) { try CanonicalJSON(decoding: [0x22, 0xff, 0x22]) }
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        #expect(throws: Never.self) { try CanonicalJSON(decoding: nested(CanonicalJSON.nesting)) }
        #expect(throws: CanonicalFault.self) { try CanonicalJSON(decoding: nested(CanonicalJSON.nesting + 1)) }
    }

    @Test("Whole numbers up to 2^53 read back", arguments: [0, 1, -1, 9_007_199_254_740_991, -9_007_199_254_740_991] as [Int64])
    func numbers(value: Int64) throws {
        #expect(try CanonicalJSON(decoding: CanonicalJSON.integer(value).encoded()).integer == value)
    }
}
