package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// A party's word that let an auditor read and does not any more: it was ended, or another one took its place.
package struct PastGrant: Hashable, Sendable {
    package let auditor: OrganisationID
    package let side: Side
    /// When it was given, until when it was meant to hold, and when it ended, in milliseconds since 1970 by the server's clock.
    package let given: Int64
    package let until: Int64
    package let ended: Int64
}

extension Workspace {
    /// The words about auditors that stand in an engagement's log and hold no longer, oldest first. One that has run out and
    /// was never ended is among `auditors(of:)`.
    package func pastGrants(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [PastGrant] {
        guard let rights = try reader.standing(of: engagement.space)?.rights else { return [] }
        struct Word: Hashable {
            let auditor: OrganisationID
            let side: Side
        }
        var open: [Word: (given: Int64, until: Int64)] = [:]
        var past: [PastGrant] = []
        func end(_ word: Word, at time: Int64) {
            guard let held = open.removeValue(forKey: word) else { return }
            past.append(
                PastGrant(
                    auditor: word.auditor, side: word.side, given: held.given, until: held.until,
                    ended: min(time, max(held.given, held.until))))
        }
        for placed in try reader.words(of: engagement.space) {
            let outer = try Entry(decoding: placed.entry)
            let entry = try outer.unwrapped()
            guard entry.kind == .statement else { continue }
            let statement = try Statement(decoding: entry.content)
            guard let side = rights.side(of: statement.organisation) else { continue }
            switch statement.act {
            case .grantReader(let auditor, let expires):
                let word = Word(auditor: auditor, side: side)
                end(word, at: outer.received)
                open[word] = (outer.received, expires)
            case .endReader(let auditor): end(Word(auditor: auditor, side: side), at: outer.received)
            default: continue
            }
        }
        return past
    }

    /// What this organisation calls others, by their ids: names that it has written down itself, and those of its counterparts.
    package func calledNames(_ language: String, _ reader: any StoreReader) throws -> [OrganisationID: String] {
        let directory = try StoreDirectory(reader)
        var names: [OrganisationID: String] = [:]
        for engagement in directory.engagements {
            for (organisation, name) in engagement.others { names[organisation] = name.spoken(language) }
        }
        guard let home = try directory.home(reader) else { return names }
        for record in try reader.records(of: "known-organisation", in: home, after: nil, limit: .max) where record.shown.isAlive {
            guard let organisation = record.shown.value("org")?.bytes.flatMap({ OrganisationID($0) }) else { continue }
            if let name = record.shown.text("name") { names[organisation] = name }
        }
        names[directory.identity.organisation] = directory.ownName.spoken(language)
        return names
    }

    /// Writes down what an organisation, or whoever works for it, is called; among this organisation's own records.
    package func call(_ organisation: OrganisationID, _ name: String, _ transaction: any StoreWriter) throws {
        guard let home = try StoreDirectory(transaction).home(transaction) else { throw WorkspaceFault.notInitialised }
        _ = try commit(
            [
                RecordDraft(
                    space: home, kind: "known-organisation", key: [("org", .id(organisation))], cells: [CellKey("name"): .text(name)])
            ], in: home, transaction)
    }
}
