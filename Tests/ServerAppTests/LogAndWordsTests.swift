import Foundation
import Logging
import Testing

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

    @Test("Every sentence is there in both languages with the same values")
    func bothLanguages() {
        for phrase in ServerWords.all {
            #expect(!phrase.en.isEmpty && !phrase.ja.isEmpty)
            #expect(names(in: phrase.en) == names(in: phrase.ja), "\(phrase.en)")
            #expect(phrase.ja.unicodeScalars.contains { $0.value > 0x3000 })
        }
    }

    @Test("Every fault becomes a sentence without a gap", arguments: [false, true])
    func sentences(inJapanese: Bool) {
        let words = ServerSentences(inJapanese: inJapanese)
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
        let said = faults.map(words.sentence(for:)) + identity.map(words.sentence(for:)) + listening.map(words.sentence(for:))
        #expect(Set(said).count == said.count)
        for sentence in said { #expect(!sentence.contains("{") && !sentence.contains("}"), "\(sentence)") }
    }

    private func names(in text: String) -> Set<Substring> { Set(text.matches(of: /\{[a-z]+\}/).map(\.output)) }
}
