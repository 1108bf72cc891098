import Testing

@testable import ChangeLog

/// Base 64 as notes have it: one text for the same bytes, and none else is read.
@Suite struct Base64Tests {
    @Test func whatWasWrittenIsReadBack() {
        var random = SeededRandom(1)
        for count in 0...100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.bytes(Array(Base64.text(bytes).utf8)[...]) == bytes)
        }
    }

    @Test(arguments: ["QQ", "QQ=", "QR==", "QUJ=", "QQ==\n", " QQ==", "Q===", "====", "A=B=", "QQ==QQ==", "Q-==", "QUJDR"])
    func whatHasAnotherFormIsNone(_ text: String) {
        #expect(Base64.bytes(Array(text.utf8)[...]) == nil)
    }
}
