package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// What all requests share: who answers, how much at once, and what a refusal looks like.
package final class MethodDesk: Sendable {
    package typealias RefusalBody = @Sendable (ShellRefusal) -> [UInt8]

    let answering: any MethodAnswering
    let methods: ServedMethods
    let limits: ShellLimits
    let refusalBody: RefusalBody
    let isReady: @Sendable () async -> Bool
    let nowMillis: @Sendable () -> Int64
    let logger: Logger

    let answers: AnswerRoom
    let bodies: BodyRoom
    private let addresses: Mutex<AddressBuckets>

    /// - Parameters:
    ///   - refusalBody: the CBOR of a refusal; a pure function, so that equal refusals are equal bytes.
    ///   - isReady: whether requests can be answered now, for load balancers.
    package init(
        answering: any MethodAnswering, methods: ServedMethods = .all, limits: ShellLimits = ShellLimits(),
        refusalBody: @escaping RefusalBody, isReady: @escaping @Sendable () async -> Bool = { true },
        nowMillis: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.answering = answering
        self.methods = methods
        self.limits = limits
        self.refusalBody = refusalBody
        self.isReady = isReady
        self.nowMillis = nowMillis
        self.logger = logger
        answers = AnswerRoom(all: limits.answers, perTenant: limits.tenantAnswers, perDevice: limits.deviceAnswers)
        bodies = BodyRoom(bytes: limits.bodyBytes, perAddress: limits.addressBodyBytes)
        addresses = Mutex(AddressBuckets(limits.addressRate))
    }

    /// Returns `nil` if the address may call, else after how many milliseconds it may.
    func takeToken(for address: String) -> Int? {
        let now = nowMillis()
        return addresses.withLock { $0.take(for: address, atMillis: now) }
    }

    /// Answers a call that waits: it is cancelled when its client goes away and when the server stops.
    func answerWaiting(_ call: MethodCall, on channel: any Channel) async -> MethodAnswer {
        let answering = answering
        let waiting = Task { await answering.answer(call) }
        return await channel.watchingClient(onGone: { waiting.cancel() }) {
            await withTaskCancellationHandler {
                await withGracefulShutdownHandler {
                    await waiting.value
                } onGracefulShutdown: {
                    waiting.cancel()
                }
            } onCancel: {
                waiting.cancel()
            }
        }
    }
}
