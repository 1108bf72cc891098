package import BuntanProtocol

/// The log of each space in scope as a signer had it before it, as the field `views` holds it:
///
/// ```
/// [["<space>",epoch,size,"<root>"],…]
/// ```
///
/// Canonical JSON, in the order of the CBOR forms, which is that of the spaces.
package enum SignedViews {
    package static func text(_ views: [SpaceID: Base]) -> String {
        let rows = views.sorted { $0.key < $1.key }.map { space, base in
            CanonicalJSON.list([.hex(space), .integer(Int64(base.epoch)), .integer(Int64(base.size)), .hex(base.root)])
        }
        return String(decoding: CanonicalJSON.list(rows).encoded(), as: UTF8.self)
    }

    /// Returns the views, or `nil` for a text that is not their one form.
    package static func views(_ text: String) -> [SpaceID: Base]? {
        guard let rows = (try? CanonicalJSON(decoding: Array(text.utf8)))?.list else { return nil }
        var views: [SpaceID: Base] = [:]
        var last: SpaceID?
        for row in rows {
            guard let parts = row.list, parts.count == 4, let space = parts[0].bytes.flatMap({ SpaceID($0) }),
                let epoch = parts[1].integer, epoch >= 0, let size = parts[2].integer, size >= 1,
                let root = parts[3].bytes.flatMap({ Digest($0) })
            else { return nil }
            if let last, !(last < space) { return nil }
            last = space
            views[space] = Base(epoch: Int(epoch), size: Int(size), root: root)
        }
        return views
    }
}
