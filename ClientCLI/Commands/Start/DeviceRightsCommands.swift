import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Changes what a device may do.
struct DeviceSetCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "set", abstract: CommandPhrases.deviceSet.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Argument(help: .spoken(.label)) var name: String
    @Option(name: .long, help: .spoken(.caps)) var caps: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let capabilities = try Capabilities(reading: caps)
        let change = try await DeviceChange.making(name, invocation, network, granting: capabilities) { workspace, device, root in
            try workspace.set(capabilities, of: device, root: root)
            return .setCapabilities(device: device, capabilities)
        }
        try change.print(invocation, "device-set/1") { page in
            page.say(StartPhrases.deviceChanged, ["label": .text(change.device.label), "caps": .text(capabilities.shown(page.language))])
            page.next("buntan devices")
        }
        return .done
    }
}

/// Ends the rights of a device.
struct DeviceRevokeCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "revoke", abstract: CommandPhrases.deviceRevoke.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Argument(help: .spoken(.label)) var name: String
    @Option(name: .customLong("compromised-after"), help: .spoken(.compromisedAfter)) var compromisedAfter: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let compromised = try compromisedAfter.map { text -> Int64 in
            let day = try CalendarDay(reading: text)
            let start = Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400)
            return Int64(start.timeIntervalSince1970 - Double(invocation.times.zone.secondsFromGMT(for: start))) * 1_000
        }
        let change = try await DeviceChange.making(name, invocation, network, asking: .deviceRevokeQuestion) { workspace, device, root in
            try workspace.revoke(device, compromisedAfter: compromised, root: root)
            return .revoke(device: device, compromisedAfter: compromised)
        }
        try change.print(invocation, "device-revoke/1") { page in
            page.say(StartPhrases.deviceRevoked, ["label": .text(change.device.label)])
            page.next("buntan devices")
        }
        return .done
    }
}

/// A word about a device: said on the newest chain, and carried to every space by the sync that follows.
struct DeviceChange {
    let device: ListedDevice
    private let context: ReportContext
    private let short: String

    static func making(
        _ name: String, _ invocation: Invocation, _ network: NetworkOptions, granting capabilities: Capabilities = [],
        asking question: StartPhrases? = nil, _ speak: (Workspace, DeviceID, SigningKey?) throws -> Statement.Act
    ) async throws -> DeviceChange {
        let open = try OpenStore.existing(invocation)
        let sync = SyncRun(open, invocation.settings.applying(network), tellsUnsaid: false)
        let device = try ListedDevice.named(name, open)
        if let question, try !invocation.prompt.confirms(question, ["label": .text(device.label)]) { throw CommandFailure(.declined) }
        let workspace = try open.writing()
        // Another device may have spoken for the organisation meanwhile: one chain has one next word.
        _ = try await sync.run(workspace)
        let root = try workspace.wantsRoot(granting: capabilities, to: device.id) ? open.rootKey() : nil
        let said = try open.store.read { try workspace.chainSent($0) }
        let act: Statement.Act
        do { act = try speak(workspace, device.id, root) } catch let fault as DeviceFault { throw failure(fault, device) }
        let own = try open.store.read { try $0.identity().device }
        // A device that has ended its own rights cannot see more than that its word was taken.
        do { _ = try await sync.run(workspace) } catch let failure as CommandFailure
            where device.id == own && failure.code == ErrorPhrases.deviceRevoked.code
        {}
        try sync.require(act, after: said, about: device.label, workspace)
        let selector = try Selector(open)
        let (after, context, short) = try open.store.read { reader in
            (
                try ListedDevice.all(reader).first { $0.id == device.id }, try selector.context(nil, reader),
                try reader.shortID(of: .device(device.id))
            )
        }
        return DeviceChange(device: after ?? device, context: context, short: short)
    }

    static func failure(_ fault: DeviceFault, _ device: ListedDevice) -> CommandFailure {
        switch fault {
        case .lacks(let rights): lacking(rights)
        case .revokedAlready: CommandFailure(.deviceRevokedAlready, ["label": .text(device.label)], next: "buntan devices")
        case .lastAdmin:
            CommandFailure(.lastAdmin, ["label": .text(device.label)], next: "buntan device set NAME --caps read,write,sign,admin")
        case .keyNotGiven: CommandFailure(.keyNotGiven, next: "buntan sync")
        case .otherRecoveryKey, .otherRootKey: CommandFailure(.recoveryWrong, ["name": .text(device.label)])
        }
    }

    /// Whoever has the recovery code can go on with the root key; the others ask an admin device.
    static func lacking(_ rights: Capabilities) -> CommandFailure {
        CommandFailure(.noRight, ["right": .text(rights.shown(Language.spoken))], next: "buntan key recover")
    }

    func print(_ invocation: Invocation, _ format: String, human: @escaping (inout Page) -> Void) throws {
        let item: JSONValue = .identified(
            Hexadecimal.text(device.id.bytes), short: short, ("label", .text(device.label)),
            ("capabilities", .list(device.capabilities.list.map { .text($0) })),
            ("revoked", device.revoked.map { .text(Timestamp.rfc3339(milliseconds: $0)) } ?? .null))
        try invocation.print(
            .change(format, context, fields: ["id", "short", "label", "capabilities", "revoked"], item, human: human))
    }
}

extension ListedDevice {
    /// The one device of this label, key as listed, or short id.
    static func named(_ name: String, _ open: OpenStore) throws -> ListedDevice {
        let devices = try open.store.read { try all($0) }
        var found = devices.filter { $0.label == name || $0.id.shownKey == name || $0.id.hex == name.lowercased() }
        if found.count > 1 { found = found.filter { $0.revoked == nil } }
        if found.isEmpty, case .one(let id) = ShortIDs(devices.map(\.id)).find(name) { found = devices.filter { $0.id == id } }
        guard let first = found.first else {
            let near = Nearest.words(to: name, among: devices.map(\.label)).map { CommandFailure.Candidate(name: $0) }
            throw CommandFailure(.unknownDevice, ["label": .text(name)], next: "buntan devices", candidates: near)
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .ambiguousName, ["name": .text(name)],
                candidates: found.map { CommandFailure.Candidate(name: $0.id.shownKey, detail: $0.label) })
        }
        return first
    }
}
