import BuntanProtocol
import ChangeLog
import Exchange
import FaultyDisks
import Foundation
import Storage
import StorageSQLite
import Testing

@testable import ServerApp

@Suite("A full disk, met by the operator")
struct FullDiskTests {
    @Test("serve in a new folder ends with 7 and names the store, wherever the folder was named; once there is room it begins")
    func serve() async throws {
        for (language, said) in [("C", "is full; nothing was changed"), ("ja_JP.UTF-8", "のディスクがいっぱいです")] {
            let served = try ServedFolder()
            let disk = FaultyDisk(folder: served.path)
            disk.fill()
            let given = ["serve", "--listen", "127.0.0.1:0", "--data", served.path]
            for (words, environment) in [(given, [:]), (Array(given.prefix(3)), [ConfigurationKey.data.variable: served.path])] {
                let outcome = await ServedFolder.run(words, environment: environment.merging(["LC_ALL": language]) { $1 })
                #expect(outcome.exit == 7 && outcome.output.isEmpty, "\(outcome.errors)")
                #expect(outcome.errors.contains(said) && outcome.errors.contains(served.folder.storePath), "\(outcome.errors)")
            }
            disk.disarm()
            try served.filled()
            #expect(await served.run("check").exit == 0)
        }
    }

    @Test("org admit, suspend and quota end with 7, print no code and change nothing; once there is room they do")
    func org() async throws {
        let served = try ServedFolder()
        try served.filled()
        let name = served.firm.organisation.fingerprint
        let before = await served.run("org", "list").output
        let disk = FaultyDisk(folder: served.path)
        let commands = [["org", "admit", "Kaisha K.K."], ["org", "suspend", name], ["org", "quota", name, "1KiB"]]
        for words in commands {
            disk.fill()
            let outcome = await ServedFolder.run(words + ["--data", served.path])
            disk.disarm()
            #expect(outcome.exit == 7 && outcome.output.isEmpty, "\(words): \(outcome.output)\(outcome.errors)")
            #expect(
                outcome.errors.contains("is full; nothing was changed") && outcome.errors.contains(served.folder.storePath),
                "\(words): \(outcome.errors)")
            #expect(await served.run("org", "list").output == before)
        }
        for words in commands { #expect(await ServedFolder.run(words + ["--data", served.path]).exit == 0) }
        #expect(await served.run("check").exit == 0)
    }

    @Test("backup to a full disk ends with 7 and names the copy, of which nothing stays; the store is as it was", arguments: ["C", "ja"])
    func backup(language: String) async throws {
        let served = try ServedFolder()
        try served.filled()
        let place = served.path + "/elsewhere"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let disk = FaultyDisk(folder: place)
        var reasons = Set<String>()
        for operation in 1...4 {
            disk.arm(.full, at: operation)
            let outcome = await served.run("backup", place + "/copy.db", environment: ["LC_ALL": language])
            #expect(disk.hasFired)
            disk.disarm()
            #expect(outcome.exit == 7 && outcome.output.isEmpty, "\(outcome.errors)")
            #expect(outcome.errors.contains(place + "/copy.db"), "\(outcome.errors)")
            reasons.formUnion([String(cString: strerror(ENOSPC)), "disk I/O error"].filter { outcome.errors.contains($0) })
            #expect(!outcome.errors.contains("not an error") && !reasons.isEmpty, "\(outcome.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        }
        // A write says that there is no room, a synchronisation only that it failed.
        #expect(reasons.count == 2, "\(reasons)")
        #expect(await served.run("check").exit == 0)
        #expect(await served.run("backup", place + "/copy.db").exit == 0)
    }

    /// A command, the size that no file may pass, and what is named.
    private static let limited: [(words: [String], bytes: Int, named: String)] = [
        (["serve", "--data", "NEW", "--listen", "127.0.0.1:0", "--log-level", "critical"], 0, "NEW/identity"),
        (["serve", "--data", "NEW", "--listen", "127.0.0.1:0", "--log-level", "critical"], 8_192, "NEW/store.db"),
        (["org", "admit", "x", "--data", "DATA"], 8_192, "DATA/store.db"),
        // Room for what a reader of the store needs, and not for the copy.
        (["backup", "DATA/copy.db", "--data", "DATA"], 40_000, "DATA/copy.db"),
    ]

    @Test("A file that may not grow is a fault that is told, and no death of the process", arguments: 0..<4)
    func fileLimit(number: Int) async throws {
        let served = try ServedFolder()
        try served.filled()
        func filled(_ word: String) -> String {
            word.replacing("NEW", with: served.path + "/new").replacing("DATA", with: served.path)
        }
        let (words, bytes, named) = Self.limited[number]
        let result = try ServerProgramFile.run(words.map(filled), fileBytes: bytes)
        #expect(!result.wasKilled && result.status == 7 && result.output.isEmpty, "\(result.status) \(result.errors)")
        #expect(result.errors.contains(filled(named) + " cannot be written"), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: served.path).allSatisfy { !$0.hasPrefix("copy") })
        #expect(await served.run("check").exit == 0)
        if words[0] != "serve" { #expect(await ServedFolder.run(words.map(filled)).exit == 0) }
    }
}
