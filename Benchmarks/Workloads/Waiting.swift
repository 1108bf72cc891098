import BuntanProtocol
import ClientTransport
import Foundation
import Synchronization

/// Many clients that wait for a change: what they cost while there is none, and how soon they know of one.
///
/// Each waits over a connection of its own, as `buntan watch` does. Then one client after another changes its record, and
/// every client of its organisation must be told.
enum Waiting: Workload {
    static let name = "wait"
    static let abstract = "From a push to the answers of all that wait for it, and what a thousand who wait cost in silence."

    /// Organisations, and the clients of each.
    static func size(_ options: BenchOptions) -> (tenants: Int, each: Int) { (options.tenants ?? 200, options.clients ?? 5) }

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let (tenants, each) = size(options)
        var few = options
        few.rows = each
        let rows = try SampleRows.make(few)
        OpenFiles.raise()
        return try await Stage.with(options) { stage in
            let transports = try Transports(url: stage.url, connections: tenants * each)
            let pushing = try Transports(url: stage.url, connections: 1)
            let bells = Bells()
            var firms: [[LoadClient]] = []
            for number in 0..<tenants { firms.append(try await Load.tenant(number, of: each, rows, stage, transports)) }

            let clock = ContinuousClock()
            var silence = (seconds: 0.0, server: 0.0)
            var tally = LoadTally()
            var durations = Durations()
            let cycles = options.cycles ?? tenants
            var timeouts = 0
            let start = clock.now
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for (firm, clients) in firms.enumerated() {
                    for (number, client) in clients.enumerated() {
                        let transport = transports[firm * each + number]
                        tasks.addTask {
                            do { return try await attend(client, of: firm, transport, bells) } catch {
                                bells.fail(error)
                                throw error
                            }
                        }
                    }
                }
                try await bells.until(asleep: tenants * each)
                silence = try await listen(to: stage.server)
                for number in 0..<cycles {
                    let firm = number % tenants
                    try await bells.until(asleep: tenants * each)
                    let pushed = clock.now
                    _ = try await firms[firm][number / tenants % each].push(pushing[0], &tally)
                    for time in try await bells.rung(each, of: firm) { durations.add(time - pushed) }
                }
                bells.end()
                tasks.cancelAll()
                while let count = try await tasks.next() { timeouts += count }
            }
            var figures = Figures(workload: name, rows: rows.count * tenants, seconds: (clock.now - start).seconds)
            figures.bytesSent = transports.traffic.sent
            figures.bytesReceived = transports.traffic.received
            figures.p50Ms = durations.millis(0.5)
            figures.p99Ms = durations.millis(0.99)
            figures.details = [
                ("tenants", Double(tenants)), ("clients", Double(tenants * each)), ("changes", Double(cycles)),
                ("answers", Double(durations.seconds.count)), ("timeouts", Double(timeouts)), ("silentSeconds", silence.seconds),
                ("silentServerCPUSeconds", silence.server),
            ]
            try await transports.close()
            try await pushing.close()
            return figures
        }
    }

    /// Waits again and again until the bells end; returns how often nothing had come.
    private static func attend(_ client: LoadClient, of firm: Int, _ transport: HTTPTransport, _ bells: Bells) async throws -> Int {
        var timeouts = 0
        var heads = try await client.heads(transport)
        bells.sleeps()
        while !bells.isOver {
            let news: [SpaceHead]?
            do { news = try await client.wait(beyond: heads, transport) } catch {
                if bells.isOver { break }
                throw error
            }
            guard let news else {
                timeouts += 1
                continue
            }
            bells.ring(of: firm, at: .now)
            heads = news
            bells.sleeps()
        }
        return timeouts
    }

    /// Does nothing for a while beside the server, and returns for how long and what processor time it used.
    private static func listen(to server: ServerProcess?) async throws -> (seconds: Double, server: Double) {
        // Those who have just asked are answered in what follows by nothing; what they asked is worked off first.
        try await Task.sleep(for: .seconds(2))
        let before = (ProcessorTime(server), ContinuousClock.now)
        try await Task.sleep(for: .seconds(10))
        let after = (ProcessorTime(server), ContinuousClock.now)
        return ((after.1 - before.1).seconds, (after.0.server ?? 0) - (before.0.server ?? 0))
    }
}

/// Who is asleep, and when whom was woken.
private final class Bells: Sendable {
    private struct State {
        var asleep = 0
        var times: [Int: [ContinuousClock.Instant]] = [:]
        var isOver = false
        var failure: (any Error)?
        var watchers: [(isMet: @Sendable (State) -> Bool, resume: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }
    func end() { change { $0.isOver = true } }
    func fail(_ error: any Error) { change { $0.failure = error } }
    func sleeps() { change { $0.asleep += 1 } }

    func ring(of firm: Int, at time: ContinuousClock.Instant) {
        change {
            $0.asleep -= 1
            $0.times[firm, default: []].append(time)
        }
    }

    func until(asleep count: Int) async throws { try await until { $0.asleep == count } }

    /// The times at which so many clients of an organisation were told.
    func rung(_ count: Int, of firm: Int) async throws -> [ContinuousClock.Instant] {
        try await until { $0.times[firm, default: []].count == count }
        return state.withLock { $0.times.removeValue(forKey: firm) } ?? []
    }

    /// Waits for it, or throws what ended somebody who waited.
    private func until(_ isMet: @escaping @Sendable (State) -> Bool) async throws {
        await withCheckedContinuation { resume in
            let isDone = state.withLock { state in
                if state.failure != nil || isMet(state) { return true }
                state.watchers.append((isMet, resume))
                return false
            }
            if isDone { resume.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func change(_ body: (inout State) -> Void) {
        let met = state.withLock { state in
            body(&state)
            let now = state
            let met = state.watchers.filter { now.failure != nil || $0.isMet(now) }
            state.watchers.removeAll { now.failure != nil || $0.isMet(now) }
            return met.map(\.resume)
        }
        for resume in met { resume.resume() }
    }
}
