import ChildProcesses
import Foundation
import Testing

@testable import ClientCLI

@Suite("Completion")
struct CompletionTests {
    private static func prepared() async throws -> CommandBench {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,AC-2(5),shared\nf,AC-3,provider\nf,AU-4,customer\n")
        await bench.expect("init --org Example --label office-pc")
        await bench.expect("service add Object_Storage")
        await bench.expect("service add Old_Api")
        await bench.expect("import \(table) -s object-storage")
        await bench.expect("publish 2026.1 -m first -s object-storage")
        return bench
    }

    private static func answers(_ bench: CommandBench, _ words: [String], store: String = "store") async -> [String] {
        let outcome = await bench.run(["complete", "--"] + words, store: store)
        #expect(outcome.exit == .done && outcome.errors.isEmpty, "\(words): \(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test("Words are completed by what could stand there: commands, options, values, and what the store holds")
    func words() async throws {
        let bench = try await Self.prepared()
        for (words, expected) in [
            (["st"], ["store", "status"]), (["outbox", "r"], ["retry"]), (["matrix", "--li"], ["--limit"]),
            (["--js"], []), (["matrix", "--js"], ["--json", "--jsonl"]), (["completion", ""], ["bash", "zsh", "fish"]),
            (["--lang", ""], ["en", "ja"]), (["--json", "rel"], ["releases"]), (["help", "dis"], ["disputes"]),
            (["matrix", "-s", "object-storage", "ac"], ["ac-2.5", "ac-3"]), (["-s", "obj"], ["object-storage"]),
            (["matrix", "-s", "object-storage", "ac-3", "au"], ["au-4"]), (["use", "o"], ["object-storage", "old-api"]),
            (["matrix", "--where", "state=d"], ["state=disputed"]), (["matrix", "--where=state=d"], ["--where=state=disputed"]),
            (["propose", "ac-3", "--allocation", "s"], ["shared", "supplier"]), (["service", "add", "x"], []),
            (["device", "add", "CODE", "--caps", "read,wr"], ["read,write"]),
            (["config", "signatory."], ["signatory.name", "signatory.title"]),
            (["config", "language", ""], ["en", "ja"]), (["import", "x"], [":files"]), (["--store", "x"], [":folders"]),
            (["publish", "--", "-"], []), (["nonsense", "x"], []), ([""], ["init"]),
        ] as [([String], [String])] {
            let found = await Self.answers(bench, words)
            if expected == ["init"] {
                #expect(found.count > 20 && found.contains("init") && !found.contains("complete"))
            } else {
                #expect(Set(found) == Set(expected), "\(words)")
            }
        }
    }

    @Test("Completion changes nothing, and without a store, or with one it cannot read, it is silent")
    func harmless() async throws {
        let bench = try await Self.prepared()
        let path = bench.path + "/store/store.db"
        let before = FileManager.default.contents(atPath: path)
        _ = await Self.answers(bench, ["matrix", "-s", "object-storage", ""])
        #expect(FileManager.default.contents(atPath: path) == before)
        #expect(await Self.answers(bench, ["matrix", ""], store: "nowhere").isEmpty)
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/nowhere"))
        // A store of another version would be brought up to date by opening it.
        try FileManager.default.createDirectory(atPath: bench.path + "/older", withIntermediateDirectories: true)
        var bytes = try #require(before)
        bytes[63] = 0
        try bytes.write(to: URL(fileURLWithPath: bench.path + "/older/store.db"))
        #expect(await Self.answers(bench, ["matrix", ""], store: "older").isEmpty)
        #expect(FileManager.default.contents(atPath: bench.path + "/older/store.db") == bytes)
        let junk = try bench.file("junk", "no store at all")
        #expect(await Self.answers(bench, ["--store", junk, "matrix", ""]).isEmpty)
    }

    @Test("The script for bash completes in bash itself, words with = and : included")
    func bash() async throws {
        let bench = try CommandBench()
        let script = try bench.file("buntan.bash", CompletionScript.bash.text)
        // A program in the place of ours that shows what it was asked.
        let program = try bench.file(
            "buntan",
            "#!/bin/bash\nshift 2\ncase \"${*: -1}\" in f) echo :files ;; --where=*) printf '%s\\n' --where=state=open --where=state=agreed ;; nist:*) echo nist:ac-2.5 ;; *) printf '%s\\n' \"$#\" \"first ${1-}\" ;; esac\n"
        )
        #expect(chmod(program, 0o755) == 0)
        _ = try bench.file("found.csv", "")
        let asking = """
            cd '\(bench.path)'; source '\(script)'; ask() { COMP_LINE=$1; COMP_POINT=${#1}; compopt() { :; }; _buntan; printf '%s|' "${COMPREPLY[@]}"; echo; }
            ask './buntan matrix '; ask './buntan matrix --where=state=o'; ask './buntan show nist:ac'; ask './buntan import f'; complete -p buntan
            """
        let (status, output) = try Self.shell("/bin/bash", ["--norc", "-c", asking])
        #expect(status == 0)
        #expect(
            output == "2|first matrix|\nopen|agreed|\nac-2.5|\nfound.csv|\ncomplete -F _buntan buntan\n", "\(output)")
    }

    @Test("The server's script for bash completes its commands, options and values in bash itself")
    func server() async throws {
        let bench = try CommandBench()
        let script = try bench.file("server.bash", await Self.serverScript(.bash))
        let asking = """
            source '\(script)'; compopt() { :; }
            ask() { COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
                _buntan-server buntan-server "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; printf '%s|' "${COMPREPLY[@]}"; echo; }
            ask buntan-server o; ask buntan-server org s; ask buntan-server serve --lis; ask buntan-server serve --log-format j
            complete -p buntan-server
            """
        let (status, output) = try Self.shell("/bin/bash", ["--norc", "-c", asking])
        #expect(
            status == 0 && output == "org|\nsuspend|\n--listen|\njson|\ncomplete -o filenames -F _buntan-server buntan-server\n",
            "\(output)")
    }

    /// What `make install` asks the server for.
    private static func serverScript(_ shell: CompletionScript) async -> String {
        let printed = await ServerManual.run(["--generate-completion-script", shell.rawValue], language: "C")
        #expect(printed.exit == 0)
        return printed.output
    }

    @Test("Every script of both programs is well formed, where its shell is installed", arguments: CompletionScript.allCases)
    func syntax(script: CompletionScript) async throws {
        let places = ["/bin/", "/usr/bin/"].map { $0 + script.rawValue }
        guard let shell = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            #expect(script != .bash, "bash is always there")
            return
        }
        let bench = try CommandBench()
        for text in [script.text, await Self.serverScript(script)] {
            let file = try bench.file("script", text)
            let (status, output) = try Self.shell(shell, ["-n", file])
            #expect(status == 0 && output.isEmpty && !text.isEmpty, "\(output)")
        }
    }

    private static func shell(_ path: String, _ arguments: [String]) throws -> (status: Int32, said: String) {
        try ChildProcess.run(path, arguments)
    }
}
