import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization
import Wire

/// The way to one server, over connections that are kept and used again.
///
/// Safe to call from many tasks at once. `close` ends it; every transport that was made must be closed.
package final class HTTPTransport: Sendable {
    private let client: HTTPClient
    private let settings: TransportSettings
    private let tls: TLSConfiguration
    private let base: String
    private let carried = Mutex(Traffic())

    /// Bytes of bodies as they went over the wire, packed, since the transport was made.
    package struct Traffic: Hashable, Sendable {
        package var sent = 0
        package var received = 0

        package init() {}
    }

    package var traffic: Traffic { carried.withLock { $0 } }

    package init(_ settings: TransportSettings) throws(TransportFault) {
        self.settings = settings
        tls = try Self.tls(settings.trust)
        base = settings.server.description + WireNames.pathPrefix
        let host = settings.server.host
        let isSecure = settings.server.isSecure
        client = Self.client(settings, tls: tls) { channel in
            isSecure ? channel.requireCertificate(for: host) : channel.eventLoop.makeSucceededVoidFuture()
        }
    }

    /// - Parameter look: sees each connection before anything is sent over it, and may refuse it.
    static func client(
        _ settings: TransportSettings, tls: TLSConfiguration, look: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(Int64(settings.connectSeconds))),
            proxy: settings.proxy.map { proxy in
                .server(
                    host: proxy.host, port: proxy.port,
                    authorization: proxy.user.map { .basic(username: $0, password: proxy.password ?? "") })
            },
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = look
        configuration.localAddress = settings.localAddress
        // Shorter than any server of ours keeps a silent connection, so that a kept one is seldom a dead one.
        configuration.connectionPool.idleTimeout = .seconds(50)
        // The first failure is the one a person must see, at once; whoever calls decides about trying again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func close() async throws { try await client.shutdown() }

    /// Calls a method and returns the HTTP status and the message that came back.
    ///
    /// - Parameter timeout: until the whole answer is here, connecting included; a waiting method needs a long one.
    package func call(
        _ method: String, body: [UInt8], token: [UInt8]? = nil, timeout: Duration
    ) async throws(TransportFault) -> (status: Int, body: [UInt8]) {
        let packed = WireBody(packing: body, as: .zstd, limits: settings.limits)
        var request = HTTPClientRequest(url: base + method)
        request.method = .POST
        request.headers = ["content-type": WireNames.bodyType, "accept": WireNames.bodyType, "accept-encoding": ContentCoding.offered]
        if packed.coding != .identity { request.headers.add(name: "content-encoding", value: packed.coding.rawValue) }
        if let token { request.headers.add(name: "authorization", value: WireNames.tokenScheme + Base64URL.text(token)) }
        request.body = .bytes(ByteBuffer(bytes: packed.bytes))

        let status: Int
        let answer: WireBody
        var hasBegun = false
        do {
            let response = try await client.execute(request, deadline: .now() + TimeAmount(timeout))
            hasBegun = true
            status = Int(response.status.code)
            answer = try await Self.body(of: response, within: settings.limits)
            carried.withLock {
                $0.sent += packed.bytes.count
                $0.received += answer.bytes.count
            }
        } catch let fault as TransportFault {
            throw fault
        } catch {
            let fault = await fault(for: error)
            throw hasBegun && fault == .connectionLost ? .answerCut : fault
        }
        do throws(BodyFault) { return (status, try answer.message(within: settings.limits)) } catch {
            switch error {
            case .tooLarge(let limit): throw .answerTooLarge(limit: limit)
            case .tooDense, .corrupt, .truncated, .trailing, .noMemory: throw .answerBroken(error)
            }
        }
    }

    private static func body(of response: HTTPClientResponse, within limits: BodyLimits) async throws -> WireBody {
        let type = response.headers.first(name: "content-type")
        if response.status == .proxyAuthenticationRequired { throw HTTPClientError.proxyAuthenticationRequired }
        guard WireNames.isBodyType(type), let coding = ContentCoding(header: response.headers.first(name: "content-encoding")) else {
            throw TransportFault.notThisServer(status: Int(response.status.code), contentType: type)
        }
        if let length = response.headers.first(name: "content-length").flatMap(Int.init), length > limits.bytes {
            throw TransportFault.answerTooLarge(limit: limits.bytes)
        }
        var bytes: [UInt8] = []
        for try await piece in response.body {
            guard bytes.count + piece.readableBytes <= limits.bytes else { throw TransportFault.answerTooLarge(limit: limits.bytes) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return WireBody(bytes: bytes, coding: coding)
    }

    private func fault(for error: any Error) async -> TransportFault {
        switch FailureReading(error, settings: settings) {
        case .known(let fault): fault
        case .certificateRefused:
            .certificate(await CertificateProbe(settings: settings, tls: tls).problem(), host: settings.server.host)
        case .otherHost:
            .certificate(.otherHost(names: await CertificateProbe(settings: settings, tls: tls).names()), host: settings.server.host)
        }
    }

    /// When the certificate that the server shows ends, in seconds since 1970; `nil` if it shows none.
    package func certificateEnd() async -> Int64? { await CertificateProbe(settings: settings, tls: tls).end() }

    private static func tls(_ trust: TransportSettings.Trust) throws(TransportFault) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        switch trust {
        case .system: break
        case .systemAnd(let file): configuration.additionalTrustRoots = [.certificates(try certificates(in: file))]
        case .only(let file): configuration.trustRoots = .certificates(try certificates(in: file))
        }
        return configuration
    }

    private static func certificates(in file: String) throws(TransportFault) -> [NIOSSLCertificate] {
        guard access(file, R_OK) == 0 else { throw .trustFileUnreadable(path: file, errno: errno) }
        let found: [NIOSSLCertificate]
        do { found = try NIOSSLCertificate.fromPEMFile(file) } catch { throw .trustFileUnreadable(path: file, errno: nil) }
        guard !found.isEmpty else { throw .trustFileUnreadable(path: file, errno: nil) }
        return found
    }
}
