import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import Wording

/// Enrols a further device: its own half, and that of a device with the right `admin`.
struct DeviceCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "device", abstract: CommandPhrases.device.spoken,
            subcommands: [DeviceRequestCommand.self, DeviceAddCommand.self, DeviceSetCommand.self, DeviceRevokeCommand.self])
    }
}

/// On the new device: makes its keys and prints what an admin device needs to enrol them.
struct DeviceRequestCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "request", abstract: CommandPhrases.deviceRequest.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.label)) var label: String
    @Option(name: .long, help: .spoken(.orgFingerprint)) var org: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        try InitCommand.check(label: label)
        let organisation = try CodeReading.organisation(org)
        let layout = StoreLayout(folder: invocation.storePath)
        let (keys, isSealed) = try Self.keys(layout, invocation)
        let code = HandedCode.deviceRequest(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: label
        ).text
        let item: JSONValue = [
            "device": .text(Hexadecimal.text(keys.device.bytes)), "label": .text(label),
            "organisation": .text(Hexadecimal.text(organisation.bytes)),
            "fingerprint": .text(organisation.fingerprint), "code": .text(code), "keysSealed": .bool(isSealed),
        ]
        // The code is what the command is for: --quiet leaves it.
        var report = Report.single(
            "device-request/1", nil, fields: ["device", "label", "organisation", "fingerprint", "code", "keysSealed"], item
        ) { page in
            if isSealed {
                page.say(StartPhrases.keysSealed)
            } else {
                page.say(StartPhrases.keysUnsealed, ["path": .text(layout.folder + "/keys")], .warning)
            }
            page.say(StartPhrases.deviceRequested)
            page.place(.command(2, code))
            page.next("buntan join FINGERPRINT@SERVER")
        }
        report.isPaged = false
        try invocation.print(report)
        return .done
    }

    /// New keys; or those of a request that waits here, whose code was lost before anybody enrolled it.
    private static func keys(_ layout: StoreLayout, _ invocation: Invocation) throws -> (DeviceKeys, isSealed: Bool) {
        let files = FileManager.default
        if !layout.exists, files.fileExists(atPath: layout.deviceKey), !files.fileExists(atPath: layout.rootKey) {
            let file = try KeyStorage.read(layout.deviceKey)
            return (try KeyStorage.device(in: file, at: layout.deviceKey, invocation), file.isSealed)
        }
        try InitCommand.refuseTaken(layout, invocation)
        let passphrase = invocation.prompt.canGetPassphrase ? try invocation.prompt.newPassphrase() : nil
        try layout.makeFolders()
        var random = SystemRandom()
        let keys = DeviceKeys(random: &random)
        try KeyStorage.write(KeyStorage.sealed(.device(keys), passphrase: passphrase), to: layout.deviceKey)
        return (keys, passphrase != nil)
    }
}

/// On an admin device: signs the enrolment of another one.
struct DeviceAddCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "add", abstract: CommandPhrases.deviceAdd.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Argument(help: .spoken(.code)) var code: String
    @Option(name: .long, help: .spoken(.caps)) var caps: String = "read,write"

    func run(in invocation: Invocation) async throws -> CommandExit {
        let capabilities = try Capabilities(reading: caps)
        let read = try CodeReading.code(code)
        guard case .deviceRequest(let device, let sealingKey, let proof, let label) = read else { throw CodeReading.misplaced(read) }
        let open = try OpenStore.existing(invocation)
        let sync = SyncRun(open, invocation.settings.applying(network), tellsUnsaid: false)
        let (server, identity) = (try sync.knownAddress(), try open.store.read { try $0.identity() })
        let content = Statement.enrolmentProof(organisation: identity.organisation, device: device, sealingKey: sealingKey)
        guard SignatureCheck.isValid(proof, by: device, label: "enrol", content: content) else {
            throw CommandFailure(.codeOtherOrganisation)
        }
        let known = try open.store.read { try ListedDevice.all($0) }.first { $0.id == device }
        if let known, known.revoked == nil { throw CommandFailure(.deviceEnrolledAlready, ["label": .text(known.label)]) }
        let question: Facts = [
            "label": .text(label), "caps": .text(capabilities.shown(invocation.language)), "fingerprint": .text(device.shownKey),
        ]
        guard try invocation.prompt.confirms(StartPhrases.deviceAsk, question) else { throw CommandFailure(.declined) }
        let workspace = try open.writing()
        // Another device may have spoken for the organisation meanwhile: one chain has one next word.
        _ = try await sync.run(workspace)
        let root = try workspace.wantsRoot(granting: capabilities, to: device) ? open.rootKey() : nil
        let said = try open.store.read { try workspace.chainSent($0) }
        do {
            try workspace.enrol(
                device: device, sealingKey: sealingKey, proof: proof, label: label, capabilities: capabilities, root: root)
        } catch DeviceFault.lacks(let rights) { throw DeviceChange.lacking(rights) }
        let report = try await sync.run(workspace).report
        let act = Statement.Act.enrol(
            device: device, sealingKey: sealingKey, capabilities: capabilities, label: label, proof: proof)
        try sync.require(act, after: said, about: label, workspace)

        let join = HandedCode.organisation(identity.organisation, server: ServerLink.short(server)).text
        let item: JSONValue = [
            "device": .text(Hexadecimal.text(device.bytes)), "label": .text(label),
            "capabilities": .list(capabilities.list.map { .text($0) }),
            "code": .text(join), "sent": .number(report.sentChanges),
        ]
        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        var answer = Report.single("device-add/1", context, fields: ["device", "label", "capabilities", "code", "sent"], item) { page in
            page.say(StartPhrases.deviceAdded, ["label": .text(label)])
            page.place(.elsewhere(2, "buntan join " + join))
        }
        answer.isPaged = false
        try invocation.print(answer)
        return .done
    }
}

extension Fixed32 where Subject == SigningKeySubject {
    /// The beginning of a device's key as people compare it.
    var shownKey: String { Base32.grouped(String(Base32.text(bytes).prefix(16))) }
}

extension StoreLayout {
    /// Makes the folders of a store, readable for their owner alone.
    func makeFolders() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/keys", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw CommandFailure(.noPermission, ["path": .text(folder)]) }
    }
}
