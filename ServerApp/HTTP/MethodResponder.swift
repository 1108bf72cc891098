import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Wire

/// The request as the shell needs it: its connection beside what Hummingbird asks for.
struct ShellContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Turns HTTP requests into method calls and answers back, with every limit checked before the work it guards.
struct MethodResponder: HTTPResponder {
    typealias Context = ShellContext

    let desk: MethodDesk

    func respond(to request: Request, context: ShellContext) async throws -> Response {
        let path = request.head.path ?? ""
        switch request.method {
        case .get where path == "/health/live":
            return HealthAnswer.live.response
        case .get where path == "/health/ready":
            return await desk.isReady() ? HealthAnswer.ready.response : HealthAnswer.notReady.response
        case .post:
            guard let method = WireNames.method(inPath: path), desk.methods.names.contains(method) else {
                return refusal(.notFound, of: request, on: context.channel)
            }
            return try await respond(to: method, request, on: context.channel)
        default:
            return refusal(.notFound, of: request, on: context.channel)
        }
    }

    private func respond(to method: String, _ request: Request, on channel: any Channel) async throws -> Response {
        let address = channel.remoteAddress?.ipAddress ?? "local"
        if desk.methods.unauthenticated.contains(method), let after = desk.takeToken(for: address) {
            return refusal(.rateLimited(afterMillis: after), of: request, on: channel)
        }
        let headers = request.headers
        guard WireNames.isBodyType(headers[.contentType]), let coding = ContentCoding(header: headers[.contentEncoding]) else {
            return refusal(.unsupported, of: request, on: channel)
        }

        let intake = BodyIntake(request, limits: desk.limits, allowance: desk.bodyBytes)
        defer { intake.release() }
        let message: [UInt8]
        switch try await intake.collect() {
        case .whole(let bytes):
            do throws(BodyFault) {
                message = try WireBody(bytes: bytes, coding: coding).message(within: desk.limits.body)
            } catch {
                return response(to: ShellRefusal(error))
            }
        case .refused(let reason):
            return refusal(reason, of: request, on: channel)
        }

        let call = MethodCall(
            method: method, body: message, token: Self.token(headers[.authorization]), remoteAddress: address,
            receivedMillis: desk.nowMillis())
        let answer: MethodAnswer
        if desk.methods.waiting.contains(method) {
            // A waiting call holds no body allowance and counts against connections only.
            intake.release()
            answer = await desk.answerWaiting(call, on: channel)
        } else {
            guard desk.answers.take() else { return response(to: .busy) }
            defer { desk.answers.giveBack() }
            answer = await desk.answering.answer(call)
        }
        return response(answer, acceptedBy: headers[.acceptEncoding])
    }

    private func response(_ answer: MethodAnswer, acceptedBy accepted: String?) -> Response {
        let body = WireBody(packing: answer.body, as: ContentCoding.best(acceptedBy: accepted), limits: desk.limits.body)
        var headers = Self.headers
        if body.coding != .identity { headers[.contentEncoding] = body.coding.rawValue }
        return Response(status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }

    private func response(to refusal: ShellRefusal) -> Response {
        desk.logger.debug(
            "request refused", metadata: ["status": .stringConvertible(refusal.status), "reason": .string(refusal.logName)])
        return Response(
            status: .init(code: refusal.status), headers: Self.headers,
            body: .init(byteBuffer: ByteBuffer(bytes: desk.refusalBody(refusal))))
    }

    /// Refuses a request whose body has not been read to its end.
    ///
    /// A short rest is read and dropped. A long one would be sent in vain and could go on for ever: the client is
    /// told that the connection ends, has a moment to read that, and then it does end.
    private func refusal(_ reason: ShellRefusal, of request: Request, on channel: any Channel) -> Response {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let isChunked = request.headers[.transferEncoding] != nil
        var response = response(to: reason)
        guard isChunked || (announced ?? 0) > Self.shortRest || reason == .incomplete else { return response }
        let body = desk.refusalBody(reason)
        response.headers[.connection] = "close"
        response.body = .init(contentLength: body.count) { writer in
            try await writer.write(ByteBuffer(bytes: body))
            try await writer.finish(nil)
            channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
        }
        return response
    }

    private static let shortRest = 64 * 1024
    private static let farewell = TimeAmount.seconds(2)
    private static let headers: HTTPFields = [.contentType: WireNames.bodyType, .cacheControl: "no-store"]

    static func token(_ header: String?) -> [UInt8]? {
        guard let header, header.utf8.count <= WireNames.tokenTextBytes + WireNames.tokenScheme.utf8.count,
            header.lowercased().hasPrefix(WireNames.tokenScheme.lowercased())
        else { return nil }
        let bytes = Base64URL.bytes(header.dropFirst(WireNames.tokenScheme.count))
        return bytes?.isEmpty == false ? bytes : nil
    }
}

extension ShellRefusal {
    /// A word for logs: the kind, never what arrived.
    var logName: String {
        switch self {
        case .notFound: "not_found"
        case .unsupported: "unsupported"
        case .malformed: "malformed"
        case .incomplete: "incomplete"
        case .tooLarge: "too_large"
        case .rateLimited: "rate_limited"
        case .busy: "busy"
        }
    }
}
