import ChangeLog
import Foundation
import Storage
import StorageSQLite
import Syncing
import TestKit

/// A process made to be killed: it does to a store what its argument says until somebody ends it.
///
/// It speaks on standard output, one line each, written at once: what it has been promised stands there before it goes on.
@main
struct StorageCrasher {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { exit(64) }
        let store = try SQLiteStore.open(at: arguments[2], indexing: PlainIndexing())
        switch arguments[1] {
        case "append": try append(to: store, seed: UInt64(arguments[3]) ?? 0)
        case "hold": try hold(store)
        default: exit(64)
        }
    }

    /// Begins a space and appends changes to it for ever, saying the size after each.
    private static func append(to store: SQLiteStore, seed: UInt64) throws {
        var log = try SampleLog(seed: seed)
        say("space \(log.space)")
        try store.write { try $0.apply(log.beginning) }
        say("size \(log.standing.size)")
        for number in 0... {
            let text = String(repeating: "x", count: number % 97 * 31)
            let update = try log.writing([.sample(number % 13): text, .sample(100): "\(number)"])
            try store.write {
                try $0.apply(update)
                try $0.setValue(Array("\(log.standing.size)".utf8), for: "size/\(log.space)")
            }
            say("size \(log.standing.size)")
        }
    }

    /// Takes the store for writing and keeps it until standard input ends.
    private static func hold(_ store: SQLiteStore) throws {
        try store.write { writer in
            try writer.setValue([1], for: "unfinished")
            say("holding")
            _ = FileHandle.standardInput.readDataToEndOfFile()
        }
        say("released")
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
