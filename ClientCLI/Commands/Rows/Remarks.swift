import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// What has been said about a record: shared comments and private notes, in order.
struct Remarks {
    struct Remark {
        let id: RecordID
        let text: String
        let label: String?
        let author: String
        let device: String?
        /// By the author's clock, in milliseconds since 1970.
        let time: Int64?
    }

    private(set) var comments: [RecordID: [Remark]] = [:]
    private(set) var notes: [RecordID: [Remark]] = [:]

    init(_ scope: RecordScope, _ words: RecordWords, _ reader: any StoreReader) throws {
        if let engagement = scope.engagement { comments = try Self.read("comment", in: engagement.space, words, reader) }
        if let home = scope.home { notes = try Self.read("annotation", in: home, words, reader) }
    }

    private static func read(
        _ kind: String, in space: SpaceID, _ words: RecordWords, _ reader: any StoreReader
    ) throws -> [RecordID: [Remark]] {
        guard let history = try SpaceHistory(space, reader) else { return [:] }
        var found: [(about: RecordID, position: Int, remark: Remark)] = []
        for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) where stored.shown.isAlive {
            guard let about = stored.shown.value("row")?.bytes.flatMap({ RecordID($0) }), let text = Self.words(of: stored.shown),
                let head = stored.shown[.life]?.heads.first
            else { continue }
            let change = try history.change(head.op.change)
            found.append(
                (
                    about, head.position ?? .max,
                    Remark(
                        id: stored.id, text: text, label: stored.shown.text("label"), author: words.name(stored.shown.creator),
                        device: change?.label, time: change?.time)
                ))
        }
        // In the order of the log, own outbox last.
        return Dictionary(grouping: found.sorted { ($0.position, $0.remark.id) < ($1.position, $1.remark.id) }) { $0.about }
            .mapValues { $0.map(\.remark) }
    }
}

extension Page {
    /// Adds what was said, under a heading; nothing where nothing was.
    mutating func show(_ remarks: [Remarks.Remark], under heading: RowPhrases, _ times: TimeDisplay) {
        guard !remarks.isEmpty else { return }
        say(heading, [:], .strong)
        for remark in remarks { remark.show(&self, times) }
    }
}

extension Remarks {
    /// What a remark says; all of it where two devices wrote different words, so that nothing typed is out of sight.
    private static func words(of state: RecordState) -> String? {
        guard let cell = state[CellKey("text")] else { return nil }
        if !cell.isConflicted { return cell.heads[0].value?.value.text }
        let words = cell.heads.compactMap { $0.value?.value.text }
        return words.isEmpty ? nil : words.joined(separator: "\n")
    }
}

extension Remarks.Remark {
    func json(_ words: RecordWords) -> JSONValue {
        [
            "id": .text(id.uuid), "short": .text(words.index.short(id)), "text": .text(text), "label": .text(orNull: label),
            "author": .text(author), "device": .text(orNull: device),
            "time": .text(orNull: time.map { Timestamp.rfc3339(milliseconds: $0) }),
        ]
    }

    func show(_ page: inout Page, _ times: TimeDisplay) {
        let time = time.map { times.stamp(Date(milliseconds: $0)) } ?? "-"
        page.say(RowPhrases.commentBy, ["author": .text(author), "time": .text(time)], .faint, indent: 2)
        page.paragraph((label.map { "\($0): " } ?? "") + text, indent: 4)
    }
}
