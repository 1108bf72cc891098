package import BuntanProtocol

/// Shows without the log that it holds an entry: a path and a checkpoint, in the format of C2SP tlog-proof.
///
/// ```
/// c2sp.org/tlog-proof@v1
/// index 73894
/// base64 of a hash, a line each, leaf's sibling first
///
/// checkpoint, verbatim
/// ```
package struct LogEvidence: Hashable, Sendable {
    package let position: Int
    package let proof: [Digest]
    /// The signed checkpoint as the log gave it.
    package let note: String

    package init(position: Int, proof: [Digest], note: String) {
        self.position = position
        self.proof = proof
        self.note = note
    }

    private static let header = "c2sp.org/tlog-proof@v1"

    package var text: String {
        "\(Self.header)\nindex \(position)\n" + proof.map { Base64.text($0.bytes) + "\n" }.joined() + "\n" + note
    }

    /// Reads a proof; its `extra` line, which nothing signs, is passed over.
    package init(parsing text: String) throws(NoteFault) {
        var rest = Array(text.utf8)[...]
        func line() throws(NoteFault) -> ArraySlice<UInt8> {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw .malformed }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard try line().elementsEqual(Self.header.utf8) else { throw .malformed }
        var index = try line()
        if index.starts(with: "extra ".utf8) {
            guard Base64.bytes(index.dropFirst("extra ".utf8.count)) != nil else { throw .malformed }
            index = try line()
        }
        guard index.starts(with: "index ".utf8), let position = Checkpoint.decimal(index.dropFirst("index ".utf8.count)) else {
            throw .malformed
        }
        var proof: [Digest] = []
        while case let row = try line(), !row.isEmpty {
            guard proof.count < LogProof.mostHashes, let bytes = Base64.bytes(row), let hash = Digest(bytes) else { throw .malformed }
            proof.append(hash)
        }
        self.init(position: position, proof: proof, note: String(decoding: rest, as: UTF8.self))
    }

    /// Returns the checkpoint once it is signed by this log's key and the path leads to its root from the entry.
    package func verify(entry: [UInt8], origin: String, key: PublicKey) throws(NoteFault) -> Checkpoint {
        let checkpoint = try Checkpoint.open(note, origin: origin, key: key)
        guard LogProof.includes(TreeHash.leaf(entry), at: position, size: checkpoint.size, proof: proof, root: checkpoint.root) else {
            throw .notIncluded
        }
        return checkpoint
    }
}
