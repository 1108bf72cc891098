import ArgumentParser
import BuntanProtocol
import ChangeLog
import ClientTransport
import Foundation
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Looks at store, keys, clock, server, certificate and versions, and says what to do about each.
struct DoctorCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "doctor", abstract: CommandPhrases.doctor.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let settings = invocation.settings.applying(network)
        var facts = DoctorFacts(path: invocation.storePath, version: Buntan.configuration.version)
        facts.settingsFaults = settings.faults
        var look = DoctorLook(invocation: invocation, settings: settings, facts: facts)
        look.atStore()
        await look.atServer()
        let lines = Diagnosis.lines(of: look.facts)
        let warnings = lines.count { $0.level == .warn }
        let failures = lines.count { $0.level == .fail }
        let items = lines.map { line -> JSONValue in
            [
                "level": .text(line.level.rawValue), "check": .text(line.phrase.rawValue.kebabCase),
                "text": .text(line.phrase.text(in: invocation.language, line.facts)),
            ]
        }
        try invocation.print(
            .list("doctor/1", nil, fields: ["level", "check", "text"], items) { page in
                for line in lines {
                    page.place(
                        .at(0, Span(line.mark.text(in: page.language), line.style)),
                        .at(6, Span(line.phrase.text(in: page.language, line.facts))))
                }
                page.blank()
                if warnings + failures == 0 { return page.say(DoctorPhrases.allWell) }
                page.say(DoctorPhrases.summary, ["warnings": .number(warnings), "failures": .number(failures)])
            })
        // What only asks for attention is no failure, unless it is asked for.
        return failures > 0 || (invocation.options.exitCode && warnings > 0) ? .found : .done
    }
}

/// Gathers the facts; nothing it meets ends it.
struct DoctorLook {
    let invocation: Invocation
    let settings: Settings
    private(set) var facts: DoctorFacts
    /// The store, where it is sound.
    private var store: SQLiteStore?

    init(invocation: Invocation, settings: Settings, facts: DoctorFacts) {
        self.invocation = invocation
        self.settings = settings
        self.facts = facts
    }

    private var layout: StoreLayout { StoreLayout(folder: invocation.storePath) }

    mutating func atStore() {
        facts.freeMiB = Self.freeMiB(at: layout.folder)
        guard layout.exists else { return }
        guard FileManager.default.isWritableFile(atPath: layout.database) else {
            facts.store = .readOnly
            return
        }
        do {
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            invocation.sayMigrated(store)
            try look(at: store)
        } catch let fault as StorageFault {
            facts.store = Self.store(fault)
        } catch {
            facts.store = .damaged("\(type(of: error))")
        }
    }

    private static func store(_ fault: StorageFault) -> DoctorFacts.Store {
        switch fault {
        case .newer(let found, let known): .newer(found: found, known: known)
        case .busy(let holder): .locked(holder.map { Int($0) })
        case .readOnly, .noPermission, .diskFull: .readOnly
        case .damaged(let place): .damaged(place)
        case .notAStore: .damaged("store.db")
        case .conflict: .locked(nil)
        case .engine(_, let detail): .damaged(detail)
        }
    }

    private mutating func look(at store: SQLiteStore) throws {
        let durability = try store.durability()
        if durability.journal != Durability.full.journal {
            facts.store = .notDurable(name: "journal_mode", found: durability.journal, expected: Durability.full.journal)
            return
        }
        if durability.synchronous != Durability.full.synchronous {
            facts.store = .notDurable(
                name: "synchronous", found: String(durability.synchronous), expected: String(Durability.full.synchronous))
            return
        }
        let (_, entries) = try store.counts()
        facts.entries = entries
        let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: nil)
        try store.read { try look(at: $0, of: workspace) }
        // The last word, so that a store that cannot be read to its end is no sound one.
        facts.store =
            if let place = try Self.damage(store, workspace) { .damaged(place) } else {
                .sound(entries: entries, version: SQLiteStore.schemaVersion)
            }
        if case .sound = facts.store { self.store = store }
    }

    /// Where the store is not as it was written, or not what its logs give; `nil` where it is.
    private static func damage(_ store: SQLiteStore, _ workspace: Workspace) throws -> String? {
        if let finding = try store.check(most: 1).first { return finding.place }
        switch try workspace.proveRecords(repairing: false).first {
        case .records(let space, let records)?: return records.first.map { StoreFinding.record(space, $0).place }
        case .lead(let space)?: return StoreFinding.lead(space).place
        case .brokenLog(let space)?: return StoreFinding.standing(space).place
        case nil: return nil
        }
    }

    private mutating func look(at reader: any StoreReader, of workspace: Workspace) throws {
        // First of all: how the server does is told whatever else cannot be read.
        facts.address = settings.server(known: try reader.knownServer()?.address)?.value
        facts.isServerKnown = true
        let identity = try reader.identity()
        facts.keys = Self.keys(layout, identity.device)
        if let revocation = try workspace.ownRevocation(reader) {
            facts.device = .revoked(on: day(revocation.time), by: revocation.label ?? revocation.signer.shownKey)
        } else if try workspace.isDisowned(reader) {
            facts.device = .disowned
        } else if let device = try ListedDevice.all(reader).first(where: { $0.id == identity.device }) {
            facts.device = .enrolled(label: device.label, capabilities: device.capabilities.shown(invocation.language))
        }
        let directory = try StoreDirectory(reader)
        let names = directory.spaceNames
        facts.forgotten = try workspace.uncarriedChains(reader).map { names[$0.space] ?? $0.space.hex }
        facts.withheld = try workspace.withheld(reader).map { (names[$0.space] ?? $0.space.hex, $0.changes) }
        facts.fellBack = try reader.fallenBack().map { names[$0] ?? $0.hex }
        facts.unverified = try workspace.catchingUp(reader).reduce(0) { $0 + max(1, $1.size - $1.verified) }
        // One may have been frozen before its first entry was taken.
        for space in try reader.frozenSpaces() {
            facts.contradictions.append((names[space] ?? space.hex, try EvidenceFolder(layout: layout).path(of: space, reader)))
        }
        for space in try reader.spaces() {
            try SpaceHistory(space, reader)?.eachChange { if $0.edits == nil { facts.unread += 1 } }
        }
        for item in try reader.outbox(of: nil) {
            guard item.list != .rejected else {
                facts.refused += 1
                continue
            }
            facts.pending += 1
            let time = try Change(decoding: item.item.signed.bytes).time
            if facts.oldestPending == nil {
                let age = invocation.console.now().timeIntervalSince(Date(milliseconds: time))
                facts.oldestPending = (day(time), age > Double(DoctorFacts.outboxDays) * 86_400)
            }
        }
        for engagement in directory.engagements where engagement.side != nil {
            if engagement.isConfirmed {
                facts.confirmed += 1
            } else {
                let name = engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle
                facts.unconfirmed.append((name, engagement.handle))
            }
        }
    }

    private func day(_ milliseconds: Int64) -> String { invocation.times.day(Date(milliseconds: milliseconds)).text }

    private static func keys(_ layout: StoreLayout, _ device: DeviceID) -> DoctorFacts.Keys {
        let path = layout.deviceKey
        guard let data = FileManager.default.contents(atPath: path), let file = try? KeyFile(decoding: Array(data)) else {
            return .missing(path: path)
        }
        guard file.publicKey == device else { return .foreign(path: path) }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        if mode & 0o077 != 0 { return .openToOthers(path: path, mode: String(mode, radix: 8)) }
        return file.isSealed ? .sealed : .unsealed
    }

    private static func freeMiB(at path: String) -> Int? {
        // A folder that is yet to be made will lie on its parent's disk.
        var folder = path
        while !folder.isEmpty, folder != "/", !FileManager.default.fileExists(atPath: folder) {
            folder = (folder as NSString).deletingLastPathComponent
        }
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.isEmpty ? "/" : folder)
        return (attributes?[.systemFreeSize] as? NSNumber).map { Int($0.int64Value >> 20) }
    }

    // MARK: the server

    mutating func atServer() async {
        guard let address = facts.address ?? settings.value(.server) else {
            // A store that could not be read may well have one.
            if facts.isServerKnown || !layout.exists { facts.server = DoctorFacts.Server.none }
            return
        }
        facts.address = address
        facts.proxy = ServerURL(address).flatMap { settings.proxy(to: $0) }
        let isPlain = ServerURL(address)?.isSecure == false
        if isPlain { facts.certificate = .plain }
        let begun = invocation.console.ticks()
        do {
            let asked = store.map { StateComparison(store: $0, layout: layout) }
            let (hello, elapsed, now, states) = try await ServerLink.with(address, settings: settings) { link in
                let hello = try await link.ask(HelloRequest())
                let (elapsed, now) = (invocation.console.ticks() - begun, invocation.console.now())
                // One that speaks another protocol was asked enough.
                guard hello.lowest <= 1, hello.highest >= 1 else { return (hello, elapsed, now, StateComparison.Found?.none) }
                return (hello, elapsed, now, try await asked?.found(at: link))
            }
            facts.server = Self.server(hello, milliseconds: Int(elapsed / .milliseconds(1)))
            facts.clockSeconds = Int((now.timeIntervalSince1970 - Double(hello.time) / 1000).rounded())
            (facts.compared, facts.unlike) = (states?.compared, states?.unlike ?? [])
        } catch {
            note(error)
            return
        }
        if !isPlain { await noteCertificate(address) }
    }

    static func server(_ hello: HelloRequest.Answer, milliseconds: Int) -> DoctorFacts.Server {
        if hello.highest < 1 { return .older(found: hello.highest, needed: 1) }
        if hello.lowest > 1 { return .newer(found: hello.lowest, known: 1) }
        return .answers(milliseconds: milliseconds, version: hello.highest)
    }

    private mutating func note(_ error: any Error) {
        guard let failure = error as? CommandFailure ?? FaultWords.failure(error) else {
            facts.server = .unreachable(.text("\(type(of: error))"))
            return
        }
        var told = failure.facts
        if told["server"] == .text("") { told["server"] = .text(ServerLink.short(facts.address ?? "-")) }
        let reason: Fact = .phrase(failure.phrase, told)
        switch error {
        case TransportFault.certificate, TransportFault.noTLS, TransportFault.trustFileUnreadable:
            facts.certificate = .bad(reason)
            facts.server = .unreachable(reason)
        case TransportFault.notThisServer, TransportFault.answerTooLarge, TransportFault.answerBroken, SyncFault.notUnderstood:
            facts.server = .notBuntan
        default: facts.server = .unreachable(reason)
        }
    }

    private mutating func noteCertificate(_ address: String) async {
        guard let end = await ServerLink.certificateEnd(address, settings: settings) else { return }
        let date = Date(timeIntervalSince1970: Double(end))
        let text = invocation.times.day(date).text
        let isSoon = date.timeIntervalSince(invocation.console.now()) < Double(DoctorFacts.certificateNoticeDays) * 86_400
        facts.certificate = isSoon ? .endsSoon(on: text) : .valid(until: text)
    }
}
