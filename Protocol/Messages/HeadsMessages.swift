/// One space's place in a list of heads.
package struct SpaceHead: Hashable, Sendable {
    package let space: SpaceID
    package let epoch: Int
    package let size: Int

    package init(space: SpaceID, epoch: Int, size: Int) {
        self.space = space
        self.epoch = epoch
        self.size = size
    }

    /// The digest by which one request tells whether anything changed anywhere.
    package static func digest(of heads: some Collection<SpaceHead>) -> Digest {
        Purpose.hash("heads", CBORWriter.encode { w in w.list(heads.sorted { $0.space < $1.space }) { $1.write(to: &$0) } })
    }

    package func write(to w: inout CBORWriter) {
        w.array(3)
        w.id(space)
        w.int(epoch)
        w.int(size)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        space = try r.id()
        epoch = try r.count()
        size = try r.count()
    }
}

/// How much of a log a client holds.
package struct HeldLog: Hashable, Sendable {
    package let space: SpaceID
    package let base: Base

    package init(space: SpaceID, base: Base) {
        self.space = space
        self.base = base
    }
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.id(space)
        base.write(to: &w)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        space = try r.id()
        base = try Base(from: &r)
    }
}

/// A log's page that came with another answer, as a pull from what the client holds would give it, whole.
package struct BroughtPage: Hashable, Sendable {
    package let space: SpaceID
    package let page: LogPage

    package init(space: SpaceID, page: LogPage) {
        self.space = space
        self.page = page
    }
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.id(space)
        page.write(to: &w)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        space = try r.id()
        page = try LogPage(from: &r)
    }
}

/// The answer of `heads` and `wait`: nothing changed, or what the caller may read.
package struct HeadsAnswer: Message, Hashable {
    package let heads: [SpaceHead]?
    /// What has come to logs whose place the request named; a server may leave any of them to a pull.
    package let pages: [BroughtPage]
    package init(heads: [SpaceHead]?, pages: [BroughtPage] = []) {
        self.heads = heads
        self.pages = pages
    }
    package func write(to w: inout CBORWriter) {
        w.map((heads == nil ? 0 : 1) + (pages.isEmpty ? 0 : 1))
        if let heads {
            w.key(1)
            w.list(heads) { $1.write(to: &$0) }
        }
        if !pages.isEmpty {
            w.key(2)
            w.list(pages) { $1.write(to: &$0) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        heads =
            try r.hasKey(1, &m)
            ? try r.list(most: Limits.spacesPerList) { r throws(DecodingFault) in try SpaceHead(from: &r) } : nil
        pages =
            try r.hasKey(2, &m)
            ? try r.list(most: Limits.heldPerRequest) { r throws(DecodingFault) in try BroughtPage(from: &r) } : []
        try r.skipRest(&m)
    }
}

package struct HeadsRequest: Request, Hashable {
    package typealias Answer = HeadsAnswer
    package static let method = Method.heads
    package let digest: Digest
    /// Logs of which the answer may bring what has come since.
    package let held: [HeldLog]
    package init(digest: Digest, held: [HeldLog] = []) {
        self.digest = digest
        self.held = held
    }
    package func write(to w: inout CBORWriter) {
        w.map(held.isEmpty ? 1 : 2)
        w.key(1)
        w.fixed(digest)
        if !held.isEmpty {
            w.key(2)
            w.list(held) { $1.write(to: &$0) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        digest = try r.fixed()
        held =
            try r.hasKey(2, &m)
            ? try r.list(least: 1, most: Limits.heldPerRequest) { r throws(DecodingFault) in try HeldLog(from: &r) } : []
        try r.end(m)
    }
}

/// Like `heads`, answered when something changes or after 25 to 55 seconds.
package struct WaitRequest: Request, Hashable {
    package typealias Answer = HeadsAnswer
    package static let method = Method.wait
    package let digest: Digest
    package init(digest: Digest) { self.digest = digest }
    package func write(to w: inout CBORWriter) { HeadsRequest(digest: digest).write(to: &w) }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        digest = try r.fixed()
        try r.end(m)
    }
}
