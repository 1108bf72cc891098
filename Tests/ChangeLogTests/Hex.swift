import BuntanProtocol

/// Bytes written in hexadecimal, as standards print them.
func hex(_ text: String) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(text) else { preconditionFailure("A vector is not hexadecimal: \(text)") }
    return bytes
}

func digest(_ text: String) -> Digest {
    guard let digest = Digest(hex(text)) else { preconditionFailure("A vector is not 32 bytes: \(text)") }
    return digest
}
