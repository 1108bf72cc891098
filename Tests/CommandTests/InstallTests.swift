import ChildProcesses
import Foundation
import Testing

@Suite("Installing and removing")
struct InstallTests {
    private static let root = SchemaBook.folder.replacing("/ClientCLI/Schemas", with: "")

    @Test("make install places programs, pages, completions and the unit, and make uninstall leaves nothing of them behind")
    func makefile() throws {
        let bench = try CommandBench()
        let place = bench.path + "/image/opt/buntan"
        // Programs in the place of ours: what is tested is where things go.
        try FileManager.default.createDirectory(atPath: bench.path + "/bin", withIntermediateDirectories: true)
        for name in ["bin/buntan", "bin/buntan-server"] {
            #expect(chmod(try bench.file(name, "#!/bin/sh\necho \"$@\"\n"), 0o755) == 0)
        }
        // Somebody else's file in the same folder stays.
        try FileManager.default.createDirectory(atPath: place + "/bin", withIntermediateDirectories: true)
        _ = try bench.file("image/opt/buntan/bin/other", "")
        let before = try Self.files(place)
        let settings = ["BIN=\(bench.path)/bin", "INSTALL_PROGRAM=install -m 755", "DESTDIR=\(bench.path)/image", "PREFIX=/opt/buntan"]
        #expect(try Self.make(["install"] + settings) == 0)
        let installed = try Self.files(place).subtracting(before)
        let pages = try ["ClientCLI", "ServerApp"].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/\($0)/Manual").map { "share/man/man1/" + $0 }
        }
        #expect(pages.contains("share/man/man1/buntan.1") && pages.contains("share/man/man1/buntan-server.1"))
        let completions = [("buntan", "completion"), ("buntan-server", "--generate-completion-script")].flatMap { program, words in
            [
                ("share/bash-completion/completions/\(program)", "\(words) bash\n"),
                ("share/zsh/site-functions/_\(program)", "\(words) zsh\n"),
                ("share/fish/vendor_completions.d/\(program).fish", "\(words) fish\n"),
            ]
        }
        let unit = "lib/systemd/system/buntan-server.service"
        #expect(installed == Set(["bin/buntan", "bin/buntan-server", unit] + pages + completions.map(\.0)))
        for (path, asked) in completions {
            #expect(try String(contentsOfFile: place + "/" + path, encoding: .utf8) == asked)
        }
        // The unit starts the program from where it is installed, and is otherwise the one in the repository.
        let placed = try String(contentsOfFile: place + "/" + unit, encoding: .utf8)
        #expect(placed.contains("\nExecStart=/opt/buntan/bin/buntan-server serve "))
        let kept = try String(contentsOfFile: Self.root + "/ServerApp/systemd/buntan-server.service", encoding: .utf8)
        #expect(placed.replacing("/opt/buntan/", with: "/usr/local/") == kept)
        #expect(FileManager.default.isExecutableFile(atPath: place + "/bin/buntan"))
        #expect(try Self.make(["uninstall"] + settings) == 0)
        #expect(try Self.files(place) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["bin"], "folders that nobody else uses go too")
    }

    private static func make(_ arguments: [String]) throws -> Int32 {
        try ChildProcess("/usr/bin/env", ["make", "-C", root] + arguments, output: .null).end()
    }

    private static func files(_ folder: String) throws -> Set<String> {
        guard let paths = FileManager.default.enumerator(atPath: folder) else { return [] }
        var found = Set<String>()
        for case let path as String in paths {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder), !isFolder.boolValue {
                found.insert(path)
            }
        }
        return found
    }
}
