import BuntanProtocol
import Storage
import Syncing

/// What a program of an earlier schema took and could not judge (PROTOCOL.md section 16).
///
/// In a sealed space replicas alone know what a kind allows. This program takes what a later one wrote as it is; the program that
/// follows on it knows the rules, and reads such a log again, so that all who hold it hold the same.
extension Workspace {
    /// The latest schema under which changes of a log were made, and that of the program which took them.
    private struct Taken {
        let latest: Int
        let judgedBy: Int

        init(latest: Int, judgedBy: Int) { (self.latest, self.judgedBy) = (latest, judgedBy) }

        init(decoding bytes: [UInt8]) throws {
            self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> Taken in
                try r.array(of: 2)
                return Taken(latest: try r.count(), judgedBy: try r.count())
            }
        }

        func encoded() -> [UInt8] {
            CBORWriter.encode { w in
                w.array(2)
                w.int(latest)
                w.int(judgedBy)
            }
        }
    }

    /// Takes note that a sealed space holds changes of a schema that is later than this program's.
    func noteLaterSchema(_ latest: Int, in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard latest > schema.version else { return }
        let known = try transaction.value(StoredName.laterSchema(space)).map { try Taken(decoding: $0) }
        let taken = Taken(
            latest: max(latest, known?.latest ?? 0), judgedBy: min(schema.version, known?.judgedBy ?? schema.version))
        try transaction.setValue(taken.encoded(), for: StoredName.laterSchema(space))
    }

    /// The sealed spaces of which this program can judge more than the one that took them.
    func judgedByEarlier(_ reader: any StoreReader) throws -> [SpaceID] {
        let marks = try reader.values(withPrefix: StoredName.laterSchemaPrefix)
        guard !marks.isEmpty else { return [] }
        return try reader.spaces().filter { space in
            guard let bytes = marks[StoredName.laterSchema(space)] else { return false }
            return try Taken(decoding: bytes).judgedBy < schema.version
        }
    }

    /// Judges the changes of these spaces again, and shows what stands.
    func judgeAnew(_ transaction: any StoreWriter) throws {
        for space in try judgedByEarlier(transaction) {
            // A log that does not hold is for `store check` and the next pull to tell of.
            guard try repairRecords(of: space, transaction) != nil,
                let bytes = try transaction.value(StoredName.laterSchema(space)), case let taken = try Taken(decoding: bytes)
            else { continue }
            let isDone = taken.latest <= schema.version
            try transaction.setValue(
                isDone ? nil : Taken(latest: taken.latest, judgedBy: schema.version).encoded(), for: StoredName.laterSchema(space))
        }
    }
}

extension StoredName {
    static let laterSchemaPrefix = "later-schema/"
    static func laterSchema(_ space: SpaceID) -> String { laterSchemaPrefix + space.hex }
}
