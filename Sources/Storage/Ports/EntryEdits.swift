package import BuntanProtocol

extension Entry {
    /// The edits of the change that an entry's bytes hold, relayed or salvaged; `nil` for sealed changes and other entries.
    package static func edits(inEntry bytes: [UInt8]) throws(DecodingFault) -> [Edit]? {
        let entry = try Entry(decoding: bytes).unwrapped()
        return entry.kind == .change ? try Change(decoding: entry.content).edits : nil
    }
}
