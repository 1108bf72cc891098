import BuntanProtocol

/// Items of CBOR that the profile of PROTOCOL.md section 3 takes or refuses.
enum ProfileCases {
    struct Case: Sendable {
        let hex: String
        /// The item in diagnostic notation, or what is wrong with it.
        let meaning: String
        /// `nil` where the profile takes it.
        let reason: DecodingFault.Reason?
        let isAppendixA: Bool

        init(_ hex: String, _ meaning: String, _ reason: DecodingFault.Reason? = nil, appendixA: Bool = true) {
            self.hex = hex
            self.meaning = meaning
            self.reason = reason
            isAppendixA = appendixA
        }

        var bytes: [UInt8] { Hexadecimal.bytes(hex) ?? [] }
    }

    static let all = appendixA + own

    /// RFC 8949 appendix A, whole and in its order.
    static let appendixA: [Case] = [
        Case("00", "0"), Case("01", "1"), Case("0a", "10"), Case("17", "23"), Case("1818", "24"), Case("1819", "25"), Case("1864", "100"),
        Case("1903e8", "1000"), Case("1a000f4240", "1000000"), Case("1b000000e8d4a51000", "1000000000000"),
        Case("1bffffffffffffffff", "18446744073709551615", .outOfRange),
        Case("c249010000000000000000", "18446744073709551616", .unsupportedType),
        Case("3bffffffffffffffff", "-18446744073709551616", .outOfRange),
        Case("c349010000000000000000", "-18446744073709551617", .unsupportedType), Case("20", "-1"), Case("29", "-10"),
        Case("3863", "-100"),
        Case("3903e7", "-1000"), Case("f90000", "0.0", .unsupportedType), Case("f98000", "-0.0", .unsupportedType),
        Case("f93c00", "1.0", .unsupportedType), Case("fb3ff199999999999a", "1.1", .unsupportedType),
        Case("f93e00", "1.5", .unsupportedType),
        Case("f97bff", "65504.0", .unsupportedType), Case("fa47c35000", "100000.0", .unsupportedType),
        Case("fa7f7fffff", "3.4028234663852886e+38", .unsupportedType), Case("fb7e37e43c8800759c", "1.0e+300", .unsupportedType),
        Case("f90001", "5.960464477539063e-8", .unsupportedType), Case("f90400", "0.00006103515625", .unsupportedType),
        Case("f9c400", "-4.0", .unsupportedType), Case("fbc010666666666666", "-4.1", .unsupportedType),
        Case("f97c00", "Infinity", .unsupportedType), Case("f97e00", "NaN", .unsupportedType),
        Case("f9fc00", "-Infinity", .unsupportedType),
        Case("fa7f800000", "Infinity", .unsupportedType), Case("fa7fc00000", "NaN", .unsupportedType),
        Case("faff800000", "-Infinity", .unsupportedType), Case("fb7ff0000000000000", "Infinity", .unsupportedType),
        Case("fb7ff8000000000000", "NaN", .unsupportedType), Case("fbfff0000000000000", "-Infinity", .unsupportedType), Case("f4", "false"),
        Case("f5", "true"), Case("f6", "null"), Case("f7", "undefined", .unsupportedType), Case("f0", "simple(16)", .unsupportedType),
        Case("f8ff", "simple(255)", .unsupportedType),
        Case("c074323031332d30332d32315432303a30343a30305a", "0(\"2013-03-21T20:04:00Z\")", .unsupportedType),
        Case("c11a514b67b0", "1(1363896240)", .unsupportedType), Case("c1fb41d452d9ec200000", "1(1363896240.5)", .unsupportedType),
        Case("d74401020304", "23(h'01020304')", .unsupportedType), Case("d818456449455446", "24(h'6449455446')", .unsupportedType),
        Case("d82076687474703a2f2f7777772e6578616d706c652e636f6d", "32(\"http://www.example.com\")", .unsupportedType), Case("40", "h''"),
        Case("4401020304", "h'01020304'"), Case("60", "\"\""), Case("6161", "\"a\""), Case("6449455446", "\"IETF\""),
        Case("62225c", "\"\\\"\\\\\""), Case("62c3bc", "\"ü\""), Case("63e6b0b4", "\"水\""), Case("64f0908591", "\"𐅑\""), Case("80", "[]"),
        Case("83010203", "[1, 2, 3]"), Case("8301820203820405", "[1, [2, 3], [4, 5]]"),
        Case(
            "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
            "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"), Case("a0", "{}"),
        Case("a201020304", "{1: 2, 3: 4}"), Case("a26161016162820203", "{\"a\": 1, \"b\": [2, 3]}", .wrongType),
        Case("826161a161626163", "[\"a\", {\"b\": \"c\"}]", .wrongType),
        Case(
            "a56161614161626142616361436164614461656145", "{\"a\": \"A\", \"b\": \"B\", \"c\": \"C\", \"d\": \"D\", \"e\": \"E\"}",
            .wrongType),
        Case("5f42010243030405ff", "(_ h'0102', h'030405')", .indefiniteLength),
        Case("7f657374726561646d696e67ff", "(_ \"strea\", \"ming\")", .indefiniteLength), Case("9fff", "[_ ]", .indefiniteLength),
        Case("9f018202039f0405ffff", "[_ 1, [2, 3], [_ 4, 5]]", .indefiniteLength),
        Case("9f01820203820405ff", "[_ 1, [2, 3], [4, 5]]", .indefiniteLength),
        Case("83018202039f0405ff", "[1, [2, 3], [_ 4, 5]]", .indefiniteLength),
        Case("83019f0203ff820405", "[1, [_ 2, 3], [4, 5]]", .indefiniteLength),
        Case(
            "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
            "[_ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]", .indefiniteLength),
        Case("bf61610161629f0203ffff", "{_ \"a\": 1, \"b\": [_ 2, 3]}", .indefiniteLength),
        Case("826161bf61626163ff", "[\"a\", {_ \"b\": \"c\"}]", .indefiniteLength),
        Case("bf6346756ef563416d7421ff", "{_ \"Fun\": true, \"Amt\": -2}", .indefiniteLength),
    ]

    /// Each rule of the profile at its edge, and one step past it.
    static let own: [Case] = [
        Case("1b3fffffffffffffff", "4611686018427387903, the largest integer", appendixA: false),
        Case("3b3fffffffffffffff", "-4611686018427387904, the smallest integer", appendixA: false),
        Case("1b4000000000000000", "4611686018427387904", .outOfRange, appendixA: false),
        Case("3b4000000000000000", "-4611686018427387905", .outOfRange, appendixA: false),
        Case("1817", "23 in two bytes", .notShortest, appendixA: false),
        Case("1900ff", "255 in three bytes", .notShortest, appendixA: false),
        Case("18ff", "255", appendixA: false), Case("190100", "256", appendixA: false),
        Case("1a0000ffff", "65535 in five bytes", .notShortest, appendixA: false), Case("1a00010000", "65536", appendixA: false),
        Case("1b00000000ffffffff", "4294967295 in nine bytes", .notShortest, appendixA: false),
        Case("1b0000000100000000", "4294967296", appendixA: false), Case("3800", "-1 in two bytes", .notShortest, appendixA: false),
        Case("580161", "a byte string with its length in two bytes", .notShortest, appendixA: false),
        Case("780161", "a text with its length in two bytes", .notShortest, appendixA: false),
        Case("980101", "an array with its count in two bytes", .notShortest, appendixA: false),
        Case("b8010102", "a map with its count in two bytes", .notShortest, appendixA: false),
        Case("1c", "a head that RFC 8949 reserves", .unsupportedType, appendixA: false),
        Case("5e", "a head that RFC 8949 reserves", .unsupportedType, appendixA: false),
        Case("ff", "a break", .unsupportedType, appendixA: false),
        Case("f820", "simple(32)", .unsupportedType, appendixA: false),
        Case("f814", "false in two bytes", .unsupportedType, appendixA: false), Case("", "nothing", .truncated, appendixA: false),
        Case("18", "a head cut off", .truncated, appendixA: false),
        Case("1b00000001000000", "an integer cut off", .truncated, appendixA: false),
        Case("42ff", "a byte string cut off", .truncated, appendixA: false), Case("6261", "a text cut off", .truncated, appendixA: false),
        Case("820a", "an array cut off", .truncated, appendixA: false), Case("a101", "a map cut off", .truncated, appendixA: false),
        Case("a10102f6", "a byte behind the item", .trailingBytes, appendixA: false),
        Case("9b7fffffffffffffff", "an array that says it is larger than any memory", .truncated, appendixA: false),
        Case("5b7fffffffffffffff", "a byte string that says so", .truncated, appendixA: false),
        Case("bb7fffffffffffffff", "a map that says so", .truncated, appendixA: false),
        Case("a203040102", "{3: 4, 1: 2}", .unorderedKeys, appendixA: false),
        Case("a201020103", "{1: 2, 1: 3}", .unorderedKeys, appendixA: false),
        Case("a3010218640217f6", "{1: 2, 100: 2, 23: null}", .unorderedKeys, appendixA: false),
        Case("a30102200321f4", "{1: 2, -1: 3, -2: false}", appendixA: false),
        Case("a220030102", "{-1: 3, 1: 2}", .unorderedKeys, appendixA: false),
        Case("a221032003", "{-2: 3, -1: 3}", .unorderedKeys, appendixA: false),
        Case("a1410102", "{h'01': 2}", .wrongType, appendixA: false), Case("a1f502", "{true: 2}", .wrongType, appendixA: false),
        Case("61ff", "a text of a byte that is no UTF-8", .invalidText, appendixA: false),
        Case("62c080", "an overlong form of U+0000", .invalidText, appendixA: false),
        Case("63eda080", "a surrogate", .invalidText, appendixA: false), Case("64f4908080", "U+110000", .invalidText, appendixA: false),
        Case("61c3", "half of a letter", .invalidText, appendixA: false),
        Case("6100", "\"\\u0000\"", appendixA: false), Case("64f48fbfbf", "\"\\u{10ffff}\"", appendixA: false),
        Case("66e3818be38299", "\"か\\u3099\", which is not composed", appendixA: false),
        Case("818181818181818100", "[[[[[[[[0]]]]]]]], eight deep", .none, appendixA: false),
        Case("81818181818181818100", "[[[[[[[[[0]]]]]]]]], nine deep", .tooDeep, appendixA: false),
        Case("8181818181818180", "[[[[[[[[]]]]]]]], eight deep", appendixA: false),
        Case("818181818181818180", "[[[[[[[[[]]]]]]]]], nine deep", .tooDeep, appendixA: false),
        Case("a101a101a101a101a101a101a101a101a0", "maps nine deep", .tooDeep, appendixA: false),
    ]
}
