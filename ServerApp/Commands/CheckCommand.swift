import ArgumentParser
import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Wording

struct CheckCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "check", abstract: ServerHelpPhrases.check.spoken)
    }
    @OptionGroup var data: DataOption

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            let store = try folder.existingStore(speaker)
            let spaces = try store.read { try $0.spaces() }
            speaker.tell(ServerPhrases.checking, ["spaces": .number(spaces.count)])
            var lines: [String] = []
            var entries = 0
            var isRepairable = false
            // What cannot be read at all is a finding; everything else is looked at all the same.
            func look(_ body: () throws -> Void) throws {
                do { try body() } catch StorageFault.damaged(let what) {
                    lines.append(
                        ServerPhrases.dataDamaged.text(in: speaker.language, ["path": .text(folder.storePath), "detail": .text(what)]))
                }
            }
            try look {
                let findings = try store.check()
                isRepairable = findings.contains { $0.space != nil }
                lines += findings.map { Self.line($0, speaker) }
            }
            for space in spaces {
                try look {
                    let (findings, size) = try store.read { reader in
                        (try LogRebuild.check(space, reader), try reader.standing(of: space)?.size ?? 0)
                    }
                    lines += findings.map { Self.line($0, speaker) }
                    isRepairable = isRepairable || !findings.isEmpty
                    entries += size
                }
            }
            try look { lines += try store.read { try registryFindings($0, speaker) } }
            let mark = try FileMark.reading(folder.marksPath)
            try look {
                let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
                let unknown = fallen.spaces.values.count(where: \.mark.isUnknown)
                if unknown > 0 { lines.append(ServerPhrases.marksLost.text(in: speaker.language, ["n": .number(unknown)])) }
                if fallen.spaces.count > unknown {
                    lines.append(ServerPhrases.fallenBack.text(in: speaker.language, ["n": .number(fallen.spaces.count - unknown)]))
                }
                lines += try store.read { try Readership.differences($0, besides: Set(fallen.spaces.keys)) }.map { Self.line($0, speaker) }
                    .sorted()
                if !fallen.organisations.isEmpty {
                    lines.append(ServerPhrases.chainsFallenBack.text(in: speaker.language, ["n": .number(fallen.organisations.count)]))
                }
            }
            lines.forEach { speaker.say($0) }
            guard lines.isEmpty else {
                speaker.say(ServerPhrases.checkFailed, ["n": .number(lines.count)])
                if isRepairable { speaker.say(ServerPhrases.repairNext) }
                throw ExitCode(ServerExit.found.rawValue)
            }
            speaker.say(ServerPhrases.checkOk, ["spaces": .number(spaces.count), "entries": .number(entries)])
        }
    }

    /// Builds each organisation's chain again from its statements and compares it with the one in use.
    private func registryFindings(_ reader: any StoreReader, _ speaker: Speaker) throws -> [String] {
        try Operating.damagedChains(reader).map { organisation, refusal in
            ServerPhrases.checkRegistryBad.text(
                in: speaker.language,
                [
                    "organisation": .text(organisation.fingerprint),
                    "detail": .text(refusal.map { "\($0.code.rawValue) \($0.detail ?? "")" } ?? "chain"),
                ])
        }
    }

    private static func log(_ space: SpaceID, _ entry: Int, _ detail: String, _ speaker: Speaker) -> String {
        ServerPhrases.checkLogBad.text(
            in: speaker.language, ["space": .text(space.hex), "entry": .number(entry), "detail": .text(detail)])
    }

    private static func line(_ finding: StoreFinding, _ speaker: Speaker) -> String {
        func log(_ space: SpaceID, _ entry: Int, _ detail: String) -> String { Self.log(space, entry, detail, speaker) }
        switch finding {
        case .engine(let words): return ServerPhrases.dataDamaged.text(in: speaker.language, ["path": "store", "detail": .text(words)])
        case .leaf(let space, let position): return log(space, position, "leaf")
        case .tile(let space, let position):
            return ServerPhrases.checkTreeBad.text(in: speaker.language, ["space": .text(space.hex), "node": .text("0/\(position / 256)")])
        case .gap(let space, let position): return log(space, position, "gap")
        case .root(let space, let size): return log(space, size, "root")
        case .genesis(let space): return log(space, 0, "genesis")
        case .record(let space, let record):
            return ServerPhrases.checkStateBad.text(in: speaker.language, ["space": .text(space.hex), "record": .text(record.hex)])
        case .standing(let space): return log(space, 0, "standing")
        case .lead(let space): return log(space, 0, "lead")
        case .listing(let space, let position): return log(space, position, "listing")
        case .usedBytes(let space, _, _): return log(space, 0, "used_bytes")
        }
    }

    private static func line(_ reading: Reading, _ speaker: Speaker) -> String {
        ServerPhrases.checkReaderBad.text(
            in: speaker.language, ["space": .text(reading.space.hex), "organisation": .text(reading.organisation.fingerprint)])
    }

    private static func line(_ finding: RebuildFinding, _ speaker: Speaker) -> String {
        func log(_ space: SpaceID, _ entry: Int, _ detail: String) -> String { Self.log(space, entry, detail, speaker) }
        switch finding {
        case .entry(let space, let position, let refusal):
            return log(space, position, "\(refusal.code.rawValue) \(refusal.detail ?? "")")
        case .unreadable(let space, let position): return log(space, position, "unreadable")
        case .short(let space, _, let found): return log(space, found, "short")
        case .root(let space, let size): return log(space, size, "root")
        case .rights(let space): return log(space, 0, "rights")
        case .record(let space, let record):
            return ServerPhrases.checkStateBad.text(in: speaker.language, ["space": .text(space.hex), "record": .text(record.hex)])
        }
    }
}
