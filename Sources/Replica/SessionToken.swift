import BuntanProtocol
import Storage

/// A session's token with its end by the server's clock.
struct SessionToken {
    let token: [UInt8]
    let expires: Int64

    static func stored(_ reader: any StoreReader) throws -> SessionToken? {
        guard let bytes = try reader.value(StoredName.session) else { return nil }
        return try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.array(of: 2)
            return SessionToken(token: Array(try r.byteString()), expires: try r.int())
        }
    }

    func store(_ writer: any StoreWriter) throws {
        try writer.setValue(
            CBORWriter.encode { w in
                w.array(2)
                w.byteString(token)
                w.int(expires)
            }, for: StoredName.session)
    }
}
