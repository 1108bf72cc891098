import Foundation
import Logging
import Storage
import Testing
import Wording

@testable import ServerApp

@Suite("Logs and sentences")
struct LogAndWordsTests {
    @Test("A line of JSON stays one line and one object, whatever a value holds")
    func json() throws {
        let sink = LogSink()
        let hostile = "a\"b\\c\nd\u{2028}e\u{0}f{}"
        Logger.server(format: .json, level: .info, sink: sink.sink).info("started", metadata: ["path": .string(hostile), "message": "x"])
        #expect(sink.text.filter { $0 == "\n" }.count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(sink.text.utf8)) as? [String: String])
        #expect(object["path"] == hostile)
        #expect(object["message"] == "started")
        #expect(object["level"] == "info")
        #expect(object["time"]?.hasSuffix("Z") == true)
    }

    @Test("A line of text stays one line, whatever a value holds")
    func text() {
        let sink = LogSink()
        Logger.server(format: .text, level: .info, sink: sink.sink).info("started", metadata: ["b": "x\ny z", "a": "plain"])
        #expect(sink.text.hasSuffix(" info started a=plain b=\"x\\ny z\"\n"))
    }

    @Test("Below the level nothing is written")
    func level() {
        let sink = LogSink()
        let logger = Logger.server(format: .text, level: .notice, sink: sink.sink)
        logger.info("no")
        #expect(sink.text.isEmpty)
        logger.notice("yes")
        #expect(!sink.text.isEmpty)
    }

    @Test("An error is logged by its type, never by what it says")
    func errors() {
        struct Telling: Error, CustomStringConvertible { let description = "himitsu" }
        let sink = LogSink()
        Logger.server(format: .text, level: .info, sink: sink.sink).error("failed", error: Telling())
        #expect(sink.text.contains("Telling"))
        #expect(!sink.text.contains("himitsu"))
    }

    @Test("Every fault becomes a sentence without a gap", arguments: Language.allCases)
    func sentences(language: Language) {
        let faults: [ConfigurationFault] = [
            .fileUnreadable(path: "p"), .fileMalformed(path: "p", line: 1, column: 2), .unknownKey("k", path: "p", line: 3),
            .keyTwice(path: "p", line: 4), .notOneValue("k", path: "p", line: 5), .unknownVariable("V"),
            .invalid(.listen, value: "x", source: .file(path: "p", line: 6)), .tlsRequired(listen: "0.0.0.0:1"),
            .tlsIncomplete(missing: .tlsKey), .serverNameRequired(listen: "0.0.0.0:1"),
        ]
        let identity: [TLSIdentityFault] = [
            .certificateUnreadable(path: "p"), .certificateMissing(path: "p"), .keyUnreadable(path: "p"),
            .pairRefused(certificate: "c", key: "k"),
        ]
        let here = ListenAddress(host: "127.0.0.1", port: 1)
        let listening: [ListenFault] = [.inUse(here), .notAllowed(here), .noSuchAddress(here), .failed(here, errno: 5)]
        let folder: [ServerFolderFault] = [
            .missing(path: "p"), .otherName(path: "p", held: "h", given: "g"), .unreadable(path: "p"),
            .cannotWrite(path: "p", errno: ENOSPC),
        ]
        let mark: [FileMarkFault] = [.inUse(path: "m"), .damaged(path: "m", line: 3), .system(path: "m", errno: EIO)]
        let store: [StorageFault] = [
            .busy(holder: 7), .diskFull, .readOnly, .noPermission, .newer(version: 9, known: 1), .damaged("d"),
        ]
        let all: [any Error] = faults + identity + listening + folder + mark + store
        let said = all.map { error in
            let said = SaidFault(error, path: "store")
            return said.entry.text(in: language, said.facts)
        }
        #expect(Set(said).count == said.count)
        for sentence in said { #expect(!sentence.contains("{") && !sentence.contains("}"), "\(sentence)") }
    }

    @Test(
        "A word that is no command is told as that, beside the help of what it stands under",
        arguments: [
            (["restore", "x"], "there is no command 'restore'", "buntan-server --help"),
            (["org", "lst"], "no command 'lst'", "buntan-server org --help"),
            (["org", "list", "more"], "'more' is one argument too many", "buntan-server org list --help"),
            (["org", "quota", "x"], "<bytes> is missing", "buntan-server org quota --help"),
            (["serve", "--foo"], "no option '--foo'", "buntan-server serve --help"),
        ] as [([String], String, String)])
    func unknownCommand(words: [String], sentence: String, next: String) async {
        let said = await ServedFolder.run(words)
        #expect(said.exit == 2 && said.errors.contains(sentence) && said.errors.contains("Next: \(next)\n"), "\(said.errors)")
    }

    @Test("The program says its version, the same as the client's")
    func version() async {
        let said = await ServedFolder.run(["--version"])
        #expect(said.exit == 0 && said.output == ProgramVersion.text + "\n" && said.errors.isEmpty)
    }
}
