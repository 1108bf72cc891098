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
}
