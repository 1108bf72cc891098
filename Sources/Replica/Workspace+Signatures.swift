import Agreements
import BuntanProtocol
import Merging
package import Records
package import Storage

/// What of an engagement is to be signed: the part of the matrix that an agreement is about, and the kinds beside it.
package struct SignedPart: Hashable, Sendable {
    /// Beginnings of row keys; none for the whole matrix.
    package let keys: [[String]]
    /// The rows in it that are not agreed, and that the agreement has left open before.
    package let except: [RowKey]
    /// The kinds beside the rows.
    package let kinds: [String]

    /// The whole matrix and nothing else.
    package static let whole = SignedPart(keys: [], except: [], kinds: [])
}

/// Which rows could be signed now.
private struct SignableRows {
    /// Whether every published row is agreed.
    let isSettled: Bool
    let outlines: () throws -> [RowOutline]

    /// What is to be signed where an agreement is signed again; `nil` while a row of it is not agreed that it does not leave open.
    func part(of agreement: KnownAgreement) throws -> SignedPart? {
        let head = agreement.head
        let matrix = head.scope.first { $0.space == head.service && $0.kind == "responsibility" }
        func part(leaving except: [RowKey]) -> SignedPart {
            SignedPart(keys: matrix?.keys ?? [], except: except, kinds: agreement.kindsBesideRows)
        }
        if isSettled { return part(leaving: []) }
        // Of the whole matrix there is a row that is not agreed: nothing has to be read for that.
        if matrix?.keys == nil, head.except.isEmpty { return nil }
        let open = try outlines().filter { outline in
            guard matrix?.includes(key: outline.key.texts) ?? false else { return false }
            let state = outline.negotiation.state
            // A row of which no release and nobody says anything stands in nobody's way.
            return state != .agreed && !(state == .unpublished && outline.negotiation.customer == .empty)
        }
        let excepted = Set(head.except)
        guard open.allSatisfy({ excepted.contains($0.key.responsibility(in: head.service)) }) else { return nil }
        return part(leaving: RowKey.sorted(open.map(\.key)))
    }
}

extension Workspace {
    /// The signatures of this organisation that agreements wait for, or the first one once every row is agreed.
    ///
    /// - Parameters:
    ///   - agreements: those of the engagement, oldest first.
    ///   - isSettled: whether every published row is agreed.
    package func signaturesWaiting(
        in engagement: KnownEngagement, _ agreements: [KnownAgreement], isSettled: Bool, _ reader: any StoreReader
    ) throws -> [Waiting] {
        guard let side = engagement.side else { return [] }
        // What was withdrawn waits for what comes after it.
        let release = try newestRelease(of: engagement.service, reader)
        guard let release, try withdrawal(of: release.id, in: engagement.service, reader) == nil else { return [] }
        guard !agreements.isEmpty else { return isSettled ? [Waiting(.sign(.whole), since: nil)] : [] }
        let rows = SignableRows(isSettled: isSettled) { try rowOutlines(of: engagement, reader) }
        let (theirs, own) = (agreements.halfSigned(by: side.other), agreements.halfSigned(by: side))
        func signedFirst(_ half: KnownAgreement, by side: Side) -> Int64? { half.content.signature(of: side)?.signature.place?.received }
        // What they have signed waits as long as it fits. One that fits no longer they sign again; where its rows are agreed, another one
        // on them can be signed, unless something of this side's own waits for them.
        if let theirs {
            let since = signedFirst(theirs, by: side.other)
            if theirs.differences.isEmpty { return [Waiting(.sign(.whole), since: since)] }
            if own == nil, let part = try rows.part(of: theirs) { return [Waiting(.sign(part), since: since)] }
        }
        if let own { return try Self.signing(again: own, rows, since: signedFirst(own, by: side)) }
        let beside = try agreements.staleBeside.flatMap { try Self.signing(again: $0, rows, since: $0.content.signedAt) }
        guard let newest = agreements.binding ?? agreements.newest else { return isSettled ? [Waiting(.sign(.whole), since: nil)] : [] }
        switch newest.status {
        case .stale, .notYetValid: return try Self.signing(again: newest, rows, since: newest.content.signedAt) + beside
        case .proposed, .ended, .expired, .contested:
            // What is over is offered again once all is agreed: until then nobody has asked for it.
            guard isSettled, let part = try rows.part(of: newest) else { return beside }
            return [Waiting(.sign(part), since: nil)] + beside
        case .halfSigned, .inForce, .signed, .superseded: return beside
        }
    }

    /// That an agreement is to be signed again, where anything that it covers has changed and all of that is agreed.
    private static func signing(again agreement: KnownAgreement, _ rows: SignableRows, since: Int64?) throws -> [Waiting] {
        guard !agreement.differences.isEmpty, let part = try rows.part(of: agreement) else { return [] }
        let differing = agreement.differingRows.count
        let others = agreement.differences.count { $0.row == nil }
        return [
            Waiting(
                part.kinds.isEmpty ? .signAgain(rows: differing, part) : .signRecordsAgain(records: differing + others, part), since: since)
        ]
    }
}
