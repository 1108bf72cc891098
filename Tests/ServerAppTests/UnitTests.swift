import ArgumentParser
import Foundation
import Testing

@testable import ServerApp

@Suite("The systemd unit says what the program understands")
struct UnitTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The values of a key, in order.
    private func values(_ key: String) throws -> [String] {
        let text = try String(contentsOf: Self.root.appendingPathComponent("ServerApp/systemd/buntan-server.service"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    private func value(_ key: String) throws -> String {
        let all = try values(key)
        #expect(all.count == 1, "\(key)")
        return try #require(all.first)
    }

    @Test("It starts the program where make install puts it, with options that there are, on the folder that systemd makes")
    func starts() throws {
        let words = try value("ExecStart").split(separator: " ").map(String.init)
        let makefile = try String(contentsOf: Self.root.appendingPathComponent("Makefile"), encoding: .utf8)
        let prefix = try #require(makefile.firstMatch(of: /PREFIX \?= (\S+)/)?.1)
        #expect(words.first == "\(prefix)/bin/buntan-server")
        let command = try #require(try BuntanServer.parseAsRoot(Array(words.dropFirst())) as? ServeCommand)
        #expect(command.options.config == "/etc/buntan/server.yaml" && !command.printConfig)
        #expect(command.options.flags == [.data: "/var/lib/" + (try value("StateDirectory"))])
        // A word that is no option of the command would be refused when systemd starts it.
        #expect(throws: (any Error).self) { try BuntanServer.parseAsRoot(words.dropFirst() + ["--dta", "x"]) }
    }

    @Test("A reload is the signal that reads the certificate again, a stop the one that ends well and is given the time for it")
    func signals() throws {
        // What these signals do is shown with the process itself.
        #expect(try value("ExecReload") == "/bin/kill -HUP $MAINPID")
        #expect(try value("KillSignal") == "SIGTERM")
        #expect(try #require(Int(try value("TimeoutStopSec"))) > ServerRun.graceSeconds)
        #expect(try value("RestartPreventExitStatus") == "\(ServerExit.usage.rawValue)")
        #expect(try value("Documentation") == "man:buntan-server(1)")
        #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent("ServerApp/Manual/buntan-server.1").path))
    }
}
