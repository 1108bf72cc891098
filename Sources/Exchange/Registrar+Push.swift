import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension Registrar {
    /// Judges changes, each alone (sync.md section 5): what can be said without the log first, in parallel if one likes.
    func push(_ request: PushRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let handle = try handle(request.space, for: caller, reader)
        try requireWhole(handle)
        let bytes = request.changes.reduce(0) { $0 + $1.size }
        guard bytes <= Limits.pushBytes || request.changes.count == 1 else { throw Refusal(.tooLarge, "push") }
        return .work(
            Work(
                count: request.changes.count,
                check: { index in
                    Work.Piece { () throws(Refusal) in
                        let received = try ReceivedChange(checking: request.changes[index])
                        guard received.change.space == request.space else { throw Refusal(.malformed, "space") }
                        return received
                    }
                },
                finish: { [self] pieces, writer in
                    let handle = try self.handle(request.space, for: again(caller, writer), writer)
                    try requireWhole(handle)
                    return try admit(pieces, to: handle, at: now, held: request.held, writer)
                }))
    }

    private func admit(
        _ pieces: [Work.Piece], to handle: SpaceHandle, at now: Int64, held: Base?, _ writer: any StoreWriter
    ) throws -> Outcome {
        let source = try writer.source(of: handle.space)
        try source.willRead(records: Set(pieces.flatMap(\.records)), changes: Set(pieces.flatMap(\.changes)))
        var ledger = Ledger(handle.standing, source: source, schema: schema)
        var quota = try Quota(of: handle.standing, policy: policy, writer)
        var verdicts: [Verdict] = []
        for piece in pieces {
            switch piece {
            case .failure(let refusal): verdicts.append(.refused(refusal))
            case .success(nil): verdicts.append(.refused(Refusal(.malformed)))
            case .success(let received?):
                let author = ledger.rights.organisation(of: received.change.device)
                let allowance = try received.isResolution(in: ledger) ? .max : try author.map { try quota.left(to: $0, writer) } ?? 0
                let verdict = try ledger.admit(received, received: now, allowance: allowance)
                if case .accepted = verdict, let author, let entry = ledger.update.entries.last {
                    quota.use(entry.bytes.count + (entry.payload?.count ?? 0), by: author)
                }
                verdicts.append(verdict)
            }
        }
        let standing = ledger.standing
        if !ledger.update.isEmpty {
            try writer.apply(try ledger.finished())
            try quota.store(writer)
        }
        let (given, entries) = (verdicts, try held.flatMap { try brought(since: $0, to: standing, writer) })
        var outcome = Outcome {
            let note = note(over: standing)
            return VerdictsAnswer(
                verdicts: given, note: note, page: entries.map { LogPage(entries: $0, note: note, more: false) }
            ).encoded()
        }
        // The checkpoint of the answer covers what stands, also where nothing came to it: an earlier mark may have failed.
        outcome.touched[handle.space] = MarkedPlace(standing)
        return outcome
    }
}

extension Work.Piece where Success == ReceivedChange?, Failure == Refusal {
    /// The records that the piece names, for a store to read ahead.
    var records: [RecordID] {
        guard case .success(let received?) = self else { return [] }
        return received.opened?.edits.map(\.record) ?? []
    }

    /// The change itself, and those it names as predecessors.
    var changes: [ChangeID] {
        guard case .success(let received?) = self else { return [] }
        let named = received.opened?.edits.flatMap { $0.ops.flatMap { $0.predecessors.map(\.change) } } ?? []
        return [received.change.id] + named
    }
}

extension ReceivedChange {
    /// Whether every op puts one value in the place of several that stand: quotas do not stand in the way of settling.
    ///
    /// Each leaves fewer heads than it found, so that nobody can go on for ever; naming superseded ops does not count.
    func isResolution(in ledger: Ledger) throws -> Bool {
        guard let opened else { return false }
        return try opened.edits.allSatisfy { edit in
            guard let state = try ledger.record(edit.record) else { return false }
            return edit.ops.allSatisfy { op in
                let heads = op.cell == .life ? state.cells.flatMap(\.heads) : state[op.cell]?.heads ?? []
                return heads.count { op.predecessors.contains($0.op) } > 1
            }
        }
    }
}
