import BuntanProtocol
import ChangeLog
import ClientTransport
import Foundation
import Merging
import Replica
import Storage
import StorageSQLite
import Synchronization
import Syncing

/// Many organisations with several devices each: everybody changes a record, pushes it and pulls what others did.
///
/// The clients are light, so that the two cores are the server's as far as possible: they sign as any client does and
/// hold what they pull against the signed root, but keep no database and leave the signatures of others unchecked.
enum Load: Workload {
    static let name = "load"
    static let abstract = "Many tenants' clients change a record, push it and pull, as fast as the server lets them."

    /// Organisations, and the clients of each.
    static func size(_ options: BenchOptions) -> (tenants: Int, each: Int) { (options.tenants ?? 200, options.clients ?? 16) }

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let (tenants, each) = size(options)
        let most = tenants * each
        var few = options
        few.rows = max(each, options.rows / tenants)
        let rows = try SampleRows.make(few)
        return try await Stage.with(options) { stage in
            let clock = ContinuousClock()
            let start = clock.now
            let transports = try Transports(url: stage.url, connections: options.connections)
            var clients: [LoadClient] = []
            for number in 0..<tenants {
                clients += try await tenant(number, of: each, rows, stage, transports)
            }
            let prepared = clock.now
            let processor = ProcessorTime(stage.server)
            let cycles = options.cycles ?? most * 3
            let turns = Turns(clients, cycles: cycles)
            let outcome = try await withThrowingTaskGroup(of: LoadTally.self) { group in
                for number in 0..<min(options.connections, clients.count) {
                    let transport = transports[number]
                    group.addTask { try await work(turns, transport) }
                }
                return try await group.reduce(into: LoadTally()) { $0.add($1) }
            }
            let duration = clock.now - prepared
            let used = ProcessorTime(stage.server)
            precondition(outcome.durations.seconds.count == cycles, "every change was accepted and came back")
            var figures = Figures(workload: name, rows: rows.count * tenants, seconds: duration.seconds)
            figures.bytesSent = transports.traffic.sent
            figures.bytesReceived = transports.traffic.received
            figures.cyclesPerSecond = Double(cycles) / duration.seconds
            figures.p50Ms = outcome.durations.millis(0.5)
            figures.p99Ms = outcome.durations.millis(0.99)
            figures.details = [
                ("cycles", Double(cycles)), ("tenants", Double(tenants)), ("clients", Double(clients.count)),
                ("connections", Double(options.connections)), ("entriesPulled", Double(outcome.entries)),
                ("busy", Double(outcome.busy)), ("setupSeconds", (prepared - start).seconds),
            ]
            figures.details += used.details(since: processor)
            try await transports.close()
            return figures
        }
    }

    private static func work(_ turns: Turns, _ transport: HTTPTransport) async throws -> LoadTally {
        var tally = LoadTally()
        let clock = ContinuousClock()
        while var client = turns.take() {
            let start = clock.now
            try await client.cycle(transport, &tally)
            tally.durations.add(clock.now - start)
            turns.giveBack(client)
        }
        return tally
    }

    /// An organisation with a service space that the server keeps, and its devices, each signed in.
    static func tenant(
        _ number: Int, of count: Int, _ rows: [SampleRow], _ stage: Stage, _ transports: Transports
    ) async throws -> [LoadClient] {
        let founder = try stage.found("tenant-\(number)")
        let service = try founder.workspace.addService(name: ["en": "Service \(number)"], cells: [:])
        _ = try founder.workspace.commit(rows.map { $0.draft(in: service.service) }, in: service.service)
        guard let first = founder.workspace.keys else { throw WorkspaceFault.keysNeeded }
        let devices = [first] + (try (1..<count).map { try stage.enrolDevice(of: founder, label: "device-\($0)").keys })
        // Each organisation comes from an address of its own, as organisations do: the server counts sign-ins by address.
        let door = try transports.door(of: number)
        _ = try await door.sync(founder.workspace)
        let (standing, records) = try founder.store.read { reader in
            (
                try reader.standing(of: service.service),
                try reader.records(of: "responsibility", in: service.service, after: nil, limit: count)
            )
        }
        guard let standing, let server = try founder.store.read({ try $0.knownServer()?.name }) else { throw SyncFault.noServer }
        var clients: [LoadClient] = []
        for (keys, record) in zip(devices, records) {
            let challenge = try await door.ask(ChallengeRequest(device: keys.device))
            let session = try await door.ask(SessionRequest(answering: challenge.nonce, of: server, with: keys.signing))
            guard let heads = record.shown[LoadClient.cell]?.heads else { throw SyncFault.noServer }
            clients.append(
                LoadClient(keys: keys, token: session.token, standing: standing, record: record.id, heads: heads.map(\.op)))
        }
        try await door.close()
        try await founder.close()
        return clients
    }
}

/// What the workers of a load saw.
struct LoadTally: Sendable {
    var durations = Durations()
    var entries = 0
    /// Times the server asked a client to come back later.
    var busy = 0

    mutating func add(_ other: LoadTally) {
        durations.add(contentsOf: other.durations)
        entries += other.entries
        busy += other.busy
    }
}

/// Hands out clients in turn until enough cycles were made.
final class Turns: Sendable {
    private struct State {
        var resting: [LoadClient]
        var next = 0
        var left: Int
    }
    private let state: Mutex<State>

    init(_ clients: [LoadClient], cycles: Int) { state = Mutex(State(resting: clients, left: cycles)) }

    func take() -> LoadClient? {
        state.withLock { state in
            guard state.left > 0, state.next < state.resting.count else { return nil }
            state.left -= 1
            defer { state.next += 1 }
            return state.resting[state.next]
        }
    }

    func giveBack(_ client: LoadClient) {
        state.withLock { state in
            state.resting.append(client)
            // What was handed out already makes room now and then.
            if state.next > 8_192 {
                state.resting.removeFirst(state.next)
                state.next = 0
            }
        }
    }
}

/// Connections of the load: a transport keeps eight to a server at once, so several share them.
final class Transports: Sendable {
    private let all: [HTTPTransport]
    private let server: ServerURL
    private static let connectionsEach = 8

    init(url: String, connections: Int) throws {
        guard let server = ServerURL(url) else { throw StageFault.badURL(url) }
        self.server = server
        all = try (0..<(connections + Self.connectionsEach - 1) / Self.connectionsEach).map { _ in
            try HTTPTransport(TransportSettings(server: server))
        }
    }

    subscript(number: Int) -> HTTPTransport { all[number % all.count] }

    /// A way in whose connections come from an address of its own on the loopback network.
    func door(of number: Int) throws -> HTTPTransport {
        var settings = TransportSettings(server: server)
        settings.localAddress = "127.\(1 + number / 62_500).\(1 + number / 250 % 250).\(1 + number % 250)"
        return try HTTPTransport(settings)
    }

    var traffic: HTTPTransport.Traffic {
        all.map(\.traffic).reduce(into: HTTPTransport.Traffic()) {
            $0.sent += $1.sent
            $0.received += $1.received
        }
    }

    func close() async throws { for transport in all { try await transport.close() } }
}
