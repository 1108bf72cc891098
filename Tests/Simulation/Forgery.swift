import BuntanProtocol
import ChangeLog
import Foundation
import Storage
import TestKit

/// What somebody makes up who cannot sign it: nothing of it may be taken, and whoever is shown it says so.
enum Forgery: CaseIterable {
    /// A checkpoint: a bit of its signature is another, its text is, another key has signed it, or it is of another log.
    case brokenSignature, otherRoot, otherSize, otherKey, otherLog
    /// A page of records for whoever is new: a bit of its signature is another, or what was signed is.
    case brokenSeal, otherRecords, otherFrontier, otherWords
    /// The path by which an entry proves that an epoch which has ended held it, in a log that its key has signed all the same.
    case brokenProof

    /// Whether it is about what a device is shown that is new.
    var needsNewDevice: Bool {
        switch self {
        case .brokenSignature, .otherRoot, .otherSize, .otherKey, .otherLog: false
        case .brokenSeal, .otherRecords, .otherFrontier, .otherWords, .brokenProof: true
        }
    }

    /// Whether it is shown with records instead of entries.
    var isOfRecords: Bool { needsNewDevice && self != .brokenProof }

    // MARK: checkpoints

    /// The checkpoint that is shown for the one that the log's key would have to sign.
    ///
    /// - Parameters:
    ///   - genuine: that one, signed.
    ///   - key: the log's, for what it has signed elsewhere.
    func note(over checkpoint: Checkpoint, signed genuine: String, key: SigningKey) throws -> String {
        switch self {
        case .brokenSignature: return try Self.note(checkpoint, signedAs: genuine, flippingBit: true)
        case .otherRoot:
            let elsewhere = Checkpoint(origin: checkpoint.origin, size: checkpoint.size, root: SHA.digest([1]))
            return try Self.note(checkpoint, signedAs: elsewhere.signed(by: key))
        case .otherSize:
            let grown = Checkpoint(origin: checkpoint.origin, size: checkpoint.size + 1, root: checkpoint.root)
            return try Self.note(grown, signedAs: genuine)
        case .otherKey: return checkpoint.signed(by: SigningKey(seed: SHA.digest([9])))
        case .otherLog:
            return Checkpoint(origin: checkpoint.origin + "0", size: checkpoint.size, root: checkpoint.root).signed(by: key)
        case .brokenSeal, .otherRecords, .otherFrontier, .otherWords, .brokenProof: return genuine
        }
    }

    /// A checkpoint with the signature of another note.
    private static func note(_ checkpoint: Checkpoint, signedAs other: String, flippingBit: Bool = false) throws -> String {
        var text = checkpoint.text + "\n"
        for line in try SignedNote(parsing: other).lines {
            var signature = line.signature
            if flippingBit { signature[20] ^= 4 }
            let id = withUnsafeBytes(of: line.keyID.bigEndian) { Array($0) }
            text += "— \(line.name) \(Data(id + signature).base64EncodedString())\n"
        }
        return text
    }

    // MARK: records

    /// A page of records with something else in it, under the signature that it had.
    func page(like page: SnapshotPage) -> SnapshotPage {
        var (states, frontier, words, signature) = (page.states, page.frontier, page.words, page.signature)
        switch self {
        case .otherRecords where !states.isEmpty: states.removeLast()
        case .otherFrontier where !frontier.isEmpty: frontier[0] = SHA.digest(frontier[0].bytes)
        case .otherWords where words != nil: words?.removeLast()
        default:
            var bytes = signature.bytes
            bytes[20] ^= 4
            signature = Signature(bytes) ?? signature
        }
        return SnapshotPage(
            base: page.base, states: states, more: page.more, frontier: frontier, signature: signature, words: words)
    }

    // MARK: salvaged entries

    static func salvaged(in log: [StoredEntry]) throws -> Int? {
        try log.firstIndex { try Entry(decoding: $0.bytes).kind == .salvaged }
    }

    /// A salvaged entry whose proof leads elsewhere.
    static func withBrokenProof(_ stored: StoredEntry) throws -> StoredEntry {
        let entry = try Entry(decoding: stored.bytes)
        let proof = try SalvageProof(decoding: entry.proof ?? [])
        var path = proof.path
        if path.isEmpty { path = [SHA.empty] } else { path[0] = SHA.digest(path[0].bytes) }
        let other = SalvageProof(position: proof.position, size: proof.size, path: path, note: proof.note)
        let forged = Entry(
            kind: entry.kind, received: entry.received, content: entry.content, signature: entry.signature, proof: other.encoded())
        return StoredEntry(position: stored.position, bytes: forged.encoded(), payload: stored.payload)
    }
}

extension SnapshotPage {
    /// The page as an answer to a request, signed by a log's key.
    func signed(by key: SigningKey, for request: SnapshotRequest) -> SnapshotPage {
        let content = SnapshotSeal.content(
            space: request.space, after: request.after, base: base, states: SnapshotPage.digest(ofStates: states), more: more,
            words: words.map(SnapshotPage.digest(ofWords:)))
        return SnapshotPage(
            base: base, states: states, more: more, frontier: frontier, signature: key.sign("snapshot", content), words: words)
    }
}
