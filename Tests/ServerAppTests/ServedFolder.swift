import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import GRDBSQLite
import Logging
import Records
import Storage
import StorageSQLite
import Synchronization
import Syncing
import Testing
import TestKit

@testable import ServerApp

/// A server's data folder of one test with an organisation and its service in it, and the program to run on it.
final class ServedFolder: Sendable {
    static let now: Int64 = 1_700_000_000_000

    let folder: ServerFolder
    let identity: ServerIdentity
    let firm: FoundedOrganisation
    let logKey = SigningKey(seed: SHA.digest([1]))

    var path: String { folder.path }

    init(name: String = "sync.example.jp") throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("served-\(UUID().uuidString)").path
        folder = ServerFolder(path: path)
        identity = try folder.identity(named: name, orElse: "")
        var random = SeededRandom(seed: 1)
        firm = try FoundedOrganisation(label: "first", time: 1, random: &random)
    }

    deinit { do { try FileManager.default.removeItem(atPath: folder.path) } catch {} }

    // MARK: the program

    struct Outcome { let exit: Int32, output: String, errors: String }

    func run(_ arguments: String..., environment: [String: String] = [:]) async -> Outcome {
        await Self.run(arguments + ["--data", path], environment: environment)
    }

    static func run(_ arguments: [String], environment: [String: String] = [:]) async -> Outcome {
        let (output, errors) = (Said(), Said())
        let speaker = Speaker(environment: environment, output: { output.add($0) }, errors: { errors.add($0) })
        let exit = await ServerProgram.run(arguments, as: speaker)
        return Outcome(exit: exit, output: output.text, errors: errors.text)
    }

    private final class Said: Sendable {
        private let kept = Mutex("")
        func add(_ text: String) { kept.withLock { $0 += text } }
        var text: String { kept.withLock { $0 } }
    }

    // MARK: what is in it

    /// Runs `body` with the store open and its methods at hand.
    func serving<Result>(_ body: (Served) throws -> Result) throws -> Result {
        let store = try folder.openStore()
        let mark = try FileMark(path: folder.marksPath)
        let result = try body(Served(folder: self, store: store, mark: mark))
        try store.close()
        return result
    }

    /// Registers the organisation and hands over one service with this many changes; returns its space.
    @discardableResult
    func filled(changes: Int = 3) throws -> SpaceID {
        try serving { served in
            try served.register(firm)
            let own = try ownSpace(changes: changes)
            #expect(try served.call(own, as: firm.device).size == own.entries.count)
            return own.space
        }
    }

    /// A service with its log up to the move to this server, as one page.
    func ownSpace(changes: Int = 3, nonce: UInt64 = 1) throws -> ReplayRequest {
        let genesis = Genesis(
            type: .service, parties: [Party(side: .provider, organisation: firm.organisation, rootKey: firm.root.publicKey)],
            serverName: nil, logKey: logKey.publicKey, policy: Policy(), nonce: Nonce(high: nonce, low: nonce), device: firm.device.device
        ).signed(by: firm.device.signing)
        var ledger = try Ledger(
            founding: Entry(kind: .genesis, received: 1, content: genesis.bytes, signature: genesis.signature).encoded())
        for statement in firm.statements { _ = try ledger.admit(statement, received: 1) }
        let space = ledger.standing.id
        for number in 0..<changes {
            let change = try self.change("row \(number)", in: space, base: ledger.standing.base, number: number)
            let verdict = try ledger.admit(try ReceivedChange(checking: change), received: 1)
            guard case .accepted = verdict else { throw Refusal(.invalid) }
        }
        let move = ServerStatement(space: space, act: .move(serverName: identity.name, logKey: identity.logKey.publicKey))
        _ = try ledger.admit(serverStatement: move.signed(by: logKey), received: 1)
        let origin = Checkpoint.origin(server: nil, space: space, epoch: 0)
        return ReplayRequest(
            space: space, from: 0, entries: ledger.update.entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) },
            note: Checkpoint(origin: origin, size: ledger.size, root: ledger.standing.frontier.root).signed(by: logKey))
    }

    /// A change that makes one record with a text of its own.
    func change(_ text: String, in space: SpaceID, base: Base, number: Int) throws -> SignedChange {
        var random = SeededRandom(seed: UInt64(number) &* 7919 &+ 13)
        let record = RecordID.timeOrdered(millis: 1, random: random.nonce())
        let cells: [(CellKey, Value)] = [(.life, .bool(true)), (CellKey("upstreamName"), .text(text))].sorted { $0.0 < $1.0 }
        return try ChangeAuthor(space: space, key: firm.device.signing).change(
            edits: [Edit(record: record, kind: "service-dependency", ops: cells.map { Op(cell: $0.0, predecessors: []) })],
            values: cells.map(\.1.encoded), base: base, time: 1, schema: 1, random: &random)
    }

    // MARK: planting damage

    /// Runs a statement on the closed store; what it binds is bytes.
    func alter(_ sql: String, _ values: [UInt8]...) throws {
        var database: OpaquePointer?
        #expect(sqlite3_open(folder.storePath, &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        var statement: OpaquePointer?
        try #require(sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(database)))")
        for (index, value) in values.enumerated() {
            _ = value.withUnsafeBytes {
                sqlite3_bind_blob(
                    statement, Int32(index + 1), $0.baseAddress, Int32($0.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
        }
        let step = sqlite3_step(statement)
        #expect(step == SQLITE_DONE || step == SQLITE_ROW)
        #expect(sqlite3_finalize(statement) == SQLITE_OK)
    }

    /// A blob of the closed store.
    func blob(_ sql: String) throws -> [UInt8] {
        var database: OpaquePointer?
        #expect(sqlite3_open(folder.storePath, &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        var statement: OpaquePointer?
        try #require(sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK)
        defer { sqlite3_finalize(statement) }
        try #require(sqlite3_step(statement) == SQLITE_ROW)
        guard let bytes = sqlite3_column_blob(statement, 0) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, 0))))
    }
}

/// An open store with its methods.
struct Served {
    let folder: ServedFolder
    let store: SQLiteStore
    let mark: FileMark
    let registrar: Registrar

    init(folder: ServedFolder, store: SQLiteStore, mark: FileMark, frozen: FallenBack = FallenBack()) {
        self.folder = folder
        self.store = store
        self.mark = mark
        registrar = Registrar(identity: folder.identity, policy: RegistrarPolicy(isOpen: true), mark: mark, frozen: frozen)
    }

    func answer<R: Request>(_ request: R, token: [UInt8]? = nil) throws -> (status: Int, body: [UInt8]) {
        try registrar.answer(method: R.method.rawValue, body: request.encoded(), token: token, now: ServedFolder.now, store: store)
    }

    func call<R: Request>(_ request: R, as device: DeviceKeys? = nil) throws -> R.Answer {
        let (status, body) = try answer(request, token: try device.map { try token($0) })
        guard status == 200 else { throw Refusal(try ErrorAnswer(decoding: body).code ?? .invalid) }
        return try R.Answer(decoding: body)
    }

    func token(_ device: DeviceKeys) throws -> [UInt8] {
        let nonce = try call(ChallengeRequest(device: device.device)).nonce
        return try call(SessionRequest(answering: nonce, of: folder.identity.name, with: device.signing)).token
    }

    func register(_ firm: FoundedOrganisation) throws {
        _ = try call(RegisterRequest(statements: Array(firm.statements), rootKey: firm.root.publicKey, ticket: nil))
    }

    func push(_ text: String, in space: SpaceID, number: Int) throws {
        let standing = try #require(try store.read { try $0.standing(of: space) })
        let change = try folder.change(text, in: space, base: standing.base, number: number)
        _ = try call(PushRequest(space: space, changes: [change]), as: folder.firm.device)
    }
}
