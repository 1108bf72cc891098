import BuntanProtocol
import Exchange
import Replica
import Storage
import Syncing
import TestKit

/// Watches one request at the server: what it may add to the logs, and what it must answer (P5).
struct ServerAudit {
    private let push: PushRequest?
    /// Whether the request may add statements or spaces to logs.
    private let mayFound: Bool
    private let sizes: [SpaceID: Int]
    private let places: [ChangeID: Int]
    /// Changes that stand there in another form: two copies of a device have each sealed them anew with the next key.
    private let others: Set<ChangeID>

    init(_ request: OutgoingRequest, _ server: SimulatedServer) throws {
        mayFound = [.register, .statement, .replay, .createSpace].contains(request.method)
        push = request.method == .push ? try PushRequest(decoding: request.body) : nil
        sizes = server.sizes()
        var places: [ChangeID: Int] = [:]
        var others: Set<ChangeID> = []
        if let push {
            try server.store.read { reader in
                for item in push.items {
                    guard let id = try item.change, let position = try reader.place(of: id, in: push.space)?.position else { continue }
                    places[id] = position
                    guard case .change(let signed) = item, try Change(decoding: signed.bytes).sealed != nil,
                        let stored = try reader.entries(of: push.space, from: position, maxBytes: 1).first
                    else { continue }
                    if try Entry(decoding: stored.bytes).unwrapped().content != signed.bytes { others.insert(id) }
                }
            }
        }
        self.places = places
        self.others = others
    }

    func findings(after reply: Reply?, _ server: SimulatedServer, _ chronicle: Chronicle) throws -> [Finding] {
        let now = server.sizes()
        var found: [Finding] = []
        for (space, size) in sizes where now[space, default: 0] < size {
            found.append(Finding(property: .durability, sentence: "the server's log of \(space) became shorter"))
        }
        guard let push else {
            if !mayFound, now != sizes {
                found.append(Finding(property: .idempotency, sentence: "a request that only reads changed a log"))
            }
            return found
        }
        let grown = now[push.space, default: 0] - sizes[push.space, default: 0]
        let ids = try push.items.map { try $0.change }
        let fresh = Set(ids.compactMap { $0 }).subtracting(places.keys).count + ids.count { $0 == nil }
        if grown > fresh { found.append(Finding(property: .idempotency, sentence: "\(fresh) new changes made \(grown) entries")) }
        guard case .answer(let body)? = reply else { return found }
        let answer = try VerdictsAnswer(decoding: body)
        var accepted = 0
        for (id, verdict) in zip(ids, answer.verdicts) {
            if case .accepted = verdict { accepted += 1 }
            guard let id, let position = places[id] else { continue }
            let wanted = others.contains(id) ? Verdict.refused(.cidReused, detail: nil) : .duplicate(position: position)
            if verdict != wanted {
                found.append(Finding(property: .idempotency, sentence: "\(id) stood at \(position) and was answered \(verdict)"))
            }
        }
        if accepted != grown {
            found.append(Finding(property: .durability, sentence: "\(accepted) changes accepted, \(grown) entries appended"))
        }
        return found
    }

    func hear(_ reply: Reply, _ chronicle: inout Chronicle) throws {
        guard let push, case .answer(let body) = reply else { return }
        for (item, verdict) in zip(push.items, try VerdictsAnswer(decoding: body).verdicts) {
            if let id = try item.change { chronicle.hear(verdict, of: id, in: push.space) }
        }
    }
}

extension PushedItem {
    /// The change that is handed over, `nil` for a statement.
    fileprivate var change: ChangeID? {
        get throws {
            switch self {
            case .change(let signed): return try Change(decoding: signed.bytes).id
            case .salvaged(let carried, _):
                let entry = try Entry(decoding: carried.entry)
                return entry.kind == .change ? try Change(decoding: entry.content).id : nil
            }
        }
    }
}
