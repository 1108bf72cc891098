import ArgumentParser
import Foundation
import Storage
import StorageSQLite
import Wording

struct BackupCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "backup", abstract: ServerHelpPhrases.backup.spoken)
    }
    @OptionGroup var data: DataOption
    @Argument(help: .spoken(.backupFile), completion: .file())
    var file: String

    func run() throws {
        let (speaker, folder) = (Speaker.current, data.folder)
        try speaker.reporting(folder.storePath) {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw speaker.refusing(.usage, ServerPhrases.backupExists, ["path": .text(file)])
            }
            let store = try folder.existingStore(speaker)
            do { try store.backup(to: file) } catch StorageFault.engine(_, let reason) {
                // What failed is the copy: the store could be read.
                throw speaker.refusing(.machine, ServerPhrases.cannotWrite, ["path": .text(file), "reason": .text(reason)])
            } catch StorageFault.diskFull {
                throw speaker.refusing(
                    .machine, ServerPhrases.cannotWrite, ["path": .text(file), "reason": .text(SaidFault.reason(ENOSPC))])
            }
            let spaces = try store.read { try $0.spaces().count }
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            speaker.say(ServerPhrases.backedUp, ["path": .text(file), "bytes": .number(size), "spaces": .number(spaces)])
        }
    }
}
