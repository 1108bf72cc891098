import BuntanProtocol
import Records
import Testing

@Suite struct FieldValueTests {
    static let codes = ["provider", "not-applicable"]
    static let uuid = "0193a4c1-0000-7fff-bfff-ffffffffffff"
    static let organisation = OrganisationID(high: 0x0123_4567_89ab_cdef, low: 1)

    struct Typed: Sendable, CustomTestStringConvertible {
        let text: String
        let type: FieldType
        let value: Value
        var testDescription: String { "\(type.name) \(text)" }

        init(_ text: String, _ type: FieldType, _ value: Value) { (self.text, self.type, self.value) = (text, type, value) }
        init(_ text: String, _ type: FieldType, _ value: String) { self.init(text, type, .text(value)) }
    }

    static let typed: [Typed] = [
        Typed("", .string, .null), Typed(" \n", .int, .null),
        Typed(" own copy ", .string, "own copy"), Typed("か\u{3099}", .string, "が"),
        Typed("one\r\ntwo\rthree\n", .text, "one\ntwo\nthree"),
        Typed("42", .int, .int(42)), Typed("-007", .int, .int(-7)), Typed("＋１２", .int, .int(12)), Typed("0", .int, .int(0)),
        Typed("9007199254740991", .int, .int(NumberText.mostInt)),
        Typed("true", .bool, .bool(true)), Typed("No", .bool, .bool(false)), Typed("はい", .bool, .bool(true)),
        Typed("99.90", .decimal, "99.9"), Typed("+05.0", .decimal, "5"), Typed("-0.0", .decimal, "0"), Typed("-0.50", .decimal, "-0.5"),
        Typed("2026-03-31", .date, "2026-03-31"), Typed("2026/3/1", .date, "2026-03-01"), Typed("2024年2月29日", .date, "2024-02-29"),
        Typed("２０２６-０３-３１", .date, "2026-03-31"),
        Typed("2026-03-31T09:12:44Z", .dateTime, "2026-03-31T09:12:44Z"), Typed("2026-03-31 09:12z", .dateTime, "2026-03-31T09:12:00Z"),
        Typed("2026-01-01T08:30:00.250+09:00", .dateTime, "2025-12-31T23:30:00.25Z"),
        Typed("2024-02-28T23:00:00-0200", .dateTime, "2024-02-29T01:00:00Z"),
        Typed("4h", .duration, "PT4H"), Typed("7y", .duration, "P7Y"), Typed("30日", .duration, "P30D"), Typed("30 days", .duration, "P30D"),
        Typed("1d12h", .duration, "P1DT12H"), Typed("90 min", .duration, "PT90M"), Typed("3か月", .duration, "P3M"),
        Typed("２時間３０分", .duration, "PT2H30M"), Typed("2w", .duration, "P2W"), Typed("pt4h", .duration, "PT4H"),
        Typed("P1Y06M", .duration, "P1Y6M"), Typed("0h", .duration, "PT0H"), Typed("P0DT4H", .duration, "PT4H"),
        Typed("Not Applicable", .enumeration(codes), "not-applicable"), Typed("provider", .enumeration(codes), "provider"),
        Typed("jp", .country, "JP"), Typed(uuid, .record, .bytes(RecordID(uuid: uuid)?.bytes ?? [])),
        Typed(organisation.fingerprint, .organisation, .id(organisation)),
        Typed(organisation.fingerprint.uppercased(), .organisation, .id(organisation)),
        Typed(String(repeating: "AB", count: 32), .digest, .bytes([UInt8](repeating: 0xab, count: 32))),
    ]

    @Test("What people type becomes the one form of its value", arguments: typed)
    func parses(typed: Typed) throws { #expect(try FieldValue.parse(typed.text, as: typed.type) == typed.value) }

    @Test("What is printed can be typed, and passes the check of what arrives", arguments: typed)
    func printsBack(typed: Typed) throws {
        let printed = FieldValue.print(typed.value, as: typed.type)
        #expect(try FieldValue.parse(printed, as: typed.type) == typed.value)
        #expect(typed.value == .null || FieldCheck.accepts(typed.value.encoded, as: typed.type))
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let text: String
        let type: FieldType
        let fault: FieldFault
        var testDescription: String { "\(type.name) \(text.prefix(40))" }

        init(_ text: String, _ type: FieldType, _ fault: FieldFault) { (self.text, self.type, self.fault) = (text, type, fault) }
    }

    @Test(
        "What is no value of the type is refused with what is wrong about it",
        arguments: [
            Wrong("2026-02-30", .date, .noSuchDate(year: 2026, month: 2, day: 30)),
            Wrong("2023-02-29", .date, .noSuchDate(year: 2023, month: 2, day: 29)),
            Wrong("1900-02-29", .date, .noSuchDate(year: 1900, month: 2, day: 29)),
            Wrong("2026-13-01", .date, .noSuchDate(year: 2026, month: 13, day: 1)),
            Wrong("2026-04-00", .date, .noSuchDate(year: 2026, month: 4, day: 0)),
            Wrong("31.3.2026", .date, .notADate("31.3.2026")), Wrong("26-03-31", .date, .notADate("26-03-31")),
            Wrong("2026-03-31T09:12:44", .dateTime, .missingZone("2026-03-31T09:12:44")),
            Wrong("2026-03-31T24:00:00Z", .dateTime, .noSuchTime("2026-03-31T24:00:00Z")),
            Wrong("2026-03-31T23:59:60Z", .dateTime, .noSuchTime("2026-03-31T23:59:60Z")),
            Wrong("2026-02-30T00:00:00Z", .dateTime, .noSuchDate(year: 2026, month: 2, day: 30)),
            Wrong("2026-03-31", .dateTime, .notADateTime("2026-03-31")),
            Wrong("9999-12-31T23:00:00-02:00", .dateTime, .noSuchTime("9999-12-31T23:00:00-02:00")),
            Wrong("5m", .duration, .ambiguousUnit("5m", instead: ["5min", "5mo"])),
            Wrong("soon", .duration, .notADuration("soon")), Wrong("4", .duration, .notADuration("4")),
            Wrong("4h1d", .duration, .notADuration("4h1d")), Wrong("2w3d", .duration, .notADuration("2w3d")),
            Wrong("P", .duration, .notADuration("P")), Wrong("PT", .duration, .notADuration("PT")),
            Wrong("P4H", .duration, .notADuration("P4H")),
            Wrong("1.5h", .duration, .notADuration("1.5h")), Wrong("10000000000s", .duration, .notADuration("10000000000s")),
            Wrong("12a", .int, .notAnInt("12a")), Wrong("1.0", .int, .notAnInt("1.0")), Wrong("1,000", .int, .notAnInt("1,000")),
            Wrong("9007199254740992", .int, .intTooLarge("9007199254740992")),
            Wrong("99999999999999999999", .int, .intTooLarge("99999999999999999999")),
            Wrong("1e3", .decimal, .notADecimal("1e3")), Wrong(".5", .decimal, .notADecimal(".5")),
            Wrong("5.", .decimal, .notADecimal("5.")),
            Wrong("maybe", .bool, .notABool("maybe")),
            Wrong("theirs", .enumeration(codes), .unknownCode("theirs", known: codes)),
            Wrong("UK", .country, .unknownCountry("UK")), Wrong("JPN", .country, .unknownCountry("JPN")),
            Wrong("a\tb", .string, .notOneLine), Wrong("a\nb", .string, .notOneLine),
            Wrong("abcd", .organisation, .notAFingerprint("abcd")), Wrong("7k3q", .record, .notAnID("7k3q")),
            Wrong("abcd", .device, .notHexadecimal("abcd", bytes: 32)), Wrong("{}", .document, .notTypeable),
        ])
    func refuses(wrong: Wrong) { #expect(throws: wrong.fault) { try FieldValue.parse(wrong.text, as: wrong.type) } }

    @Test("A text is taken up to 64 KiB with its head, and no byte more")
    func textLimit() throws {
        let most = String(repeating: "a", count: Limits.valueBytes - 3)
        #expect(try FieldValue.parse(most, as: .text).encoded.bytes.count == Limits.valueBytes)
        #expect(throws: FieldFault.tooLong(bytes: Limits.valueBytes + 1, most: Limits.valueBytes)) {
            try FieldValue.parse(most + "a", as: .text)
        }
    }

    @Test("Durations keep their unit and compare by length")
    func durations() throws {
        let month = try CalendarDuration(typed: "1mo")
        let days = try CalendarDuration(typed: "30d")
        #expect(month != days)
        #expect(month.seconds == days.seconds)
        #expect(try CalendarDuration(typed: "1y").days == 365)
        #expect(try CalendarDuration(typed: "1d12h").minutes == 2160)
    }

    @Test("Elements are codes, ids or languages, as their field has them")
    func elements() throws {
        let roles = Field("roles", .enumeration(["a-b"]), .set)
        let text = Field("topic", .text, .languages)
        let refs = Field("informed", .record, .set)
        #expect(try FieldValue.element("A b", of: roles) == .code("a-b"))
        #expect(try FieldValue.element("JA", of: text) == .code("ja"))
        #expect(try FieldValue.element(Self.uuid, of: refs) == .id(RecordID(uuid: Self.uuid)?.bytes ?? []))
        #expect(FieldValue.print(.id(RecordID(uuid: Self.uuid)?.bytes ?? []), of: refs) == Self.uuid)
        #expect(throws: FieldFault.unknownLanguage("fr", known: ["en", "ja"])) { try FieldValue.element("fr", of: text) }
        #expect(throws: FieldFault.elementExpected(field: "roles")) { try FieldValue.element(" ", of: roles) }
        #expect(throws: FieldFault.elementUnexpected(field: "label")) { try FieldValue.element("x", of: Field("label", .string)) }
    }
}

@Suite struct FieldCheckTests {
    @Test(
        "Only the one form of a value passes",
        arguments: [
            (Value.text("2026-02-30"), FieldType.date), (.text("2026/03/31"), .date), (.text("PT240M "), .duration),
            (.text("P0DT4H"), .duration),
            (.text("99.90"), .decimal), (.text("-0"), .decimal), (.text("2026-03-31T09:12Z"), .dateTime),
            (.text("2026-03-31T09:12:44+00:00"), .dateTime), (.text("jp"), .country), (.text("Provider"), .enumeration(["provider"])),
            (.text("1"), .int), (.int(1), .bool), (.int(1), .string), (.bool(true), .text), (.bytes([1]), .text), (.text("x"), .record),
            (.bytes([UInt8](repeating: 0, count: 15)), .record), (.bytes([UInt8](repeating: 0, count: 17)), .organisation),
            (.bytes([UInt8](repeating: 0, count: 31)), .digest), (.bytes([UInt8](repeating: 0, count: 33)), .device),
            (.bytes([UInt8](repeating: 0, count: 63)), .signature), (.bytes([UInt8](repeating: 0, count: 32)), .signature), (.null, .bool),
        ])
    func refuses(value: Value, type: FieldType) { #expect(!FieldCheck.accepts(value.encoded, as: type)) }

    @Test(
        "Byte strings pass at the length of their type and no other",
        arguments: [(16, FieldType.record), (16, .space), (16, .organisation), (32, .device), (32, .digest), (64, .signature)])
    func lengths(count: Int, type: FieldType) {
        for length in [count - 1, count, count + 1] where length <= 64 {
            #expect(FieldCheck.accepts(Value.bytes([UInt8](repeating: 1, count: length)).encoded, as: type) == (length == count))
        }
    }

    @Test("A code is found whatever the length of its head", arguments: [1, 23, 24, 64])
    func codes(length: Int) {
        let code = String(repeating: "c", count: length)
        #expect(FieldCheck.accepts(Value.text(code).encoded, as: .enumeration(["x", code])))
        #expect(!FieldCheck.accepts(Value.text(code + "c").encoded, as: .enumeration(["x", code])))
    }
}
