package import BuntanProtocol

/// A record as a set of ops leaves it: by cell the ops that no other names.
package struct ReferenceRecord: Hashable, Sendable {
    package let space: SpaceID
    package let id: RecordID
    package let kind: String
    package let heads: [CellKey: [LoggedOp]]

    /// Returns `nil` for a record that nobody has made, or that was deleted and left nothing behind.
    package init?(_ id: RecordID, kind: String, in space: SpaceID, ops: [LoggedOp]) {
        let named = Set(ops.flatMap(\.predecessors))
        heads = Dictionary(grouping: ops.filter { !named.contains($0.id) }, by: \.cell)
        guard let life = heads[.life] else { return nil }
        if life.allSatisfy({ $0.value == .false }), heads.count == 1 { return nil }
        self.id = id
        self.kind = kind
        self.space = space
    }

    /// Whether its owner has something to settle first: several values of a cell, or a deletion beside an edit.
    var isUnsettled: Bool {
        heads[.life]?.contains { $0.value == .false } == true || heads.values.contains { Set($0.map(\.value)).count > 1 }
    }

    /// H("covered", CBOR [space, record, kind, cells]): all cells but `@life`, empty ones and elements that are no members.
    var digest: Digest {
        var cells: [[UInt8]] = []
        for (key, ops) in heads where key != .life {
            guard let value = ops.first?.value, value != .null, key.element == nil || value != .false else { continue }
            cells.append(
                CBORWriter.encode { w in
                    w.array(3)
                    w.text(key.field)
                    if let element = key.element { element.write(to: &w) } else { w.null() }
                    w.raw(value.bytes)
                })
        }
        let content = CBORWriter.encode { w in
            w.array(4)
            w.byteString(space.bytes)
            w.byteString(id.bytes)
            w.text(kind)
            w.array(cells.count)
            for cell in cells.sorted(by: { $0.lexicographicallyPrecedes($1) }) { w.raw(cell[...]) }
        }
        return SHA.digest(Array("buntan.covered.v1".utf8) + [0] + content)
    }

    /// Whether it says no more than which row it is about and who is responsible.
    var isWordless: Bool {
        heads.allSatisfy { key, ops in
            ["@life", "framework", "controlId", "itemKey", "side", "allocation"].contains(key.field)
                || ops.allSatisfy { $0.value == .null || key.element != nil && $0.value == .false }
        }
    }
}

/// The table of negotiation of sync.md section 4 said again, from ops alone.
package struct ReferenceNegotiation: Hashable, Sendable {
    package enum State: String, Sendable { case unpublished, open, agreed, disputed, unsettled, reworded }
    /// What a side holds to.
    package enum Held: Hashable, Sendable {
        case nothing, value(String), several

        fileprivate init(_ record: ReferenceRecord?) {
            guard let record else { self = .nothing; return }
            let values = Set(record.heads[CellKey("allocation")]?.map(\.value) ?? [])
            let lives = Set(record.heads[.life]?.map(\.value) ?? [])
            if values.count > 1 || lives.contains(.false) {
                self = .several
            } else if let text = values.first??.value.text {
                self = .value(text)
            } else {
                self = .nothing
            }
        }
    }

    package let state: State
    package let provider: Held
    package let customer: Held

    package init(state: State, provider: Held, customer: Held) {
        self.state = state
        self.provider = provider
        self.customer = customer
    }

    /// - Parameters:
    ///   - row: the row as published.
    ///   - provider: the provider's own position, which comes before that where it is filled.
    ///   - customer: the customer's position.
    package init(row: ReferenceRecord?, provider position: ReferenceRecord?, customer own: ReferenceRecord?) {
        let provider = Held(position) == .nothing ? Held(row) : Held(position)
        let customer = Held(own)
        self.init(state: Self.state(row, position, own, provider, customer), provider: provider, customer: customer)
    }

    private static func state(
        _ row: ReferenceRecord?, _ position: ReferenceRecord?, _ own: ReferenceRecord?, _ provider: Held, _ customer: Held
    ) -> State {
        if [row, position, own].contains(where: { $0?.isUnsettled == true }) { return .unsettled }
        if row == nil, provider == .nothing { return .unpublished }
        guard customer != .nothing else { return .open }
        guard customer == provider else { return .disputed }
        if customer == .value("unallocated") { return .open }
        var read = [accepts(row, position)]
        // A provider that only moves to the customer's value adds nothing that would have to be read.
        if position?.isWordless == true { read.append(accepts(row, nil)) }
        let value = own?.heads[CellKey("accepts")]?.first?.value?.value
        return read.contains { value == .bytes($0.bytes) } ? .agreed : .reworded
    }

    /// H("accepts", CBOR [digest of the published row | null, digest of the provider's position | null]).
    private static func accepts(_ row: ReferenceRecord?, _ position: ReferenceRecord?) -> Digest {
        let content = CBORWriter.encode { w in
            w.array(2)
            for record in [row, position] { if let record { w.byteString(record.digest.bytes) } else { w.null() } }
        }
        return SHA.digest(Array("buntan.accepts.v1".utf8) + [0] + content)
    }
}
