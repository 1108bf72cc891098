import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import TestKit

/// What a broken server puts into its logs and its pages.
extension Sabotage {
    static func isShut(_ reply: Reply) -> Bool {
        switch reply {
        case .error(let error): error.code == .noSession
        case .answer(let body):
            // What cannot be read here was refused for something else.
            (try? VerdictsAnswer(decoding: body))?.verdicts.contains { if case .refused(.noRight?, _) = $0 { true } else { false } } == true
        }
    }

    /// Puts changes that were refused since their device has no rights any more into their logs all the same.
    static func append(_ changes: [SignedChange], _ server: SimulatedServer) throws {
        for signed in changes {
            let change = try Change(decoding: signed.bytes)
            try server.store.write { transaction in
                guard let standing = try transaction.standing(of: change.space),
                    let author = standing.rights.authorPosition(of: change.device),
                    standing.rights.capabilities(of: change.device).isEmpty, try transaction.place(of: change.id, in: change.space) == nil
                else { return }
                let bytes = Entry(
                    kind: .change, received: server.clock.now(), content: signed.bytes, signature: signed.signature
                ).encoded()
                try append(
                    NewEntry(
                        position: standing.size, bytes: bytes, leaf: Entry.leafHash(of: bytes), payload: signed.payload, change: change.id,
                        author: author, records: (change.edits ?? []).map(\.record)),
                    to: standing, transaction)
            }
        }
    }

    /// Leaves out the cells of fields that came with a later program.
    static func dropUnknown(_ update: inout SpaceUpdate) {
        for (record, state) in update.records {
            guard let kind = SchemaRegistry.current.kind(state.kind) else { continue }
            update.records[record] = RecordState(
                kind: state.kind, creator: state.creator, seam: state.seam,
                cells: state.cells.filter { $0.key == .life || kind.field($0.key.field) != nil })
        }
    }

    /// Puts the last of several changes into a sealed log, whatever it follows on.
    static func appendAhead(_ changes: [SignedChange], _ server: SimulatedServer) throws {
        guard changes.count > 1, let signed = changes.last, case let change = try Change(decoding: signed.bytes), change.edits == nil else {
            return
        }
        try server.store.write { transaction in
            guard let standing = try transaction.standing(of: change.space),
                let author = standing.rights.authorPosition(of: change.device),
                standing.rights.capabilities(of: change.device).contains(.write), change.base.epoch == standing.epoch,
                try transaction.place(of: change.id, in: change.space) == nil
            else { return }
            let bytes = Entry(
                kind: .change, received: server.clock.now(), content: signed.bytes, signature: signed.signature
            ).encoded()
            try append(
                NewEntry(
                    position: standing.size, bytes: bytes, leaf: Entry.leafHash(of: bytes), payload: signed.payload, change: change.id,
                    author: author),
                to: standing, transaction)
        }
    }

    private static func append(_ entry: NewEntry, to standing: SpaceStanding, _ transaction: any StoreWriter) throws {
        let source = try transaction.source(of: standing.id)
        var update = SpaceUpdate(standing: standing)
        update.entries = [entry]
        update.standing.frontier.append(entry.leaf)
        update.tiles = Dictionary(try LogTiles.appending([entry.leaf], toLogOf: standing.size, tile: source.tile)) { first, _ in first }
        try transaction.apply(update)
    }

    /// Puts a statement that was refused into the logs of its organisation all the same.
    static func append(_ statement: SignedBytes?, _ server: SimulatedServer) throws {
        guard let statement else { return }
        let organisation = try Statement(decoding: statement.bytes).organisation
        try server.store.write { transaction in
            for head in try transaction.heads(for: organisation) {
                guard let standing = try transaction.standing(of: head.space), standing.genesis.party(organisation) != nil else { continue }
                let bytes = Entry(
                    kind: .statement, received: server.clock.now(), content: statement.bytes, signature: statement.signature
                ).encoded()
                try append(
                    NewEntry(position: standing.size, bytes: bytes, leaf: Entry.leafHash(of: bytes), payload: nil), to: standing,
                    transaction)
            }
        }
    }

    /// Another page of records than the log gives, signed as any.
    func lie(in reply: Reply, to request: SnapshotRequest, _ server: SimulatedServer) throws -> Reply {
        guard case .answer(let bytes) = reply else { return reply }
        let page = try SnapshotPage(decoding: bytes)
        var (states, words) = (page.states, page.words)
        switch kind {
        case .signsAnotherState:
            states = try states.map { carried in
                let state = try RecordState(decoding: carried.state)
                let cells = state.cells.map { cell in
                    Cell(
                        key: cell.key,
                        heads: cell.heads.map { head in
                            let isWord = head.value.map { $0.bytes.first.map { $0 >> 5 == 3 } ?? false } ?? false
                            return Head(
                                op: head.op, position: head.position, author: head.author,
                                value: isWord ? Value.text("lie").encoded : head.value)
                        })
                }
                return CarriedState(
                    record: carried.record,
                    state: RecordState(kind: state.kind, creator: state.creator, seam: state.seam, cells: cells).encoded())
            }
        case .leavesRecordOut: if states.count > 1 { states.removeFirst() }
        case .leavesStatementOut: words?.removeLast()
        default: return reply
        }
        let content = SnapshotSeal.content(
            space: request.space, after: request.after, base: page.base, states: SnapshotPage.digest(ofStates: states), more: page.more,
            words: words.map(SnapshotPage.digest(ofWords:)))
        return .answer(
            SnapshotPage(
                base: page.base, states: states, more: page.more, frontier: page.frontier,
                signature: server.identity.logKey.sign("snapshot", content), words: words
            ).encoded())
    }
}
