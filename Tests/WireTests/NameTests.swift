import Testing
import Wire

@Suite("Headers and paths")
struct NameTests {
    @Test(
        "Each method has one path",
        arguments: [
            ("/v1/pull", "pull"), ("/v1/create_space", "create_space"), ("/v1/", nil), ("/v1/Pull", nil), ("/v1/pull/", nil),
            ("/v1/pull?x", nil), ("/v2/pull", nil), ("/v1/%70ull", nil), ("", nil), ("/v1/" + String(repeating: "a", count: 65), nil),
        ])
    func methods(path: String, method: String?) {
        #expect(WireNames.method(inPath: path) == method)
    }

    @Test(
        "The best coding that both know is used",
        arguments: [
            (nil, ContentCoding.identity), ("", .identity), ("gzip", .gzip), ("gzip, zstd", .zstd), ("zstd;q=0, gzip", .gzip),
            ("zstd;q=0.0,gzip;q=0", .identity), ("br, deflate", .identity), ("GZIP;q=0.5 , ZSTD;q=0.1", .zstd), ("*", .identity),
        ])
    func accepted(header: String?, coding: ContentCoding) {
        #expect(ContentCoding.best(acceptedBy: header) == coding)
    }

    @Test(
        "A body's type is told by its name, not its parameters",
        arguments: [
            ("application/cbor", true), ("Application/CBOR; x=y", true), (nil, false), ("application/cbor-seq", false),
            ("text/html", false),
        ])
    func types(header: String?, isBody: Bool) {
        #expect(WireNames.isBodyType(header) == isBody)
    }

    @Test(
        "Base64 for URLs agrees with RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, text: String) {
        #expect(Base64URL.text(Array(plain.utf8)) == text)
        #expect(Base64URL.bytes(text) == Array(plain.utf8))
    }

    @Test("Every byte survives, with the alphabet for URLs")
    func everyByte() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Base64URL.text(bytes)
        #expect(Base64URL.bytes(text) == bytes)
        #expect(text.contains("-") && text.contains("_"))
    }

    @Test("Only the one spelling of some bytes is read", arguments: ["Zg==", "Zh", "Z", "Zm9vY", "Zm9+", "Zm9/", "Zm 9v", "é"])
    func spellings(text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }
}
