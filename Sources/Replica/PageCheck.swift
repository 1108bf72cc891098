import BuntanProtocol
import ChangeLog
import Foundation
import Synchronization
import Syncing

/// Says of a page's entries what can be said of each alone: form, signature, values.
///
/// It is the dear part of a pull, needs no transaction, and is done on as many cores as there are.
enum PageCheck {
    /// The change in an entry, `nil` where it holds none; or why it is not sound.
    typealias Piece = Result<ReceivedChange?, Refusal>

    /// So few are not worth the spreading.
    private static let fewEntries = 4

    /// Asked for once: the answer is put together from files.
    static let allCores = ProcessInfo.processInfo.activeProcessorCount

    static func pieces(of entries: [CarriedEntry], keys: SpaceKeys, cores: Int) -> [Piece] {
        guard entries.count > fewEntries, cores > 1 else { return entries.map { piece(of: $0, keys: keys) } }
        // Smaller shares than cores: changes differ in size, and nobody should wait long for the last.
        let share = max(1, entries.count / (cores * 8))
        let shares = (entries.count + share - 1) / share
        let done = Mutex<[(start: Int, pieces: [Piece])]>([])
        DispatchQueue.concurrentPerform(iterations: shares) { number in
            let start = number * share
            let pieces = entries[start..<min(start + share, entries.count)].map { piece(of: $0, keys: keys) }
            done.withLock { $0.append((start, pieces)) }
        }
        return done.withLock { $0.sorted { $0.start < $1.start }.flatMap(\.pieces) }
    }

    static func piece(of carried: CarriedEntry, keys: SpaceKeys) -> Piece {
        Piece { () throws(Refusal) in try ReceivedChange.carried(carried, keys: keys) }
    }
}
