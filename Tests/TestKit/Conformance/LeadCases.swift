import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension StoreCase {
    static let leads: [StoreCase] = [
        StoreCase("What is shown ahead of a log stands before it, and the log goes on behind; where the two meet they are compared", ahead),
        StoreCase("A lead that is given up leaves what the log gives", givenUp),
        StoreCase("A lead that is dropped unread leaves its records until they are written anew") { store in
            let (log, lead, records) = try begin(store)
            try store.write { writer in
                try writer.setLead(lead, of: log.space, records: records)
                try writer.dropLead(of: log.space)
            }
            try expect(try store.read { try $0.leadSpaces() }, is: [], "leads")
            try expect(try store.read { try $0.standing(of: log.space)?.size }, is: 2, "size shown")
            try store.write { try $0.replaceRecords(of: log.space, with: log.beginning) }
            try expect(try store.read { try $0.record(.sample(1), in: log.space)?.encoded() }, is: nil, "what the log gives")
            // Another begins as the first did.
            try store.write { try $0.setLead(lead, of: log.space, records: records) }
            try expect(try store.write { try $0.endLead(of: log.space) }.count, is: 2, "what differed")
        },
        StoreCase("Entries that are no changes, and states in order of record, are found page by page", pages),
        StoreCase("A space that is dropped takes its lead with it") { store in
            let (log, lead, records) = try begin(store)
            try store.write { writer in
                try writer.setLead(lead, of: log.space, records: records)
                try writer.drop(log.space)
            }
            try expect(try store.read { try $0.leadSpaces() }, is: [], "leads")
            try store.write { try $0.apply(log.beginning) }
            try expect(try store.read { try $0.standing(of: log.space)?.size }, is: 2, "the space anew")
        },
    ]

    /// A log of its beginning, and a lead of a log that has two records more.
    private static func begin(_ store: any SpaceStore) throws -> (log: SampleLog, lead: Lead, records: [RecordID: RecordState]) {
        let log = try SampleLog()
        try store.write { try $0.apply(log.beginning) }
        var further = log
        _ = try further.writing([.sample(1): "one", .sample(2): "two"])
        let page = try snapshot(of: further, [.sample(1): SampleState.living("one"), .sample(2): SampleState.living("two")], after: nil)
        let begun = try store.read { reader in
            guard let standing = try reader.logStanding(of: log.space) else { throw Unmet(description: "no standing") }
            return try Lead.beginning(with: page, over: standing)
        }
        return (log, begun.lead, begun.records)
    }

    private static func snapshot(of log: SampleLog, _ states: [RecordID: RecordState], after: RecordID?) throws -> SnapshotPage {
        let carried = states.sorted { $0.key < $1.key }.map { CarriedState(record: $0.key, state: $0.value.encoded()) }
        let words = log.beginning.entries.map { PlacedEntry(position: $0.position, entry: $0.bytes) }
        let base = log.standing.base
        let content = SnapshotSeal.content(
            space: log.space, after: after, base: base, states: SnapshotPage.digest(ofStates: carried), more: false,
            words: SnapshotPage.digest(ofWords: words))
        return SnapshotPage(
            base: base, states: carried, more: false, frontier: log.standing.frontier.hashes,
            signature: log.keys.signing.sign("snapshot", content), words: words)
    }

    private static func ahead(_ store: any SpaceStore) throws {
        var (log, lead, records) = try begin(store)
        let space = log.space
        try store.write { try $0.setLead(lead, of: space, records: records) }
        try store.read { reader in
            try expect(try reader.leadSpaces(), is: [space], "leads")
            try expect(try reader.lead(of: space)?.encoded(), is: lead.encoded(), "lead")
            try expect(try reader.standing(of: space)?.size, is: 3, "size shown")
            try expect(try reader.logStanding(of: space)?.size, is: 2, "size of the log")
            try expect(try reader.shown(.sample(1), in: space)?.text("text"), is: "one", "what is shown")
            try expect(try reader.briefs(of: "responsibility", in: space).count, is: 2, "briefs")
            try expect(try reader.source(of: space).record(.sample(1))?.encoded(), is: nil, "what the log gives")
        }
        // The log brings one of them as it was shown, and the other otherwise.
        let change = try log.change([.sample(1): "one", .sample(2): "other"])
        let update = try log.appending([change], records: [.sample(1): SampleState.living("one"), .sample(2): SampleState.living("other")])
        try store.write { try $0.apply(update) }
        try store.read { reader in
            try expect(try reader.shown(.sample(2), in: space)?.text("text"), is: "two", "still shown")
            try expect(try reader.source(of: space).record(.sample(2))?.text("text"), is: "other", "what the log gives by now")
        }
        try expect(try store.write { try $0.endLead(of: space) }, is: [.sample(2)], "what differed")
        try store.read { reader in
            try expect(try reader.leadSpaces(), is: [], "leads afterwards")
            try expect(try reader.record(.sample(2), in: space)?.text("text"), is: "other", "shown at last")
            try expect(try reader.record(.sample(1), in: space)?.text("text"), is: "one", "as it was shown")
            try expect(try reader.source(of: space).record(.sample(2))?.text("text"), is: "other", "the log's own")
        }
    }

    private static func givenUp(_ store: any SpaceStore) throws {
        let (log, lead, records) = try begin(store)
        let mine = try SampleState.living("mine")
        try store.write { writer in
            try writer.setLead(lead, of: log.space, records: records)
            try writer.setShown(mine, of: .sample(1), in: log.space)
        }
        try expect(try store.write { try $0.endLead(of: log.space) }, is: [.sample(1), .sample(2)], "what differed")
        try store.read { reader in
            try expect(try reader.standing(of: log.space)?.size, is: 2, "size")
            try expect(try reader.record(.sample(1), in: log.space)?.encoded(), is: nil, "a record that no log has")
            try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: mine.encoded(), "what waits")
            try expect(try reader.shown(.sample(2), in: log.space)?.encoded(), is: nil, "another")
            try expect(try reader.briefs(of: "responsibility", in: log.space).map(\.id), is: [.sample(1)], "briefs")
        }
        try expect(try store.write { try $0.endLead(of: log.space) }, is: [], "a second time")
    }

    private static func pages(_ store: any SpaceStore) throws {
        var log = try SampleLog()
        try store.write { try $0.apply(log.beginning) }
        for number in [3, 1, 2] {
            let update = try log.writing([.sample(number): "text \(number)"])
            try store.write { try $0.apply(update) }
        }
        let last = try log.settingCapabilities(.read)
        try store.write { writer in
            try writer.apply(last)
            try writer.setShown(try SampleState.living("unsent"), of: .sample(9), in: log.space)
        }
        try store.read { reader in
            try expect(try reader.words(of: log.space).map(\.position), is: [0, 1, 5], "entries that are no changes")
            var (found, after, rounds) = ([CarriedState](), RecordID?.none, 0)
            repeat {
                let page = try reader.states(in: log.space, after: after, maxBytes: 1)
                found += page.states
                after = page.more ? page.states.last?.record : nil
                rounds += 1
            } while after != nil
            try expect(rounds, is: 3, "pages")
            try expect(found.map(\.record), is: [.sample(1), .sample(2), .sample(3)], "records")
            let whole = try reader.states(in: log.space, after: nil, maxBytes: Limits.pageBytes)
            try expect(whole.states, is: found, "one page")
            try expect(whole.more, is: false, "no more")
            try expect(try reader.states(in: log.space, after: .sample(3), maxBytes: 1).states, is: [], "behind the last")
            var hashes: [Digest] = []
            try reader.eachStateHash(in: log.space) { _, hash in hashes.append(hash) }
            try expect(hashes, is: found.map { SHA.digest($0.state) }, "hashes")
        }
        let cut = try store.read { try $0.cut(of: log.space, to: 5) }
        try store.write { try $0.cut(cut) }
        try expect(try store.read { try $0.words(of: log.space).map(\.position) }, is: [0, 1], "entries that are no changes, cut back")
    }
}
