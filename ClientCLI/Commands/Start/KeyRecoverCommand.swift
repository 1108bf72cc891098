import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Gives the organisation a new root key in the name of its recovery key, which the recovery code stands for.
struct KeyRecoverCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "recover", abstract: CommandPhrases.keyRecover.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("code-file"), help: .spoken(.codeFile)) var codeFile: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let path = open.layout.rootKey
        // A root key that is here is never written over, sealed with a forgotten passphrase or not.
        guard !FileManager.default.fileExists(atPath: path) else { throw CommandFailure(.fileExists, ["path": .text(path)]) }
        let code = try recoveryCode(invocation)
        let passphrase = invocation.prompt.canGetPassphrase ? try invocation.prompt.newPassphrase() : nil
        let selector = try Selector(open)
        let workspace = open.reading
        let root: SigningKey
        do {
            root = try workspace.recoverRoot(with: code) { root in
                try KeyStorage.write(KeyStorage.sealed(.root(root), passphrase: passphrase), to: path)
            }
        } catch DeviceFault.otherRecoveryKey {
            let name = selector.directory.ownName.spoken(invocation.language.rawValue) ?? ""
            throw CommandFailure(.recoveryWrong, ["name": .text(name)])
        }
        let context = try open.store.read { try selector.context(nil, $0) }
        let item: JSONValue = [
            "path": .text(path), "rootKey": .text(root.publicKey.hex), "keysSealed": .bool(passphrase != nil),
        ]
        try invocation.print(
            .change("key-recover/1", context, fields: ["path", "rootKey", "keysSealed"], item) { page in
                page.say(StartPhrases.keyRecovered)
                page.say(
                    passphrase != nil ? StartPhrases.keysSealed : .keysUnsealed, ["path": .text(open.layout.folder + "/keys")],
                    passphrase != nil ? .plain : .warning)
                page.next("buntan sync")
            })
        return .done
    }

    private static let codeFileLimit = 4_096

    /// The code from its file, else typed without being shown; never from the command line, where others may read it.
    private func recoveryCode(_ invocation: Invocation) throws -> RecoveryCode {
        let text: String
        if let codeFile {
            text = try InputFile.text(try InputFile.bytes(codeFile, limit: Self.codeFileLimit), of: codeFile)
        } else {
            text = try invocation.prompt.secret(.recoveryCode, flag: "--code-file")
        }
        do { return try RecoveryCode(reading: text) } catch { throw CodeReading.noRecovery(text) }
    }
}
