import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension StoreCase {
    private struct ChangeOfMind: Error {}

    static let transactions: [StoreCase] = [
        StoreCase("A transaction that throws leaves no trace, whatever it did") { store in
            var log = try SampleLog()
            try store.write {
                try $0.apply(log.beginning)
                try $0.setValue([1], for: "name")
            }
            let update = try log.writing([.sample(1): "text"])
            let change = try log.change([.sample(1): "later"])
            do {
                try store.write { writer in
                    try writer.apply(update)
                    try writer.setCheckpoint("note", of: log.space)
                    try writer.setShown(try SampleState.living("shown"), of: .sample(2), in: log.space)
                    try writer.setValue([2], for: "name")
                    _ = try writer.appendToOutbox(try OutboxItem.New.sample(change))
                    try writer.grantReading(log.space, to: OrganisationID(high: 1, low: 1))
                    try writer.setDevice(log.keys.device, of: OrganisationID(high: 1, low: 1))
                    try expect(try writer.standing(of: log.space)?.size, is: 3, "size inside")
                    try expect(try writer.value("name"), is: [2], "value inside")
                    throw ChangeOfMind()
                }
                throw Unmet(description: "the error did not come out")
            } catch is ChangeOfMind {}
            try store.read { reader in
                try expect(try reader.standing(of: log.space)?.size, is: 2, "size")
                try expect(try reader.checkpoint(of: log.space), is: nil, "checkpoint")
                try expect(try reader.record(.sample(1), in: log.space) == nil, "a record")
                try expect(try reader.shown(.sample(2), in: log.space) == nil, "a shown record")
                try expect(try reader.value("name"), is: [1], "value")
                try expect(try reader.outboxCount(), is: 0, "outbox")
                try expect(try reader.heads(for: OrganisationID(high: 1, low: 1)), is: [], "heads")
                try expect(try reader.organisation(ofDevice: log.keys.device), is: nil, "device")
            }
            try store.write { try $0.apply(update) }
        },
        StoreCase("Rights of a transaction that was undone are forgotten, even if its size is reached again") { store in
            let begun = try SampleLog()
            try store.write { try $0.apply(begun.beginning) }
            var undone = begun
            let less = try undone.settingCapabilities([.read, .admin])
            do {
                try store.write { writer in
                    try writer.apply(less)
                    try expect(try writer.standing(of: begun.space)?.rights, is: undone.standing.rights, "rights inside")
                    throw ChangeOfMind()
                }
            } catch is ChangeOfMind {}
            try expect(try store.read { try $0.standing(of: begun.space)?.rights }, is: begun.standing.rights, "rights after it was undone")
            var log = begun
            let other = try log.settingCapabilities([.read, .write, .admin])
            try store.write { try $0.apply(other) }
            for _ in 1...2 {
                try expect(try store.read { try $0.standing(of: begun.space)?.rights }, is: log.standing.rights, "rights at last")
                try expect(try store.write { try $0.standing(of: begun.space)?.rights }, is: log.standing.rights, "rights for a writer")
            }
        },
        StoreCase("A write sees what it has done, and gives out what its closure returns") { store in
            var log = try SampleLog()
            let update = try log.writing([.sample(1): "text"])
            let size = try store.write { writer in
                try writer.apply(log.beginning)
                try writer.apply(update)
                try expect(try writer.history(of: .sample(1), in: log.space), is: [2], "history inside")
                return try writer.standing(of: log.space)?.size
            }
            try expect(size, is: 3, "size")
        },
        StoreCase("A reader sees one moment, whatever is written meanwhile") { store in
            let log = try SampleLog()
            try store.write {
                try $0.apply(log.beginning)
                try $0.setValue([1], for: "name")
            }
            let reader = Conversation()
            let reading = Worker {
                try store.read { transaction in
                    try expect(try transaction.value("name"), is: [1], "value first")
                    reader.say(1)
                    reader.awaitWord(2)
                    try expect(try transaction.value("name"), is: [1], "value later")
                    try expect(try transaction.value("other"), is: nil, "value that came later")
                }
            }
            reader.awaitWord(1)
            try store.write {
                try $0.setValue([2], for: "name")
                try $0.setValue([3], for: "other")
            }
            reader.say(2)
            try reading.join()
            try expect(try store.read { try $0.value("name") }, is: [2], "value afterwards")
        },
        StoreCase("A reader does not wait for a writer and sees nothing unfinished") { store in
            try store.write { try $0.setValue([1], for: "name") }
            let words = Conversation()
            let writing = Worker {
                try store.write { writer in
                    try writer.setValue([2], for: "name")
                    words.say(1)
                    words.awaitWord(2)
                }
            }
            words.awaitWord(1)
            try expect(try store.read { try $0.value("name") }, is: [1], "value during the write")
            words.say(2)
            try writing.join()
            try expect(try store.read { try $0.value("name") }, is: [2], "value after the write")
        },
        StoreCase("Writers take turns, and none loses what another wrote") { store in
            try store.write { try $0.setValue([0, 0], for: "count") }
            let workers = (0..<4).map { _ in
                Worker {
                    for _ in 0..<25 {
                        try store.write { writer in
                            let bytes = try writer.value("count") ?? [0, 0]
                            let count = Int(bytes[0]) << 8 + Int(bytes[1]) + 1
                            try writer.setValue([UInt8(count >> 8), UInt8(count & 255)], for: "count")
                        }
                    }
                }
            }
            for worker in workers { try worker.join() }
            try expect(try store.read { try $0.value("count") }, is: [0, 100], "count")
        },
        StoreCase("A tailing reader sees every position once and in order while others write") { store in
            var log = try SampleLog()
            let space = log.space
            let updates = try [log.beginning] + (0..<60).map { try log.writing([.sample($0): "text"]) }
            let writing = Worker { for update in updates { try store.write { try $0.apply(update) } } }
            var seen: [Int] = []
            while seen.count < 62 {
                // Asked first: an empty page after the end means that positions are missing.
                let isOver = writing.hasEnded
                let page = try store.read { try $0.entries(of: space, from: seen.count, maxBytes: 4_000) }
                seen += page.map(\.position)
                if page.isEmpty, isOver { break }
            }
            try writing.join()
            try expect(seen, is: Array(0..<62), "positions")
        },
    ]
}
