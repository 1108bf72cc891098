import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension StoreCase {
    static let logs: [StoreCase] = [
        StoreCase("A space that nobody has written is not there") { store in
            let space = SpaceID(high: 1, low: 2)
            try store.read { reader in
                try expect(try reader.spaces(), is: [], "spaces")
                try expect(try reader.standing(of: space) == nil, "a standing")
                try expect(try reader.checkpoint(of: space), is: nil, "checkpoint")
                try expect(try reader.entries(of: space, from: 0, maxBytes: .max), is: [], "entries")
                try expect(try reader.usedBytes(of: space), is: 0, "used bytes")
                try expect(try reader.history(of: .sample(1), in: space), is: [], "history")
            }
        },
        StoreCase("A space begins with what its first update says") { store in
            let log = try SampleLog()
            try store.write { try $0.apply(log.beginning) }
            try store.read { reader in
                try expect(try reader.spaces(), is: [log.space], "spaces")
                guard let standing = try reader.standing(of: log.space) else { throw Unmet(description: "no standing") }
                try expect(standing.genesisBytes, is: log.standing.genesisBytes, "genesis bytes")
                try expect(standing.genesis, is: log.standing.genesis, "genesis")
                try expect(standing.frontier, is: log.standing.frontier, "frontier")
                try expect(standing.epoch, is: log.standing.epoch, "epoch")
                try expect(standing.rights, is: log.standing.rights, "rights")
                try expect(standing.base, is: log.standing.base, "base")
            }
        },
        StoreCase("Entries come back byte for byte, at positions without gaps") { store in
            var log = try SampleLog()
            let updates = try [log.beginning] + (1...5).map { try log.writing([.sample($0): "text \($0)"]) }
            for update in updates { try store.write { try $0.apply(update) } }
            let expected = updates.flatMap(\.entries)
            let found = try store.read { try $0.entries(of: log.space, from: 0, maxBytes: .max) }
            try expect(found.map(\.position), is: Array(0..<7), "positions")
            try expect(found.map(\.bytes), is: expected.map(\.bytes), "bytes")
            try expect(found.map(\.payload), is: expected.map(\.payload), "payloads")
            let source = try store.read { reader in
                try (0...7).map { try reader.source(of: log.space).entry(at: $0) }
            }
            try expect(source, is: expected.map(\.bytes) + [nil], "entries one by one")
            let used = expected.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
            try expect(try store.read { try $0.usedBytes(of: log.space) }, is: used, "used bytes")
        },
        StoreCase("A space that is dropped is not there, and can be taken again from its beginning; no other one is touched") { store in
            var log = try SampleLog()
            let updates = try [log.beginning, log.writing([.sample(1): "text"])]
            for update in updates { try store.write { try $0.apply(update) } }
            try store.write { writer in
                try writer.setValue([7], for: "mark")
                try writer.drop(SpaceID(high: 9, low: 9))
            }
            try expect(try store.read { try $0.spaces() }, is: [log.space], "spaces")
            try store.write { try $0.drop(log.space) }
            try store.read { reader in
                try expect(try reader.spaces(), is: [], "spaces left")
                try expect(try reader.entries(of: log.space, from: 0, maxBytes: .max), is: [], "entries left")
                try expect(try reader.record(.sample(1), in: log.space) == nil, "a record left")
                try expect(try reader.history(of: .sample(1), in: log.space), is: [], "history left")
                try expect(try reader.usedBytes(of: log.space), is: 0, "used bytes left")
                try expect(try reader.value("mark"), is: [7], "what is kept by name")
            }
            for update in updates { try store.write { try $0.apply(update) } }
            try store.read { reader in
                try expect(try reader.standing(of: log.space)?.frontier, is: updates[1].standing.frontier, "frontier")
                try expect(try reader.record(.sample(1), in: log.space) != nil, "the record")
            }
        },
        StoreCase("An update on another size than the space has is refused and leaves no trace") { store in
            var log = try SampleLog()
            try store.write { try $0.apply(log.beginning) }
            let first = try log.writing([.sample(1): "one"])
            let second = try log.writing([.sample(2): "two"])
            try expect(.conflict(expected: 3, found: 2), "an update ahead") { try store.write { try $0.apply(second) } }
            try store.write { try $0.apply(first) }
            try expect(.conflict(expected: 2, found: 3), "an update once more") { try store.write { try $0.apply(first) } }
            try expect(.conflict(expected: 0, found: 3), "a beginning once more") { try store.write { try $0.apply(log.beginning) } }
            try store.read { reader in
                try expect(try reader.standing(of: log.space)?.size, is: 3, "size")
                try expect(try reader.entries(of: log.space, from: 0, maxBytes: .max).count, is: 3, "entries")
                try expect(try reader.record(.sample(2), in: log.space) == nil, "a record of the refused update")
            }
        },
        StoreCase("A page ends where its bytes would pass the limit, and holds at least one entry") { store in
            var log = try SampleLog()
            let updates = try [log.beginning] + (1...9).map { try log.writing([.sample($0): String(repeating: "x", count: 100 * $0)]) }
            for update in updates { try store.write { try $0.apply(update) } }
            let sizes = updates.flatMap(\.entries).map { $0.bytes.count + ($0.payload?.count ?? 0) }
            func page(_ from: Int, _ bytes: Int) throws -> [Int] {
                try store.read { try $0.entries(of: log.space, from: from, maxBytes: bytes) }.map(\.position)
            }
            try expect(try page(4, sizes[4] + sizes[5] + sizes[6]), is: [4, 5, 6], "a page at the limit")
            try expect(try page(4, sizes[4] + sizes[5] + sizes[6] - 1), is: [4, 5], "a page one byte short")
            try expect(try page(4, sizes[4]), is: [4], "a page of one entry")
            try expect(try page(4, 0), is: [4], "a page without room")
            try expect(try page(11, .max), is: [], "a page at the end")
            var walked: [Int] = []
            while let last = try page(walked.count, 1_500).last { walked += walked.count...last }
            try expect(walked, is: Array(0..<11), "positions by pages")
        },
        StoreCase("A change is found by its id, and its edits with it") { store in
            var log = try SampleLog()
            try store.write { try $0.apply(log.beginning) }
            let change = try log.change([.sample(1): "one", .sample(2): "two"])
            let id = try Change(decoding: change.bytes).id
            let update = try log.appending([change], records: [:])
            try store.read { try expect(try $0.place(of: id, in: log.space), is: nil, "a place before") }
            try store.write { try $0.apply(update) }
            try store.read { reader in
                try expect(try reader.place(of: id, in: log.space), is: ChangePlace(position: 2, author: 1), "place")
                try expect(try reader.place(of: id, in: SpaceID(high: 9, low: 9)), is: nil, "a place in another space")
                try expect(try reader.changes(in: log.space), is: [id], "changes")
                try expect(try reader.changes(in: SpaceID(high: 9, low: 9)), is: [], "changes of a space that is not here")
                let source = try reader.source(of: log.space)
                try source.willRead(records: [.sample(1)], changes: [id])
                try expect(try source.place(of: id), is: ChangePlace(position: 2, author: 1), "place from the source")
                try expect(try source.edits(of: id)?.map(\.record), is: [.sample(1), .sample(2)], "edits")
                try expect(try source.edits(of: id)?.map(\.record), is: [.sample(1), .sample(2)], "edits again")
                try expect(try source.edits(of: ChangeID(high: 1, low: 1)), is: nil, "edits of no change")
            }
        },
        StoreCase("A record's history lists the changes that touched it, in order") { store in
            var log = try SampleLog()
            try store.write { try $0.apply(log.beginning) }
            for number in [1, 2, 1, 3, 1] {
                let update = try log.writing([.sample(number): "text", .sample(9): "each time"])
                try store.write { try $0.apply(update) }
            }
            try store.read { reader in
                try expect(try reader.history(of: .sample(1), in: log.space), is: [2, 4, 6], "history")
                try expect(try reader.history(of: .sample(9), in: log.space), is: [2, 3, 4, 5, 6], "history of all")
                try expect(try reader.history(of: .sample(4), in: log.space), is: [], "history of none")
            }
        },
        StoreCase("Tiles give the root at every size, across their borders") { store in
            var log = try SampleLog()
            try store.write { try $0.apply(log.beginning) }
            var roots = [2: log.standing.frontier.root]
            var changes: [SignedChange] = []
            for number in 0..<600 { changes.append(try log.change([.sample(number % 7): "text \(number)"])) }
            for start in stride(from: 0, to: changes.count, by: 51) {
                let update = try log.appending(Array(changes[start..<min(start + 51, changes.count)]), records: [:])
                try store.write { try $0.apply(update) }
                roots[update.standing.size] = update.standing.frontier.root
            }
            try store.read { reader in
                let source = try reader.source(of: log.space)
                for (size, root) in roots {
                    try expect(try LogTiles.root(ofSize: size, tile: source.tile), is: root, "root at \(size)")
                }
                try expect(try source.tile(TileID(level: 0, index: 3)), is: nil, "a tile beyond the log")
                try expect(try source.tile(TileID(level: 1, index: 0))?.count, is: 64, "bytes of the upper tile")
            }
        },
        StoreCase("A checkpoint is kept with its space and replaced by the next") { store in
            let log = try SampleLog()
            try expect(.conflict(expected: 1, found: 0), "a checkpoint of no space") {
                try store.write { try $0.setCheckpoint("note", of: log.space) }
            }
            try store.write {
                try $0.apply(log.beginning)
                try $0.setCheckpoint("first\n", of: log.space)
            }
            try expect(try store.read { try $0.checkpoint(of: log.space) }, is: "first\n", "checkpoint")
            try store.write { try $0.setCheckpoint("second\n", of: log.space) }
            try expect(try store.read { try $0.checkpoint(of: log.space) }, is: "second\n", "checkpoint")
        },
        StoreCase("Spaces keep apart what has the same name in each") { store in
            var first = try SampleLog(seed: 1)
            var second = try SampleLog(seed: 2)
            let updates = [
                first.beginning, second.beginning, try first.writing([.sample(1): "here"]), try second.writing([.sample(1): "there"]),
            ]
            for update in updates { try store.write { try $0.apply(update) } }
            try store.read { reader in
                try expect(try reader.spaces(), is: [first.space, second.space].sorted(), "spaces")
                let here = try reader.record(.sample(1), in: first.space)?.encoded()
                let there = try reader.record(.sample(1), in: second.space)?.encoded()
                try expect(here, is: try SampleState.living("here").encoded(), "the record here")
                try expect(there, is: try SampleState.living("there").encoded(), "the record there")
                try expect(try reader.briefs(of: "responsibility", in: first.space).count, is: 1, "briefs")
                try expect(
                    try reader.entries(of: first.space, from: 2, maxBytes: .max).map(\.bytes), is: updates[2].entries.map(\.bytes),
                    "entries")
            }
        },
    ]
}
