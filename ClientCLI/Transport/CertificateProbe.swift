import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Looks once more at a certificate that did not verify, to say what is wrong with it.
///
/// Nothing is sent to the server: the handshake ends as soon as the certificate has been seen.
struct CertificateProbe {
    let settings: TransportSettings
    let tls: TLSConfiguration

    func problem() async -> CertificateProblem {
        // Through a proxy the look would need a tunnel of its own; the common cause is named without it.
        guard settings.proxy == nil else { return .untrusted }
        let now = Int64(Date().timeIntervalSince1970)
        let chain = await presentedChain()
        if let ended = chain.map({ Int64($0.notValidAfter) }).filter({ $0 < now }).min() { return .expired(sinceMillis: ended * 1_000) }
        if let begins = chain.map({ Int64($0.notValidBefore) }).filter({ $0 > now }).max() {
            return .notYetValid(untilMillis: begins * 1_000)
        }
        return .untrusted
    }

    /// When the chain's first certificate to end does, in seconds since 1970.
    func end() async -> Int64? {
        guard settings.proxy == nil else { return nil }
        return await presentedChain().map { Int64($0.notValidAfter) }.min()
    }

    /// The names that the server's own certificate is for; none where they cannot be seen.
    func names() async -> [String] {
        guard settings.proxy == nil, let certificate = await presentedChain().first else { return [] }
        return certificate._subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: return String(decoding: name.contents, as: UTF8.self)
            case .ipAddress: return Self.address(Array(name.contents))
            default: return nil
            }
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: bytes.map(String.init).joined(separator: ".")
        case 16:
            stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
        default: nil
        }
    }

    private func presentedChain() async -> [NIOSSLCertificate] {
        let seen = SeenChain()
        let host = settings.server.host
        guard let context = try? NIOSSLContext(configuration: tls) else { return [] }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Int64(settings.connectSeconds)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let isAddress = (try? SocketAddress(ipAddress: host, port: 1)) != nil
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: isAddress ? nil : host,
                        customVerificationCallback: { (chain: [NIOSSLCertificate], verdict: EventLoopPromise<NIOSSLVerificationResult>) in
                            seen.note(chain)
                            verdict.succeed(.failed)
                        })
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        guard let channel = try? await bootstrap.connect(host: host, port: settings.server.port).get() else { return [] }
        let limit = channel.eventLoop.scheduleTask(in: .seconds(Int64(settings.connectSeconds))) { channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        limit.cancel()
        return seen.chain
    }
}

/// The chain a server presented, handed from its event loop to whoever asked.
private final class SeenChain: Sendable {
    private let noted = Mutex<[NIOSSLCertificate]>([])

    func note(_ chain: [NIOSSLCertificate]) { noted.withLock { $0 = chain } }

    var chain: [NIOSSLCertificate] { noted.withLock { $0 } }
}
