/// What stands at a position of a space's log: signed bytes as received, and when (PROTOCOL.md section 7).
package struct Entry: Hashable, Sendable {
    package enum Kind: Int, Sendable { case genesis = 0, change, statement, server, salvaged }

    package let kind: Kind
    /// The server's clock in milliseconds since 1970: for people to read; decides nothing.
    package let received: Int64
    /// The signed bytes, untouched.
    package let content: [UInt8]
    package let signature: Signature?
    /// For a genesis, the signature of the invitation's key; for a salvaged entry, its proof.
    package let proof: [UInt8]?

    package init(kind: Kind, received: Int64, content: [UInt8], signature: Signature?, proof: [UInt8]? = nil) {
        self.kind = kind
        self.received = received
        self.content = content
        self.signature = signature
        self.proof = proof
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: content.count + 128) { w in
            w.map(3 + (signature == nil ? 0 : 1) + (proof == nil ? 0 : 1))
            w.key(1)
            w.int(kind.rawValue)
            w.key(2)
            w.int(received)
            w.key(3)
            w.byteString(content)
            if let signature {
                w.key(4)
                w.signature(signature)
            }
            if let proof {
                w.key(5)
                w.byteString(proof)
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard let kind = Kind(rawValue: try r.int(0...4)) else { throw r.fault(.outOfRange) }
        self.kind = kind
        try r.key(2, &m)
        received = try r.int()
        try r.key(3, &m)
        content = Array(try r.byteString())
        signature = try r.hasKey(4, &m) ? try r.signature() : nil
        proof = try r.hasKey(5, &m) ? Array(try r.byteString()) : nil
        try r.end(m)
        try r.finish()
        // A salvaged entry stands on its proof alone; only the genesis of an engagement has both.
        guard (signature == nil) == (kind == .salvaged), (proof != nil) == (kind == .salvaged) || kind == .genesis else {
            throw DecodingFault(.missingKey, at: 0)
        }
    }

    /// The RFC 6962 leaf hash of entry bytes: SHA-256(0x00 ‖ bytes).
    package static func leafHash(of bytes: [UInt8]) -> Digest {
        var leaf: [UInt8] = [0]
        leaf.reserveCapacity(bytes.count + 1)
        leaf.append(contentsOf: bytes)
        return SHA.digest(leaf)
    }
}
