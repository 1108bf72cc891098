import Testing

@testable import ServerApp

@Suite("Calls by address")
struct AddressRateTests {
    @Test("A burst passes, one more waits exactly as long as it is told")
    func burst() {
        var buckets = AddressBuckets(AddressRate(burst: 3, perMinute: 7, addresses: 10))
        for _ in 0..<3 { #expect(buckets.take(for: "192.0.2.1", atMillis: 1_000) == nil) }
        let after = buckets.take(for: "192.0.2.1", atMillis: 1_000)
        #expect(after == 8_572)
        #expect(buckets.take(for: "192.0.2.1", atMillis: 1_000 + 8_571) != nil)
        #expect(buckets.take(for: "192.0.2.1", atMillis: 1_000 + 8_572) == nil)
        #expect(buckets.take(for: "192.0.2.2", atMillis: 1_000) == nil)
    }

    @Test("Asking often does not keep a bucket empty")
    func askingOften() {
        var buckets = AddressBuckets(AddressRate(burst: 1, perMinute: 60, addresses: 10))
        let passed = (0..<60_000).filter { buckets.take(for: "192.0.2.1", atMillis: Int64($0)) == nil }.count
        #expect(passed == 60)
    }

    @Test("A clock that jumps neither locks out nor lets a flood through")
    func clockJumps() {
        var buckets = AddressBuckets(AddressRate(burst: 1, perMinute: 60, addresses: 10))
        #expect(buckets.take(for: "192.0.2.1", atMillis: 1_000_000) == nil)
        #expect(buckets.take(for: "192.0.2.1", atMillis: 0) != nil)
        #expect(buckets.take(for: "192.0.2.1", atMillis: .min + 1) != nil)
        #expect(buckets.take(for: "192.0.2.1", atMillis: .max) == nil)
        #expect(buckets.take(for: "192.0.2.1", atMillis: .max) != nil)
    }

    @Test("Memory is bounded, known addresses keep their buckets, and full ones make room")
    func bounded() {
        var buckets = AddressBuckets(AddressRate(burst: 2, perMinute: 60, addresses: 100))
        for number in 0..<100 {
            #expect(buckets.take(for: "192.0.2.\(number)", atMillis: 0) == nil)
            #expect(buckets.take(for: "192.0.2.\(number)", atMillis: 0) == nil)
        }
        // Newcomers share what one address has.
        let passed = (0..<1_000).filter { buckets.take(for: "198.51.100.\($0)", atMillis: 0) == nil }.count
        #expect(passed == 2)
        #expect(buckets.count == 100)
        #expect(buckets.take(for: "192.0.2.7", atMillis: 1_000) == nil)
        // All but the one that called since are full again after two seconds.
        #expect(buckets.take(for: "203.0.113.1", atMillis: 2_000) == nil)
        #expect(buckets.count == 2)
    }

    @Test(
        "Addresses of one IPv6 network are one",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
            ("::1", "0:0:0:0::/64"),
        ])
    func networks(address: String, key: String) {
        #expect(AddressBuckets.key(of: address) == key)
    }
}
