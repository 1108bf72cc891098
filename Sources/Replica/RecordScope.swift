package import BuntanProtocol
import Storage

/// Which spaces a command about records reads and writes: those of one engagement or one service, and the organisation's
/// own.
///
/// A provider works on the draft of a service; in an engagement both sides read what was published.
package struct RecordScope: Sendable {
    /// Who may read a space.
    package enum Visibility: String, Hashable, Sendable {
        case `private`, counterpart, `public`
    }

    package let home: SpaceID?
    package let service: SpaceID?
    package let draft: SpaceID?
    package let engagement: KnownEngagement?

    package init(home: SpaceID?, service: KnownService?, engagement: KnownEngagement?) {
        self.home = home
        self.service = service?.service ?? engagement?.service
        draft = service?.draft
        self.engagement = engagement
    }

    /// Every space of the scope, in the order in which lists show them.
    package var spaces: [SpaceID] { [engagement?.space, engagement == nil ? draft : nil, service, home].compactMap { $0 } }

    /// The spaces in which records of a kind are read; for a kind this program does not know, all of them.
    package func spaces(for kind: Kind?, named name: String) -> [SpaceID] {
        guard let kind else { return spaces }
        // What may be published is drafted beside its service; everything else private is with the organisation's own records.
        return spaces.filter { space in
            if space == home, kind.isDrafted, !kind.spaces.contains(.engagement) { return false }
            if space == draft, !kind.isDrafted { return false }
            // What a provider drafts is read in the draft, the published copy in engagements.
            if space == service, engagement == nil, draft != nil, kind.spaces.contains(.private) { return false }
            return kind.spaces.contains(type(of: space))
        }
    }

    package func type(of space: SpaceID) -> SpaceType {
        space == engagement?.space ? .engagement : space == service ? .service : .private
    }

    package func visibility(of space: SpaceID) -> Visibility {
        switch type(of: space) {
        case .private: .private
        case .engagement: .counterpart
        case .service: .public
        }
    }

    /// Where this organisation writes records of a kind; `nil` if it writes none here.
    ///
    /// - Parameter isShared: whether a record that may be its own is for others: in the engagement, or with the next release.
    package func writingSpace(for kind: Kind, isShared: Bool = false) -> SpaceID? {
        if kind.spaces.contains(.engagement), !kind.spaces.contains(.private) {
            guard let engagement, let side = engagement.side, kind.sides.contains(side) else { return nil }
            return engagement.space
        }
        if kind.spaces.contains(.service), !kind.spaces.contains(.engagement) { return kind.spaces.contains(.private) ? draft : nil }
        guard !isShared else {
            if let engagement, kind.spaces.contains(.engagement) {
                return engagement.side.map(kind.sides.contains) == true ? engagement.space : nil
            }
            return kind.isDrafted ? draft : nil
        }
        return kind.spaces.contains(.private) ? home : nil
    }
}
