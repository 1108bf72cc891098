import Testing
import Wording

@testable import ClientCLI

@Suite("Output for programs")
struct JSONTests {
    @Test("Members keep their order, strings are escaped, nothing a terminal obeys stays")
    func writing() {
        let value: JSONValue = [
            "b": [1, -2, true, nil], "a": "\"\\\n\t\u{1B}\u{7F}\u{9B}\u{202E}分/", "e": [:], "l": [], "tag": "\u{E0041}",
        ]
        #expect(
            JSONWriter.text(value)
                == #"{"b":[1,-2,true,null],"a":"\"\\\n\t\u001b\u007f\u009b\u202e分/","e":{},"l":[],"tag":"\udb40\udc41"}"#)
        #expect(
            JSONWriter.text(["a": [1, ["b": nil]], "c": []], .indented)
                == "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": []\n}")
    }

    static let items: [JSONValue] = [
        ["id": "w4fq", "row": ["controlId": "AC-2(5)"], "note": "a\tb\\\n", "rows": 3],
        ["id": "9abc", "row": ["controlId": "AU-4"], "note": nil],
    ]
    static let context = ReportContext(
        organisation: "Kaisha K.K.", service: "object-storage", engagement: nil, side: "customer",
        log: .init(epoch: 0, size: 1482, verified: true))

    static func printed(_ mode: OutputMode, fields: [String]? = nil, more: String? = nil) throws -> String {
        let fake = FakeConsole()
        let report = Report.list("things/1", context, fields: ["id", "row", "note", "rows"], items, more: more) { $0.line("human") }
        try ReportPrinter(mode: mode, fields: fields, style: PageStyle(), console: fake.console).print(report)
        return fake.output.text
    }

    @Test("A list is one object with format, time, context, items and what follows")
    func list() throws {
        #expect(
            try Self.printed(.json, more: "9abc") == """
                {
                  "format": "buntan.things/1",
                  "at": "2026-11-23T10:05:11Z",
                  "context": {
                    "organisation": "Kaisha K.K.",
                    "service": "object-storage",
                    "engagement": null,
                    "side": "customer",
                    "log": {
                      "epoch": 0,
                      "size": 1482,
                      "verified": true
                    }
                  },
                  "items": [
                    {
                      "id": "w4fq",
                      "row": {
                        "controlId": "AC-2(5)"
                      },
                      "note": "a\\tb\\\\\\n",
                      "rows": 3
                    },
                    {
                      "id": "9abc",
                      "row": {
                        "controlId": "AU-4"
                      },
                      "note": null
                    }
                  ],
                  "more": "9abc"
                }

                """)
    }

    @Test("An empty list and a single thing have the same frame")
    func frames() throws {
        let fake = FakeConsole()
        let printer = ReportPrinter(mode: .json, style: PageStyle(), console: fake.console)
        try printer.print(.list("things/1", nil, fields: [], []) { _ in })
        try printer.print(.single("thing/1", nil, fields: ["id"], ["id": "a"]) { _ in })
        #expect(
            fake.output.text == """
                {
                  "format": "buntan.things/1",
                  "at": "2026-11-23T10:05:11Z",
                  "context": null,
                  "items": [],
                  "more": null
                }
                {
                  "format": "buntan.thing/1",
                  "at": "2026-11-23T10:05:11Z",
                  "context": null,
                  "item": {
                    "id": "a"
                  }
                }

                """)
    }

    @Test("Lines of JSON hold the items alone, plain lines a header and one row each")
    func lines() throws {
        #expect(
            try Self.printed(.jsonLines) == """
                {"id":"w4fq","row":{"controlId":"AC-2(5)"},"note":"a\\tb\\\\\\n","rows":3}
                {"id":"9abc","row":{"controlId":"AU-4"},"note":null}

                """)
        #expect(
            try Self.printed(.plain)
                == "id\trow\tnote\trows\nw4fq\t{\"controlId\":\"AC-2(5)\"}\ta\\tb\\\\\\n\t3\n9abc\t{\"controlId\":\"AU-4\"}\t\t\n")
    }

    @Test("Lines are printed before the last item is made")
    func streaming() throws {
        let fake = FakeConsole()
        var seen: [String] = []
        let report = Report(
            format: "t/1",
            body: .items { item in
                for number in 1...3 {
                    try item(["n": .number(number)])
                    seen.append(fake.output.text)
                }
                return nil
            }, fields: ["n"], human: { _ in })
        try ReportPrinter(mode: .jsonLines, style: PageStyle(), console: fake.console).print(report)
        #expect(seen == ["{\"n\":1}\n", "{\"n\":1}\n{\"n\":2}\n", "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"])
    }

    @Test("Fields pick and order members and columns, and reach into objects")
    func picking() throws {
        #expect(
            try Self.printed(.jsonLines, fields: ["row.controlId", "rows", "id"]) == #"{"row.controlId":"AC-2(5)","rows":3,"id":"w4fq"}"#
                + "\n" + #"{"row.controlId":"AU-4","id":"9abc"}"# + "\n")
        #expect(try Self.printed(.plain, fields: ["rows", "row.controlId"]) == "rows\trow.controlId\n3\tAC-2(5)\n\tAU-4\n")
    }

    @Test("A field that does not exist is wrong usage and prints nothing", arguments: [OutputMode.json, .jsonLines, .plain, .human])
    func unknownField(mode: OutputMode) throws {
        let failure = #expect(throws: CommandFailure.self) { try Self.printed(mode, fields: ["id", "nots"]) }
        #expect(failure?.code == "unknown-field")
        #expect(failure?.exit == .usage)
        #expect(failure?.candidates.map(\.name) == ["note"])
    }

    @Test("Quiet keeps changes back but not answers, and long answers go through the pager")
    func quietAndPager() throws {
        let fake = FakeConsole()
        var printer = ReportPrinter(mode: .human, isQuiet: true, style: PageStyle(), pager: "less", console: fake.console)
        try printer.print(.change("change/1", nil, fields: [], [:]) { $0.line("changed") })
        try printer.print(.single("thing/1", nil, fields: [], [:]) { $0.line("answer") })
        printer.isQuiet = false
        try printer.print(.change("change/1", nil, fields: [], [:]) { $0.line("changed") })
        #expect(fake.programs.calls == ["less|answer\n"])
        #expect(fake.output.text == "changed\n")
    }

    @Test("An error has the members that apply, in a fixed order")
    func error() {
        let failure = CommandFailure(
            .fileCell, ["place": "m.xlsx, sheet A, row 7, column C", "reason": "x"], next: "buntan import -n m.xlsx",
            place: .init(file: "m.xlsx", sheet: "A", row: 7, column: "C"))
        #expect(
            JSONWriter.text(failure.json(in: .en))
                == #"{"format":"buntan.error/1","code":"file-cell","exit":6,"message":"m.xlsx, sheet A, row 7, column C: x; nothing was changed","next":"buntan import -n m.xlsx","file":"m.xlsx","sheet":"A","row":7,"column":"C"}"#
        )
        #expect(
            failure.text(in: .en) == "buntan: m.xlsx, sheet A, row 7, column C: x; nothing was changed\nNext: buntan import -n m.xlsx\n")
        #expect(failure.text(in: .ja).hasPrefix("buntan: m.xlsx, sheet A, row 7, column C: x。何も変えていません\n次: "))
    }

    @Test("Every error has its own code in kebab-case and an exit status that is not success")
    func codes() {
        let codes =
            ErrorPhrases.allCases.map(\.code) + CodeErrorPhrases.allCases.map(\.code) + InputErrorPhrases.allCases.map(\.code)
            + MachineErrorPhrases.allCases.map(\.code) + ExportErrorPhrases.allCases.map(\.code)
            + NetworkErrorPhrases.allCases.map(\.code) + RecordErrorPhrases.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil }, "\(codes)")
        #expect(ErrorPhrases.allCases.allSatisfy { $0.exit != .done && $0.exit != .found })
        #expect(CodeErrorPhrases.allCases.allSatisfy { [.usage, .refused, .unverified].contains(CommandFailure($0).exit) })
        #expect(RecordErrorPhrases.allCases.allSatisfy { [.usage, .refused].contains(CommandFailure($0).exit) })
        #expect(ExportErrorPhrases.allCases.allSatisfy { [.usage, .refused].contains(CommandFailure($0).exit) })
        #expect(ErrorPhrases.unknownID.code == "unknown-id")
        #expect(ErrorPhrases.caFileInvalid.code == "ca-file-invalid")
        #expect(CommandFailure(.baseMismatch).code == "base-mismatch")
        for status in CommandExit.allCases where ![.done, .found, .inputFile, .machine, .network].contains(status) {
            #expect(ErrorPhrases.allCases.contains { $0.exit == status }, "\(status)")
        }
        #expect(InputErrorPhrases.allCases.allSatisfy { CommandFailure($0).exit == .inputFile && CommandFailure($0).code == $0.code })
        #expect(MachineErrorPhrases.allCases.allSatisfy { CommandFailure($0).exit == .machine && CommandFailure($0).code == $0.code })
        #expect(NetworkErrorPhrases.allCases.allSatisfy { CommandFailure($0).exit == .network && CommandFailure($0).code == $0.code })
    }
}
