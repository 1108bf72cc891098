import Agreements
import BuntanProtocol
import Testing

@Suite("Archives that were made to do harm")
struct StoredArchiveTests {
    @Test("A name that is no text is refused, however long it would be written again")
    func name() throws {
        let long = String(repeating: "n", count: 30_000)
        var bytes = try StoredArchive.encoded([long: [1]])
        #expect(try StoredArchive.files(bytes).count == 1)
        for at in bytes.indices where bytes[at] == UInt8(ascii: "n") { bytes[at] = 0xff }
        #expect(throws: ArchiveFault.repacked) { try StoredArchive.files(bytes) }
    }

    @Test("What no reader would take is not written: one file or one byte more than the limit")
    func limits() throws {
        var files = Dictionary(uniqueKeysWithValues: (0..<Limits.evidenceFiles).map { (String($0), [UInt8]()) })
        #expect(try StoredArchive.files(try StoredArchive.encoded(files)).count == Limits.evidenceFiles)
        files["more"] = []
        #expect(throws: ArchiveFault.tooLarge) { try StoredArchive.encoded(files) }
        // An archive of one file takes 98 bytes beside its name, twice, and what it holds.
        let most = Limits.evidenceBytes - 100
        #expect(throws: ArchiveFault.tooLarge) { try StoredArchive.encoded(["n": [UInt8](repeating: 0, count: most + 1)]) }
        #expect(try StoredArchive.encoded(["n": [UInt8](repeating: 0, count: 1000)]).count == 1100)
    }

    @Test("Files that lie in one place are refused before they are read: together they would fill any memory")
    func shared() throws {
        let bytes = try StoredArchive.encoded(["0000": Array(repeating: 7, count: 4 << 20)])
        #expect(try StoredArchive.files(bytes).count == 1)
        let (end, entry) = (bytes.count - 22, bytes.count - 22 - 50)
        var many = Array(bytes[..<entry])
        let count = 9_000
        for number in 0..<count {
            many += bytes[entry..<(end - 4)]
            many += Array(String(1_000 + number).utf8)
        }
        var last = Array(bytes[end...])
        for (at, value) in [(8, count), (10, count)] { (last[at], last[at + 1]) = (UInt8(value & 0xff), UInt8(value >> 8)) }
        let length = 50 * count
        for byte in 0..<4 { last[12 + byte] = UInt8(length >> (8 * byte) & 0xff) }
        #expect(throws: ArchiveFault.repacked) { try StoredArchive.files(many + last) }
    }
}
