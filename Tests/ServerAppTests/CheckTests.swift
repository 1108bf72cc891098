import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Testing
import TestKit
import Wording

@testable import ServerApp

@Suite("check")
struct CheckTests {
    @Test("A sound server is found sound, in a run beside it or without it")
    func sound() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let outcome = await served.run("check")
        #expect(outcome.exit == 0 && outcome.output.contains("every log verifies"), "\(outcome.output)")
        let store = try served.folder.openStore()
        let mark = try FileMark(path: served.folder.marksPath)
        try Served(folder: served, store: store, mark: mark).push("more", in: space, number: 70)
        #expect(await served.run("check").exit == 0)
        try store.close()
    }

    enum Damage: CaseIterable, Sendable {
        case engine, leaf, tile, gap, end, root, genesis, unreadableState, otherState, lostState, extraState, standing, usedBytes
        case entry, rights, reader, readingEnd, chainSignature, chainInUse, fallenBack, chainFallenBack
    }

    @Test("Each kind of damage is found and named, with what it is about", arguments: Damage.allCases)
    func found(_ damage: Damage) async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let expected = try plant(damage, served, space)
        for language in Language.allCases {
            let outcome = await served.run("check", environment: ["LANG": language == .ja ? "ja_JP.UTF-8" : "C"])
            let line = expected.text(language)
            #expect(outcome.exit == 1, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains(line), "\(line) in \(outcome.output)")
            #expect(!outcome.output.contains("every log verifies"))
        }
    }

    @Test("A mark that is damaged is named with its line, and ends with 5")
    func damagedMark() async throws {
        let served = try ServedFolder()
        try served.filled()
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: served.folder.marksPath)), as: UTF8.self)
        let lines = text.split(separator: "\n")
        try #require(lines.count > 1)
        try (["x" + lines[0].dropFirst()] + lines.dropFirst().map(String.init) + [""]).joined(separator: "\n")
            .write(toFile: served.folder.marksPath, atomically: true, encoding: .utf8)
        let outcome = await served.run("check")
        #expect(outcome.exit == 5 && outcome.errors.contains("damaged at line 1"), "\(outcome.errors)")
    }

    /// A line that the check must print.
    struct Line {
        let text: (Language) -> String

        init(_ text: @escaping (Language) -> String) { self.text = text }

        static func log(_ space: SpaceID, _ entry: Int, _ detail: String) -> Line {
            Line {
                ServerPhrases.checkLogBad.text(in: $0, ["space": .text(space.hex), "entry": .number(entry), "detail": .text(detail)])
            }
        }
        static func state(_ space: SpaceID, _ record: [UInt8]) -> Line {
            Line {
                ServerPhrases.checkStateBad.text(in: $0, ["space": .text(space.hex), "record": .text(Hexadecimal.text(record))])
            }
        }
    }

    func plant(_ damage: Damage, _ served: ServedFolder, _ space: SpaceID) throws -> Line {
        let size = try served.serving { try #require(try $0.store.read { try $0.standing(of: space) }).size }
        let record = try served.blob("SELECT record FROM record ORDER BY record LIMIT 1")
        let other = try served.blob("SELECT record FROM record ORDER BY record DESC LIMIT 1")
        let organisation = served.firm.organisation.fingerprint
        let reading = Line {
            ServerPhrases.checkReaderBad.text(in: $0, ["space": .text(space.hex), "organisation": .text(organisation)])
        }
        switch damage {
        case .reader:
            try served.alter("DELETE FROM space_reader")
            return reading
        case .readingEnd:
            try served.alter("UPDATE space_reader SET ends = 5")
            return reading
        case .engine:
            try breakIndex("invitation_organisation", served)
            return Line { $0 == .en ? "damaged" : "壊れています" }
        case .leaf:
            try served.alter("UPDATE entry SET leaf = zeroblob(32) WHERE pos = 1")
            return .log(space, 1, "leaf")
        case .tile:
            try served.alter("UPDATE node SET hashes = zeroblob(length(hashes)) WHERE level = 0")
            return Line { ServerPhrases.checkTreeBad.text(in: $0, ["space": .text(space.hex), "node": "0/0"]) }
        case .gap:
            try served.alter("DELETE FROM entry WHERE pos = 3")
            return .log(space, 3, "gap")
        case .end:
            try served.alter("DELETE FROM entry WHERE pos = \(size - 1)")
            return .log(space, size - 1, "short")
        case .root:
            // Bytes and hash fit each other, and nothing that was signed.
            try rewrite(size - 1, served) { $0 + [0] }
            return .log(space, size, "root")
        case .genesis:
            let page = try served.ownSpace(nonce: 2)
            let genesis = try Entry(decoding: page.entries[0].entry).content
            try served.alter("UPDATE space SET genesis = ?", genesis)
            return .log(space, 0, "genesis")
        case .unreadableState:
            try served.alter("UPDATE record SET state = x'00' WHERE record = ?", record)
            return .state(space, record)
        case .otherState:
            try served.alter("UPDATE record SET state = (SELECT state FROM record WHERE record = ?) WHERE record = ?", other, record)
            return .state(space, record)
        case .lostState:
            try served.alter("DELETE FROM record WHERE record = ?", record)
            return .state(space, record)
        case .extraState:
            var made = record
            made[15] ^= 1
            try served.alter(
                "INSERT INTO record SELECT space_id, ?, kind, flags, brief, state, shown FROM record WHERE record = ?", made, record)
            return .state(space, made)
        case .standing:
            try served.alter("UPDATE rights SET rights = x'00'")
            return .log(space, 0, "standing")
        case .usedBytes:
            try served.alter("UPDATE space SET used_bytes = used_bytes + 1")
            return .log(space, 0, "used_bytes")
        case .entry:
            try rewrite(1, served) { entry in
                let whole = try Entry(decoding: entry)
                let other = try Entry(decoding: try served.blob("SELECT bytes FROM entry WHERE pos = 2"))
                return Entry(kind: whole.kind, received: whole.received, content: whole.content, signature: other.signature).encoded()
            }
            return .log(space, 1, "bad_signature statement")
        case .rights:
            let before = try served.blob("SELECT rights FROM rights")
            try served.serving { served in
                let second = try enrolment(served.folder)
                _ = try served.call(StatementRequest(statements: [second]), as: served.folder.firm.device)
            }
            try served.alter("UPDATE rights SET rights = ?", before)
            return .log(space, 0, "rights")
        case .chainSignature:
            try served.alter("UPDATE statement SET signature = zeroblob(64) WHERE number = 2")
            return Line { ServerPhrases.checkRegistryBad.text(in: $0, ["organisation": .text(organisation), "detail": "bad_signature"]) }
        case .chainInUse:
            let name = "chain/\(served.firm.organisation.hex)"
            let before = try served.blob("SELECT bytes FROM named_value WHERE name = '\(name)'")
            try served.serving { served in
                let second = try enrolment(served.folder)
                _ = try served.call(StatementRequest(statements: [second]), as: served.folder.firm.device)
            }
            try served.alter("UPDATE named_value SET bytes = ? WHERE name = '\(name)'", before)
            return Line { ServerPhrases.checkRegistryBad.text(in: $0, ["organisation": .text(organisation), "detail": "chain"]) }
        case .fallenBack:
            let mark = try FileMark(path: served.folder.marksPath)
            try mark.advance([space: MarkedPlace(epoch: 0, size: size + 9, root: SHA.empty)], chains: [:])
            return Line { ServerPhrases.fallenBack.text(in: $0, ["n": 1]) }
        case .chainFallenBack:
            let mark = try FileMark(path: served.folder.marksPath)
            try mark.advance([:], chains: [served.firm.organisation: ChainHead(number: 99, digest: SHA.empty)])
            return Line { ServerPhrases.chainsFallenBack.text(in: $0, ["n": 1]) }
        }
    }

    private func enrolment(_ served: ServedFolder) throws -> SignedBytes {
        var random = SeededRandom(seed: 3)
        let keys = DeviceKeys(random: &random)
        let chain = try OrganisationChain(foundingRoot: served.firm.root.publicKey, statements: Array(served.firm.statements))
        return StatementAuthor(organisation: served.firm.organisation, key: served.firm.device.signing).sign(
            .enrolling(keys, in: served.firm.organisation, capabilities: .all, label: "next"), after: chain.head, time: 2)
    }

    private func rewrite(_ position: Int, _ served: ServedFolder, _ change: ([UInt8]) throws -> [UInt8]) throws {
        let bytes = try change(try served.blob("SELECT bytes FROM entry WHERE pos = \(position)"))
        try served.alter("UPDATE entry SET bytes = ?, leaf = ? WHERE pos = \(position)", bytes, Entry.leafHash(of: bytes).bytes)
    }

    /// Overwrites the first byte of an index's root page: what kind of page it is.
    private func breakIndex(_ name: String, _ served: ServedFolder) throws {
        try served.alter("PRAGMA wal_checkpoint(TRUNCATE)")
        let text = String(
            decoding: try served.blob("SELECT CAST(rootpage AS TEXT) FROM sqlite_master WHERE name = '\(name)'"), as: UTF8.self)
        let page = try #require(Int(text))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: served.folder.storePath))
        try file.seek(toOffset: UInt64((page - 1) * 8_192))
        try file.write(contentsOf: Data([0x7f]))
        try file.close()
    }
}
