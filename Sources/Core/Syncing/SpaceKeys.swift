package import BuntanProtocol
package import ChangeLog

/// The keys of sealed spaces that this replica holds.
package struct SpaceKeys: Sendable {
    private var keys: [SpaceID: [Int: SpaceKey]] = [:]

    package init() {}

    package static let none = SpaceKeys()

    package subscript(space: SpaceID, epoch: Int) -> SpaceKey? {
        get { keys[space]?[epoch] }
        set { keys[space, default: [:]][epoch] = newValue }
    }

    /// The key with which a change is sealed; `nil` where it is not at hand, or the change is not sealed.
    package func key(of change: Change) -> SpaceKey? { change.sealed.flatMap { self[change.space, $0.keyEpoch] } }

    /// The newest key of a space that is at hand.
    package func newest(of space: SpaceID) -> SpaceKey? {
        keys[space]?.max { $0.key < $1.key }?.value
    }

    /// The key under which new changes of a space are sealed: that of the newest key epoch in its log, whatever the log has lost.
    package func sealing(in rights: SpaceRights) -> SpaceKey? {
        rights.keyEpoch == 0 ? newest(of: rights.space) : self[rights.space, rights.keyEpoch]
    }

    /// The keys of a space that are at hand, ascending.
    package func all(of space: SpaceID) -> [SpaceKey] { (keys[space] ?? [:]).sorted { $0.key < $1.key }.map(\.value) }
}
