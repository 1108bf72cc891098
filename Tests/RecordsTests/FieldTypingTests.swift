import BuntanProtocol
import Testing

@testable import Records

/// What people may type into a field, where its type takes more or less than makes sense there.
@Suite("What a field takes beyond its type")
struct FieldTypingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let (kind, field, typed): (String, String, String)
        let expected: Result<Value, FieldFault>

        var testDescription: String { "\(kind).\(field)=\(typed)" }

        init(_ kind: String, _ field: String, _ typed: String, _ value: Value) {
            (self.kind, self.field, self.typed, expected) = (kind, field, typed, .success(value))
        }
        init(_ kind: String, _ field: String, _ typed: String, _ fault: FieldFault) {
            (self.kind, self.field, self.typed, expected) = (kind, field, typed, .failure(fault))
        }
    }

    static let cases: [Case] = [
        Case("engagement", "governingLaw", "jp", .text("JP")), Case("engagement", "governingLaw", " US-CA ", .text("US-CA")),
        Case("engagement", "governingLaw", "ＪＰ－１３", .text("JP-13")), Case("engagement", "governingLaw", "", .null),
        Case("engagement", "governingLaw", "Japan", .notALaw("Japan")), Case("engagement", "governingLaw", "ZZ", .notALaw("ZZ")),
        Case("engagement", "governingLaw", "EU", .notALaw("EU")), Case("engagement", "governingLaw", "ZZ-1", .notALaw("ZZ-1")),
        Case("jurisdiction", "subdivision", "us-ca", .text("US-CA")), Case("jurisdiction", "subdivision", "JP", .notASubdivision("JP")),
        Case("jurisdiction", "subdivision", "JP-1234", .notASubdivision("JP-1234")),
        Case("jurisdiction", "subdivision", "nonsense", .notASubdivision("nonsense")),
        Case("jurisdiction", "country", "EU", .text("EU")), Case("party", "headOfficeCountry", "EU", .unknownCountry("EU")),
        Case("information-request", "requestedKind", "Evidence", .text("evidence")),
        Case("information-request", "requestedKind", "backup-specification", .text("backup-specification")),
        Case("information-request", "requestedKind", "nonsense", .unknownKind("nonsense")),
        Case("information-request", "requestedKind", "jurisdiction.dataLocations", .unknownKind("jurisdiction.dataLocations")),
        Case("backup-specification", "generations", "1", .int(1)),
        Case("backup-specification", "generations", "0", .tooSmall(0, least: 1)),
        Case("risk", "consequence", "0", .int(0)), Case("risk", "level", "-1", .tooSmall(-1, least: 0)),
    ]

    @Test("What makes no sense is refused where it is typed, and the rest is written in one form", arguments: cases)
    func typed(example: Case) throws {
        let field = try #require(SchemaRegistry.current.kind(example.kind)?.field(example.field))
        switch example.expected {
        case .success(let value): #expect(try FieldValue.parse(example.typed, of: field) == value)
        case .failure(let fault): #expect(throws: fault) { try FieldValue.parse(example.typed, of: field) }
        }
    }

    @Test("A set asks of each member what a field asks of its value")
    func members() throws {
        let accepted = try #require(SchemaRegistry.current.kind("jurisdiction-policy")?.field("acceptedCountries"))
        #expect(try FieldValue.element("eu", of: accepted) == .code("EU"))
        let operating = try #require(SchemaRegistry.current.kind("party")?.field("operatingCountries"))
        #expect(throws: FieldFault.unknownCountry("EU")) { try FieldValue.element("eu", of: operating) }
    }
}
