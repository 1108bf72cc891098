import BuntanProtocol
import Exchange
import Replica
import Storage
import TestKit

/// What exchanges cost (P13): a server reads rows by what travels with a request and its answer, and a sync that finds nothing new sends next
/// to nothing, however long the logs are.
struct RequestCost {
    private let store: MemoryStore
    private let before: Int

    init(_ server: SimulatedServer) {
        store = server.store
        before = store.questions
    }

    static func bytes(_ request: OutgoingRequest, _ reply: Reply?) -> Int {
        if case .answer(let body)? = reply { request.body.count + body.count } else { request.body.count }
    }

    /// Returns what is dearer than what travelled accounts for.
    func excess(_ request: OutgoingRequest, _ reply: Reply?, spaces: Int) -> String? {
        let (rows, bytes) = (store.questions - before, Self.bytes(request, reply))
        let words = request.method == .statement ? 1 + bytes / Self.bytesOfStatement : 1
        let most = Self.rowsOfRequest + Self.rowsOfSpace * spaces * words + bytes / Self.bytesOfRow
        return rows > most ? "a \(request.method.rawValue) of \(bytes) bytes read \(rows) rows" : nil
    }

    /// What any request may read: who asks, and what may be done.
    private static let rowsOfRequest = 40
    /// A statement goes into every log of whoever makes it, and heads tell of each.
    private static let rowsOfSpace = 8
    /// No statement is smaller.
    private static let bytesOfStatement = 150
    /// The least that travels for each further row.
    private static let bytesOfRow = 64

    /// Returns what a sync that found nothing new has sent beyond who is there, and where each log stands.
    static func excess(ofIdle name: String, traffic: [(method: String, bytes: Int)], spaces: Int) -> String? {
        guard traffic.reduce(0, { $0 + $1.bytes }) > 2_000 + 100 * spaces else { return nil }
        let words = traffic.map { "\($0.method) \($0.bytes)" }.joined(separator: ", ")
        return "\(name) found nothing new in \(spaces) logs, by requests of so many bytes: \(words)"
    }
}
