import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Wording

/// What came by file and waits here for a server, as people read it: nothing of it stands in any record yet.
struct ReceivedViews {
    private let views: [ChangeID: ChangeView]

    init(_ received: [RelayedChange], _ selector: Selector, _ reader: any StoreReader) throws {
        var views: [ChangeID: ChangeView] = [:]
        if !received.isEmpty {
            let words = try RecordWords(selector, reader)
            for relayed in received {
                // Of a space that is gone nothing more can be told than that it is there.
                guard let history = try SpaceHistory(relayed.space, reader) else { continue }
                views[relayed.change] = try ChangeView(history.change(in: relayed), words, reader)
            }
        }
        self.views = views
    }

    func edits(_ change: ChangeID) -> JSONValue { views[change].map { .list($0.editsJSON) } ?? .list([]) }

    /// Prints who wrote each, when and what.
    func show(_ received: [RelayedChange], _ page: inout Page, _ times: TimeDisplay) {
        for relayed in received {
            guard let view = views[relayed.change] else { continue }
            view.show(&page, times, most: Self.most, isIndented: true)
        }
    }

    /// Lines of one change.
    private static let most = 5
}
