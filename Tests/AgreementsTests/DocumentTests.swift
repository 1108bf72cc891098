import Agreements
import BuntanProtocol
import Merging
import Records
import TestKit
import Testing

@testable import SampleEvidence

extension CoveredRecord {
    /// The same with its cells in the order that a document has.
    fileprivate var inOrder: CoveredRecord {
        CoveredRecord(space: space, record: record, kind: kind, cells: cells.sorted { $0.key < $1.key })
    }
}

@Suite("The document both sign")
struct AgreementDocumentTests {
    private static let service = SpaceID(high: 1, low: 1)
    private static let engagement = SpaceID(high: 2, low: 2)

    static func record(_ number: UInt64, _ space: SpaceID = service, _ kind: String = "responsibility") -> CoveredRecord {
        let key = [Value.text("f"), .text("AC-\(number)"), .text("main")] + (kind == "responsibility" ? [] : [.text("customer")])
        return CoveredRecord(
            space: space, record: .natural(space: space, kind: kind, key: key), kind: kind,
            cells: [
                CoveredCell(key: CellKey("allocation"), value: Value.text("shared").encoded),
                CoveredCell(key: CellKey("framework"), value: Value.text("f").encoded),
                CoveredCell(key: CellKey("controlId"), value: Value.text("AC-\(number)").encoded),
                CoveredCell(key: CellKey("itemKey"), value: Value.text("main").encoded),
                CoveredCell(key: CellKey("customerAction", "en"), value: Value.text("Keep \"a\"\n copy. 分担 \(number)").encoded),
            ]
                + (kind == "responsibility"
                    ? [
                        CoveredCell(key: CellKey("derived"), value: Value.bool(false).encoded),
                        CoveredCell(key: CellKey("dependencyId"), value: Value.bytes([1, 2, 3]).encoded),
                        CoveredCell(key: CellKey("foundStatuses", "planned"), value: Value.bool(true).encoded),
                    ]
                    : [
                        CoveredCell(key: CellKey("side"), value: Value.text("customer").encoded),
                        CoveredCell(key: CellKey("accepts"), value: Value.bytes([UInt8](repeating: 7, count: 32)).encoded),
                        CoveredCell(key: CellKey("responsible", .id([UInt8](repeating: 1, count: 16))), value: Value.bool(true).encoded),
                    ])
        ).inOrder
    }

    static func document(_ records: [CoveredRecord], except: Set<RecordID> = [], keys: [[String]]? = nil) throws -> AgreementDocument {
        AgreementDocument(
            agreement: RecordID.timeOrdered(millis: 1, random: Nonce(high: 0, low: 1)), engagement: engagement, service: service,
            provider: OrganisationID(high: 1, low: 0), customer: OrganisationID(high: 2, low: 0),
            release: .init(record: RecordID.timeOrdered(millis: 1, random: Nonce(high: 0, low: 2)), digest: SHA.empty), validFrom: nil,
            validTo: CalendarDate(canonical: "2027-11-30"), terms: .init(timeZone: "Asia/Tokyo"),
            scope: ScopePart.matrix(service: service, engagement: engagement, keys: keys), except: except,
            records: try records.map { try TwoLogs.settled($0) })
    }

    @Test("A document reads back to the same bytes, records in order of space and id however they came")
    func roundTrip() throws {
        let records = [Self.record(3), Self.record(1), Self.record(2, Self.engagement, "responsibility-position")]
        let document = try Self.document(records, except: [RecordID(high: 9, low: 9)], keys: [["f", "AC-"]])
        let bytes = document.encoded()
        let read = try AgreementDocument(decoding: bytes)
        #expect(read.encoded() == bytes)
        #expect(
            read.records == document.records && read.records.map(\.record) == records[..<2].map(\.record).sorted() + [records[2].record])
        #expect(try Self.document(records.reversed(), except: [RecordID(high: 9, low: 9)], keys: [["f", "AC-"]]).encoded() == bytes)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("{\"agreement\":\""))
        #expect(String(decoding: bytes, as: UTF8.self).contains(#"["dependencyId",null,{"b":"010203"}]"#))
    }

    @Test("A row whose key does not begin as the scope says is no part of it, whatever its kind")
    func outsideKeys() throws {
        let records = [Self.record(1), Self.record(2, Self.engagement, "responsibility-position")]
        for keys in [[["f", "AC-1"]], [["f", "AC-2"]], [["g"]]] {
            let outside = keys == [["f", "AC-1"]] ? records[1].record : records[0].record
            let bytes = try Self.document(records, keys: keys).encoded()
            #expect(throws: DocumentFault.outOfScope(outside)) { try AgreementDocument(decoding: bytes) }
        }
        // The side of a position is no part of a row's key.
        let withSide = try Self.document(records, keys: [["f", "AC-1"], ["f", "AC-2", "main", "customer"]]).encoded()
        #expect(throws: DocumentFault.outOfScope(records[1].record)) { try AgreementDocument(decoding: withSide) }
        let bytes = try Self.document(records, keys: [["f", "AC-1"], ["f", "AC-2", "main"]]).encoded()
        #expect(try AgreementDocument(decoding: bytes).records.count == 2)
    }

    @Test(
        "A document of another form is refused, and says where",
        arguments: [
            ("\"format\":\"buntan-agreement-1\"", "\"format\":\"buntan-agreement-2\"", DocumentFault.wrongForm("format")),
            ("\"validTo\":\"2027-11-30\"", "\"validTo\":\"2027-11-31\"", .wrongForm("validTo")),
            ("\"validFrom\":null", "\"validFrom\":\"2028-01-01\"", .wrongForm("validTo")),
            ("\"derived\",null,false", "\"@life\",null,true", .wrongForm("cells")),
            ("\"derived\",null", "\"derivedderivedderived\",null", .unsorted("cells")),
            ("\"derived\",null,false", "\"derived\",null,null", .wrongForm("cells")),
            ("\"planned\",true", "\"planned\",false", .wrongForm("cells")),
            ("{\"b\":\"010203\"}", "{\"b\":\"01020\"}", .wrongForm("cells")),
            ("{\"b\":\"010203\"}", "{\"b\":\"010203\",\"c\":1}", .wrongForm("cells")),
            ("\"kind\":\"responsibility\",", "\"kind\":\"respons ibility\",", .wrongForm("scope")),
            ("\"timeZone\":\"Asia/Tokyo\"", "\"timeZone\":\"\"", .wrongForm("terms")),
            ("\"agreement\":\"", "\"agreement\":\"0", .wrongForm("agreement")),
            ("\"agreement\":\"00000000000170", "\"agreement\":\"00000000000140", .wrongForm("agreement")),
            ("\"scope\":[", "\"scope\":[{\"kind\":\"a\",\"space\":\"00000000000000000000000000000000\"},", .wrongForm("scope")),
            ("Keep", String(repeating: "x", count: Limits.valueBytes), .wrongForm("cells")),
        ])
    func refused(old: String, new: String, fault: DocumentFault) throws {
        let text = String(decoding: try Self.document([Self.record(1)]).encoded(), as: UTF8.self)
        let changed = text.replacing(old, with: new)
        #expect(changed != text)
        #expect(throws: fault) { try AgreementDocument(decoding: Array(changed.utf8)) }
    }

    @Test("Values that do not give the digest printed, records out of order, twice, or outside of the scope are refused")
    func checked() throws {
        let one = Self.record(1)
        let text = String(decoding: try Self.document([one]).encoded(), as: UTF8.self)
        let other = Array(text.replacing("shared", with: "vendor").utf8)
        let fault = #expect(throws: DocumentFault.self) { try AgreementDocument(decoding: other) }
        guard case .digestDiffers(one.record, one.digest, _)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        let records = try #require(text.firstRange(of: "\"records\":[")).upperBound
        let end = try #require(text.firstRange(of: "],\"release\"")).lowerBound
        let item = text[records..<end]
        #expect(throws: DocumentFault.unsorted("records")) {
            try AgreementDocument(decoding: Array((text[..<records] + item + "," + item + text[end...]).utf8))
        }
        #expect(throws: DocumentFault.outOfScope(one.record)) {
            try AgreementDocument(decoding: Array(text.replacing("\"except\":[]", with: "\"except\":[\"\(one.record.hex)\"]").utf8))
        }
    }

    @Test("A record whose id is not that of its key is refused, whatever its digest")
    func otherKey() throws {
        let one = Self.record(1)
        let moved = CoveredRecord(space: one.space, record: Self.record(2).record, kind: one.kind, cells: one.cells)
        #expect(throws: DocumentFault.otherKey(moved.record)) { try AgreementDocument(decoding: Self.document([moved]).encoded()) }
        #expect(try AgreementDocument(decoding: Self.document([one]).encoded()).records.map(\.record) == [one.record])
    }

    @Test("A document past the limit is refused before it is read")
    func limit() {
        let bytes = [UInt8](repeating: 0x20, count: Limits.documentBytes + 1)
        #expect(throws: DocumentFault.tooLarge(bytes: bytes.count)) { try AgreementDocument(decoding: bytes) }
    }

    @Test("Any single bit of any covered record's values, fields, kind or ids: another digest, and a difference")
    func everyBit() throws {
        let records = [Self.record(1), Self.record(2, Self.engagement, "responsibility-position")]
        let document = try Self.document(records)
        let now = records.compactMap { CurrentRecord(TwoLogs.state($0), record: $0.record, space: $0.space) }
        #expect(document.differences(from: now).isEmpty)
        var flips = 0
        for (index, record) in records.enumerated() {
            for changed in Self.flipped(record) {
                flips += 1
                #expect(changed.digest != record.digest)
                var current = now
                let state = TwoLogs.state(changed)
                current[index] = try #require(CurrentRecord(state, record: changed.record, space: changed.space))
                #expect(!document.differences(from: current).isEmpty)
            }
        }
        #expect(flips > 1_500, "\(flips)")
    }

    /// The record with one bit of one part changed, wherever that is a record still.
    private static func flipped(_ record: CoveredRecord) -> [CoveredRecord] {
        var found: [CoveredRecord] = []
        func bits(_ bytes: [UInt8], _ body: ([UInt8]) -> CoveredRecord?) {
            for at in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[at] ^= 1 << UInt8(bit)
                    if let record = body(changed) { found.append(record) }
                }
            }
        }
        func name(_ bytes: [UInt8]) -> String? {
            bytes.allSatisfy { (0x21...0x7e).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
        }
        for (index, cell) in record.cells.enumerated() {
            func with(_ new: CoveredCell) -> CoveredRecord? {
                var cells = record.cells
                cells[index] = new
                guard Set(cells.map(\.key)).count == cells.count, new.key != .life else { return nil }
                return CoveredRecord(
                    space: record.space, record: record.record, kind: record.kind, cells: cells.sorted { $0.key < $1.key })
            }
            bits(Array(cell.value.bytes)) { bytes in
                var reader = CBORReader(bytes)
                guard let value = try? EncodedValue(from: &reader), (try? reader.finish()) != nil, !value.isNull,
                    !(value.isFalse && cell.key.element != nil)
                else { return nil }
                return with(CoveredCell(key: cell.key, value: value))
            }
            bits(Array(cell.key.field.utf8)) { bytes in
                name(bytes).flatMap { with(CoveredCell(key: CellKey($0, cell.key.element), value: cell.value)) }
            }
            if case .code(let code)? = cell.key.element {
                bits(Array(code.utf8)) { bytes in
                    name(bytes).flatMap { with(CoveredCell(key: CellKey(cell.key.field, .code($0)), value: cell.value)) }
                }
            }
        }
        bits(Array(record.kind.utf8)) { bytes in
            name(bytes).map { CoveredRecord(space: record.space, record: record.record, kind: $0, cells: record.cells) }
        }
        bits(record.record.bytes) { bytes in
            RecordID(bytes).map { CoveredRecord(space: record.space, record: $0, kind: record.kind, cells: record.cells) }
        }
        bits(record.space.bytes) { bytes in
            SpaceID(bytes).map { CoveredRecord(space: $0, record: record.record, kind: record.kind, cells: record.cells) }
        }
        return found
    }

    @Test("The document's digest changes with any bit of its bytes, so that a signature is over each of them")
    func everyBitOfTheDocument() throws {
        let bytes = try Self.document([Self.record(1)]).encoded()
        let digest = SHA.digest(bytes)
        for at in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[at] ^= 1
            #expect(SHA.digest(changed) != digest)
        }
    }

    @Test(
        "A scope covers its own kind and its child kinds, and only keys that begin so",
        arguments: [
            (["f", "AC-"], ["f", "AC-2", "main"], true), (["f", "AC-"], ["f", "AU-4", "main"], false),
            (["f", "AC-"], ["g", "AC-2", "main"], false),
            (["f", "AC-2", "main"], ["f", "AC-2", "main~2"], true), (["f"], ["f2", "x", "main"], true),
            (["f", ""], ["f2", "x", "main"], false),
        ])
    func scopes(beginning: [String], key: [String], isIn: Bool) {
        let part = ScopePart(space: Self.service, kind: "responsibility", keys: [beginning])
        #expect(part.includes(key: key) == isIn)
        #expect(part.includes(kind: "responsibility.evidence") && !part.includes(kind: "responsibility-position"))
        #expect(
            ScopePart(space: Self.service, kind: "responsibility").covers(part)
                && !part.covers(ScopePart(space: Self.service, kind: "responsibility")))
    }
}
