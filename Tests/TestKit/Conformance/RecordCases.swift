import BuntanProtocol
import Merging
import Storage
import Syncing

extension StoreCase {
    private static func begun(_ store: any SpaceStore) throws -> SampleLog {
        let log = try SampleLog()
        try store.write { try $0.apply(log.beginning) }
        return log
    }

    static let records: [StoreCase] = [
        StoreCase("A record is what the last update made of it") { store in
            var log = try begun(store)
            for text in ["one", "two"] {
                let update = try log.writing([.sample(1): text])
                try store.write { try $0.apply(update) }
                let state = try SampleState.living(text).encoded()
                try store.read { reader in
                    try expect(try reader.record(.sample(1), in: log.space)?.encoded(), is: state, "state")
                    try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: state, "shown")
                    try expect(try reader.source(of: log.space).record(.sample(1))?.encoded(), is: state, "state from the source")
                }
            }
        },
        StoreCase("Records of a kind come in order of id, page by page") { store in
            var log = try begun(store)
            let numbers = [5, 1, 9, 3, 7, 2, 8]
            let updates = [
                try log.writing(Dictionary(uniqueKeysWithValues: numbers.map { (RecordID.sample($0), "row \($0)") })),
                try log.writing([.sample(4): "a comment"], kind: "comment"),
            ]
            for update in updates { try store.write { try $0.apply(update) } }
            try store.read { reader in
                var walked: [RecordID] = []
                while true {
                    let page = try reader.records(of: "responsibility", in: log.space, after: walked.last, limit: 3)
                    guard !page.isEmpty else { break }
                    try expect(page.count <= 3, "a page of \(page.count)")
                    walked += page.map(\.id)
                }
                try expect(walked, is: numbers.sorted().map(RecordID.sample), "ids")
                let comments = try reader.records(of: "comment", in: log.space, after: nil, limit: 10)
                try expect(
                    comments.map { $0.shown.encoded() }, is: [try SampleState.living("a comment", kind: "comment").encoded()], "comments")
                try expect(try reader.records(of: "release", in: log.space, after: nil, limit: 10).count, is: 0, "releases")
            }
        },
        StoreCase(filing: "Briefs and flags say what the indexing made of each record") { store, indexing in
            var log = try begun(store)
            let change = try log.change([.sample(1): "", .sample(2): "", .sample(3): ""])
            let torn = try SampleState.conflicted(["a", "b"])
            let dead = try SampleState.make(cells: [.life: [.init(.bool(false))]])
            let update = try log.appending(
                [change], records: [.sample(1): try SampleState.living("x"), .sample(2): torn, .sample(3): dead])
            try store.write { try $0.apply(update) }
            try store.read { reader in
                let briefs = try reader.briefs(of: "responsibility", in: log.space)
                try expect(briefs.map(\.id), is: (1...3).map(RecordID.sample), "ids")
                try expect(briefs.map(\.flags), is: [[.alive], [.alive, .conflicted], []], "flags")
                try expect(briefs.map(\.kind), is: Array(repeating: "responsibility", count: 3), "kinds")
                let states = [try SampleState.living("x"), torn, dead]
                let filed = states.enumerated().map { indexing.brief(of: $1, record: .sample($0 + 1), space: log.space) }
                try expect(briefs.map(\.brief), is: filed, "briefs")
                try expect(try reader.conflicted(in: log.space), is: [briefs[1]], "conflicted")
                var handed: [StoredBrief] = []
                try reader.eachBrief(of: "responsibility", in: log.space) { id, flags, bytes in
                    handed.append(StoredBrief(id: id, kind: "responsibility", flags: flags, brief: Array(bytes)))
                }
                try expect(handed, is: briefs, "briefs handed over one by one")
                try reader.eachBrief(of: "comment", in: log.space) { _, _, _ in try expect(1, is: 0, "briefs of another kind") }
                try expect(try reader.kinds(in: log.space), is: ["responsibility": 2], "living records by kind")
                try expect(try reader.kinds(in: SpaceID(high: 9, low: 9)), is: [:], "kinds of a space that is not here")
            }
            let healed = try log.writing([.sample(2): "ab"])
            try store.write { try $0.apply(healed) }
            try expect(try store.read { try $0.conflicted(in: log.space) }, is: [], "conflicted after the resolution")
        },
        StoreCase(filing: "Many records of one update are each filed as what they are") { store, indexing in
            var log = try begun(store)
            var texts: [RecordID: String] = [:]
            var changes: [SignedChange] = []
            for start in stride(from: 0, to: 600, by: 200) {
                let some = Dictionary(uniqueKeysWithValues: (start..<start + 200).map { (RecordID.sample($0), "row \($0)") })
                changes.append(try log.change(some))
                texts.merge(some) { $1 }
            }
            let update = try log.appending(changes, records: try texts.mapValues { try SampleState.living($0) })
            try store.write { try $0.apply(update) }
            try store.read { reader in
                let briefs = try reader.briefs(of: "responsibility", in: log.space)
                try expect(briefs.map(\.id), is: texts.keys.sorted(), "ids")
                let filed = try briefs.map {
                    indexing.brief(of: try SampleState.living(texts[$0.id] ?? ""), record: $0.id, space: log.space)
                }
                try expect(briefs.map(\.brief), is: filed, "briefs")
                for stored in try reader.records(of: "responsibility", in: log.space, after: nil, limit: 2_000) {
                    try expect(stored.shown.text("text"), is: texts[stored.id], "a state")
                }
            }
        },
        StoreCase(filing: "What is shown stands before the log's state until it is taken away") { store, indexing in
            var log = try begun(store)
            let first = try log.writing([.sample(1): "log"])
            try store.write { try $0.apply(first) }
            let mine = try SampleState.living("mine")
            try store.write { try $0.setShown(mine, of: .sample(1), in: log.space) }
            try store.read { reader in
                try expect(try reader.record(.sample(1), in: log.space)?.encoded(), is: try SampleState.living("log").encoded(), "state")
                try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: mine.encoded(), "shown")
                let listed = try reader.records(of: "responsibility", in: log.space, after: nil, limit: 9)
                try expect(listed.map { $0.shown.encoded() }, is: [mine.encoded()], "listed")
                let brief = try reader.briefs(of: "responsibility", in: log.space).first
                try expect(brief?.flags, is: [.alive, .pending], "flags")
                try expect(brief?.brief, is: indexing.brief(of: mine, record: .sample(1), space: log.space), "brief")
            }
            let second = try log.writing([.sample(1): "log again"])
            try store.write { try $0.apply(second) }
            try store.read { reader in
                try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: mine.encoded(), "shown after an update")
                let brief = try reader.briefs(of: "responsibility", in: log.space).first
                try expect(brief?.flags, is: [.alive, .pending], "flags after an update")
                try expect(brief?.brief, is: indexing.brief(of: mine, record: .sample(1), space: log.space), "brief after an update")
            }
            try store.write { try $0.setShown(nil, of: .sample(1), in: log.space) }
            try store.read { reader in
                let again = try SampleState.living("log again")
                try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: again.encoded(), "shown at last")
                let brief = try reader.briefs(of: "responsibility", in: log.space).first
                try expect(brief?.flags, is: [.alive], "flags at last")
                try expect(brief?.brief, is: indexing.brief(of: again, record: .sample(1), space: log.space), "brief at last")
            }
        },
        StoreCase("A record that only the outbox knows is shown, and vanishes with it") { store in
            let log = try begun(store)
            let torn = try SampleState.conflicted(["mine", "also mine"])
            try store.write { try $0.setShown(torn, of: .sample(1), in: log.space) }
            try store.read { reader in
                try expect(try reader.record(.sample(1), in: log.space) == nil, "a state in the log")
                try expect(try reader.shown(.sample(1), in: log.space)?.encoded(), is: torn.encoded(), "shown")
                try expect(try reader.conflicted(in: log.space).map(\.flags), is: [[.alive, .conflicted, .pending]], "conflicted")
            }
            try store.write { try $0.setShown(nil, of: .sample(1), in: log.space) }
            try store.read { reader in
                try expect(try reader.shown(.sample(1), in: log.space) == nil, "something shown")
                try expect(try reader.briefs(of: "responsibility", in: log.space), is: [], "briefs")
            }
            try store.write { try $0.setShown(nil, of: .sample(1), in: log.space) }
        },
        StoreCase("Showing what the log says anyway shows nothing of its own") { store in
            var log = try begun(store)
            let update = try log.writing([.sample(1): "same"])
            try store.write {
                try $0.apply(update)
                try $0.setShown(try SampleState.living("same"), of: .sample(1), in: log.space)
            }
            try expect(try store.read { try $0.briefs(of: "responsibility", in: log.space).map(\.flags) }, is: [[.alive]], "flags")
        },
        StoreCase(filing: "Records written anew are what the update says, with its history; views that wait for the outbox stay") {
            store, indexing in
            var log = try begun(store)
            let updates = [
                try log.writing([.sample(1): "one", .sample(2): "two", .sample(3): "three"]), try log.writing([.sample(1): "uno"]),
            ]
            let (mine, new) = (try SampleState.living("mine"), try SampleState.living("new"))
            try store.write { writer in
                for update in updates { try writer.apply(update) }
                try writer.setCheckpoint("note", of: log.space)
                try writer.setShown(mine, of: .sample(2), in: log.space)
                // Only the outbox knows this one, and after the update only the outbox knows the third.
                try writer.setShown(new, of: .sample(4), in: log.space)
                try writer.setShown(new, of: .sample(3), in: log.space)
            }
            let torn = try SampleState.conflicted(["a", "b"])
            let anew = log.rewriting([.sample(1): torn, .sample(2): try SampleState.living("zwei")])
            try store.write { try $0.replaceRecords(of: log.space, with: anew) }
            try store.read { reader in
                let held = try (1...4).map { try reader.record(.sample($0), in: log.space)?.encoded() }
                try expect(held, is: [torn.encoded(), try SampleState.living("zwei").encoded(), nil, nil], "states")
                let shown = try (1...4).map { try reader.shown(.sample($0), in: log.space)?.encoded() }
                try expect(shown, is: [torn, mine, new, new].map { $0.encoded() }, "shown")
                let briefs = try reader.briefs(of: "responsibility", in: log.space)
                try expect(briefs.map(\.id), is: (1...4).map(RecordID.sample), "ids")
                try expect(
                    briefs.map(\.flags), is: [[.alive, .conflicted], [.alive, .pending], [.alive, .pending], [.alive, .pending]], "flags")
                let filed = [torn, mine, new, new].enumerated().map {
                    indexing.brief(of: $1, record: .sample($0 + 1), space: log.space)
                }
                try expect(briefs.map(\.brief), is: filed, "briefs")
                try expect(try reader.conflicted(in: log.space), is: [briefs[0]], "conflicted")
                try expect(try (1...4).map { try reader.history(of: .sample($0), in: log.space) }, is: [[2, 3], [2], [2], []], "history")
                // The log itself is as it was.
                try expect(try reader.standing(of: log.space)?.frontier, is: log.standing.frontier, "frontier")
                try expect(try reader.entries(of: log.space, from: 0, maxBytes: .max).count, is: 4, "entries")
                try expect(try reader.checkpoint(of: log.space), is: "note", "checkpoint")
            }
            // One made of another log than the one that is here replaces nothing.
            let grown = try log.writing([.sample(1): "later"])
            let late = log.rewriting([:])
            try expect(.conflict(expected: 5, found: 4), "an update of a longer log") {
                try store.write { try $0.replaceRecords(of: log.space, with: late) }
            }
            try expect(.conflict(expected: 5, found: 4), "an update that goes on from the log") {
                try store.write { try $0.replaceRecords(of: log.space, with: grown) }
            }
            try expect(try store.read { try $0.briefs(of: "responsibility", in: log.space).count }, is: 4, "records afterwards")
        },
        StoreCase("A large state comes back whole") { store in
            var log = try begun(store)
            let text = String(repeating: "分担", count: 10_000)
            let update = try log.writing([.sample(1): text])
            try store.write { try $0.apply(update) }
            try expect(
                try store.read { try $0.record(.sample(1), in: log.space)?.encoded() }, is: try SampleState.living(text).encoded(), "state")
        },
        StoreCase("Values are found by name and by prefix, replaced and removed") { store in
            try store.write { writer in
                try writer.setValue([1], for: "key/a")
                try writer.setValue([2, 3], for: "key/b")
                try writer.setValue([], for: "key/")
                try writer.setValue([4], for: "kez")
                try writer.setValue([5], for: "Key/a")
            }
            try store.read { reader in
                try expect(try reader.value("key/b"), is: [2, 3], "value")
                try expect(try reader.value("key/"), is: [], "an empty value")
                try expect(try reader.value("key"), is: nil, "no value")
                try expect(try reader.values(withPrefix: "key/"), is: ["key/": [], "key/a": [1], "key/b": [2, 3]], "by prefix")
                try expect(try reader.values(withPrefix: "").count, is: 5, "all")
            }
            try store.write { writer in
                try writer.setValue([9], for: "key/a")
                try writer.setValue(nil, for: "key/b")
                try writer.setValue(nil, for: "never there")
            }
            try expect(try store.read { try $0.values(withPrefix: "key/") }, is: ["key/": [], "key/a": [9]], "by prefix later")
        },
    ]
}
