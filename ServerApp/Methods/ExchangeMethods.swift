import BuntanProtocol
import Exchange
import Foundation
import Logging
import Storage
import StorageSQLite
import Synchronization
import Syncing

/// Answers the methods of the protocol from a store: reads at once, writes in groups, waits without asking.
final class ExchangeMethods: MethodAnswering {
    private let registrar: Registrar
    private let store: SQLiteStore
    private let writer: GroupCommitWriter
    private let wakeUps = WakeUps()
    private let waitingCalls: WaitingCalls
    private let tenants = KnownTenants()
    private let logger: Logger
    private let cores: Int
    private let waitMillis: @Sendable () -> Int

    /// - Parameter waitMillis: how long `wait` waits; different each time, so that clients do not come back together.
    init(
        registrar: Registrar, store: SQLiteStore, logger: Logger, cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        waitingLimits: WaitingLimits = WaitingLimits(), writing: GroupCommitWriter.Limits = .init(),
        waitMillis: @escaping @Sendable () -> Int = { Int.random(in: 25_000...55_000) }
    ) {
        self.registrar = registrar
        self.store = store
        self.logger = logger
        self.cores = max(1, cores)
        self.waitMillis = waitMillis
        waitingCalls = WaitingCalls(waitingLimits)
        let (mark, wakeUps) = (registrar.mark, wakeUps)
        writer = GroupCommitWriter(store, limits: writing) { standings in
            // Commit, then mark, then answer; and nobody is woken before what they will read may be shown.
            try mark.advance(standings.mapValues { MarkedPlace($0) }, chains: [:])
            wakeUps.touch(spaces: standings.keys)
        }
    }

    /// Finishes what was taken; nothing more is.
    func stop() async { await writer.stop() }

    var waiting: Int { wakeUps.count }

    /// How often waiting calls have read the store: once when they begin, and once when they are woken.
    var waitingReads: Int { reads.withLock { $0 } }
    private let reads = Mutex(0)

    /// Whether the store can be read now, for load balancers.
    var isReady: Bool {
        do {
            _ = try store.read { try $0.value("ready") }
            return true
        } catch { return false }
    }

    func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? {
        guard let device = registrar.device(of: token, at: now) else { return nil }
        let tenant = tenants.organisation(of: device) { device in
            do { return try store.read { try $0.organisation(ofDevice: device) } } catch {
                // A store that cannot be read now: the device is counted alone, and `answer` says why.
                return nil
            }
        }
        return CallHolder(tenant: tenant?.bytes ?? device.bytes, device: device.bytes)
    }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        let start = ContinuousClock.now
        let answer = await answerUnlogged(call)
        logger.debug(
            "answered",
            metadata: [
                "method": .string(Method(rawValue: call.method)?.rawValue ?? "unknown"), "status": .stringConvertible(answer.status),
                "bytes": .stringConvertible(answer.body.count),
                "millis": .stringConvertible((ContinuousClock.now - start) / .milliseconds(1)),
            ])
        return answer
    }

    private func answerUnlogged(_ call: MethodCall) async -> MethodAnswer {
        let incoming = IncomingCall(method: call.method, body: call.body, token: call.token, now: call.receivedMillis)
        do {
            switch try registrar.prepare(incoming, in: store) {
            case .answer(let body): return MethodAnswer(status: 200, body: body)
            case .wait(let caller, let digest):
                guard waitingCalls.begin(caller.device, caller.organisation) else { return Self.answer(WaitingCalls.refusal) }
                defer { waitingCalls.end(caller.device, caller.organisation) }
                return MethodAnswer(status: 200, body: try await wait(caller, digest, since: call.receivedMillis).encoded())
            case .work(let work):
                let pieces = await check(work)
                let outcome = try await writer.write { try work.finish(pieces, $0) }
                // For places this is a look-up, unless an earlier mark failed after its commit.
                try registrar.mark.advance(outcome.touched, chains: outcome.chains)
                wakeUps.touch(spaces: [], listed: outcome.listed)
                return MethodAnswer(status: 200, body: outcome.answer())
            }
        } catch {
            return refused(error)
        }
    }

    private func refused(_ error: any Error) -> MethodAnswer {
        let answer = ErrorAnswer(answering: error) ?? ErrorAnswer(.unavailable)
        if answer.code == .unavailable {
            // The type and not the words: these could quote what arrived.
            logger.error("request failed", metadata: ["fault": .string(Self.name(of: error))])
        }
        return Self.answer(answer)
    }

    private static func answer(_ error: ErrorAnswer) -> MethodAnswer {
        MethodAnswer(status: (error.code ?? .unavailable).httpStatus, body: error.encoded())
    }

    private static func name(of error: any Error) -> String {
        switch error {
        case StorageFault.diskFull: "disk_full"
        case StorageFault.readOnly: "read_only"
        case StorageFault.noPermission: "no_permission"
        case StorageFault.damaged: "damaged"
        case FileMarkFault.system(_, let number): "mark_errno_\(number)"
        default: String(reflecting: type(of: error))
        }
    }

    // MARK: signatures

    /// Checks the pieces on as many cores as there are; few of them are not worth the spreading.
    private func check(_ work: Work) async -> [Work.Piece] {
        guard work.count > 8, cores > 1 else { return (0..<work.count).map(work.check) }
        let share = (work.count + cores - 1) / cores
        return await withTaskGroup(of: (Int, [Work.Piece]).self) { group in
            for start in stride(from: 0, to: work.count, by: share) {
                let range = start..<min(start + share, work.count)
                group.addTask { (start, range.map(work.check)) }
            }
            var parts: [(Int, [Work.Piece])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    // MARK: waiting

    private func wait(_ caller: Caller, _ digest: Digest, since received: Int64) async throws -> HeadsAnswer {
        let start = ContinuousClock.now
        let waiter = wakeUps.begin(for: caller.organisation)
        defer { wakeUps.leave(waiter) }
        reads.withLock { $0 += 1 }
        let (answer, heads) = try store.read { reader in
            (
                try registrar.headsAnswer(unless: digest, stillFor: caller, at: received, reader),
                try registrar.visibleHeads(for: caller, at: received, reader)
            )
        }
        guard answer.heads == nil else { return answer }
        let (wakeUps, millis) = (wakeUps, waitMillis())
        let timer = Task {
            // A sleep ends early only when nobody waits any more; leaving twice does nothing.
            try? await Task.sleep(for: .milliseconds(millis))
            wakeUps.leave(waiter)
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wakeUps.attach(waiter, spaces: heads.map(\.space)) { continuation.resume() }
            }
        } onCancel: {
            wakeUps.leave(waiter)
        }
        reads.withLock { $0 += 1 }
        // An auditor's time may have run out meanwhile.
        let now = received + Int64((ContinuousClock.now - start) / .milliseconds(1))
        return try store.read { try registrar.headsAnswer(unless: digest, stillFor: caller, at: now, $0) }
    }
}
