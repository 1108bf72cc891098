import BuntanProtocol
import Records
import Testing

@Suite struct RecordIdentityTests {
    static let space = SpaceID(high: 1, low: 2)

    @Test("A natural id is the hash of space, kind and key with the marks of a UUIDv8")
    func naturalID() throws {
        let id = RecordID.natural(space: Self.space, kind: "party", key: [.bytes([9])])
        // [space, "party", [h'09']] written out by hand.
        let content = [0x83, 0x50] + Self.space.bytes + [0x65] + Array("party".utf8) + [0x81, 0x41, 0x09]
        var expected = Array(Purpose.hash("record", content.map { UInt8($0) }).bytes.prefix(16))
        expected[6] = expected[6] & 0x0f | 0x80
        expected[8] = expected[8] & 0x3f | 0x80
        #expect(id.bytes == expected)
        #expect(id.uuidVersion == 8)
    }

    @Test("Two devices that add the same row meet in one record; any other key, kind, side or space is another record")
    func naturalIDsDiffer() {
        let row = RowKey(framework: "iso27017", controlId: "12.3.1")
        let ids = [
            row.responsibility(in: Self.space), row.responsibility(in: SpaceID(high: 1, low: 3)),
            row.position(of: .provider, in: Self.space), row.position(of: .customer, in: Self.space),
            RowKey(framework: "iso27017", controlId: "12.3.1", itemKey: "x").responsibility(in: Self.space),
            // The parts of a key don't run together.
            RowKey(framework: "iso2701", controlId: "712.3.1").responsibility(in: Self.space),
        ]
        #expect(Set(ids).count == ids.count)
        #expect(row.responsibility(in: Self.space) == ids[0])
    }

    @Test("A time-ordered id is a UUIDv7 that begins with its milliseconds and sorts by them")
    func timeOrdered() {
        let chance = Nonce(high: .max, low: .max)
        let id = RecordID.timeOrdered(millis: 0x0193_a4c1_0000, random: chance)
        #expect(id.uuid == "0193a4c1-0000-7fff-bfff-ffffffffffff")
        #expect(id.uuidVersion == 7)
        #expect(id.millis == 0x0193_a4c1_0000)
        #expect(id < RecordID.timeOrdered(millis: 0x0193_a4c1_0001, random: Nonce(high: 0, low: 0)))
        #expect(RecordID.timeOrdered(millis: 5, random: [UInt8](repeating: 0xff, count: 10)) == .timeOrdered(millis: 5, random: chance))
        // A clock before 1970 gives an id all the same.
        #expect(RecordID.timeOrdered(millis: -1, random: chance).millis == 0)
    }

    @Test("UUID text is read back, in any case and without hyphens")
    func uuidText() {
        let id = RecordID.timeOrdered(millis: 1, random: Nonce(high: 3, low: 4))
        #expect(RecordID(uuid: id.uuid) == id)
        #expect(RecordID(uuid: id.uuid.uppercased()) == id)
        #expect(RecordID(uuid: id.hex) == id)
    }

    @Test(
        "What is no UUID is not read as one",
        arguments: [
            "", "0193a4c1", "0193a4c1-0000-7fff-bfff-fffffffffff", "0193a4c10000-7fff-bfff-ffff-ffffffff",
            "g193a4c1-0000-7fff-bfff-ffffffffffff",
        ])
    func notUUID(text: String) { #expect(RecordID(uuid: text) == nil) }
}

@Suite struct ShortIDTests {
    private func ids(_ count: Int, seed: UInt64) -> [RecordID] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            RecordID.timeOrdered(millis: 1_700_000_000_000, random: Nonce(high: random.next(), low: random.next()))
        }
    }

    @Test("A short id finds its record, has four letters or more, and one letter fewer would not do", arguments: [1, 2, 300, 4_000])
    func shortest(count: Int) throws {
        let ids = ids(count, seed: UInt64(count))
        let index = ShortIDs(ids)
        var longest = 0
        for id in ids {
            let letters = try #require(index.shortest(id))
            longest = max(longest, letters.count)
            #expect(letters.count >= ShortID.leastLetters)
            #expect(index.find(letters) == .one(id))
            if letters.count > ShortID.leastLetters {
                guard case .several(let candidates) = index.find(letters.dropLast()) else {
                    Issue.record("\(letters) is longer than it has to be")
                    continue
                }
                #expect(candidates.contains(id))
            }
        }
        #expect(count < 4_000 || longest > ShortID.leastLetters)
    }

    @Test("Any longer beginning is good for ever, in any case; the letters are those of SHA-256 of the id")
    func longer() {
        let ids = ids(50, seed: 7)
        let index = ShortIDs(ids)
        let all = ShortID.letters(of: ids[3])
        #expect(all == Base32.text(SHA.digest(ids[3].bytes).bytes))
        #expect(index.find(all) == .one(ids[3]))
        #expect(index.find(all.prefix(9).uppercased()) == .one(ids[3]))
    }

    @Test("Two things of the same bytes share all letters, and stand for both; one that comes twice is one")
    func alike() {
        struct Thing: Hashable {
            let kind: Int
            let id: RecordID
        }
        let ids = ids(60, seed: 3)
        let things = ids.map { Thing(kind: 0, id: $0) }
        let twin = Thing(kind: 1, id: ids[9])
        let index = ShortIDs(things + [twin] + things) { $0.id.bytes }
        let letters = ShortID.letters(of: ids[9])
        #expect(index.shortest(things[9]) == letters && index.shortest(twin) == letters)
        #expect(index.find(letters) == .several([things[9], twin]))
        #expect(index.shortest(Thing(kind: 1, id: ids[8])) == nil)
        for thing in things where thing != things[9] { #expect(index.find(index.shortest(thing) ?? "") == .one(thing)) }
    }

    @Test("Letters after z come last: every beginning is found, not only those in dictionary order")
    func order() {
        let ids = ids(500, seed: 11)
        let index = ShortIDs(ids)
        #expect(ids.contains { ShortID.letters(of: $0).hasPrefix("7") } && ids.contains { ShortID.letters(of: $0).hasPrefix("a") })
        for id in ids { #expect(index.find(ShortID.letters(of: id).prefix(12)) == .one(id)) }
    }

    @Test("An unknown beginning offers the nearest")
    func unknown() throws {
        let ids = ids(40, seed: 5)
        let index = ShortIDs(ids)
        let letters = ShortID.letters(of: ids[0])
        let wrong = String(letters.prefix(6)) + (letters.dropFirst(6).first == "a" ? "b" : "a")
        #expect(index.find(wrong) == .none(nearest: [ids[0]]))
        #expect(index.shortest(RecordID(high: 0, low: 0)) == nil)
    }

    @Test(
        "Rows, codes and short beginnings are no short ids",
        arguments: ["", "7k3", "12.3.1", "ac-2", "own:abcd", "7k38", "7k30", "あいうえ", String(repeating: "a", count: 53)])
    func notShort(text: String) {
        #expect(ShortIDs([RecordID(high: 1, low: 1)]).find(text) == .notAShortID)
    }
}
