import BuntanProtocol
import ChangeLog
import Records
import Syncing

/// Says of a page's entries what can be said of each alone: form, signature, values.
///
/// It is the dear part of a pull, needs no transaction, and is done on as many cores as there are.
enum PageCheck {
    /// The change in an entry, `nil` where it holds none; or why it is not sound.
    typealias Piece = Result<ReceivedChange?, Refusal>

    /// So few are not worth the spreading.
    private static let fewEntries = 4

    static func pieces(of entries: [CarriedEntry], keys: SpaceKeys, cores: Int) -> [Piece] {
        Cores.map(entries[...], few: fewEntries, cores: cores) { piece(of: $0, keys: keys) }
    }

    static func piece(of carried: CarriedEntry, keys: SpaceKeys) -> Piece {
        Piece { () throws(Refusal) in try ReceivedChange.carried(carried, keys: keys) }
    }
}
