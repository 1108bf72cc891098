package import BuntanProtocol

/// Changes on their way from one device of an organisation to another by file: as they were signed, and nothing else.
///
/// `{1: 1, 2: organisation, 3: [[change, signature, payload], …]}` in the order in which they were made. What is sealed
/// stays sealed.
package struct OutboxPackage: Hashable, Sendable {
    package let organisation: OrganisationID
    package let changes: [SignedChange]

    /// The largest file that is read.
    package static let mostBytes = 64 * 1024 * 1024
    private static let format = 1

    /// Whether bytes begin as a package does: what goes on otherwise is one that was damaged.
    package static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xa3, 0x01, UInt8(format), 0x02]) }

    package init(organisation: OrganisationID, changes: [SignedChange]) {
        self.organisation = organisation
        self.changes = changes
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.map(3)
            w.key(1)
            w.int(Self.format)
            w.key(2)
            w.id(organisation)
            w.key(3)
            w.list(changes) { $1.write(to: &$0) }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            var m = try r.map()
            try r.key(1, &m)
            _ = try r.int(1...1)
            try r.key(2, &m)
            let organisation: OrganisationID = try r.id()
            try r.key(3, &m)
            let changes = try r.list(most: Self.mostBytes / 128) { r throws(DecodingFault) in try SignedChange(from: &r) }
            try r.end(m)
            return OutboxPackage(organisation: organisation, changes: changes)
        }
    }
}
