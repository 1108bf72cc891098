import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// How much of a draft differs from what is published, without reading either where nothing has come since this store published.
///
/// ```
/// publish   notes how far the logs of draft and service went, and which changes of them waited to be sent
/// later     nothing in them but those changes: as published, whatever has been sent of them meanwhile
///           anything else: draft and service are compared record by record
/// ```
extension Workspace {
    /// How much of the draft of an own service differs from what is published, as a publish would write it.
    ///
    /// - Returns: `nil` where nothing can be said: it is no own service, has nothing to publish yet, holds conflicts, or its draft
    ///   cannot be read here.
    package func drafted(in service: KnownService, _ reader: any StoreReader) throws -> Drafted? {
        guard let draft = service.draft else { return nil }
        let own = ProvidedService(service: service.service, draft: draft)
        if try isAsPublished(own, reader) { return Drafted([]) }
        do {
            return Drafted(try changedRecords(own, reader).map(\.kind))
        } catch PublishFault.nothingToPublish { return nil } catch PublishFault.conflicts { return nil } catch WorkspaceFault.noSpaceKey {
            return nil
        } catch WorkspaceFault.unknownSpace { return nil }
    }

    /// Notes how things stand where a service has just been published.
    func notePublished(_ service: ProvidedService, _ transaction: any StoreWriter) throws {
        let places = try [service.draft, service.service].map { try PublishedPlace(of: $0, transaction) }
        let facts = try publishedFacts(transaction)
        let bytes = CBORWriter.encode { w in
            w.array(2)
            w.byteString(facts)
            w.list(places) { w, place in place.write(to: &w) }
        }
        try transaction.setValue(bytes, for: StoredName.published(service.draft))
    }

    private func isAsPublished(_ service: ProvidedService, _ reader: any StoreReader) throws -> Bool {
        guard let bytes = try reader.value(StoredName.published(service.draft)) else { return false }
        let (facts, places) = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.array(of: 2)
            let facts = Array(try r.byteString())
            return (facts, try r.list(most: 2) { r throws(DecodingFault) in try PublishedPlace(from: &r) })
        }
        guard try facts == publishedFacts(reader) else { return false }
        return try zip([service.draft, service.service], places).allSatisfy { space, place in try place.holds(in: space, reader) }
    }

    /// What a publish says beside what is drafted: by which rules, and the organisation's name.
    private func publishedFacts(_ reader: any StoreReader) throws -> [UInt8] {
        let names = try StoreDirectory(reader).ownName.map { "\($0)=\($1)" }.sorted()
        return SHA.digest(Array(([String(schema.version)] + names).joined(separator: "\n").utf8)).bytes
    }
}

/// How far a log had gone, and the changes that waited to be sent to it.
private struct PublishedPlace {
    let epoch: Int
    let size: Int
    let waiting: Set<ChangeID>

    init(of space: SpaceID, _ reader: any StoreReader) throws {
        let standing = try reader.standing(of: space)
        (epoch, size) = (standing?.epoch ?? 0, standing?.size ?? 0)
        waiting = Set(try reader.outboxPlaces(of: space).filter { $0.list != .rejected }.map(\.change))
    }

    init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        epoch = try r.count()
        size = try r.count()
        waiting = Set(try r.list(most: .max) { r throws(DecodingFault) in try r.id() as ChangeID })
    }

    func write(to w: inout CBORWriter) {
        w.array(3)
        w.int(epoch)
        w.int(size)
        w.list(waiting.sorted()) { $0.id($1) }
    }

    /// Whether an entry says nothing of records: who may what, who has which key, where the log is kept.
    private static func leavesRecords(_ entry: Entry) throws -> Bool {
        switch entry.kind {
        case .statement: if case .erase = try Statement(decoding: entry.content).act { false } else { true }
        case .server:
            switch try ServerStatement(decoding: entry.content).act {
            case .erase, .epoch: false
            default: true
            }
        case .genesis, .change, .salvaged: false
        }
    }

    /// Whether what waited then waits still or has come to the log, and nothing else has come since.
    func holds(in space: SpaceID, _ reader: any StoreReader) throws -> Bool {
        guard let standing = try reader.standing(of: space), standing.epoch == epoch, standing.size >= size else { return false }
        let places = try reader.outboxPlaces(of: space)
        // What had been refused before is in neither; what has been since leaves the draft.
        guard places.allSatisfy({ ($0.list == .rejected) != waiting.contains($0.change) }) else { return false }
        var found = Set(places.filter { $0.list != .rejected }.map(\.change))
        var position = size
        while position < standing.size {
            let page = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes)
            for stored in page {
                let entry = try Entry(decoding: stored.bytes)
                if entry.kind == .change, case let id = try Change(decoding: entry.content).id, waiting.contains(id) {
                    found.insert(id)
                } else if try !Self.leavesRecords(entry) {
                    return false
                }
            }
            guard let last = page.last else { return false }
            position = last.position + 1
        }
        return found == waiting
    }
}

extension StoredName {
    static func published(_ draft: SpaceID) -> String { "published/\(draft.hex)" }
}
