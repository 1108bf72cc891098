import ServerApp

/// Answers for tests: each method does one thing, and what happened can be awaited rather than slept for.
actor ScriptedAnswers: MethodAnswering {
    /// Calls that `wait` holds now.
    private(set) var waiting = 0
    private(set) var waitsCancelled = 0
    private(set) var calls: [MethodCall] = []
    private(set) var pushesDone = 0
    private var watchers: [(isMet: () -> Bool, resume: CheckedContinuation<Void, Never>)] = []
    private var held: [CheckedContinuation<Void, Never>] = []
    private var isReleased = false
    private var waits: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var cancelledEarly: Set<Int> = []
    private var nextWait = 0

    /// Everybody has a session here but whoever shows this token.
    static let expired: [UInt8] = [9, 9, 9]

    /// The first byte of a token is its tenant's.
    nonisolated func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? {
        token == Self.expired ? nil : CallHolder(tenant: Array((token ?? []).prefix(1)), device: token ?? [])
    }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        calls.append(call)
        note()
        switch call.method {
        case "wait":
            return MethodAnswer(status: await wait() ? 200 : 503, body: [0xa0])
        case "push":
            // Held until the test lets it go: a request in progress.
            if !isReleased { await withCheckedContinuation { held.append($0) } }
            pushesDone += 1
            note()
            return MethodAnswer(status: 200, body: [0xa1, 0x01, 0xf5])
        case "pull":
            return MethodAnswer(status: 404, body: notFoundBody)
        default:
            return MethodAnswer(status: 200, body: call.body)
        }
    }

    func release() {
        isReleased = true
        for continuation in held { continuation.resume() }
        held = []
    }

    /// A change that every waiting call is told of.
    func wakeAll() {
        let woken = waits
        waits = [:]
        for continuation in woken.values { continuation.resume(returning: true) }
    }

    func until(_ condition: @escaping @Sendable (isolated ScriptedAnswers) -> Bool) async {
        if condition(self) { return }
        await withCheckedContinuation { resume in
            watchers.append((isMet: { self.assumeIsolated { condition($0) } }, resume: resume))
        }
    }

    private func wait() async -> Bool {
        nextWait += 1
        let id = nextWait
        waiting += 1
        note()
        let isChange = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if cancelledEarly.remove(id) != nil { continuation.resume(returning: false) } else { waits[id] = continuation }
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
        waiting -= 1
        if !isChange { waitsCancelled += 1 }
        note()
        return isChange
    }

    private func cancel(_ id: Int) {
        if let continuation = waits.removeValue(forKey: id) {
            continuation.resume(returning: false)
        } else {
            cancelledEarly.insert(id)
        }
    }

    private func note() {
        let met = watchers.filter { $0.isMet() }
        watchers.removeAll { $0.isMet() }
        for watcher in met { watcher.resume.resume() }
    }
}

/// The CBOR of `{1: "not_found"}`.
let notFoundBody: [UInt8] = [0xa1, 0x01, 0x69] + Array("not_found".utf8)

/// The CBOR of `{1: code}` with the code's own word.
@Sendable func refusalBody(_ refusal: ShellRefusal) -> [UInt8] {
    let word: String
    switch refusal {
    case .notFound: word = "not_found"
    case .unsupported, .malformed, .incomplete: word = "malformed"
    case .tooLarge: word = "too_large"
    case .rateLimited: word = "rate_limited"
    case .busy: word = "busy"
    case .noSession: word = "no_session"
    }
    return [0xa1, 0x01, 0x60 + UInt8(word.utf8.count)] + Array(word.utf8)
}
