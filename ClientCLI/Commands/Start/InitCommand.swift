import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import Wording

/// Makes the organisation and this store for it.
struct InitCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "init", abstract: CommandPhrases.initialise.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Option(name: .long, help: .spoken(.org)) var org: String
    @Option(name: .customLong("org-ja"), help: .spoken(.orgJa)) var orgJa: String?
    @Option(name: .long, help: .spoken(.server)) var server: String?
    @Option(name: .long, help: .spoken(.admission)) var admission: String?
    @Option(name: .long, help: .spoken(.label)) var label = "device-1"

    func run(in invocation: Invocation) async throws -> CommandExit {
        let known = try knownServer()
        let name = try TypedName.texts((org, "--org"), japanese: orgJa.map { ($0, "--org-ja") })
        try Self.check(label: label)
        let layout = StoreLayout(folder: invocation.storePath)
        try Self.refuseTaken(layout, invocation)
        // Asked before anything is written: an answer that does not come leaves nothing behind.
        let passphrase = invocation.prompt.canGetPassphrase ? try invocation.prompt.newPassphrase() : nil
        let founding = try Self.found(name, label: label, server: known, passphrase: passphrase, invocation)

        let recovery = founding.recoveryCode.text
        let item: JSONValue = [
            "organisation": .text(Hexadecimal.text(founding.organisation.bytes)), "fingerprint": .text(founding.organisation.fingerprint),
            "name": name.languagesJSON, "device": .text(label), "capabilities": .list(Capabilities.all.list.map { .text($0) }),
            "recoveryCode": .text(recovery), "keysSealed": .bool(passphrase != nil), "server": .text(orNull: known?.address),
            "path": .text(layout.folder),
        ]
        let context = ReportContext(organisation: name.spoken(invocation.language.rawValue))
        // Never kept back by --quiet: the recovery code is shown this once.
        var report = Report.single(
            "init/1", context,
            fields: [
                "organisation", "fingerprint", "name", "device", "capabilities", "recoveryCode", "keysSealed", "server", "path",
            ], item
        ) { page in
            // On standard output whoever asks for quiet gets what is shown this once, and nothing else.
            if invocation.options.quiet { return page.line(Span(recovery)) }
            page.say(
                StartPhrases.organisationMade,
                ["name": .text(name.spoken(page.language.rawValue) ?? ""), "path": .text(layout.folder)])
            page.say(StartPhrases.fingerprintOwn, ["fingerprint": .text(founding.organisation.fingerprint)])
            page.say(StartPhrases.firstDevice, ["device": .text(label), "caps": .text(Capabilities.all.shown(page.language))])
            if passphrase != nil {
                page.say(StartPhrases.keysSealed)
            } else {
                page.say(StartPhrases.keysUnsealed, ["path": .text(layout.folder + "/keys")], .warning)
            }
            page.blank()
            page.say(StartPhrases.recoveryCode)
            page.place(.command(2, recovery))
            page.say(StartPhrases.recoveryKeep)
            page.blank()
            if known == nil { page.say(StartPhrases.noServerYet) }
            page.next(known == nil ? "buntan join CODE" : "buntan sync")
        }
        report.isPaged = false
        try invocation.print(report)
        if passphrase == nil { invocation.warnOfOpenKeys(in: layout.folder + "/keys") }
        return .done
    }

    private func knownServer() throws -> KnownServer? {
        guard let server else {
            if admission != nil { throw CommandFailure(.missingArgument, ["argument": "--server"]) }
            return nil
        }
        return KnownServer(address: try ServerLink.address(server), admission: try admission.map { try CodeReading.admission($0) })
    }

    static func check(label: String) throws {
        let bytes = label.utf8.count
        guard bytes > 0, bytes <= Limits.labelBytes, label == label.visible else {
            throw CommandFailure(.invalidValue, ["value": .text(label), "option": "--label"])
        }
    }

    /// Keys and stores are never written over.
    static func refuseTaken(_ layout: StoreLayout, _ invocation: Invocation) throws {
        if layout.exists {
            let open = try OpenStore.existing(invocation)
            let name = try open.store.read { reader -> String? in
                guard try reader.value(StoredName.identity) != nil else { return nil }
                return try StoreDirectory(reader).ownName.spoken(invocation.language.rawValue) ?? reader.identity().organisation.fingerprint
            }
            if let name { throw CommandFailure(.storeExists, ["path": .text(layout.folder), "name": .text(name)]) }
        }
        for path in [layout.deviceKey, layout.rootKey] where FileManager.default.fileExists(atPath: path) {
            throw CommandFailure(.fileExists, ["path": .text(path)])
        }
    }

    private static func found(
        _ name: [String: String], label: String, server: KnownServer?, passphrase: [UInt8]?, _ invocation: Invocation
    ) throws -> Founding {
        let open = try OpenStore.making(invocation)
        do {
            let founding = try Workspace.found(
                name: name, label: label, store: open.store, clock: SystemClock(), random: SystemRandomPort())
            let progress = invocation.progress(SyncPhrases.sealing)
            defer { progress.finish() }
            try KeyStorage.write(KeyStorage.sealed(.device(founding.device), passphrase: passphrase), to: open.layout.deviceKey)
            progress.update(1, of: 2)
            try KeyStorage.write(KeyStorage.sealed(.root(founding.root), passphrase: passphrase), to: open.layout.rootKey)
            if let server { try open.store.write { try $0.setServer(server) } }
            return founding
        } catch {
            // Without its keys the store is of no use to anybody, and would be in the way of the next try.
            do { try open.file.close() } catch {}
            for path in open.layout.files {
                do { try FileManager.default.removeItem(atPath: path) } catch {}
            }
            throw error
        }
    }
}

extension StoreLayout {
    /// Every file of the store that holds keys or logs.
    var files: [String] { [database, database + "-wal", database + "-shm", deviceKey, rootKey] }
}
