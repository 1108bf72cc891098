package import BuntanProtocol

extension SpaceRights {
    /// Requires the log's key to have vouched for an entry in an epoch of this log that has ended (sync.md section 5).
    package func require(_ proof: SalvageProof, of entry: [UInt8]) throws(Refusal) {
        let checkpoint: Checkpoint
        do {
            let origin = try Checkpoint(parsing: SignedNote(parsing: proof.note).text).origin
            guard let number = Self.epoch(named: origin), (Self.firstEpoch..<epoch).contains(number), self.origin(ofEpoch: number) == origin
            else {
                throw NoteFault.malformed
            }
            checkpoint = try Checkpoint.open(proof.note, origin: origin, key: logKey)
        } catch { throw Refusal(.badSignature, "checkpoint") }
        guard proof.size == checkpoint.size,
            LogProof.includes(Entry.leafHash(of: entry), at: proof.position, size: proof.size, proof: proof.path, root: checkpoint.root)
        else { throw Refusal(.badSignature, "proof") }
    }

    /// How many entries of this log stood before a salvaged one when it was first accepted, by a proof that holds: those below
    /// its position then, or, since what an epoch lost is none of this log, those below where that one was cut.
    package func acceptance(of proof: SalvageProof) -> Int? {
        do throws(NoteFault) {
            let origin = try Checkpoint(parsing: SignedNote(parsing: proof.note).text).origin
            guard let number = Self.epoch(named: origin), let cut = cut(of: number) else { return nil }
            return min(proof.position, cut.size)
        } catch {
            // A proof that holds has a note that can be read: what `require` has refused was accepted nowhere.
            return nil
        }
    }

    /// An epoch may have any number, so the origin says which to compare with.
    private static func epoch(named origin: String) -> Int? {
        origin.utf8.split(separator: UInt8(ascii: "e")).last.flatMap { Int(String($0) ?? "") }
    }
}
