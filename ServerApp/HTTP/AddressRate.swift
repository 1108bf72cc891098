/// How often one address may call the methods that need no session.
package struct AddressRate: Sendable, Hashable {
    package var burst: Int
    package var perMinute: Int
    /// Addresses remembered at once.
    package var addresses: Int

    package init(burst: Int = 60, perMinute: Int = 120, addresses: Int = 20_000) {
        precondition(burst > 0 && perMinute > 0 && addresses > 0, "a rate lets something through")
        self.burst = burst
        self.perMinute = perMinute
        self.addresses = addresses
    }
}

/// One bucket of tokens an address, in bounded memory.
///
/// A full bucket says the same as none, so those go first when the table is full. If none can go, all newcomers
/// share one bucket: whoever has many addresses slows other newcomers and nobody who was known.
package struct AddressBuckets: Sendable {
    private struct Bucket {
        /// Thousandths of a token, so that refilling needs no fractions.
        var thousandths: Int
        var asOfMillis: Int64
    }

    /// How often a full table is gone through, at most: a sweep must not become the attack.
    private static let sweepEveryMillis: Int64 = 1_000

    private let rate: AddressRate
    private var buckets: [String: Bucket] = [:]
    private var newcomers: Bucket
    private var sweptMillis: Int64 = .min

    package init(_ rate: AddressRate) {
        self.rate = rate
        newcomers = Bucket(thousandths: rate.burst * 1_000, asOfMillis: .min)
    }

    package var count: Int { buckets.count }

    /// Takes one token; returns `nil` if there was one, else after how many milliseconds there will be.
    package mutating func take(for address: String, atMillis now: Int64) -> Int? {
        let key = Self.key(of: address)
        if let bucket = buckets[key] {
            let (rest, after) = taking(from: bucket, at: now)
            buckets[key] = rest
            return after
        }
        if buckets.count >= rate.addresses { sweep(at: now) }
        guard buckets.count < rate.addresses else {
            let (rest, after) = taking(from: newcomers, at: now)
            newcomers = rest
            return after
        }
        let (rest, after) = taking(from: Bucket(thousandths: rate.burst * 1_000, asOfMillis: now), at: now)
        buckets[key] = rest
        return after
    }

    private func taking(from bucket: Bucket, at now: Int64) -> (Bucket, afterMillis: Int?) {
        var bucket = refilled(bucket, at: now)
        guard bucket.thousandths < 1_000 else {
            bucket.thousandths -= 1_000
            return (bucket, nil)
        }
        let missing = 1_000 - bucket.thousandths
        return (bucket, (missing * 60 + rate.perMinute - 1) / rate.perMinute)
    }

    private func refilled(_ bucket: Bucket, at now: Int64) -> Bucket {
        let full = rate.burst * 1_000
        // A clock that was set back refills nothing and takes nothing away.
        guard now > bucket.asOfMillis else { return bucket }
        let (elapsed, overflow) = now.subtractingReportingOverflow(bucket.asOfMillis)
        let untilFull = Int64(full - bucket.thousandths) * 60 / Int64(rate.perMinute) + 1
        guard !overflow, elapsed < untilFull else { return Bucket(thousandths: full, asOfMillis: now) }
        let gained = elapsed * Int64(rate.perMinute) / 60
        // What does not make a whole thousandth stays in the time, or frequent callers would never refill.
        let spent = gained * 60 / Int64(rate.perMinute)
        return Bucket(thousandths: min(full, bucket.thousandths + Int(gained)), asOfMillis: bucket.asOfMillis + spent)
    }

    private mutating func sweep(at now: Int64) {
        guard sweptMillis == .min || now < sweptMillis || now - sweptMillis >= Self.sweepEveryMillis else { return }
        sweptMillis = now
        buckets = buckets.filter { refilled($0.value, at: now).thousandths < rate.burst * 1_000 }
    }

    /// An IPv6 customer has a whole /64 to choose from, so its first four groups count as one address.
    static func key(of address: String) -> String {
        guard address.contains(":"), !address.hasPrefix("::ffff:") else { return address }
        let sides = address.split(separator: "%")[0].components(separatedByDoubleColon: ())
        var groups = sides.head
        if let tail = sides.tail {
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}

extension Substring {
    fileprivate func components(separatedByDoubleColon: Void) -> (head: [Substring], tail: [Substring]?) {
        guard let gap = utf8.indices.first(where: { self[$0...].hasPrefix("::") }) else { return (split(separator: ":"), nil) }
        return (self[..<gap].split(separator: ":"), self[gap...].split(separator: ":"))
    }
}
