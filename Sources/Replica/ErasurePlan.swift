import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
import Records
package import Storage
import Syncing

/// What an erasure takes, and from where: shown before anybody says yes.
package struct ErasurePlan: Sendable {
    package struct Place: Sendable {
        package let space: SpaceID
        package let record: RecordID
        package let kind: String
        /// Every op of the log on the field whose value is still there: what stands and what stood before.
        package let ops: [ErasedOps]
        /// Whether the other values of these changes go with it: the keeper of a sealed log sees one payload.
        package let isSealed: Bool

        package var values: Int { ops.reduce(0) { $0 + $1.indices.count } }
    }

    /// A cell of another organisation's record.
    package struct Copy: Hashable, Sendable {
        package let space: SpaceID
        package let record: RecordID
        package let kind: String
        package let cell: CellKey
    }

    package let field: String
    /// Copies of the record in every space in which it is this organisation's.
    package let places: [Place]
    /// The documents of agreements that this organisation made and that print the field.
    package let documents: [Place]
    /// The same of the counterpart, which alone can erase them.
    package let theirDocuments: [RecordID]
    /// Values of others that say the same, and that they alone can erase.
    package let theirValues: [Copy]

    package var all: [Place] { places + documents }
    package var values: Int { all.reduce(0) { $0 + $1.values } }
}

/// Why a value cannot be erased.
package enum ErasureFault: Error, Hashable, Sendable {
    case notOwn(OrganisationID)
    /// The record goes by it: its id is made of the value, and stays.
    case keyField(String)
    /// Nothing of it is in a log: it was never written, or has been erased.
    case nothing
    case lacksAdmin
    /// So many changes of the field wait in the outbox: sent afterwards they would bring it back.
    case waiting(Int)
}

extension Workspace {
    /// Looks for everything that an erasure of a field takes.
    ///
    /// - Parameter element: one language alone; `nil` for all.
    package func erasurePlan(
        of field: String, element: Element?, of record: RecordID, in space: SpaceID, _ reader: any StoreReader
    ) throws -> ErasurePlan {
        // A log that is not all here does not tell what is to go.
        try requireVerified(reader.leadSpaces(), reader)
        let own = try reader.identity().organisation
        guard let state = try reader.record(record, in: space) else { throw ErasureFault.nothing }
        guard state.creator == own else { throw ErasureFault.notOwn(state.creator) }
        let kind = schema.kind(state.kind)
        guard field != CellKey.life.field, kind?.key?.contains(field) != true else { throw ErasureFault.keyField(field) }
        var places: [ErasurePlan.Place] = []
        var waiting = 0
        for (place, copy) in try copies(of: record, state, kind, in: space, reader) {
            waiting += try reader.outbox(touching: copy, in: place).count { item in
                item.item.edits.contains { $0.touches(field, of: copy) }
            }
            waiting += try waitingByFile(field, of: copy, in: place, reader)
            let ops = try reader.standingOps(on: field, element: element, of: copy, in: place, keys: reader.spaceKeys(of: [place]))
            guard !ops.isEmpty else { continue }
            places.append(try self.place(place, copy, state.kind, ops, reader))
        }
        guard waiting == 0 else { throw ErasureFault.waiting(waiting) }
        // The document of an agreement is that, however it was named.
        let isDocument = state.kind == "agreement" && field == "document"
        let printed = isDocument ? [] : try printing(field, element, of: places, reader)
        let documents = try printed.filter { $0.creator == own }.compactMap { found -> ErasurePlan.Place? in
            let ops = try reader.standingOps(on: "document", element: nil, of: found.record, in: found.space)
            return ops.isEmpty ? nil : try place(found.space, found.record, "agreement", ops, reader)
        }
        guard !places.isEmpty || !documents.isEmpty else { throw ErasureFault.nothing }
        return ErasurePlan(
            field: field, places: isDocument ? [] : places, documents: isDocument ? places : documents,
            theirDocuments: printed.filter { $0.creator != own }.map(\.record),
            theirValues: try copiesOfOthers(places, but: own, reader))
    }

    /// Changes of the field that came by file and are in no log yet.
    private func waitingByFile(_ field: String, of record: RecordID, in space: SpaceID, _ reader: any StoreReader) throws -> Int {
        let waiting = try relayed(in: space, reader)
        guard !waiting.isEmpty else { return 0 }
        let keys = try reader.spaceKeys(of: [space])
        return waiting.count { change in
            // One that this device cannot open, or that is damaged, is not known to touch anything.
            guard let received = try? ReceivedChange(checking: change.signed, keys: keys) else { return false }
            return received.opened?.edits.contains { $0.touches(field, of: record) } ?? false
        }
    }

    private func place(
        _ space: SpaceID, _ record: RecordID, _ kind: String, _ ops: [ErasedOps], _ reader: any StoreReader
    ) throws -> ErasurePlan.Place {
        let isSealed = try reader.standing(of: space)?.genesis.policy.isSealed ?? false
        return ErasurePlan.Place(space: space, record: record, kind: kind, ops: ops, isSealed: isSealed)
    }

    /// The record in every space where it stands as this organisation's: a copy keeps its id, or its key.
    private func copies(
        of record: RecordID, _ state: RecordState, _ kind: Kind?, in space: SpaceID, _ reader: any StoreReader
    ) throws -> [(space: SpaceID, record: RecordID)] {
        let key = kind?.key?.map { state[CellKey($0)]?.heads.first?.value?.value }
        var found = [(space, record)]
        for other in try reader.spaces() where other != space {
            var id = record
            if let key {
                // A key that was erased names no copy.
                guard !key.contains(nil) else { continue }
                id = RecordID.natural(space: other, kind: state.kind, key: key.compactMap(\.self))
            }
            guard let copy = try reader.record(id, in: other), copy.kind == state.kind, copy.creator == state.creator else { continue }
            found.append((other, id))
        }
        return found
    }

    /// Agreements whose documents print the field of one of these records.
    private func printing(
        _ field: String, _ element: Element?, of places: [ErasurePlan.Place], _ reader: any StoreReader
    ) throws -> [(space: SpaceID, record: RecordID, creator: OrganisationID)] {
        let meant = Set(places.map(\.record))
        var found: [(space: SpaceID, record: RecordID, creator: OrganisationID)] = []
        for space in try reader.spaces() {
            guard let standing = try reader.standing(of: space), standing.genesis.type == .engagement else { continue }
            var history = try RecordHistory(of: space, reader)
            for stored in try reader.briefs(of: "agreement", in: space) {
                // A document that does not decode shows nobody a value.
                guard let read = try readSaying(of: stored.id, "agreement", &history, standing, reader),
                    let text = read.made["document"]?.text, let document = try? AgreementDocument(decoding: Array(text.utf8)),
                    document.records.contains(where: { covered in
                        meant.contains(covered.record)
                            && covered.cells.contains { $0.key.field == field && (element == nil || $0.key.element == element) }
                    })
                else { continue }
                found.append((space, stored.id, read.creator))
            }
        }
        return found
    }

    /// What others have written that says what stands in these places, or stood there.
    private func copiesOfOthers(
        _ places: [ErasurePlan.Place], but own: OrganisationID, _ reader: any StoreReader
    ) throws -> [ErasurePlan.Copy] {
        var texts: Set<String> = []
        for place in places {
            guard let history = try SpaceHistory(place.space, reader) else { continue }
            for item in place.ops {
                for step in try history.change(item.change)?.steps ?? [] where item.indices.contains(step.id.index) {
                    if let text = schema.copiedText(step.value, step.op.cell, kind: step.kind) { texts.insert(text) }
                }
            }
        }
        return try reader.spaces().flatMap { space -> [ErasurePlan.Copy] in
            guard try reader.standing(of: space)?.genesis.type == .engagement else { return [] }
            return try copies(of: texts, in: space, reader) { $0 != own }.map {
                ErasurePlan.Copy(space: space, record: $0.record, kind: $0.state.kind, cell: $0.cell)
            }
        }
    }

    // MARK: carrying it out

    /// Says in every log that the values are gone, where no server keeps it at once, elsewhere with the next sync.
    ///
    /// In a sealed space what else its changes hold and still stands is written anew first.
    package func erase(_ plan: ErasurePlan, _ transaction: any StoreWriter) throws {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        for (space, places) in Dictionary(grouping: plan.all, by: \.space).sorted(by: { $0.key < $1.key }) {
            guard let standing = try transaction.standing(of: space) else { throw WorkspaceFault.unknownSpace(space) }
            guard try !transaction.isFrozen(space) else { throw WorkspaceFault.frozen(space) }
            guard standing.rights.capabilities(of: keys.device).contains(.admin) else { throw ErasureFault.lacksAdmin }
            let ops = places.flatMap(\.ops)
            if standing.genesis.policy.isSealed { try keepBeside(ops, of: places, in: space, transaction) }
            try sayErased(ops, in: space, transaction)
        }
    }

    func sayErased(_ ops: [ErasedOps], in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard let keys, let standing = try transaction.standing(of: space) else { return }
        let author = StatementAuthor(organisation: try transaction.identity().organisation, key: keys.signing)
        var head = standing.rights.head(ofOwnChain: author.organisation)
        for pending in try pendingStatements(of: space, transaction) { head = head.advanced(by: pending) }
        let isLocal = try standing.rights.serverName == nil && logKey(of: space, transaction) != nil
        var ledger = Ledger(
            standing, source: try transaction.source(of: space), schema: schema, keys: try transaction.spaceKeys(of: [space]))
        // Each change once, in order: two fields of it may be meant.
        let merged = Dictionary(grouping: ops, by: \.change).sorted { $0.key < $1.key }.map { change, items in
            ErasedOps(change, Set(items.flatMap(\.indices)).sorted())
        }
        for start in stride(from: 0, to: merged.count, by: Self.mostErasedAtOnce) {
            let some = Array(merged[start..<min(start + Self.mostErasedAtOnce, merged.count)])
            let now = clock.now()
            let statement = author.sign(.erase(some), after: head, about: space, time: now)
            head = head.advanced(by: statement)
            if isLocal {
                _ = try ledger.admit(statement, received: now)
            } else {
                try transaction.setValue(CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.statement(space, head.number))
            }
        }
        guard isLocal else { return }
        let update = try ledger.finished()
        try transaction.apply(update)
        try signCheckpoint(of: space, standing: ledger.standing, transaction)
        for record in update.records.keys { try refreshShown(record, in: space, transaction) }
        try eraseBeside(update, transaction)
    }

    /// Few enough for one statement, whatever they name.
    private static let mostErasedAtOnce = 100

    /// Writes anew what stands in a sealed space by changes that lose all their values, but for what is meant.
    private func keepBeside(
        _ ops: [ErasedOps], of places: [ErasurePlan.Place], in space: SpaceID, _ transaction: any StoreWriter
    ) throws {
        let lost = Set(ops.map(\.change))
        let meant = Set(ops.flatMap { item in item.indices.map { OpID(item.change, $0) } })
        var touched: Set<RecordID> = []
        guard let history = try SpaceHistory(space, transaction) else { return }
        for change in lost { touched.formUnion(try history.change(change)?.edits?.map(\.record) ?? []) }
        var edits: [(edit: Edit, values: [Value])] = []
        for record in touched.sorted() {
            guard let state = try transaction.shown(record, in: space) else { continue }
            var kept: [(op: Op, value: Value)] = []
            for cell in state.cells {
                let ops = cell.heads.map(\.op)
                guard ops.contains(where: { lost.contains($0.change) }), !ops.contains(where: meant.contains) else { continue }
                // Of several values one would be lost unseen.
                guard case .settled(let value?, let heads) = cell.state else { throw WorkspaceFault.severalValues(record, cell.key) }
                kept.append((Op(cell: cell.key, predecessors: heads), value.value))
            }
            guard !kept.isEmpty else { continue }
            edits.append((Edit(record: record, kind: state.kind, ops: kept.map(\.op)), kept.map(\.value)))
        }
        if !edits.isEmpty { _ = try commit(edits, in: space, transaction) }
    }
}

extension Edit {
    fileprivate func touches(_ field: String, of record: RecordID) -> Bool {
        self.record == record && ops.contains { $0.cell.field == field }
    }
}
