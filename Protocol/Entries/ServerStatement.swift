/// A log key's own word, at its position in the log.
package struct ServerStatement: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        case epoch(ended: Int, lastGoodSize: Int, root: Digest)
        case key(PublicKey)
        case move(serverName: String, logKey: PublicKey)
        /// Values that go by a legal order, with what names the order for people.
        case erase([ErasedOps], reference: String)
    }

    package let space: SpaceID
    package let act: Act

    package init(space: SpaceID, act: Act) {
        self.space = space
        self.act = act
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 128) { w in
            w.map(4)
            w.key(1)
            w.int(1)
            w.key(2)
            w.id(space)
            w.key(3)
            switch act {
            case .epoch(let ended, let size, let root):
                w.int(1)
                w.key(4)
                w.map(3)
                w.key(1)
                w.int(ended)
                w.key(2)
                w.int(size)
                w.key(3)
                w.fixed(root)
            case .key(let key):
                w.int(2)
                w.key(4)
                w.map(1)
                w.key(1)
                w.fixed(key)
            case .move(let name, let key):
                w.int(3)
                w.key(4)
                w.map(2)
                w.key(1)
                w.text(name)
                w.key(2)
                w.fixed(key)
            case .erase(let ops, let reference):
                w.int(4)
                w.key(4)
                w.map(2)
                w.key(1)
                ErasedOps.write(ops, to: &w)
                w.key(2)
                w.text(reference)
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard try r.int() == 1 else { throw r.fault(.unknownFormat) }
        try r.key(2, &m)
        space = try r.id()
        try r.key(3, &m)
        let type = try r.int(0...255)
        try r.key(4, &m)
        var arguments = try r.map()
        try r.key(1, &arguments)
        switch type {
        case 1:
            let ended = try r.count()
            try r.key(2, &arguments)
            let size = try r.count()
            try r.key(3, &arguments)
            act = .epoch(ended: ended, lastGoodSize: size, root: try r.fixed())
        case 2: act = .key(try r.fixed())
        case 3:
            let name = try r.text(most: Limits.serverNameBytes)
            try r.key(2, &arguments)
            act = .move(serverName: name, logKey: try r.fixed())
        case 4:
            let ops = try ErasedOps.list(from: &r)
            try r.key(2, &arguments)
            act = .erase(ops, reference: try r.text(most: Limits.referenceBytes))
        default: throw r.fault(.unknownFormat)
        }
        try r.end(arguments)
        try r.end(m)
        try r.finish()
    }
}
