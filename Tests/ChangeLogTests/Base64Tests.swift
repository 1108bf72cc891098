import Foundation
import Testing

@testable import ChangeLog

/// Base 64 against the library's.
@Suite struct Base64Tests {
    /// What the library makes of a text, if it would write the same for it.
    private static func reference(_ text: [UInt8]) -> [UInt8]? {
        guard let data = Data(base64Encoded: Data(text)), Array(data.base64EncodedData()) == text else { return nil }
        return Array(data)
    }

    @Test func theSameTextAsTheLibraryAndBack() {
        var random = SeededRandom(1)
        for count in 0...100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
            #expect(Base64.bytes(Array(Base64.text(bytes).utf8)[...]) == bytes)
        }
    }

    @Test(arguments: ["QQ", "QQ=", "QR==", "QUJ=", "QQ==\n", " QQ==", "Q===", "====", "A=B=", "QQ==QQ==", "Q-==", "QUJDR"])
    func whatHasAnotherFormIsNone(_ text: String) {
        #expect(Base64.bytes(Array(text.utf8)[...]) == nil)
    }

    /// One letter changed or taken away: read as the library reads it, or not at all.
    @Test func whatWasChangedIsReadAsTheLibraryReadsIt() {
        var random = SeededRandom(2)
        var read = 0
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            var text = Array(Base64.text(bytes).utf8)
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: text[place] = UInt8.random(in: 0...255, using: &random)
            case 1: text.remove(at: place)
            default: text[place] = UInt8(ascii: "=")
            }
            #expect(Base64.bytes(text[...]) == Self.reference(text))
            if Base64.bytes(text[...]) != nil { read += 1 }
        }
        #expect(read > 0)
    }
}
