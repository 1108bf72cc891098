import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOSSL
import Synchronization

/// Looks once more at a certificate that did not verify, to say what is wrong with it, the way that the connection went.
///
/// Nothing is sent to the server: the connection ends as soon as the certificate has been seen.
struct CertificateProbe {
    let settings: TransportSettings
    let tls: TLSConfiguration

    func problem() async -> CertificateProblem {
        let now = Int64(Date().timeIntervalSince1970)
        guard let shown = await shown() else { return .untrusted }
        if shown.end < now { return .expired(sinceMillis: shown.end * 1_000) }
        if shown.begin > now { return .notYetValid(untilMillis: shown.begin * 1_000) }
        return .untrusted
    }

    /// When the server's certificate ends, in seconds since 1970.
    func end() async -> Int64? { await shown()?.end }

    /// The names that the server's certificate is for; none where they cannot be seen.
    func names() async -> [String] { await shown()?.names.texts ?? [] }

    private struct Shown {
        let begin: Int64
        let end: Int64
        let names: CertificateNames
    }

    private struct SeenEnough: Error {}

    private func shown() async -> Shown? {
        var lax = tls
        lax.certificateVerification = .none
        let seen = Seen()
        let client = HTTPTransport.client(settings, tls: lax) { channel in
            channel.shownCertificate().flatMapThrowing { certificate in
                certificate.map { seen.note($0) }
                channel.eventLoop.execute { channel.close(promise: nil) }
                throw SeenEnough()
            }
        }
        let request = HTTPClientRequest(url: settings.server.description)
        // It always fails, at the latest once enough is seen; what was seen is the answer.
        do { _ = try await client.execute(request, timeout: .seconds(Int64(settings.connectSeconds))) } catch {}
        // A connection that does not end well takes nothing from it.
        do { try await client.shutdown() } catch {}
        return seen.shown
    }

    /// What a server showed, handed from its event loop to whoever asked.
    private final class Seen: Sendable {
        private let noted = Mutex<Shown?>(nil)

        func note(_ certificate: NIOSSLCertificate) {
            let shown = Shown(
                begin: Int64(certificate.notValidBefore), end: Int64(certificate.notValidAfter), names: CertificateNames(certificate))
            noted.withLock { $0 = shown }
        }

        var shown: Shown? { noted.withLock { $0 } }
    }
}
