import Testing

@testable import ClientCLI

@Suite("The validator of formats")
struct SchemaBookTests {
    static let book = SchemaBook(documents: [
        "shared": [
            "$defs": [
                "row": [
                    "type": "object", "required": ["id"],
                    "properties": ["id": ["type": "string", "pattern": "^[a-z]+$"], "n": ["type": "integer"]],
                ]
            ]
        ],
        "things": [
            "type": "object", "required": ["format", "items"], "additionalProperties": false,
            "properties": [
                "format": ["const": "buntan.things/1"],
                "items": ["type": "array", "items": ["$ref": "shared.json#/$defs/row"]],
                "side": ["anyOf": [["enum": ["a", "b"]], ["type": "null"]]],
                "texts": ["type": "object", "additionalProperties": ["type": ["string", "null"]]],
            ],
        ],
        "odd": ["properties": ["format": ["const": "buntan.odd/1"]], "minLength": 3],
        "lost": ["properties": ["format": ["const": "buntan.lost/1"], "x": ["$ref": "#/$defs/nowhere"]]],
    ])

    @Test(
        "What fits its schema is left alone",
        arguments: [
            #"{"format":"buntan.things/1","items":[]}"#,
            #"{"format":"buntan.things/1","items":[{"id":"ab","n":-3},{"id":"c"}],"side":"b","texts":{"ja":"分","en":null}}"#,
            #"{"format":"buntan.things/1","items":[],"side":null}"#,
        ])
    func good(text: String) throws {
        #expect(Self.book.findings(in: try JSONReader.value(text)).isEmpty)
    }

    @Test(
        "What does not fit is found, at its place",
        arguments: [
            (#"{"items":[]}"#, "no format"), (#"{"format":"buntan.others/1"}"#, "no schema"),
            (#"{"format":"buntan.things/1"}"#, "\"items\" is missing"),
            (#"{"format":"buntan.things/1","items":{}}"#, "things/1.items: not \"array\""),
            (#"{"format":"buntan.things/1","items":[{"n":1}]}"#, "items[0]: \"id\" is missing"),
            (#"{"format":"buntan.things/1","items":[{"id":"A"}]}"#, "items[0].id: 'A' does not match"),
            (#"{"format":"buntan.things/1","items":[{"id":"a","n":"1"}]}"#, "items[0].n: not \"integer\""),
            (#"{"format":"buntan.things/1","items":[{"id":"a","m":1}]}"#, "items[0].m: not allowed"),
            (#"{"format":"buntan.things/1","items":[{"n":1,"id":"a"}]}"#, "items[0]: members out of order"),
            (#"{"items":[],"format":"buntan.things/1"}"#, "members out of order"),
            (#"{"format":"buntan.things/1","items":[],"side":"c"}"#, "side: fits nothing"),
            (#"{"format":"buntan.things/1","items":[],"texts":{"ja":1}}"#, "texts.ja: not"),
            (#"{"format":"buntan.things/1","items":[],"more":null}"#, "more: not allowed"),
            (#"{"format":"buntan.odd/1"}"#, "unknown word minLength"), (#"{"format":"buntan.lost/1","x":1}"#, "leads nowhere"),
        ])
    func bad(text: String, finding: String) throws {
        let findings = Self.book.findings(in: try JSONReader.value(text))
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }

    @Test(
        "The reader takes JSON with whole numbers and nothing else",
        arguments: [
            ("1.5", false), ("1e3", false), ("01", false), ("-0", false), ("{\"a\":1,\"a\":2}", false), ("[1,]", false), ("[1 2]", false),
            ("\"\t\"", false), ("tru", false), ("{\"a\" 1}", false), ("1 1", false), ("", false), (#""\u00"#, false), (#""\x""#, false),
            ("-12", true), (" [ ] ", true), ("{ }", true), (#""\u5206\ud83d\ude00\n\/""#, true), ("[[],{\"a\":{}}]", true),
        ])
    func reading(text: String, isJSON: Bool) {
        let value: JSONValue? = try? JSONReader.value(text)
        #expect((value != nil) == isJSON, "\(text)")
    }

    @Test("What is read keeps its order and its characters")
    func order() throws {
        #expect(try JSONReader.value(#"{"b":"分\n","a":[true,null]}"#) == ["b": "分\n", "a": [true, nil]])
        #expect(try JSONReader.value(#""\ud83d\ude00""#) == "😀")
    }
}
