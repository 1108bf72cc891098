import NIOCore
import NIOSSL

/// Whom a certificate is for: the names and the addresses in it.
struct CertificateNames: Hashable, Sendable {
    var hosts: [String] = []
    /// Four bytes or sixteen each.
    var addresses: [[UInt8]] = []

    init(hosts: [String] = [], addresses: [[UInt8]] = []) {
        self.hosts = hosts
        self.addresses = addresses
    }

    init(_ certificate: NIOSSLCertificate) {
        for name in certificate._subjectAlternativeNames() {
            switch name.nameType {
            case .dnsName: hosts.append(String(decoding: name.contents, as: UTF8.self))
            case .ipAddress: addresses.append(Array(name.contents))
            default: break
            }
        }
    }

    /// Whether the certificate is for the host as its user wrote it: a name for a name, an address for an address.
    ///
    /// The library is content with the address that a connection went to, whatever name led there, and behind a proxy that is
    /// the proxy's own. A star stands for one whole label, the first (RFC 9525 section 6.3).
    func cover(_ host: String) -> Bool {
        if let address = HostAddress.bytes(host) { return addresses.contains(address) }
        let wanted = Self.labels(host)
        return hosts.contains { name in
            let offered = Self.labels(name)
            guard offered.count == wanted.count, !wanted.contains("") else { return false }
            if offered == wanted { return true }
            return offered.first == "*" && offered.count > 2 && offered.dropFirst() == wanted.dropFirst()
        }
    }

    /// For people.
    var texts: [String] { hosts + addresses.map(Self.text) }

    private static func labels(_ name: String) -> [String] {
        let whole = name.hasSuffix(".") ? name.dropLast() : name[...]
        return whole.split(separator: ".", omittingEmptySubsequences: false).map { label in
            // Letters of ASCII alone: what else is folded in a name is not for us to say.
            String(decoding: label.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        }
    }

    private static func text(_ address: [UInt8]) -> String {
        if address.count == 4 { return address.map { String($0) }.joined(separator: ".") }
        guard address.count == 16 else { return "?" }
        return stride(from: 0, to: 16, by: 2).map { String(Int(address[$0]) << 8 | Int(address[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}

/// A certificate that verifies, for others than the host that was meant.
struct CertificateOfOthers: Error {
    let names: CertificateNames
}

extension Channel {
    /// The certificate that the other side has shown; `nil` without TLS.
    func shownCertificate() -> EventLoopFuture<NIOSSLCertificate?> {
        eventLoop.submit { try self.pipeline.syncOperations.nioSSL_peerCertificate() }
    }

    /// Fails, and ends the connection, unless the certificate it shows is for this host. Nothing has been sent by then.
    func requireCertificate(for host: String) -> EventLoopFuture<Void> {
        shownCertificate().flatMapThrowing { certificate in
            // One without any such name was compared by its common name already.
            guard let names = certificate.map({ CertificateNames($0) }), names != CertificateNames(), !names.cover(host) else { return }
            // Once whoever asked for the connection has heard of it.
            self.eventLoop.execute { self.close(promise: nil) }
            throw CertificateOfOthers(names: names)
        }
    }
}
