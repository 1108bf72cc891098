import BuntanProtocol
import ChangeLog
import Testing

@Suite("A memory of good signatures") struct SignatureMemoryTests {
    private static let key = SigningKey(seed: SHA.digest([1]))
    private static let message: [UInt8] = [1, 2, 3]

    private static func isValid(_ signature: Signature, by key: PublicKey = key.publicKey, _ content: [UInt8] = message) -> Bool {
        SignatureCheck.isValid(signature, by: key, label: "change", content: content)
    }

    @Test("What was found good once is good again, and is kept once")
    func good() {
        let signature = Self.key.sign("change", Self.message)
        let memory = SignatureMemory()
        SignatureMemory.$current.withValue(memory) { for _ in 0..<3 { #expect(Self.isValid(signature)) } }
        #expect(memory.count == 1)
        #expect(SignatureMemory.current == nil)
    }

    @Test("A signature is made once, is the one that the key makes without a memory, and is not taken for good unseen")
    func made() {
        let memory = SignatureMemory()
        let other = SigningKey(seed: SHA.digest([2]))
        SignatureMemory.$current.withValue(memory) {
            for _ in 0..<2 {
                for (key, content) in [(Self.key, Self.message), (Self.key, [9]), (other, Self.message)] {
                    let signature = key.sign("change", content)
                    #expect(signature == SignatureMemory.$current.withValue(nil) { key.sign("change", content) })
                }
            }
        }
        #expect(memory.count == 0)
    }

    @Test("A memory that trusts what was made in it refuses what was made elsewhere and is not good")
    func trust() {
        let memory = SignatureMemory(SignatureMemory(), trustsMade: true)
        let elsewhere = Self.key.sign("change", [9])
        SignatureMemory.$current.withValue(memory) {
            let signature = Self.key.sign("change", Self.message)
            #expect(memory.count == 1)
            #expect(Self.isValid(signature))
            var bytes = signature.bytes
            bytes[63] ^= 1
            #expect(Signature(bytes).map { Self.isValid($0) } == false)
            #expect(!Self.isValid(signature, [9]))
            #expect(Self.isValid(elsewhere, [9]))
            #expect(!Self.isValid(elsewhere))
        }
        #expect(memory.count == 2)
    }

    @Test("Another message, key, label or signature is refused, though the good one is known, and nothing bad is kept")
    func bad() throws {
        let signature = Self.key.sign("change", Self.message)
        var bytes = signature.bytes
        bytes[40] ^= 1
        let flipped = try #require(Signature(bytes))
        let other = SigningKey(seed: SHA.digest([2])).publicKey
        let memory = SignatureMemory()
        SignatureMemory.$current.withValue(memory) {
            #expect(Self.isValid(signature))
            for _ in 0..<2 {
                #expect(!Self.isValid(signature, [1, 2, 4]))
                #expect(!Self.isValid(signature, by: other))
                #expect(!Self.isValid(flipped))
                #expect(!SignatureCheck.isValid(signature, by: Self.key.publicKey, label: "statement", content: Self.message))
            }
        }
        #expect(memory.count == 1)
    }

    @Test("A memory that begins with another's knows what that one knew and keeps the rest to itself")
    func copy() {
        let memory = SignatureMemory()
        SignatureMemory.$current.withValue(memory) { #expect(Self.isValid(Self.key.sign("change", Self.message))) }
        let copy = SignatureMemory(memory)
        SignatureMemory.$current.withValue(copy) { #expect(Self.isValid(Self.key.sign("change", [9]), [9])) }
        #expect(copy.count == 2)
        #expect(memory.count == 1)
    }

    @Test("A change that was found good is good again, and one that differs in any bit, or in the form asked for, is not")
    func changes() throws {
        let signed = try Draft().signed()
        let whole = try ChangeCheck.check(signed)
        let payload = try #require(whole.payload)
        let erased = SignedChange(
            bytes: signed.bytes, signature: signed.signature, payload: ValuesRoot.erasing([0], from: payload).encoded())
        let all = signed.bytes.count + 64 + signed.payload.count
        let flipped = try (0..<all * 8).map { try Self.flipping($0, of: signed) }
        let memory = SignatureMemory()
        SignatureMemory.$current.withValue(memory) {
            for _ in 0..<3 { #expect((try? ChangeCheck.check(signed)) == whole) }
            #expect(memory.changeCount == 1)
            for (bit, other) in flipped.enumerated() {
                #expect(throws: (any Error).self, "bit \(bit)") { try ChangeCheck.check(other) }
            }
            // A byte that moves from one part into the next gives the same bytes in all.
            let shifted = SignedChange(
                bytes: signed.bytes + signed.payload.prefix(1), signature: signed.signature, payload: Array(signed.payload.dropFirst()))
            #expect(throws: Refusal.self) { try ChangeCheck.check(shifted) }
            #expect(throws: Never.self) { try ChangeCheck.check(erased, form: .afterErasure) }
            #expect(throws: Refusal(.badSignature, "payload")) { try ChangeCheck.check(erased) }
        }
        #expect(memory.changeCount == 2)
    }

    private static func flipping(_ bit: Int, of signed: SignedChange) throws -> SignedChange {
        var parts = [signed.bytes, signed.signature.bytes, signed.payload]
        var (part, at) = (0, bit / 8)
        while at >= parts[part].count {
            at -= parts[part].count
            part += 1
        }
        parts[part][at] ^= 1 << UInt8(bit % 8)
        return SignedChange(bytes: parts[0], signature: try #require(Signature(parts[1])), payload: parts[2])
    }
}
