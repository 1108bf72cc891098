import ChildProcesses
import Foundation
import Testing

@testable import ServerApp

/// The server's folder of each earlier version (Tests/Fixtures/versions).
@Suite("The logs of each version are served by this one")
struct OldVersionTests {
    @Test("The store is brought up to date, and every log verifies and gives the state beside it")
    func checked() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/versions").standardized
        let archives = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".tar.gz") }
        #expect(!archives.isEmpty)
        for archive in archives {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("version-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            defer { do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) } }
            let unpacking = ["--strip-components=1", "-xzf", folder.appendingPathComponent(archive).path, "-C", path]
            #expect(try ChildProcess.run("/bin/tar", unpacking).status == 0)
            let outcome = await ServedFolder.run(["check", "--data", path + "/server"])
            #expect(outcome.exit == 0, "\(archive): \(outcome.output)\(outcome.errors)")
        }
    }
}
