import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// Changes that wait in the outbox and stand already in what is shown of their space ahead of its log.
///
/// They leave the outbox once the verified log has come to them. Until then they must not be shown on top of themselves: where
/// something has superseded one since, it would stand beside that as a conflict which is none.
extension Workspace {
    /// Where in the log changes that wait here stand, as far as the server's answers or the log's tail have told.
    func landed(in space: SpaceID, _ reader: any StoreReader) throws -> [ChangeID: Int] {
        guard let bytes = try reader.value(StoredName.landed(space)) else { return [:] }
        let list = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.list(most: .max) { r throws(DecodingFault) -> (ChangeID, Int) in
                try r.array(of: 2)
                return (try r.id(), try r.count())
            }
        }
        return Dictionary(list) { first, _ in first }
    }

    /// Takes note of those of these changes that wait in the outbox.
    func noteLanded(_ places: [ChangeID: Int], in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard !places.isEmpty else { return }
        let waiting = Set(try transaction.outboxPlaces(of: space).map(\.change))
        let news = places.filter { waiting.contains($0.key) }
        guard !news.isEmpty else { return }
        let known = try landed(in: space, transaction).merging(news) { $1 }
        let bytes = CBORWriter.encode { w in
            w.list(known.sorted { $0.key < $1.key }) { w, item in
                w.array(2)
                w.id(item.key)
                w.int(Int64(item.value))
            }
        }
        try transaction.setValue(bytes, for: StoredName.landed(space))
    }
}

extension StoredName {
    static func landed(_ space: SpaceID) -> String { "landed/\(space.hex)" }
}
