import BuntanProtocol
import Records
import Replica

/// Records of every kind that an organisation keeps beside the rows of a matrix, made up the same for the same number.
///
/// They are valid and say something in every field; they are no example of good records, so the rules find much in them.
struct SampleRecords {
    /// How many there are of a kind, and of the items of a list in each.
    static let (each, items) = (20, 2)
    /// The controls of a statement of applicability: Annex A of ISO/IEC 27001:2022.
    private static let controls = [5: 37, 6: 8, 7: 14, 8: 34].sorted { $0.key < $1.key }.flatMap { theme, count in
        (1...count).map { "\(theme).\($0)" }
    }
    /// Kinds that something else writes: releases, signatures, what is said of rows and by whom.
    static let elsewhere: Set = [
        "responsibility", "responsibility-position", "engagement", "comment", "annotation", "release", "release-withdrawal", "agreement",
        "agreement-signature", "agreement-end", "device", "known-organisation",
    ]

    let organisation: OrganisationID
    let side: Side
    /// The record that is published of the service.
    let service: RecordID
    /// What there is already, by kind: the records of both sides name one another.
    var records: [String: [RecordID]] = [:]
    private var number = 0

    init(of organisation: OrganisationID, _ side: Side, service: RecordID) {
        (self.organisation, self.side, self.service) = (organisation, side, service)
    }

    /// What a provider drafts, and publishes with a release.
    mutating func drafted(in space: SpaceID) -> [RecordDraft] { drafts(in: space) { $0.isDrafted } }
    /// What an organisation keeps to itself.
    mutating func kept(in home: SpaceID) -> [RecordDraft] { drafts(in: home) { $0.spaces.contains(.private) && !$0.isDrafted } }
    /// What both sides of an engagement read.
    mutating func shared(in engagement: SpaceID) -> [RecordDraft] { drafts(in: engagement) { $0.spaces.contains(.engagement) } }

    private mutating func drafts(in space: SpaceID, of isMeant: (Kind) -> Bool) -> [RecordDraft] {
        let kinds = SchemaRegistry.current.kinds.filter {
            !Self.elsewhere.contains($0.name) && ($0.sides.contains(side) || $0.spaces == [.private]) && isMeant($0)
        }
        var drafts: [RecordDraft] = []
        // A list's items name what they are items of.
        for kind in kinds.filter({ $0.list == nil }) + kinds.filter({ $0.list != nil }) {
            let count: Int
            if let list = kind.list { count = Self.items * (records[list.parent]?.count ?? 0) } else { count = Self.count(of: kind) }
            for place in 0..<count { drafts.append(draft(of: kind, place, in: space)) }
        }
        return drafts
    }

    private static func count(of kind: Kind) -> Int {
        if kind.name == "soa-entry" { return 2 * controls.count }
        // One that is named by nothing but who writes it, there is once.
        return kind.key.map { $0.isEmpty || $0 == ["org"] } == true ? 1 : each
    }

    private mutating func draft(of kind: Kind, _ place: Int, in space: SpaceID) -> RecordDraft {
        number += 1
        var words = Words(seed: UInt64(number))
        var cells: [CellKey: Value] = [:]
        // A service that is retired takes no more customers.
        for field in kind.fields where field.sides?.contains(side) ?? true && field.name != "retiredOn" {
            cells.merge(self.cells(of: field, kind, place, &words)) { first, _ in first }
        }
        let draft: RecordDraft
        if let fields = kind.key {
            let key = fields.map { (field: $0, value: cells[CellKey($0)] ?? .text("-")) }
            let others = cells.filter { !fields.contains($0.key.field) }
            draft = RecordDraft(space: space, kind: kind.name, key: key, cells: others)
        } else {
            let seed = Nonce(high: side == .provider ? 1 : 2, low: UInt64(number))
            draft = RecordDraft(record: RecordID.timeOrdered(millis: 1_760_000_000_000, random: seed), kind: kind.name, cells: cells)
        }
        records[kind.name, default: []].append(draft.record)
        return draft
    }

    private func cells(of field: Field, _ kind: Kind, _ place: Int, _ words: inout Words) -> [CellKey: Value] {
        switch field.merge {
        case .languages:
            return [CellKey(field.name, "en"): .text(words.english(6)), CellKey(field.name, "ja"): .text(words.japanese(4))]
        case .set:
            let elements: [Element]
            switch field.type {
            case .enumeration(let codes): elements = (0..<min(2, codes.count)).map { .code(codes[(place + $0) % codes.count]) }
            case .country: elements = [.code("JP"), .code(place % 2 == 0 ? "DE" : "US")]
            case .code: elements = [.code("code-\(place)")]
            case .record: elements = [.id(record(for: field, place).bytes)]
            case .organisation: elements = [.id(organisation.bytes)]
            default: elements = []
            }
            return Dictionary(elements.map { (CellKey(field.name, $0), .bool(true)) }) { first, _ in first }
        case .register, .writeOnce:
            return value(of: field, kind, place, &words).map { [CellKey(field.name): $0] } ?? [:]
        }
    }

    private func value(of field: Field, _ kind: Kind, _ place: Int, _ words: inout Words) -> Value? {
        switch field.type {
        case .string:
            let isControl = kind.name == "soa-entry" && field.name == "controlId"
            return .text(isControl ? Self.controls[place % Self.controls.count] : words.english(3))
        case .text: return .text(words.english(8))
        case .int: return .int(Int64(1 + place))
        case .bool: return .bool(place % 3 != 0)
        case .date: return .text("202\(5 + place % 3)-0\(1 + place % 9)-1\(place % 10)")
        case .dateTime: return .text("2026-0\(1 + place % 9)-10T09:00:00Z")
        case .duration: return .text(place % 2 == 0 ? "P\(1 + place)D" : "PT\(1 + place)H")
        case .decimal: return .text("\(1 + place).5")
        case .enumeration(let codes):
            if field.name == "side" { return .text(side.name) }
            return codes.isEmpty ? nil : .text(codes[place % codes.count])
        case .country: return .text(place % 2 == 0 ? "JP" : "DE")
        case .code: return .text("code-\(place)")
        case .organisation: return .id(organisation)
        case .record: return .id(record(for: field, kind.name == "soa-entry" ? place / Self.controls.count : place / divisor(kind)))
        case .space, .device, .digest, .signature, .document: return nil
        }
    }

    /// The items of a list follow one another beneath each record.
    private func divisor(_ kind: Kind) -> Int { kind.list == nil ? 1 : Self.items }

    private func record(for field: Field, _ place: Int) -> RecordID {
        if let target = field.target, target != "cloud-service", let ids = records[target], !ids.isEmpty { return ids[place % ids.count] }
        return service
    }
}
