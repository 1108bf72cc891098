import Testing

@testable import ClientTransport

@Suite("Whom a certificate is for")
struct CertificateNameTests {
    @Test(
        "A name is for itself, a star for one whole label, an address for nobody's name",
        arguments: [
            (["sync.example"], "sync.example", true), (["SYNC.Example."], "sync.example", true), (["sync.example"], "SYNC.EXAMPLE.", true),
            (["*.example.com"], "sync.example.com", true), (["*.example.com"], "a.sync.example.com", false),
            (["*.example.com"], "example.com", false), (["*.com"], "example.com", false), (["*"], "localhost", false),
            (["s*.example.com"], "sync.example.com", false), (["sync.*.com"], "sync.example.com", false),
            (["other.example", "sync.example"], "sync.example", true), (["sync.example.evil.test"], "sync.example", false),
            (["127.0.0.1"], "127.0.0.1", false), ([], "sync.example", false),
            (["*.example.com"], ".example.com", false),
        ])
    func names(offered: [String], host: String, isFor: Bool) {
        // An address in the certificate is for that address and for no name.
        let names = CertificateNames(hosts: offered, addresses: [[10, 0, 0, 1]])
        #expect(names.cover(host) == isFor)
    }

    @Test("An address is for itself, however it is written")
    func addresses() {
        let six = [UInt8](repeating: 0, count: 15) + [1]
        let names = CertificateNames(hosts: ["sync.example"], addresses: [[127, 0, 0, 1], six])
        for host in ["127.0.0.1", "::1", "0:0:0:0:0:0:0:1"] { #expect(names.cover(host)) }
        for host in ["127.0.0.2", "::2", "127.1"] { #expect(!names.cover(host)) }
        #expect(names.texts == ["sync.example", "127.0.0.1", "0:0:0:0:0:0:0:1"])
    }
}
