package import Agreements
import BuntanProtocol
import Merging
import Records
package import Storage

/// The records of some spaces at one time, to be held against those of another.
package struct RecordsThen: Sendable {
    private let spaces: [SpaceID: PublishedSnapshot]

    fileprivate init(_ spaces: [SpaceID: PublishedSnapshot]) { self.spaces = spaces }

    /// What a later time says otherwise, by space in their order and in that by record.
    package func differences(to later: RecordsThen) -> [AgreementDifference] {
        Set(spaces.keys).union(later.spaces.keys).sorted().flatMap { space in
            (spaces[space] ?? PublishedSnapshot()).differences(to: later.spaces[space] ?? PublishedSnapshot(), of: space) { $0.known[$1] }
        }
    }
}

extension Workspace {
    /// The records of a scope's spaces as a reader has them: those of its own organisation, too.
    ///
    /// What is signed and who may sign is told elsewhere, and no part of it.
    package func records(in scope: RecordScope, _ reader: any StoreReader) throws -> RecordsThen {
        var spaces: [SpaceID: PublishedSnapshot] = [:]
        for kind in schema.kinds where !Self.toldElsewhere.contains(kind.name) {
            for space in scope.spaces(for: kind, named: kind.name) where try reader.standing(of: space) != nil {
                for stored in try reader.records(of: kind.name, in: space, after: nil, limit: .max) {
                    spaces[space, default: PublishedSnapshot()].take(stored.shown, record: stored.id, in: space)
                }
            }
        }
        return RecordsThen(spaces)
    }

    private static let toldElsewhere: Set = [
        "agreement", "agreement-signature", "agreement-end", "release", "device", "known-organisation",
    ]
}
