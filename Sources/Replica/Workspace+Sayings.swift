import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// What a record said once and for all: an agreement, a signature, an end. A deletion takes nothing of it back.
struct Saying: Sendable {
    let record: RecordID
    /// `nil` while it waits in the outbox.
    let place: EntryPlace?
    /// The organisation whose device wrote it.
    let creator: OrganisationID
    /// Values of plain fields; a document is here as its outline alone.
    let values: [String: Value]
    /// For an agreement whose document can be read.
    let outline: AgreementOutline?
}

extension Saying {
    static let kinds: Set<String> = ["agreement", PartySignature.kind, AgreementEnding.kind]
}

extension Workspace {
    /// The sayings of a kind in an engagement, in order of record.
    ///
    /// What the log holds is kept beside it in few bytes; only what waits to be sent, or was taken by an older program, is
    /// read from its change, which holds the whole document.
    func sayings(
        _ kind: String, _ history: inout RecordHistory, _ standing: SpaceStanding, _ reader: any StoreReader
    ) throws -> [Saying] {
        var found: [Saying] = []
        for stored in try reader.briefs(of: kind, in: standing.id) {
            let first = try reader.history(of: stored.id, in: standing.id).first
            if let first, let kept = try reader.value(StoredName.said(stored.id, in: standing.id)),
                let (saying, epoch) = Saying.read(kept, record: stored.id), epoch == standing.epoch, saying.place?.position == first
            {
                found.append(saying)
            } else if let read = try readSaying(of: stored.id, kind, &history, standing, reader) {
                found.append(Saying(read))
            }
        }
        return found
    }

    /// Keeps what the records of an update say, once they stand in the log.
    func keepSayings(of update: SpaceUpdate, _ transaction: any StoreWriter) throws {
        let records = update.records.filter { Saying.kinds.contains($0.value.kind) }
        guard !records.isEmpty else { return }
        var history = try RecordHistory(of: update.standing.id, transaction)
        for (record, state) in records {
            let name = StoredName.said(record, in: update.standing.id)
            // Later changes of a record say nothing new; those that stand here again are read again.
            guard let read = try readSaying(of: record, state.kind, &history, update.standing, transaction) else { continue }
            try transaction.setValue(Saying(read).encoded(epoch: update.standing.epoch), for: name)
        }
    }

    /// Reads a saying from the change that made its record; while that waits to be sent, from the record as shown.
    func readSaying(
        of record: RecordID, _ kind: String, _ history: inout RecordHistory, _ standing: SpaceStanding, _ reader: any StoreReader
    ) throws -> (made: MadeRecord, place: EntryPlace?, creator: OrganisationID)? {
        guard let first = try reader.history(of: record, in: standing.id).first else {
            // What stands in a log that is not here yet has not been said by anybody.
            guard try reader.record(record, in: standing.id) == nil, let shown = try reader.shown(record, in: standing.id),
                shown.kind == kind
            else { return nil }
            return (MadeRecord(shown, record: record), nil, shown.creator)
        }
        guard let (place, device, records) = try history.made(at: first), let creator = standing.rights.organisation(of: device),
            let made = records.first(where: { $0.record == record && $0.kind == kind })
        else { return nil }
        return (made, place, creator)
    }
}

extension Saying {
    /// The fields of signatures and ends; a document has no others.
    private static let fields = ["agreement", "device", "endsOn", "message", "name", "org", "signature", "title", "views"]

    init(_ read: (made: MadeRecord, place: EntryPlace?, creator: OrganisationID)) {
        let document = read.made["document"]?.text.map { Array($0.utf8) }
        self.init(
            record: read.made.record, place: read.place, creator: read.creator,
            values: Dictionary(uniqueKeysWithValues: Self.fields.compactMap { field in read.made[field].map { (field, $0) } }),
            outline: document.flatMap { bytes in
                (try? AgreementDocument(decoding: bytes)).map { AgreementOutline($0, digest: SHA.digest(bytes)) }
            })
    }

    /// [form, epoch, position, received, accepted / null, creator, [[field, value] …], outline / null]; only of what stands in
    /// a log. What an older program kept in another form is read from the log.
    func encoded(epoch: Int) -> [UInt8]? {
        guard let place else { return nil }
        return CBORWriter.encode { w in
            w.array(8)
            w.int(2)
            w.int(epoch)
            w.int(place.position)
            w.int(place.received)
            w.optional(place.accepted) { $0.int($1) }
            w.id(creator)
            w.list(values.sorted { $0.key < $1.key }) { w, pair in
                w.array(2)
                w.text(pair.key)
                pair.value.write(to: &w)
            }
            w.optional(outline) { $0.byteString($1.encoded()) }
        }
    }

    static func read(_ bytes: [UInt8], record: RecordID) -> (Saying, epoch: Int)? {
        do throws(DecodingFault) {
            return try CBORReader.decode(bytes) { r throws(DecodingFault) in
                try r.array(of: 8)
                _ = try r.int(2...2)
                let epoch = try r.count()
                let place = EntryPlace(
                    position: try r.count(), received: try r.int(),
                    accepted: try r.optional { r throws(DecodingFault) in try r.count() })
                let creator: OrganisationID = try r.id()
                let pairs = try r.list(most: .max) { r throws(DecodingFault) -> (String, Value) in
                    try r.array(of: 2)
                    return (try r.text(), try Value(from: &r))
                }
                let outline = try r.optional { r throws(DecodingFault) in
                    guard let outline = AgreementOutline(decoding: Array(try r.byteString())) else { throw r.fault(.wrongType) }
                    return outline
                }
                let values = Dictionary(pairs) { first, _ in first }
                return (Saying(record: record, place: place, creator: creator, values: values, outline: outline), epoch)
            }
        } catch { return nil }
    }
}
