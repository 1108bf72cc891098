import BuntanProtocol
import Merging
import Records
import Testing

@Suite("The code of the European Union, which is no country")
struct UnionTests {
    private static func write(_ kind: String, _ field: String, _ content: FieldAssignment.Content) throws -> [CellKey: Value] {
        let kind = try #require(SchemaRegistry.current.kind(kind))
        return try RecordEditing(kind: kind, side: nil, state: nil).cells(for: [FieldAssignment(field: field, content: content)])
    }

    @Test(
        "It is taken where it says whose laws apply",
        arguments: [
            ("jurisdiction", "country", FieldAssignment.Content.value("eu")), ("jurisdiction-policy", "acceptedCountries", .value("JP,EU")),
            ("jurisdiction-policy", "rejectedCountries", .adding(["EU"])),
            // What stands there from before is taken out like any other.
            ("backup-requirement", "allowedCountries", .removing(["EU"])),
        ])
    func laws(_ kind: String, _ field: String, _ content: FieldAssignment.Content) throws {
        #expect(try !Self.write(kind, field, content).isEmpty)
    }

    @Test(
        "It is refused where a country is meant",
        arguments: [
            ("party", "headOfficeCountry", FieldAssignment.Content.value("EU")), ("party", "operatingCountries", .value("JP,EU")),
            ("backup-requirement", "allowedCountries", .adding(["eu"])), ("contact-point", "country", .value("EU")),
            ("jurisdiction.dataLocations", "country", .value("EU")), ("jurisdiction-policy.transferBasis", "toCountry", .value("EU")),
        ])
    func countries(_ kind: String, _ field: String, _ content: FieldAssignment.Content) throws {
        #expect(throws: RecordEditFault.self) { try Self.write(kind, field, content) }
        // The same with a country is taken.
        let country: FieldAssignment.Content =
            switch content {
            case .adding: .adding(["FR"])
            default: .value("FR")
            }
        #expect(try !Self.write(kind, field, country).isEmpty)
    }

    @Test("What stands from before its field was held to more is said again by a form, and is taken; anything else is not")
    func before() throws {
        let kind = try #require(SchemaRegistry.current.kind("engagement"))
        let cells = [(CellKey.life, Value.bool(true)), (CellKey("governingLaw"), .text("Laws of Japan"))].sorted { $0.0 < $1.0 }
        let state = RecordState(
            kind: "engagement", creator: OrganisationID(high: 1, low: 1),
            cells: cells.map { key, value in
                Cell(key: key, heads: [Head(op: OpID(ChangeID(high: 0, low: 1), 0), position: 1, author: 1, value: value.encoded)])
            })
        let editing = RecordEditing(kind: kind, side: nil, state: state)
        let again = try editing.cells(for: [FieldAssignment(field: "governingLaw", content: .value("Laws of Japan"))])
        #expect(again == [CellKey("governingLaw"): .text("Laws of Japan")])
        #expect(throws: RecordEditFault.self) {
            try editing.cells(for: [FieldAssignment(field: "governingLaw", content: .value("Laws of Nippon"))])
        }
        #expect(try editing.cells(for: [FieldAssignment(field: "governingLaw", content: .value("jp"))]).values.first == .text("JP"))
    }
}
