package import BuntanProtocol
import Merging
import Records

/// Why bytes are no agreement's document.
package enum DocumentFault: Error, Hashable, Sendable {
    case tooLarge(bytes: Int)
    case notCanonical(offset: Int)
    /// A member that is missing, too many, or not of its form.
    case wrongForm(String)
    case unsorted(String)
    /// The values printed give another digest than the one printed beside them.
    case digestDiffers(RecordID, printed: Digest, computed: Digest)
    /// A record that is no part of the scope, or stands among the exceptions.
    case outOfScope(RecordID)
    /// A record of a kind with a natural key whose id is not that of the key values printed.
    case otherKey(RecordID)
}

extension AgreementDocument {
    /// Reads a document and checks whatever can be checked without a log: its form, its order, each digest and each natural
    /// key's id against the values printed, and that every record belongs to the scope.
    package init(decoding bytes: [UInt8]) throws(DocumentFault) {
        guard bytes.count <= Limits.documentBytes else { throw .tooLarge(bytes: bytes.count) }
        let json: CanonicalJSON
        do { json = try CanonicalJSON(decoding: bytes) } catch { throw .notCanonical(offset: error.offset) }
        guard
            let members = json.members(
                "format", "agreement", "engagement", "service", "provider", "customer", "release", "validFrom", "validTo", "terms",
                "scope", "except", "records")
        else { throw .wrongForm("document") }
        guard members[0].text == Self.format else { throw .wrongForm("format") }
        let scope = try Self.list(members[10], "scope") { element throws(DocumentFault) in try Self.scopePart(element) }
        let except: [RecordID] = try Self.list(members[11], "except") { element throws(DocumentFault) in try Self.id(element, "except") }
        let records = try Self.list(members[12], "records") { element throws(DocumentFault) in try Self.record(element) }
        self.init(
            head: AgreementHead(
                agreement: try Self.id(members[1], "agreement"), engagement: try Self.id(members[2], "engagement"),
                service: try Self.id(members[3], "service"), provider: try Self.id(members[4], "provider"),
                customer: try Self.id(members[5], "customer"), release: try Self.release(members[6]),
                validFrom: try Self.day(members[7], "validFrom"), validTo: try Self.day(members[8], "validTo"),
                terms: try Self.terms(members[9]), scope: scope, except: except),
            covered: records)
        try checkOrder()
    }

    private func checkOrder() throws(DocumentFault) {
        let (scope, except) = (head.scope, head.except)
        guard head.agreement.uuidVersion == 7 else { throw .wrongForm("agreement") }
        guard !scope.isEmpty, scope.allSatisfy({ $0.space == head.engagement || $0.space == head.service }) else {
            throw .wrongForm("scope")
        }
        if let first = head.validFrom, let last = head.validTo, last < first { throw .wrongForm("validTo") }
        for i in scope.indices.dropFirst() where !(scope[i - 1] < scope[i]) { throw .unsorted("scope") }
        for i in except.indices.dropFirst() where !(except[i - 1] < except[i]) { throw .unsorted("except") }
        let excepted = Set(except)
        for (i, record) in records.enumerated() {
            if i > 0, !((records[i - 1].space, records[i - 1].record) < (record.space, record.record)) { throw .unsorted("records") }
            let isMeant = scope.contains { part in
                part.space == record.space && part.includes(kind: record.kind)
                    && (record.kind != part.kind || part.includes(key: record.rowKey ?? []))
            }
            guard isMeant, !excepted.contains(record.record) else { throw .outOfScope(record.record) }
        }
    }

    // MARK: parts

    private static func list<T>(
        _ json: CanonicalJSON, _ name: String, _ body: (CanonicalJSON) throws(DocumentFault) -> T
    ) throws(DocumentFault) -> [T] {
        guard let elements = json.list else { throw .wrongForm(name) }
        var result: [T] = []
        result.reserveCapacity(elements.count)
        for element in elements { result.append(try body(element)) }
        return result
    }

    private static func id<S>(_ json: CanonicalJSON, _ name: String) throws(DocumentFault) -> Identifier<S> {
        guard let id = json.bytes.flatMap({ Identifier<S>($0) }) else { throw .wrongForm(name) }
        return id
    }

    private static func digest(_ json: CanonicalJSON, _ name: String) throws(DocumentFault) -> Digest {
        guard let digest = json.bytes.flatMap({ Digest($0) }) else { throw .wrongForm(name) }
        return digest
    }

    private static func day(_ json: CanonicalJSON, _ name: String) throws(DocumentFault) -> CalendarDate? {
        if json.isNull { return nil }
        guard let day = json.text.flatMap({ CalendarDate(canonical: $0) }) else { throw .wrongForm(name) }
        return day
    }

    private static func release(_ json: CanonicalJSON) throws(DocumentFault) -> NamedRelease {
        guard let members = json.members("record", "digest") else { throw .wrongForm("release") }
        return NamedRelease(record: try id(members[0], "release"), digest: try digest(members[1], "release"))
    }

    private static func terms(_ json: CanonicalJSON) throws(DocumentFault) -> Terms {
        guard let members = json.members("timeZone", "reviewInterval"), let zone = members[0].text, let interval = members[1].text,
            !zone.isEmpty
        else { throw .wrongForm("terms") }
        return Terms(timeZone: zone, reviewInterval: interval)
    }

    private static func scopePart(_ json: CanonicalJSON) throws(DocumentFault) -> ScopePart {
        if let members = json.members("space", "kind") {
            return ScopePart(space: try id(members[0], "scope"), kind: try name(members[1], "scope"))
        }
        guard let members = json.members("space", "kind", "keys") else { throw .wrongForm("scope") }
        let keys = try list(members[2], "scope") { key throws(DocumentFault) -> [String] in
            let texts = try list(key, "scope") { text throws(DocumentFault) -> String in
                guard let text = text.text else { throw .wrongForm("scope") }
                return text
            }
            guard !texts.isEmpty else { throw .wrongForm("scope") }
            return texts
        }
        guard !keys.isEmpty else { throw .wrongForm("scope") }
        return ScopePart(space: try id(members[0], "scope"), kind: try name(members[1], "scope"), keys: keys)
    }

    private static func record(_ json: CanonicalJSON) throws(DocumentFault) -> CoveredRecord {
        guard let members = json.members("space", "record", "kind", "digest", "cells") else { throw .wrongForm("records") }
        let cells = try list(members[4], "cells") { cell throws(DocumentFault) in try self.cell(cell) }
        guard cells.count <= Limits.cellsPerRecord else { throw .wrongForm("cells") }
        for i in cells.indices.dropFirst() where !(cells[i - 1].key < cells[i].key) { throw .unsorted("cells") }
        let record = CoveredRecord(
            space: try id(members[0], "records"), record: try id(members[1], "records"), kind: try name(members[2], "kind"), cells: cells)
        let printed = try digest(members[3], "digest")
        let computed = record.digest
        guard printed == computed else { throw .digestDiffers(record.record, printed: printed, computed: computed) }
        if let fields = SchemaRegistry.current.kind(record.kind)?.key {
            let values = Dictionary(record.cells.map { ($0.key, $0.value.value) }) { first, _ in first }
            let key = fields.map { values[CellKey($0)] ?? .null }
            guard record.record == .natural(space: record.space, kind: record.kind, key: key) else { throw .otherKey(record.record) }
        }
        return record
    }

    /// What covers nothing may not be printed: existence, *empty* values, elements that are no members.
    private static func cell(_ json: CanonicalJSON) throws(DocumentFault) -> CoveredCell {
        guard let parts = json.list, parts.count == 3 else { throw .wrongForm("cells") }
        let field = try name(parts[0], "cells")
        let element: Element?
        if parts[1].isNull {
            element = nil
        } else if let bytes = parts[1].members("b")?[0].bytes {
            guard bytes.count == 16 else { throw .wrongForm("cells") }
            element = .id(bytes)
        } else {
            element = .code(try name(parts[1], "cells"))
        }
        let key = CellKey(field, element)
        let value: Value
        switch parts[2] {
        case .bool(let bool): value = .bool(bool)
        case .integer(let int): value = .int(int)
        case .text(let text):
            let most = key == CellKey("document") ? Limits.documentBytes : Limits.valueBytes
            guard text.utf8.count <= most else { throw .wrongForm("cells") }
            value = .text(text)
        case .object:
            guard let bytes = parts[2].members("b")?[0].bytes, bytes.count <= Limits.valueByteString else { throw .wrongForm("cells") }
            value = .bytes(bytes)
        case .null, .list: throw .wrongForm("cells")
        }
        guard key != .life, element == nil || value != .bool(false) else { throw .wrongForm("cells") }
        return CoveredCell(key: key, value: value.encoded)
    }

    /// The name of a kind, field or element: 1 to 64 bytes of printable ASCII.
    private static func name(_ json: CanonicalJSON, _ place: String) throws(DocumentFault) -> String {
        guard let text = json.text, (1...Limits.nameBytes).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw .wrongForm(place) }
        return text
    }
}
