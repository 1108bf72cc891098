package import BuntanProtocol

/// The states of a space's records in 1,024 digests: replicas that hold the same log have the same (PROTOCOL.md section 14).
package struct StateDigest: Hashable, Sendable {
    package let buckets: [Digest]

    /// H("state", bucket 0 ‖ … ‖ bucket 1,023).
    package var digest: Digest { Purpose.hash("state", buckets.flatMap(\.bytes)) }

    /// The first 10 bits of SHA-256(record).
    package static func bucket(of record: RecordID) -> Int {
        let hash = SHA.digest(record.bytes).bytes
        return Int(hash[0]) << 2 | Int(hash[1]) >> 6
    }

    /// Takes states in order of record, one after another.
    package struct Builder {
        /// Of a bucket without records, as most are in a small space.
        private static let empty = Purpose.hash("bucket", [])
        private var contents = [[UInt8]](repeating: [], count: Limits.stateBuckets)

        package init() {}

        /// - Parameter hash: SHA-256 of the state's one form.
        package mutating func add(_ record: RecordID, hash: Digest) {
            let number = StateDigest.bucket(of: record)
            contents[number].append(contentsOf: record.bytes)
            contents[number].append(contentsOf: hash.bytes)
        }

        package func finished() -> StateDigest {
            StateDigest(buckets: contents.map { $0.isEmpty ? Self.empty : Purpose.hash("bucket", $0) })
        }
    }
}

extension StateDigest {
    /// Takes digests that somebody else has made.
    package init(received buckets: [Digest]) { self.buckets = buckets }
}
