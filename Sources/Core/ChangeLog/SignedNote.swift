package import BuntanProtocol
import FoundationEssentials

/// Why a text is no note, or a note is not to be believed.
package enum NoteFault: Error, Hashable, Sendable {
    /// Not the format of C2SP signed-note, tlog-checkpoint or tlog-proof.
    case malformed
    /// None of its signatures is by the key that was asked about.
    case unsigned
    /// A signature by that key's name and id does not verify.
    case badSignature
    /// The checkpoint is of another log.
    case otherOrigin(found: String, expected: String)
    /// The inclusion proof does not lead from the entry to the signed root.
    case notIncluded
}

/// A text with signatures, in the format of C2SP signed-note.
///
/// ```
/// text, each line ended by a newline
///                                               ← the last empty line divides
/// — name base64(key id (4) ‖ signature)
/// ```
package struct SignedNote: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let name: String
        package let keyID: UInt32
        package let signature: [UInt8]
    }

    /// What is signed, its last newline included.
    package let text: String
    /// Signatures of any sort by anybody: those by unknown keys say nothing.
    package let lines: [Line]

    /// Returns the note that signs `text`, which must end in a newline, with an Ed25519 key under a name.
    package static func make(text: String, key: SigningKey, name: String) -> String {
        make(text: text, signers: [(key, name)])
    }

    /// Returns the note with one signature for each signer: a log changes its key by signing with both for a while.
    package static func make(text: String, signers: [(key: SigningKey, name: String)]) -> String {
        precondition(text.utf8.last == newline, "A note's text ends in a newline.")
        precondition(signers.allSatisfy { isName($0.name) }, "A key's name holds no blanks and no plus.")
        let message = Array(text.utf8)
        return signers.reduce(into: text + "\n") { note, signer in
            let id = withUnsafeBytes(of: keyID(name: signer.name, key: signer.key.publicKey).bigEndian) { Array($0) }
            note += "— \(signer.name) \(Base64.text(id + signer.key.signRaw(message).bytes))\n"
        }
    }

    package init(parsing note: String) throws(NoteFault) {
        let bytes = Array(note.utf8)
        guard bytes.count <= Limits.noteBytes else { throw .malformed }
        guard bytes.last == newline, !bytes.contains(where: { $0 < 0x20 && $0 != newline }) else { throw .malformed }
        guard let gap = bytes.indices.dropLast().last(where: { bytes[$0] == newline && bytes[$0 + 1] == newline }), gap > 0 else {
            throw .malformed
        }
        text = String(decoding: bytes[...gap], as: UTF8.self)
        let rows = bytes[(gap + 2)...].split(separator: newline, omittingEmptySubsequences: false).dropLast()
        guard !rows.isEmpty else { throw .malformed }
        var lines: [Line] = []
        for row in rows {
            let dash = Array("— ".utf8)
            let parts = row.dropFirst(dash.count).split(separator: 0x20, omittingEmptySubsequences: false)
            guard row.starts(with: dash), parts.count == 2 else { throw .malformed }
            let name = String(decoding: parts[0], as: UTF8.self)
            guard Self.isName(name), let content = Base64.bytes(parts[1]), content.count > 4 else { throw .malformed }
            let id = content.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            lines.append(Line(name: name, keyID: id, signature: Array(content.dropFirst(4))))
        }
        self.lines = lines
    }

    /// Checks that the key has signed the text; signatures by other keys are passed over.
    package func verify(key: PublicKey, name: String) throws(NoteFault) {
        let id = Self.keyID(name: name, key: key)
        let known = lines.filter { $0.name == name && $0.keyID == id }
        guard !known.isEmpty else { throw .unsigned }
        let message = Array(text.utf8)
        for line in known {
            guard let signature = Signature(line.signature), SignatureCheck.isValidRaw(signature, by: key, message: message) else {
                throw .badSignature
            }
        }
    }

    /// SHA-256(name ‖ newline ‖ 0x01 ‖ public key)[:4]; 0x01 stands for Ed25519.
    package static func keyID(name: String, key: PublicKey) -> UInt32 {
        UInt32(truncatingIfNeeded: SHA.digest(Array(name.utf8) + [newline, 0x01] + key.bytes).word0 >> 32)
    }

    /// Whether a text can name a key: not empty, without Unicode blanks, control characters and plus signs.
    package static func isName(_ text: String) -> Bool {
        // The ASCII blanks and control characters are told by their numbers; the tables of Unicode cost more than a whole note.
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.isASCII ? $0 > " " && $0 != "\u{7f}" && $0 != "+" : !$0.properties.isWhitespace }
    }
}

private let newline = UInt8(ascii: "\n")

/// Base 64 in the standard alphabet with padding, and in its one canonical form.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Returns the bytes, or `nil` for anything that encoding them would not give back: bits and blanks at the end included.
    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let data = Data(base64Encoded: Data(text)), data.base64EncodedData().elementsEqual(text) else { return nil }
        return Array(data)
    }
}
