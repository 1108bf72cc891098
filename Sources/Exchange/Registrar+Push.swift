import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension Registrar {
    /// Judges changes, each alone (sync.md section 5): what can be said without the log first, in parallel if one likes.
    func push(_ request: PushRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let handle = try handle(request.space, for: caller, at: now, reader)
        try requireWhole(handle)
        try requireHand(of: handle, over: request)
        let bytes = request.items.reduce(0) { $0 + $1.size }
        guard bytes <= Limits.pushBytes || request.items.count == 1 else { throw Refusal(.tooLarge, "push") }
        return .work(
            Work(
                count: request.items.count,
                check: { index in
                    Work.Piece { () throws(Refusal) in
                        let received: ReceivedChange?
                        switch request.items[index] {
                        case .change(let change): received = try ReceivedChange(checking: change)
                        case .salvaged(let carried, _): received = try ReceivedChange.carried(carried)
                        }
                        guard received.map({ $0.change.space == request.space }) ?? true else { throw Refusal(.malformed, "space") }
                        return received
                    }
                },
                finish: { [self] pieces, writer in
                    let caller = try again(caller, writer)
                    let words = try takeWords(in: request, over: self.handle(request.space, for: caller, at: now, writer), at: now, writer)
                    let handle = try self.handle(request.space, for: caller, at: now, writer)
                    try requireWhole(handle)
                    // Its caller will show what this server has signed and lost: nothing may come in its place before.
                    if let held = request.held, (held.epoch, held.size) > (handle.standing.epoch, handle.standing.size) {
                        throw Refusal(.behindYou)
                    }
                    return try admit(request, pieces, words, to: handle, at: now, writer)
                }))
    }

    /// An auditor writes nothing, and carries nobody's changes; what the log held before it may give back like any reader.
    private func requireHand(of handle: SpaceHandle, over request: PushRequest) throws {
        guard handle.isAuditors else { return }
        let gives = request.items.allSatisfy { if case .salvaged = $0 { true } else { false } }
        guard gives else { throw Refusal(.noRight) }
    }

    private func admit(
        _ request: PushRequest, _ pieces: [Work.Piece], _ words: SalvagedWords, to handle: SpaceHandle, at now: Int64,
        _ writer: any StoreWriter
    ) throws -> Outcome {
        let source = try writer.source(of: handle.space)
        try source.willRead(records: Set(pieces.flatMap(\.records)), changes: Set(pieces.flatMap(\.changes)))
        var ledger = Ledger(handle.standing, source: source, schema: schema)
        var quota = Quota(of: handle.standing, policy: policy)
        var verdicts: [Verdict] = []
        for (index, (item, piece)) in zip(request.items, pieces).enumerated() {
            if let verdict = words.verdicts[index] {
                verdicts.append(verdict)
                continue
            }
            let received: ReceivedChange?
            switch piece {
            case .failure(let refusal):
                verdicts.append(.refused(refusal))
                continue
            case .success(let sound): received = sound
            }
            let author = received.flatMap { ledger.rights.organisation(of: $0.change.device) }
            let verdict: Verdict
            var left: Int?
            switch item {
            case .change:
                guard let received else { throw Refusal(.malformed) }
                // Whoever has not heard that an epoch has ended gives back first what it kept, below what was made on it.
                guard handle.standing.epoch == SpaceRights.firstEpoch || request.held?.epoch == handle.standing.epoch else {
                    verdicts.append(try ledger.verdict(ofKnown: received) ?? .refused(Refusal(.epochChanged)))
                    continue
                }
                var allowance = Int.max
                if try !received.isResolution(in: ledger) {
                    allowance = try author.map { try quota.left(to: $0, writer) } ?? 0
                    left = allowance
                    if let author, received.endsAgreement { allowance += try quota.reserve(of: author, writer) }
                }
                verdict = try ledger.admit(received, received: now, allowance: allowance)
            // Its author paid for it once.
            case .salvaged(let carried, let proof): verdict = try salvage(carried, proof, received, into: &ledger, at: now)
            }
            if case .accepted = verdict, let author, let entry = ledger.update.entries.last {
                let bytes = entry.bytes.count + (entry.payload?.count ?? 0)
                if let left, bytes > left { try quota.useReserve(bytes, of: author, writer) }
                try quota.use(bytes, by: author, writer)
            }
            verdicts.append(verdict)
        }
        let standing = ledger.standing
        let rightsChanged = ledger.update.rightsChanged
        if !ledger.update.isEmpty {
            try writer.apply(try ledger.finished())
            try quota.store(writer)
        }
        let (given, entries) = (verdicts, try request.held.flatMap { try brought(since: $0, to: standing, writer) })
        var outcome = Outcome {
            let note = note(over: standing)
            return VerdictsAnswer(
                verdicts: given, note: note, page: entries.map { LogPage(entries: $0, note: note, more: false) }
            ).encoded()
        }
        // A statement that was salvaged means again what it meant.
        if rightsChanged { outcome.listed = try readAgain(standing, after: handle.standing.rights.readers.keys, writer) }
        // The checkpoint of the answer covers what stands, also where nothing came to it: an earlier mark may have failed.
        outcome.touched = words.touched
        outcome.touched[handle.space] = MarkedPlace(standing)
        outcome.chains = words.chains
        outcome.listed.formUnion(words.listed)
        return outcome
    }
}

/// What organisations had said about themselves that stands among what is given back to one log.
private struct SalvagedWords {
    /// What came of each, by its place in the push.
    var verdicts: [Int: Verdict] = [:]
    var touched: [SpaceID: MarkedPlace] = [:]
    var chains: [OrganisationID: ChainHead] = [:]
    var listed: Set<OrganisationID> = []
}

extension Registrar {
    /// Takes statements about organisations into their chains first: no log may hold what its organisation is not held to.
    private func takeWords(
        in request: PushRequest, over handle: SpaceHandle, at now: Int64, _ writer: any StoreWriter
    ) throws -> SalvagedWords {
        var words = SalvagedWords()
        let size = handle.standing.size
        var taken: [(index: Int, statement: [UInt8])] = []
        for (index, item) in request.items.enumerated() {
            let word: (signed: SignedBytes, statement: Statement)?
            do { word = try Self.lostWord(in: item, of: handle.standing) } catch  where error is DecodingFault || error is Refusal {
                // What is no sound entry, or proves nothing, is refused where it is judged with the rest.
                continue
            }
            guard let (signed, statement) = word else { continue }
            let (verdict, outcome) = try take(lost: signed, statement, at: now, writer)
            if case .refused = verdict { words.verdicts[index] = verdict } else { taken.append((index, signed.bytes)) }
            words.touched.merge(outcome.touched) { $1 }
            words.chains.merge(outcome.chains) { $1 }
            words.listed.formUnion(outcome.listed)
        }
        guard !taken.isEmpty, let end = words.touched[handle.space]?.size else { return words }
        // They stand in this log as any that were said now.
        var position = size
        while position < end {
            let here = try writer.entries(of: handle.space, from: position, maxBytes: Limits.pageBytes)
            guard !here.isEmpty else { throw LogFault.missingEntry(space: handle.space, position: position) }
            for stored in here {
                position = stored.position + 1
                let content = try Entry(decoding: stored.bytes).content
                for word in taken where word.statement == content { words.verdicts[word.index] = .accepted(position: stored.position) }
            }
        }
        return words
    }

    /// What a party of a space had said about itself, given back with its proof, and not in the log; `nil` for anything else.
    private static func lostWord(
        in item: PushedItem, of standing: SpaceStanding
    ) throws -> (signed: SignedBytes, statement: Statement)? {
        guard case .salvaged(let carried, let proof) = item, case let entry = try Entry(decoding: carried.entry),
            entry.kind == .statement, let signature = entry.signature, case let statement = try Statement(decoding: entry.content),
            statement.space == nil, standing.genesis.party(statement.organisation) != nil
        else { return nil }
        let signed = SignedBytes(bytes: entry.content, signature: signature)
        guard !standing.rights.holds(signed) else { return nil }
        try standing.rights.require(SalvageProof(decoding: proof), of: carried.entry)
        return (signed, statement)
    }

    private func salvage(
        _ carried: CarriedEntry, _ proof: [UInt8], _ change: ReceivedChange?, into ledger: inout Ledger, at now: Int64
    ) throws -> Verdict {
        do { return try ledger.admit(SalvagedEntry(carried, proof: proof, change: change), received: now) } catch let refusal as Refusal {
            return .refused(refusal)
        }
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
        let named = received.opened.map { EditList.named(in: $0.edits) } ?? []
        return [received.change.id] + named + (received.change.sealed?.follows ?? [])
    }
}

extension ReceivedChange {
    /// Whether the change ends agreements and does nothing else: whoever fills a space must not hold the other side to one.
    var endsAgreement: Bool { opened?.edits.allSatisfy { $0.kind == AgreementEnding.kind } ?? false }

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
