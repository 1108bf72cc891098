package import BuntanProtocol

extension SpaceRights {
    /// Requires the log's key to have vouched for an entry in an epoch of this log that has ended (sync.md section 5).
    package func require(_ proof: SalvageProof, of entry: [UInt8]) throws(Refusal) {
        let checkpoint: Checkpoint
        do {
            let origin = try Checkpoint(parsing: SignedNote(parsing: proof.note).text).origin
            // An epoch may have any number, so the origin says which to compare with.
            let number = origin.utf8.split(separator: UInt8(ascii: "e")).last.flatMap { Int(String($0) ?? "") }
            guard let number, (Self.firstEpoch..<epoch).contains(number), self.origin(ofEpoch: number) == origin else {
                throw NoteFault.malformed
            }
            checkpoint = try Checkpoint.open(proof.note, origin: origin, key: logKey)
        } catch { throw Refusal(.badSignature, "checkpoint") }
        guard proof.size == checkpoint.size,
            LogProof.includes(Entry.leafHash(of: entry), at: proof.position, size: proof.size, proof: proof.path, root: checkpoint.root)
        else { throw Refusal(.badSignature, "proof") }
    }
}
