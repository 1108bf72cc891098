import NIOSSL
import Synchronization

/// Why a certificate and its key cannot be used.
package enum TLSIdentityFault: Error, Hashable, Sendable {
    case certificateUnreadable(path: String)
    case certificateMissing(path: String)
    case keyUnreadable(path: String)
    /// The library refuses the pair; most often the key belongs to another certificate.
    case pairRefused(certificate: String, key: String)
}

/// The server's certificate and key, which can be read anew while connections are open.
///
/// A connection uses the pair that was current when it opened.
package final class TLSIdentity: Sendable {
    package let certificateFile: String
    package let keyFile: String
    private let current: Mutex<NIOSSLContext>

    package init(certificateFile: String, keyFile: String) throws(TLSIdentityFault) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = Mutex(try Self.read(certificateFile, keyFile))
    }

    /// Reads both files again; if they cannot be used, the pair in use stays.
    package func reload() throws(TLSIdentityFault) {
        let context = try Self.read(certificateFile, keyFile)
        current.withLock { $0 = context }
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    private static func read(_ certificateFile: String, _ keyFile: String) throws(TLSIdentityFault) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificateFile) } catch { throw .certificateUnreadable(path: certificateFile) }
        guard !chain.isEmpty else { throw .certificateMissing(path: certificateFile) }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: keyFile, format: .pem) } catch { throw .keyUnreadable(path: keyFile) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw .pairRefused(certificate: certificateFile, key: keyFile)
        }
    }
}
