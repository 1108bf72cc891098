#if canImport(Glibc)
    import Glibc
#endif

/// Where a server is: `https://host[:port]`, or `http://` for one on this machine or behind a proxy.
package struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// Without brackets.
    package let host: String
    package let port: Int

    /// Returns `nil` for anything with a path, a query or a user in it: the methods' paths are fixed.
    package init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("https://") {
            isSecure = true
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("http://") {
            isSecure = false
            rest = rest.dropFirst(7)
        } else {
            guard !rest.contains("://") else { return nil }
            isSecure = true
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let authority = Authority(rest) else { return nil }
        host = authority.host
        port = authority.port ?? (isSecure ? 443 : 80)
    }

    /// Whether what is sent there never leaves this machine: then, and only then, it may go in the open.
    package var isLoopback: Bool {
        if host == "localhost" { return true }
        let address = HostAddress.bytes(host)
        return address?.count == 4 && address?.first == 127 || address == [UInt8](repeating: 0, count: 15) + [1]
    }

    package var description: String {
        let isUsual = port == (isSecure ? 443 : 80)
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return (isSecure ? "https://" : "http://") + bracketed + (isUsual ? "" : ":\(port)")
    }
}

/// A proxy that passes connections on (HTTP CONNECT): `[http://][user:password@]host:port`.
package struct ProxyAddress: Hashable, Sendable {
    package let host: String
    package let port: Int
    /// Sent to the proxy and to nobody else.
    package let user: String?
    package let password: String?

    package init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("http://") { rest = rest.dropFirst(7) }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.unescaped(parts[0]), let secret = Self.unescaped(parts[1]), !name.isEmpty else {
                return nil
            }
            user = name
            password = secret
            rest = rest[rest.index(after: at)...]
        } else {
            user = nil
            password = nil
        }
        guard let authority = Authority(rest) else { return nil }
        host = authority.host
        port = authority.port ?? 8080
    }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var letters = text.utf8.makeIterator()
        while let letter = letters.next() {
            guard letter == 0x25 else {
                bytes.append(letter)
                continue
            }
            guard let high = letters.next(), let low = letters.next(),
                let byte = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// A host written as an address and not as a name.
enum HostAddress {
    /// Four bytes or sixteen; `nil` for a name.
    static func bytes(_ host: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, host, &bytes) == 1 { return bytes }
        }
        return nil
    }
}

/// `host`, `host:port`, `[address]` or `[address]:port`.
struct Authority {
    let host: String
    let port: Int?

    init?(_ text: Substring) {
        var name = text
        var digits: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            name = text[text.index(after: text.startIndex)..<end]
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            digits = after.isEmpty ? nil : after.dropFirst()
            guard name.contains(":"), name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            if let colon = text.firstIndex(of: ":") {
                name = text[..<colon]
                digits = text[text.index(after: colon)...]
            }
            guard name.utf8.allSatisfy({ $0.isHostLetter }) else { return nil }
        }
        guard !name.isEmpty else { return nil }
        host = String(name)
        guard let digits else {
            port = nil
            return
        }
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), (1...65_535).contains(number) else {
            return nil
        }
        port = number
    }
}

extension UInt8 {
    fileprivate var isHostLetter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }
}
