import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Gives the organisation a new root key in the name of its recovery key, which the recovery code stands for.
///
/// Where the keys of the store's device are lost as well, the root makes the store a new device.
struct KeyRecoverCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "recover", abstract: CommandPhrases.keyRecover.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("code-file"), help: .spoken(.codeFile)) var codeFile: String?
    @Option(name: .long, help: .spoken(.label)) var label: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        guard try layout.isThere() else {
            // Sealed spaces could never be read again: their keys are in the store's copies alone.
            throw CommandFailure(.noStore, ["path": .text(layout.folder)], next: "buntan store restore FILE")
        }
        if let label { try InitCommand.check(label: label) }
        let open = try OpenStore.existing(invocation)
        let hasRoot = FileManager.default.fileExists(atPath: layout.rootKey)
        let hasDevice = FileManager.default.fileExists(atPath: layout.deviceKey)
        // A root key that is here is never written over, sealed with a forgotten passphrase or not.
        guard !hasRoot || !hasDevice else { throw CommandFailure(.fileExists, ["path": .text(layout.rootKey)]) }
        let code = hasRoot ? nil : try Self.recoveryCode(codeFile, invocation)
        let passphrase = invocation.prompt.canGetPassphrase ? try invocation.prompt.newPassphrase() : nil
        let root = try hasRoot ? open.rootKey() : nil
        let recovered = try root ?? code.map { try recover(open, with: $0, passphrase: passphrase) }
        guard let recovered else { throw CommandFailure(.keysMissing, ["path": .text(layout.rootKey)]) }
        let replaced = hasDevice ? nil : try replaceDevice(open, root: recovered, passphrase: passphrase)

        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        let item: JSONValue = [
            "path": .text(layout.rootKey), "rootKey": .text(recovered.publicKey.hex), "keysSealed": .bool(passphrase != nil),
            "device": .text(orNull: replaced?.label), "lost": .text(orNull: replaced?.lost),
        ]
        try invocation.print(
            .change("key-recover/1", context, fields: ["path", "rootKey", "keysSealed", "device", "lost"], item) { page in
                if !hasRoot { page.say(StartPhrases.keyRecovered) }
                if let replaced {
                    page.say(StartPhrases.deviceReplaced, ["label": .text(replaced.label), "lost": .text(replaced.lost)])
                }
                page.say(
                    passphrase != nil ? StartPhrases.keysSealed : .keysUnsealed, ["path": .text(layout.folder + "/keys")],
                    passphrase != nil ? .plain : .warning)
                page.next("buntan sync")
            })
        if passphrase == nil { invocation.warnOfOpenKeys(in: layout.folder + "/keys") }
        return .done
    }

    private func recover(_ open: OpenStore, with code: RecoveryCode, passphrase: [UInt8]?) throws -> SigningKey {
        do {
            return try open.reading.replaceRoot(by: .recovery(code)) { new in
                try KeyStorage.write(KeyStorage.sealed(.root(new.root), passphrase: passphrase), to: open.layout.rootKey)
            }.root
        } catch DeviceFault.otherRecoveryKey {
            let name = try Selector(open).directory.ownName.spoken(open.invocation.language.rawValue) ?? ""
            throw CommandFailure(.recoveryWrong, ["name": .text(name)])
        }
    }

    /// Makes the store a new device in the place of the one whose keys are lost; returns what both are called.
    private func replaceDevice(_ open: OpenStore, root: SigningKey, passphrase: [UInt8]?) throws -> (label: String, lost: String) {
        let (devices, own) = try open.store.read { (try ListedDevice.all($0), try $0.identity().device) }
        let label = self.label ?? "device-\(devices.count + 1)"
        var random = SystemRandom()
        let keys = DeviceKeys(random: &random)
        do {
            try open.reading.replaceDevice(with: keys, label: label, root: root) {
                try KeyStorage.write(KeyStorage.sealed(.device(keys), passphrase: passphrase), to: open.layout.deviceKey)
            }
        } catch DeviceFault.otherRootKey {
            throw CommandFailure(.keysForeign, ["path": .text(open.layout.rootKey)])
        }
        return (label, devices.first { $0.id == own }?.label ?? own.shownKey)
    }

    private static let codeFileLimit = 4_096

    /// The code from its file, else typed without being shown; never from the command line, where others may read it.
    static func recoveryCode(_ file: String?, _ invocation: Invocation) throws -> RecoveryCode {
        let text: String
        if let file {
            text = try InputFile.text(try InputFile.bytes(file, limit: codeFileLimit), of: file)
        } else {
            text = try invocation.prompt.secret(.recoveryCode, flag: "--code-file")
        }
        do { return try RecoveryCode(reading: text) } catch { throw CodeReading.noRecovery(text) }
    }
}
