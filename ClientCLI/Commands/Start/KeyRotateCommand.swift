import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Puts a new root key, and a new recovery code, in the place of those there are.
///
/// The new key lies beside the old one until the logs hold the organisation's word for it: another device may have spoken
/// meanwhile, and then the old one is still the root.
struct KeyRotateCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "rotate", abstract: CommandPhrases.keyRotate.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Option(name: .customLong("code-file"), help: .spoken(.codeFile)) var codeFile: String?
    @Flag(name: .customLong("keep-code"), help: .spoken(.keepCode)) var keepsCode = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard codeFile == nil || !keepsCode else {
            throw CommandFailure(.optionsExclude, ["first": "--code-file", "second": "--keep-code"])
        }
        let open = try OpenStore.existing(invocation)
        let (layout, sync) = (open.layout, SyncRun(open, invocation.settings.applying(network), settlesRoot: false))
        // Only the recovery key replaces itself: whoever steals the root must not shut it out.
        let code = keepsCode ? nil : try KeyRecoverCommand.recoveryCode(codeFile, invocation)
        let workspace = try open.writing()
        // Another device may have spoken for the organisation meanwhile: one chain has one next word.
        _ = try await sync.run(workspace)
        if try open.settleRootKey() { invocation.notice(SyncPhrases.rotationLost) }
        let authority = try code.map(RootAuthority.recovery) ?? open.rootKey().map(RootAuthority.root)
        guard let authority else { throw CommandFailure(.keysMissing, ["path": .text(layout.rootKey)], next: "buntan key recover") }
        let passphrase = invocation.prompt.canGetPassphrase ? try invocation.prompt.newPassphrase() : nil
        let replaced: ReplacedRoot
        do {
            replaced = try workspace.replaceRoot(by: authority, renewsCode: code != nil) { new in
                try KeyStorage.write(KeyStorage.sealed(.root(new.root), passphrase: passphrase), to: layout.nextRootKey)
                if let code = new.code { try KeyStorage.write(Array((code.text + "\n").utf8), to: layout.newCode) }
            }
        } catch DeviceFault.otherRecoveryKey {
            let name = try Selector(open).directory.ownName.spoken(invocation.language.rawValue) ?? ""
            throw CommandFailure(.recoveryWrong, ["name": .text(name)])
        } catch DeviceFault.otherRootKey { throw CommandFailure(.keysForeign, ["path": .text(layout.rootKey)]) }

        // The new code is shown this once, whatever becomes of the sync: the next one sends what this one did not.
        var unsent: CommandFailure?
        do { _ = try await sync.run(workspace) } catch let failure as CommandFailure { unsent = failure }
        let chain = try open.store.read { try workspace.ownOrganisationChain($0) }
        guard chain.rootKey == replaced.root.publicKey else {
            try open.removeNextRootKey()
            throw CommandFailure(.chainOutspoken, next: "buntan key rotate")
        }
        // It is the root here, and stays beside until it has been said.
        if unsent == nil { _ = try open.settleRootKey() }
        try print(replaced, path: unsent == nil ? layout.rootKey : layout.nextRootKey, isSealed: passphrase != nil, open)
        // It has been shown; until then it was there for whoever is interrupted.
        if replaced.code != nil { try FileManager.default.removeItem(atPath: layout.newCode) }
        if let unsent {
            invocation.notice(SyncPhrases.sentLater, ["reason": .text(unsent.phrase.text(in: invocation.language, unsent.facts))])
        }
        return .done
    }

    private func print(_ replaced: ReplacedRoot, path: String, isSealed: Bool, _ open: OpenStore) throws {
        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        let fingerprint = selector.directory.identity.organisation.fingerprint
        let isSent = path == open.layout.rootKey
        let item: JSONValue = [
            "path": .text(path), "rootKey": .text(replaced.root.publicKey.hex), "recoveryCode": .text(orNull: replaced.code?.text),
            "keysSealed": .bool(isSealed), "isSent": .bool(isSent),
        ]
        // Never kept back by --quiet: the recovery code is shown this once.
        var report = Report.single(
            "key-rotate/1", context, fields: ["path", "rootKey", "recoveryCode", "keysSealed", "isSent"], item
        ) { page in
            page.say(StartPhrases.keyRotated, ["fingerprint": .text(fingerprint)])
            page.say(
                isSealed ? StartPhrases.keysSealed : .keysUnsealed, ["path": .text(open.layout.folder + "/keys")],
                isSealed ? .plain : .warning)
            if let code = replaced.code {
                page.blank()
                page.say(StartPhrases.recoveryRenewed)
                page.place(.command(2, code.text))
                page.say(StartPhrases.recoveryKeep)
                page.blank()
            } else {
                page.say(StartPhrases.recoveryStays)
            }
            page.next(isSent ? "buntan store backup FILE" : "buntan sync")
        }
        report.isPaged = false
        try open.invocation.print(report)
    }
}
