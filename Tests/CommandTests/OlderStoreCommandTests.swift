import Foundation
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("A store of an older version, met by a command")
struct OlderStoreCommandTests {
    /// Makes a store what the first version left behind: the second has only noted how its records are filed.
    private static func age(_ bench: CommandBench) throws {
        try bench.damage(
            "DROP TABLE record_indexing; DROP TABLE orphan; DROP TABLE word; DROP TABLE lead; DROP TABLE logged_record; ALTER TABLE space_reader DROP COLUMN ends; PRAGMA user_version = 1"
        )
    }

    @Test("It is copied and brought up to date with a word about both, whatever the command; then it is like any other")
    func migrated() async throws {
        for line in ["matrix --json", "service add More --json", "status --lang ja", "doctor --json"] {
            let bench = try CommandBench()
            let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
            await bench.expect("init --org Example")
            await bench.expect("service add Storage")
            await bench.expect("import \(table)")
            let good = await bench.expect("export json").output
            try Self.age(bench)
            let outcome = await bench.expect(line)
            let copy = bench.path + "/store/store.db.v1.bak"
            #expect(outcome.errors.contains(copy) && outcome.errors.contains("1") && outcome.errors.contains("4"), "\(outcome.errors)")
            #expect(outcome.errors.contains(line.contains("ja") ? "更新しました" : "older version"), "\(outcome.errors)")
            if line.contains("json") { _ = try outcome.json["item"] ?? outcome.json["items"] }
            #expect(FileManager.default.fileExists(atPath: copy))
            let again = await bench.expect("services")
            #expect(!again.errors.contains("older version"))
            if line.contains("matrix") { #expect(await bench.expect("export json").output == good) }
            await bench.expect("store check")
            // What was kept is the store as it was, and is brought up to date where it is put back, with the same word.
            let restored = await bench.expect("store restore \(copy)", store: "old")
            #expect(restored.errors.contains("older version") && restored.errors.contains(copy), "\(restored.errors)")
            let files = try FileManager.default.contentsOfDirectory(atPath: bench.path + "/old")
            #expect(files.allSatisfy { !$0.contains("part") && !$0.contains("bak") }, "\(files)")
        }
    }
}
