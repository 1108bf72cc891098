package import BuntanProtocol

/// What a log's key signs: the root of the first `size` entries, in the format of C2SP tlog-checkpoint.
///
/// A checkpoint names its log by the origin, and the log's key bears the same name: C2SP asks for it, and it keeps the
/// checkpoints of two spaces or epochs from being taken for one another even under one key.
package struct Checkpoint: Hashable, Sendable {
    package let origin: String
    package let size: Int
    package let root: Digest

    package init(origin: String, size: Int, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// `<server name>/buntan/<space>/e<epoch>`; a space that no server keeps yet says `local`.
    package static func origin(server: String?, space: SpaceID, epoch: Int) -> String {
        "\(server ?? "local")/buntan/\(space.hex)/e\(epoch)"
    }

    /// Returns the checkpoint of a log in a note and the epoch that it names, once it is of that log and signed by this key.
    package static func open(
        _ note: String, server: String, space: SpaceID, key: PublicKey
    ) throws(NoteFault) -> (checkpoint: Checkpoint, epoch: Int) {
        let named = try Checkpoint(parsing: try SignedNote(parsing: note).text).origin
        guard let end = named.lastIndex(of: "/"), let epoch = decimal(named[end...].dropFirst(2).utf8) else {
            throw .otherOrigin(found: named, expected: origin(server: server, space: space, epoch: 0))
        }
        return (try open(note, origin: origin(server: server, space: space, epoch: epoch), key: key), epoch)
    }

    /// Whether a server name can begin an origin.
    package static func isServerName(_ name: String) -> Bool { ServerName.isValid(name) }

    /// Three lines: origin, size, root in base 64. There are no extension lines.
    package var text: String { "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n" }

    /// Returns the checkpoint as a signed note; several keys while one takes over from another.
    package func signed(by keys: SigningKey...) -> String {
        SignedNote.make(text: text, signers: keys.map { ($0, origin) })
    }

    /// Reads a note's text: three lines and no more (PROTOCOL.md section 7).
    package init(parsing text: String) throws(NoteFault) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 4, lines.last?.isEmpty == true, lines.dropLast().allSatisfy({ !$0.isEmpty }) else { throw .malformed }
        guard let size = Self.decimal(lines[1]), let bytes = Base64.bytes(Array(lines[2])[...]), let root = Digest(bytes) else {
            throw .malformed
        }
        self.init(origin: String(Substring(lines[0])), size: size, root: root)
    }

    /// Returns the checkpoint in a note once it is of this log and signed by this key.
    package static func open(_ note: String, origin: String, key: PublicKey) throws(NoteFault) -> Checkpoint {
        let note = try SignedNote(parsing: note)
        let checkpoint = try Checkpoint(parsing: note.text)
        guard checkpoint.origin == origin else { throw .otherOrigin(found: checkpoint.origin, expected: origin) }
        try note.verify(key: key, name: origin)
        return checkpoint
    }

    /// A decimal without leading zeros, signs or blanks.
    static func decimal(_ digits: some Collection<UInt8>) -> Int? {
        guard let first = digits.first, digits.count == 1 || first != 0x30, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
