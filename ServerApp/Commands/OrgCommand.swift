import ArgumentParser
import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Wording

struct OrgCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "org", abstract: ServerHelpPhrases.org.spoken,
            subcommands: [List.self, Admit.self, Suspend.self, Quota.self])
    }

    struct List: ParsableCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(abstract: ServerHelpPhrases.orgList.spoken) }
        @OptionGroup var data: DataOption

        func run() throws {
            let (speaker, folder) = (Speaker.current, data.folder)
            try speaker.reporting(folder.storePath) {
                let listed = try folder.existingStore(speaker).read { try Operating.list($0) }
                guard !listed.isEmpty else { return speaker.say(ServerPhrases.organisationsNone) }
                var page = Page(PageStyle(language: speaker.language))
                page.table(table(of: listed, speaker.language))
                speaker.write(page.text)
            }
        }

        private func table(of listed: [Operating.Listed], _ language: Language) -> Table {
            func head(_ word: ServerPhrases, _ alignment: Alignment = .left) -> Column {
                Column(title: word.text(in: language), alignment: alignment)
            }
            return Table(
                columns: [
                    head(.headFingerprint), head(.headSpaces, .right), head(.headBytes, .right), head(.headQuota, .right),
                    Column(.headState, in: language), Column(.headName, in: language),
                ],
                rows: listed.map { item in
                    let organisation = item.organisation
                    let quota = organisation.quotaBytes.map { String($0) } ?? ServerPhrases.organisationDefaultQuota.text(in: language)
                    let state: ServerPhrases = organisation.isSuspended ? .organisationSuspended : .organisationServed
                    return [
                        organisation.id.fingerprint, String(item.spaces), String(item.usedBytes), quota, state.text(in: language),
                        (organisation.label ?? "-").visible,
                    ].map { Span($0) }
                })
        }
    }

    struct Admit: ParsableCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(abstract: ServerHelpPhrases.orgAdmit.spoken) }
        @OptionGroup var data: DataOption
        @Argument(help: .spoken(.label))
        var label: String
        @Option(help: .spoken(.days))
        var days: Int = 14

        func run() throws {
            let (speaker, folder) = (Speaker.current, data.folder)
            try speaker.reporting(folder.storePath) {
                guard (1...3_650).contains(days) else {
                    throw speaker.refusing(.usage, ServerPhrases.daysInvalid, ["value": .number(days)])
                }
                guard label.utf8.count <= Limits.labelBytes else {
                    throw speaker.refusing(.usage, ServerPhrases.labelTooLong, ["limit": .number(Limits.labelBytes)])
                }
                let until = Date().addingTimeInterval(Double(days) * 86_400)
                let code = try folder.existingStore(speaker).write { writer in
                    var random = SystemRandom()
                    return try Operating.admit(
                        label: label, expires: Int64(until.timeIntervalSince1970 * 1_000), random: &random, writer)
                }
                let date = until.formatted(Date.ISO8601FormatStyle().year().month().day())
                speaker.tell(ServerPhrases.admitted, ["name": .text(label), "date": .text(date)])
                speaker.say(code.text)
            }
        }
    }

    struct Suspend: ParsableCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(abstract: ServerHelpPhrases.orgSuspend.spoken) }
        @OptionGroup var data: DataOption
        @Argument(help: .spoken(.organisation))
        var organisation: String
        @Flag(help: .spoken(.resume))
        var resume = false

        func run() throws {
            let (speaker, folder) = (Speaker.current, data.folder)
            try speaker.reporting(folder.storePath) {
                let store = try folder.existingStore(speaker)
                let chosen = try store.read { try OrganisationChoice(organisation, $0).chosen(speaker) }
                _ = try store.write { try Operating.suspend(chosen.id, !resume, $0) }
                speaker.say(resume ? ServerPhrases.resumed : ServerPhrases.suspended, ["name": .text(organisation)])
            }
        }
    }

    struct Quota: ParsableCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(abstract: ServerHelpPhrases.orgQuota.spoken) }
        @OptionGroup var data: DataOption
        @Argument(help: .spoken(.organisation))
        var organisation: String
        @Argument(help: .spoken(.bytes))
        var bytes: String

        func run() throws {
            let (speaker, folder) = (Speaker.current, data.folder)
            try speaker.reporting(folder.storePath) {
                let limit = bytes == "none" ? nil : ByteCount(bytes)?.bytes
                guard bytes == "none" || limit != nil else {
                    throw speaker.refusing(.usage, ServerPhrases.quotaInvalid, ["value": .text(bytes)])
                }
                let store = try folder.existingStore(speaker)
                let chosen = try store.read { try OrganisationChoice(organisation, $0).chosen(speaker) }
                _ = try store.write { try Operating.setQuota(limit, of: chosen.id, $0) }
                if let limit {
                    speaker.say(ServerPhrases.quotaSet, ["name": .text(organisation), "bytes": .number(limit)])
                } else {
                    speaker.say(ServerPhrases.quotaNone, ["name": .text(organisation)])
                }
            }
        }
    }
}

/// A size as people write it.
struct ByteCount {
    let bytes: Int

    init?(_ text: String) {
        let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
        let unit = units.first { text.hasSuffix($0.0) }
        guard let count = Int(unit.map { text.dropLast($0.0.count) } ?? text[...]), count >= 0 else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (unit?.1 ?? 0))
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}

/// An organisation as an operator names it: the beginning of its fingerprint with or without hyphens, or its label.
struct OrganisationChoice {
    let name: String
    let found: [RegisteredOrganisation]

    init(_ name: String, _ reader: any StoreReader) throws {
        self.name = name
        let letters = name.lowercased().replacing("-", with: "")
        found = try reader.organisations().filter { organisation in
            organisation.label == name
                || (!letters.isEmpty && organisation.id.fingerprint.replacing("-", with: "").hasPrefix(letters))
        }
    }

    func chosen(_ speaker: Speaker) throws -> RegisteredOrganisation {
        guard let first = found.first, found.count == 1 else {
            throw speaker.refusing(
                .usage, found.isEmpty ? ServerPhrases.unknownOrganisation : .ambiguousOrganisation, ["name": .text(name)])
        }
        return first
    }
}
