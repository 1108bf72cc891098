import BuntanProtocol
import Storage
import Syncing
import StorageSQLite
import ArgumentParser
import ChangeLog
import Foundation
import Wording

/// What concerns the keys of this device.
struct KeyCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "key", abstract: CommandPhrases.key.spoken,
            subcommands: [KeyPassphraseCommand.self, KeyRecoverCommand.self, KeyRotateCommand.self])
    }
}

/// Seals the keys of this device with a new passphrase.
struct KeyPassphraseCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "passphrase", abstract: CommandPhrases.keyPassphrase.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("new-passphrase-file"), help: .spoken(.newPassphraseFile)) var newPassphraseFile: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        let paths = [layout.deviceKey, layout.rootKey, layout.nextRootKey].filter { FileManager.default.fileExists(atPath: $0) }
        guard paths.contains(layout.deviceKey) else { throw CommandFailure(.keysMissing, ["path": .text(layout.deviceKey)]) }
        let files = try paths.map { ($0, try KeyStorage.read($0)) }
        let wasSealed = files.contains { $0.1.isSealed }
        let old = wasSealed ? try String(decoding: invocation.prompt.passphrase(), as: UTF8.self) : nil
        // All are opened before the first is written: a wrong passphrase must leave none of them changed.
        let opened = try files.map { path, file -> (String, StoredKey) in
            do throws(KeyFileFault) { return (path, try file.open(passphrase: old)) } catch { throw KeyStorage.failure(error, path) }
        }
        var prompt = invocation.prompt
        // With sealed keys --passphrase-file opens them; only the other file can hold a new one.
        if let newPassphraseFile { prompt.passphraseFile = newPassphraseFile } else if wasSealed { prompt.passphraseFile = nil }
        let new = try prompt.newPassphrase(flag: "--new-passphrase-file")
        let progress = invocation.progress(SyncPhrases.sealing)
        defer { progress.finish() }
        let sealed = try opened.enumerated().map { index, key -> (String, KeyFile) in
            progress.update(index, of: opened.count)
            return (key.0, try KeyStorage.sealed(key.1, passphrase: new))
        }
        for (path, file) in sealed { try KeyStorage.write(file, to: path) }
        progress.finish()
        let item: JSONValue = ["keysSealed": true, "files": .list(paths.map { .text($0) })]
        try invocation.print(
            .change("key-passphrase/1", nil, fields: ["keysSealed", "files"], item) { page in page.say(StartPhrases.passphraseSet) })
        return .done
    }
}
