import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("What a fact is named and holds")
struct FactFieldsTests {
    @Test("A name of letters is what was said, and a record only where it is written as one")
    func names() {
        let record = RecordID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
        let uuid = "01234567-89ab-cdef-fedc-ba9876543210"
        #expect(FactID(record).text == uuid && FactID(uuid) == FactID(record) && FactID(uuid).record == record)
        for text in [uuid.uppercased(), "0123456789abcdeffedcba9876543210", uuid + "/x", "edition-table jisq27001-2014", "", "ABCD-EFGH"] {
            #expect(FactID(text).text == text && FactID(text).record == nil && FactID(text) != FactID(record))
        }
    }

    @Test("Names stand in the order of their letters, those of records among all others", arguments: 0..<10)
    func order(seed: UInt64) {
        var random = Splitmix(state: seed)
        let texts = (0..<40).map { _ in RecordID(high: .random(in: 0 ... .max, using: &random), low: 7).uuid } + ["0", "z", "8a-", "f"]
        #expect(texts.map { FactID($0) }.sorted().map(\.text) == texts.sorted())
    }

    @Test("Fields are held as a dictionary holds them, in whatever order they came", arguments: 0..<40)
    func asADictionary(seed: UInt64) {
        var random = Splitmix(state: seed)
        var fields: FactFields = [:]
        var model: [FactField: FactValue] = [:]
        let known = Array(FactField.allCases.shuffled(using: &random).prefix(9))
        for step in 0..<60 {
            guard let field = known.randomElement(using: &random) else { continue }
            let value = Bool.random(using: &random) ? FactValue.int(step % 3) : nil
            fields[field] = value
            model[field] = value
            #expect(fields.count == model.count && known.allSatisfy { fields[$0] == model[$0] })
        }
        var other = FactFields(model.shuffled(using: &random))
        #expect(other == fields && Set([other, fields]).count == 1)
        let kept = fields.filter { $0.value == .int(1) }
        #expect(Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) }) == model.filter { $0.value == .int(1) })
        let more: [FactField: FactValue] = [known[0]: .int(7), known[1]: .text("x")]
        var merged = model
        merged.merge(more) { first, _ in first }
        let both = fields.merging([known[0]: .int(7), known[1]: .text("x")]) { first, _ in first }
        #expect(Dictionary(uniqueKeysWithValues: both.map { ($0.key, $0.value) }) == merged)
        other[known[0]] = .text("another")
        #expect(other != fields)
    }
}
