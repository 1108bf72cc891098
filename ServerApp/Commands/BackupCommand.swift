import ArgumentParser
import Foundation
import Storage
import StorageSQLite
import Wording

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of the store while it is in use.")
    @OptionGroup var data: DataOption
    @Argument(help: "The file to write; it must not exist.", completion: .file())
    var file: String

    func run() throws {
        let (speaker, folder) = (Speaker(), data.folder())
        try speaker.reporting(folder.storePath) {
            guard !FileManager.default.fileExists(atPath: file) else {
                speaker.warn(ServerPhrases.backupExists, ["path": .text(file)])
                throw ExitCode(ServerExit.usage.rawValue)
            }
            let store = try folder.existingStore()
            try store.backup(to: file)
            let spaces = try store.read { try $0.spaces().count }
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            speaker.say(ServerPhrases.backedUp, ["path": .text(file), "bytes": .number(size), "spaces": .number(spaces)])
        }
    }
}
