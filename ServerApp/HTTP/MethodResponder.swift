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
        let headers = request.headers
        let token = Self.token(headers[.authorization])
        let isOpen = desk.methods.unauthenticated.contains(method)
        var holder: CallHolder?
        if isOpen {
            if let after = desk.takeToken(for: address) { return refusal(.rateLimited(afterMillis: after), of: request, on: channel) }
        } else {
            // Before its body: a stranger must not fill the room that bodies have.
            holder = desk.answering.holder(of: token, atMillis: desk.nowMillis())
            guard holder != nil else { return refusal(.noSession, of: request, on: channel) }
        }
        guard WireNames.isBodyType(headers[.contentType]), let coding = ContentCoding(header: headers[.contentEncoding]) else {
            return refusal(.unsupported, of: request, on: channel)
        }

        let limits = isOpen ? desk.limits.openBody : desk.limits.body
        let lease = desk.bodies.lease(for: address)
        defer { lease.release() }
        let intake = BodyIntake(request: request, mostBytes: limits.bytes, seconds: desk.limits.bodySeconds, lease: lease)
        let message: [UInt8]
        switch try await intake.collect() {
        case .whole(let bytes):
            do throws(BodyFault) { message = try WireBody(bytes: bytes, coding: coding).message(within: limits) } catch {
                return response(to: ShellRefusal(error))
            }
        case .refused(let reason):
            return refusal(reason, of: request, on: channel)
        }

        let call = MethodCall(
            method: method, body: message, token: token, remoteAddress: address, receivedMillis: desk.nowMillis())
        let answer: MethodAnswer
        if desk.methods.waiting.contains(method) {
            // A waiting call holds no room for bodies and is counted by whoever answers it.
            lease.release()
            answer = await desk.answerWaiting(call, on: channel)
        } else {
            guard desk.answers.take(for: holder) else { return response(to: .busy) }
            defer { desk.answers.giveBack(for: holder) }
            answer = await desk.answering.answer(call)
        }
        // The request is done with; from here on it is the answer that takes room.
        lease.release()
        return response(answer, to: address, acceptedBy: headers[.acceptEncoding])
    }

    /// An answer, which takes room until its client has it.
    private func response(_ answer: MethodAnswer, to address: String, acceptedBy accepted: String?) -> Response {
        let body = WireBody(packing: answer.body, as: ContentCoding.best(acceptedBy: accepted), limits: desk.limits.body)
        let lease = desk.bodies.lease(for: address)
        guard lease.take(body.bytes.count) else { return response(to: .busy) }
        var headers = Self.headers
        if body.coding != .identity { headers[.contentEncoding] = body.coding.rawValue }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(contentLength: body.bytes.count) { writer in
                defer { lease.release() }
                try await writer.write(ByteBuffer(bytes: body.bytes))
                try await writer.finish(nil)
            })
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
        case .noSession: "no_session"
        case .busy: "busy"
        }
    }
}
