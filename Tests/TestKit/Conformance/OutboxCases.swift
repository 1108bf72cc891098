package import BuntanProtocol
package import Storage
import Syncing

extension OutboxItem.New {
    /// An open change as an outbox takes it.
    package static func sample(_ signed: SignedChange) throws -> OutboxItem.New {
        let change = try Change(decoding: signed.bytes)
        return OutboxItem.New(
            space: change.space, change: change.id, signed: signed, edits: change.edits ?? [],
            payload: try Payload(decoding: signed.payload))
    }
}

extension StoreCase {
    static let outbox: [StoreCase] = [
        StoreCase("The outbox keeps changes whole and in the order they were made") { store in
            var first = try SampleLog(seed: 1)
            var second = try SampleLog(seed: 2)
            let items = [
                try OutboxItem.New.sample(try first.change([.sample(1): "a", .sample(2): "b"])),
                try OutboxItem.New.sample(try second.change([.sample(1): "c"])),
                try OutboxItem.New.sample(try first.change([.sample(1): "d"])),
            ]
            var numbers: [Int] = []
            for item in items { numbers.append(try store.write { try $0.appendToOutbox(item) }) }
            try expect(numbers, is: numbers.sorted(), "numbers")
            try expect(Set(numbers).count, is: 3, "different numbers")
            try store.read { reader in
                let all = try reader.outbox(of: nil)
                try expect(all.map(\.item), is: items, "items")
                try expect(all.map(\.number), is: numbers, "numbers read")
                try expect(all.map(\.list), is: [.pending, .pending, .pending], "lists")
                try expect(try reader.outbox(of: first.space).map(\.item), is: [items[0], items[2]], "items of one space")
                try expect(try reader.outboxCount(), is: 3, "count")
                try expect(try reader.outbox(touching: .sample(1), in: first.space).map(\.item), is: [items[0], items[2]], "touching 1")
                try expect(try reader.outbox(touching: .sample(2), in: first.space).map(\.item), is: [items[0]], "touching 2")
                try expect(try reader.outbox(touching: .sample(2), in: second.space), is: [], "touching 2 there")
            }
        },
        StoreCase("What is asked of an item's place, signed form or records is what the whole item says") { store in
            var first = try SampleLog(seed: 1)
            var second = try SampleLog(seed: 2)
            let items = [
                try OutboxItem.New.sample(try first.change([.sample(1): "a", .sample(2): String(repeating: "b", count: 5_000)])),
                try OutboxItem.New.sample(try second.change([.sample(3): "c"])),
                try OutboxItem.New.sample(try first.change([.sample(1): "d"])),
            ]
            let numbers = try items.map { item in try store.write { try $0.appendToOutbox(item) } }
            try store.write { try $0.moveInOutbox(numbers[1], to: .rejected, code: .invalid, detail: nil) }
            try store.read { reader in
                let places = try reader.outboxPlaces(of: nil)
                let expected = items.indices.map { index in
                    OutboxPlace(
                        number: numbers[index], list: index == 1 ? .rejected : .pending, space: items[index].space,
                        change: items[index].change, size: items[index].signed.size)
                }
                try expect(places, is: expected, "places")
                try expect(try reader.outboxPlaces(of: first.space), is: [expected[0], expected[2]], "places of one space")
                try expect(try reader.outboxPlaces(of: SpaceID(high: 9, low: 9)), is: [], "places of no space")
                try expect(try numbers.map { try reader.outboxSigned($0) }, is: items.map(\.signed), "signed forms")
                try expect(
                    try numbers.map { try reader.outboxRecords($0) }, is: [[.sample(1), .sample(2)], [.sample(3)], [.sample(1)]], "records")
                let none = (numbers.max() ?? 0) + 1
                try expect(try reader.outboxSigned(none), is: nil, "a signed form of no item")
                try expect(try reader.outboxRecords(none), is: [], "records of no item")
            }
            try store.write { try $0.removeFromOutbox(numbers[0]) }
            try store.read { reader in
                try expect(try reader.outboxPlaces(of: nil).map(\.number), is: [numbers[1], numbers[2]], "places later")
                try expect(try reader.outboxSigned(numbers[0]), is: nil, "the signed form of what was removed")
                try expect(try reader.outboxRecords(numbers[0]), is: [], "the records of what was removed")
            }
        },
        StoreCase("A change in the outbox moves between its lists with the reason") { store in
            var log = try SampleLog()
            let item = try OutboxItem.New.sample(try log.change([.sample(1): "a"]))
            let number = try store.write { try $0.appendToOutbox(item) }
            func found() throws -> OutboxItem? { try store.read { try $0.outbox(of: log.space).first } }
            try store.write { try $0.moveInOutbox(number, to: .rejected, code: .notOwner, detail: "record") }
            try expect(
                try found(), is: OutboxItem(number: number, list: .rejected, item: item, code: .notOwner, detail: "record"), "rejected")
            try store.write { try $0.moveInOutbox(number, to: .waiting, code: .unknownPredecessor, detail: nil) }
            try expect(
                try found(), is: OutboxItem(number: number, list: .waiting, item: item, code: .unknownPredecessor, detail: nil), "waiting")
            try store.write { try $0.moveInOutbox(number, to: .pending, code: nil, detail: nil) }
            try expect(try found(), is: OutboxItem(number: number, list: .pending, item: item, code: nil, detail: nil), "pending")
        },
        StoreCase("A change that is signed anew stands where it stood, with all else that was known of it") { store in
            var log = try SampleLog()
            let item = try OutboxItem.New.sample(try log.change([.sample(1): "a"]))
            let other = try OutboxItem.New.sample(try log.change([.sample(1): "b"]))
            let number = try store.write { try $0.appendToOutbox(item) }
            _ = try store.write { try $0.appendToOutbox(other) }
            try store.write { try $0.moveInOutbox(number, to: .waiting, code: .quota, detail: "x") }
            let anew = SignedChange(bytes: item.signed.bytes, signature: other.signed.signature, payload: [1, 2, 3])
            try store.write { try $0.replaceInOutbox(number, with: anew) }
            let replaced = OutboxItem.New(
                space: item.space, change: item.change, signed: anew, edits: item.edits, payload: item.payload)
            try store.read { reader in
                try expect(
                    try reader.outbox(of: log.space).first,
                    is: OutboxItem(number: number, list: .waiting, item: replaced, code: .quota, detail: "x"), "item")
                try expect(try reader.outboxPlaces(of: log.space).map(\.size), is: [anew.size, other.signed.size], "sizes")
                try expect(try reader.outboxSigned(number), is: anew, "signed form")
                try expect(try reader.outbox(touching: .sample(1), in: log.space).map(\.item), is: [replaced, other], "touching")
            }
        },
        StoreCase("A number in the outbox is never used twice, and a change stands there once") { store in
            var log = try SampleLog()
            let item = try OutboxItem.New.sample(try log.change([.sample(1): "a"]))
            let other = try OutboxItem.New.sample(try log.change([.sample(1): "b"]))
            let number = try store.write { try $0.appendToOutbox(item) }
            try expect(try store.write { try $0.appendToOutbox(item) }, is: number, "number of the same change")
            try expect(try store.read { try $0.outboxCount() }, is: 1, "count")
            try store.write {
                try $0.removeFromOutbox(number)
                try $0.removeFromOutbox(number)
            }
            try expect(try store.read { try $0.outbox(touching: .sample(1), in: log.space) }, is: [], "touching after removal")
            let next = try store.write { try $0.appendToOutbox(other) }
            try expect(next > number, "number \(next) after \(number)")
        },
    ]
}
