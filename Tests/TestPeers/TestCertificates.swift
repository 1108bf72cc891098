import ChildProcesses
import Foundation
package import NIOSSL

/// Certificates made for one test, in a folder of its own.
package struct TestCertificates: Sendable {
    let folder: URL

    package static func with(_ body: (TestCertificates) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = TestCertificates(folder: folder)
        do { try await body(made) } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    package func path(_ name: String) -> String { folder.appending(path: name).path }

    package func write(_ name: String, _ text: String) throws { try text.write(toFile: path(name), atomically: true, encoding: .utf8) }

    /// Makes a certificate for `host`, and its authority if there is none of that name yet.
    package func certificate(
        _ name: String, host: String, signedBy authority: String, validFromDays: Int = -1, toDays: Int = 30
    ) throws -> (certificate: String, key: String) {
        if !FileManager.default.fileExists(atPath: path(authority + ".pem")) {
            try openssl([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
                "/CN=\(authority)", "-keyout", path(authority + ".key"), "-out", path(authority + ".pem"), "-addext",
                "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            ])
        }
        let isAddress = host.allSatisfy { $0.isNumber || $0 == "." }
        try write(
            name + ".cnf",
            """
            [ca]
            default_ca = d
            [d]
            database = \(path(name + ".index"))
            serial = \(path(name + ".serial"))
            new_certs_dir = \(folder.path)
            default_md = sha256
            policy = p
            x509_extensions = x
            unique_subject = no
            [p]
            commonName = supplied
            [x]
            subjectAltName = \(isAddress ? "IP" : "DNS"):\(host)
            basicConstraints = CA:FALSE
            extendedKeyUsage = serverAuth
            """)
        try write(name + ".index", "")
        try write(name + ".serial", "01\n")
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)", "-keyout",
            path(name + ".key"), "-out", path(name + ".csr"),
        ])
        try openssl([
            "ca", "-batch", "-config", path(name + ".cnf"), "-cert", path(authority + ".pem"), "-keyfile", path(authority + ".key"), "-in",
            path(name + ".csr"), "-out", path(name + ".pem"), "-startdate", Self.stamp(inDays: validFromDays), "-enddate",
            Self.stamp(inDays: toDays), "-notext",
        ])
        return (path(name + ".pem"), path(name + ".key"))
    }

    /// Puts a pair where a server reads it.
    package func place(_ pair: (certificate: String, key: String)) throws {
        for (from, to) in [(pair.certificate, "live.pem"), (pair.key, "live.key")] {
            try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: path(to)), options: .atomic)
        }
    }

    package func clientContext(trusting authority: String) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path(authority + ".pem")))
        return try NIOSSLContext(configuration: configuration)
    }

    private static func stamp(inDays days: Int) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "yyyyMMddHHmmss'Z'"
        return format.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400))
    }

    private func openssl(_ arguments: [String]) throws {
        let (status, said) = try ChildProcess.run("/usr/bin/openssl", arguments)
        guard status == 0 else { throw OpenSSLFailure(said: said) }
    }
}

/// What openssl says when it makes no certificate.
struct OpenSSLFailure: Error {
    let said: String
}
