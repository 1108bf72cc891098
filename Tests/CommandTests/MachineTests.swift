import BuntanProtocol
import ChildProcesses
import Foundation
import Merging
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("A machine that refuses: full disks, read-only places, missing rights", .serialized)
struct MachineTests {
    /// Runs a script in a mount namespace of its own, with `$BUNTAN`, `$STORE` and what else it is given.
    private func script(_ text: String, _ bench: CommandBench, store: String = "customer") throws -> (status: Int32, said: String) {
        try ChildProcess.run(
            "/usr/bin/env", ["unshare", "-m", "sh", "-c", "set -u\nmount --make-rprivate /\n" + text],
            environment: [
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": bench.path, "LANG": "C", "BUNTAN": BuntanProcess.program.path,
                "STORE": "\(bench.path)/\(store)", "ROOM": bench.path + "/room",
            ])
    }

    private func comments(_ bench: CommandBench, _ store: String) throws -> Set<String> {
        let opened = try SQLiteStore.open(at: "\(bench.path)/\(store)/store.db", indexing: StateIndexing())
        let found = try opened.read { reader in
            let engagement = try #require(try StoreDirectory(reader).engagements.first)
            return Set(
                try reader.records(of: "comment", in: engagement.space, after: nil, limit: .max).compactMap { $0.shown.text("text") })
        }
        try opened.close()
        return found
    }

    @Test(
        "On a full disk what was typed is kept or said not to be, what waited before stays, and once there is room it all arrives",
        .enabled(if: Privilege.isRoot, Privilege.reason))
    func fullDisk() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 before", store: "customer")
            let (status, said) = try script(
                """
                mkdir "$ROOM"
                mount -t tmpfs -o size=3m,mode=700 tmpfs "$ROOM" || exit 99
                cp -a "$STORE/." "$ROOM/"
                # Room for nothing at all, for the log's index alone, and for a part of a change.
                for free in 0 4 16 36 40 44 48 56 64 72 96; do
                    rm -f "$ROOM/filler"
                    head -c 4000000 /dev/zero > "$ROOM/filler" 2>/dev/null
                    size=$(stat -c %s "$ROOM/filler")
                    truncate -s $((size - free * 1024)) "$ROOM/filler"
                    "$BUNTAN" --store "$ROOM" comment A-2 "typed with $free" >/dev/null 2>"$ROOM.err"
                    code=$?
                    echo "typed $free $code $(tr '\\n' ' ' < "$ROOM.err")"
                    "$BUNTAN" --store "$ROOM" outbox --plain >"$ROOM.out" 2>&1
                    echo "looked $free $? $(tail -1 "$ROOM.out" | tr '\\t' ' ')"
                    "$BUNTAN" --store "$ROOM" sync >"$ROOM.out" 2>&1
                    echo "synced $free $? $(tail -1 "$ROOM.out")"
                done
                rm "$ROOM/filler"
                "$BUNTAN" --store "$ROOM" store check >/dev/null 2>&1
                echo "sound - $?"
                "$BUNTAN" --store "$ROOM" sync >/dev/null 2>&1
                echo "arrived - $?"
                rm -rf "$STORE"
                cp -a "$ROOM" "$STORE"
                umount "$ROOM"
                """, bench)
            #expect(status == 0, "\(said)")
            var kept: Set<String> = ["before"]
            var refused = 0
            for line in said.split(separator: "\n") {
                let words = line.split(separator: " ", maxSplits: 3).map(String.init)
                guard words.count >= 3, let code = Int(words[2]) else {
                    Issue.record("\(line)")
                    continue
                }
                switch words[0] {
                case "typed":
                    if code == 0 {
                        kept.insert("typed with \(words[1])")
                    } else {
                        refused += 1
                        // It says of which store there is no room.
                        #expect(code == 7 && words.last?.contains(bench.path + "/room") == true, "\(line)")
                    }
                // A store that can be read needs room for that too; a sync may fail to keep what arrives.
                case "looked": #expect([0, 7].contains(code), "\(line)")
                case "synced": #expect([0, 7].contains(code), "\(line)")
                default: #expect(code == 0, "\(line)")
                }
            }
            // Both have happened, or the disk was never full, or never anything else.
            #expect(refused > 0, "\(said)")
            await bench.expect("sync", store: "provider")
            #expect(try comments(bench, "provider") == kept, "\(said)")
            #expect(await bench.expect("outbox --json", store: "customer").output.contains("\"items\": []"))
        }
    }

    @Test("A file that may not grow is a fault that is told, and no death of the process", arguments: [8_192, 65_536, 200_000])
    func fileLimit(bytes: Int) async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        let rows = (1...400).map { "A-\($0),shared,\(String(repeating: "x", count: 200))" }.joined(separator: "\n")
        let file = try bench.file("rows.csv", "Control ID,Responsibility,Customer action (en)\n" + rows + "\n")
        let before = await bench.expect("matrix --plain").output
        let store = bench.path + "/store"
        let result = try BuntanProcess.run(
            ["--store", store, "import", file, "--framework", "own", "--yes"], in: bench.path, wrapper: ["prlimit", "--fsize=\(bytes)"])
        #expect(!result.wasKilled && result.status == 7, "\(result.status) \(result.errors)")
        #expect(result.errors.contains(store), "\(result.errors)")
        #expect(await bench.expect("matrix --plain").output == before)
        await bench.expect("store check")
        await bench.expect("import \(file) --framework own --yes")
    }

    @Test(
        "In a place that is read-only a write ends with 7 and names it, and what waits is there afterwards",
        .enabled(if: Privilege.isRoot, Privilege.reason))
    func readOnly() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 before", store: "customer")
            let (status, said) = try script(
                """
                mount --bind "$STORE" "$STORE" && mount -o remount,ro,bind "$STORE" || exit 99
                for words in "comment A-2 lost" "sync" "accept A-1" "note A-1 lost" "config language ja" "import /dev/null"; do
                    "$BUNTAN" --store "$STORE" $words >"$ROOM.out" 2>&1
                    echo "$? $words: $(tr '\\n' ' ' < "$ROOM.out")"
                done
                """, bench)
            #expect(status == 0, "\(said)")
            let lines = said.split(separator: "\n")
            #expect(lines.count == 6, "\(said)")
            for line in lines {
                let expected = line.contains("import") ? ["6 ", "7 "] : ["7 "]
                #expect(
                    expected.contains { line.hasPrefix($0) } && (line.contains(bench.path + "/customer") || line.hasPrefix("6")), "\(line)")
            }
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            #expect(try comments(bench, "provider") == ["before"])
        }
    }

    @Test("doctor tells of a disk that is nearly full and of a place that is read-only", .enabled(if: Privilege.isRoot, Privilege.reason))
    func doctor() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha", store: "customer")
        let (status, said) = try script(
            """
            mkdir "$ROOM"
            mount -t tmpfs -o size=3m,mode=700 tmpfs "$ROOM" || exit 99
            cp -a "$STORE/." "$ROOM/"
            "$BUNTAN" --store "$ROOM" doctor --json
            mount -o remount,ro "$ROOM" || exit 98
            "$BUNTAN" --store "$ROOM" doctor --json
            umount "$ROOM"
            """, bench)
        #expect(status == 0, "\(said)")
        #expect(said.contains("disk-low") && said.contains("store-ok") && said.contains("store-read-only"), "\(said)")
    }

    @Test(
        "Another user's store, keys and files are told from missing ones, and left alone", .enabled(if: Privilege.isRoot, Privilege.reason))
    func otherUser() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        let secret = try bench.file("secret.csv", "Control ID,Responsibility\nA-1,shared\n")
        let open = bench.path + "/open"
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        for folder in [bench.path, open] { try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder) }
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        func run(_ words: String...) throws -> BuntanProcess.Result {
            let result = try BuntanProcess.run(words, in: open, wrapper: nobody)
            #expect(!result.wasKilled && !result.errors.contains("errors.log"), "\(result.errors)")
            return result
        }
        let store = bench.path + "/store"
        for words in [["status"], ["sync"], ["service", "add", "Other"]] {
            let result = try BuntanProcess.run(["--store", store] + words, in: open, wrapper: nobody)
            #expect(result.status == 7 && result.errors.contains(store), "\(words): \(result.status) \(result.errors)")
            #expect(!result.errors.contains("init"), "\(result.errors)")
        }
        #expect(try run("--store", open + "/own", "init", "--org", "Nobody").status == 0)
        #expect(try run("--store", open + "/own", "service", "add", "Theirs").status == 0)
        let import6 = try run("--store", open + "/own", "import", secret)
        #expect(import6.status == 6 && import6.errors.contains(secret) && import6.errors.contains("denied"), "\(import6.errors)")
        // Keys that its owner has made unreadable.
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: open + "/own/keys/device.key")
        let sealed = try run("--store", open + "/own", "service", "add", "More")
        #expect(sealed.status == 7 && sealed.errors.contains("device.key") && sealed.errors.contains("denied"), "\(sealed.errors)")
        #expect(try run("--store", "/proc/none/store", "init", "--org", "Nobody").status == 7)
    }
}
