import BuntanProtocol
import ChangeLog
import ClientTransport
import Replica
import Storage
import Syncing

enum LoadFault: Error {
    case refused(Code?, String?)
    case fork
    case notBack
}

/// A device of the load: its keys, its session, and where it stands in its organisation's log.
struct LoadClient: Sendable {
    static let cell = CellKey("foundFlag")

    private let keys: DeviceKeys
    private let token: [UInt8]
    private let space: SpaceID
    private let epoch: Int
    private let origin: String
    private let logKey: PublicKey
    private var frontier: LogFrontier
    /// The record that this device alone changes, and what stands in its cell.
    private let record: RecordID
    private var heads: [OpID]
    private var number = 0

    init(keys: DeviceKeys, token: [UInt8], standing: SpaceStanding, record: RecordID, heads: [OpID]) {
        self.keys = keys
        self.token = token
        space = standing.id
        epoch = standing.epoch
        origin = standing.rights.origin
        logKey = standing.rights.logKey
        frontier = standing.frontier
        self.record = record
        self.heads = heads
    }

    /// Changes the record, pushes the change, and pulls until it has come back.
    mutating func cycle(_ transport: HTTPTransport, _ tally: inout LoadTally) async throws {
        let position = try await push(transport, &tally)
        while frontier.size <= position { try await pull(transport, &tally) }
    }

    /// Changes the record and pushes the change; returns its position.
    mutating func push(_ transport: HTTPTransport, _ tally: inout LoadTally) async throws -> Int {
        var random = SystemRandom()
        number += 1
        let edit = Edit(record: record, kind: "responsibility", ops: [Op(cell: Self.cell, predecessors: heads)])
        let change = try ChangeAuthor(space: space, key: keys.signing).change(
            edits: [edit], values: [Value.text("change \(number)").encoded],
            base: Base(epoch: epoch, size: frontier.size, root: frontier.root), time: SystemClock().now(),
            schema: SchemaRegistry.current.version, random: &random)
        let verdicts = try await patiently(PushRequest(space: space, changes: [change]), transport, &tally).verdicts
        guard case .accepted(let position)? = verdicts.first else {
            guard case .refused(let code, let detail)? = verdicts.first else { throw LoadFault.notBack }
            throw LoadFault.refused(code, detail)
        }
        heads = [OpID(try Change(decoding: change.bytes).id, 0)]
        return position
    }

    /// The spaces that the server has for this device.
    func heads(_ transport: HTTPTransport) async throws -> [SpaceHead] {
        try await transport.ask(HeadsRequest(digest: SpaceHead.digest(of: [])), token: token).heads ?? []
    }

    /// Waits until the server has other than these, and returns what it has; `nil` if nothing has changed for long.
    func wait(beyond heads: [SpaceHead], _ transport: HTTPTransport) async throws -> [SpaceHead]? {
        try await transport.ask(WaitRequest(digest: SpaceHead.digest(of: heads)), token: token, seconds: 90).heads
    }

    /// Takes a page and holds it against the root that the server signed.
    private mutating func pull(_ transport: HTTPTransport, _ tally: inout LoadTally) async throws {
        let page = try await patiently(
            PullRequest(space: space, epoch: epoch, size: frontier.size, root: frontier.root), transport, &tally)
        guard !page.entries.isEmpty else { throw LoadFault.notBack }
        for entry in page.entries { frontier.append(Entry.leafHash(of: entry.entry)) }
        let checkpoint = try Checkpoint.open(page.note, origin: origin, key: logKey)
        guard checkpoint.size == frontier.size, checkpoint.root == frontier.root else { throw LoadFault.fork }
        tally.entries += page.entries.count
    }

    /// Asks again where the server says that it is busy.
    private func patiently<R: Request>(_ request: R, _ transport: HTTPTransport, _ tally: inout LoadTally) async throws -> R.Answer {
        while true {
            do {
                return try await transport.ask(request, token: token)
            } catch SyncFault.refused(_, .busy?, _, let after) {
                tally.busy += 1
                try await Task.sleep(for: .milliseconds(after ?? 100))
            }
        }
    }
}
