import Foundation
import Mutations
import Testing

@testable import ClientCLI

@Suite("Forms that were damaged")
struct FormMutationTests {
    private static let form = """
        # A statement of applicability.
        statement:
          approvedBy: CEO
        12.4.1:
          adopted27001: adopted
          reason27001:
            en: "risk: R-4"
            ja: |
              理由
              二行
        CLD.6.3.1:
          adoptedCustomer: [excluded]
          evaluatedOn: 2026-11-01
        """

    @Test("A form is read or refused with a line, whatever is in it; what is read has no more parts than it has lines")
    func damaged() throws {
        let good = Array(Self.form.utf8)
        #expect(try RecordForm.parts(Self.form).map(\.name) == ["statement", "12.4.1", "CLD.6.3.1"])
        var mutations = Mutations(seed: 20_261_130)
        var (read, refused) = (0, 0)
        for _ in 0..<4_000 {
            let text = String(decoding: mutations.damaged(good), as: UTF8.self)
            do throws(RecordForm.Mistake) {
                let parts = try RecordForm.parts(text)
                read += 1
                #expect(parts.count <= text.utf8.count { $0 == 0x0A } + 1, "\(text)")
            } catch {
                refused += 1
                #expect(error.line >= 0, "\(text)")
            }
        }
        #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
    }

    @Test("A form that stands for more than it says is refused before it is read")
    func aliases() {
        var lines = ["a0: &a0 {x: y}"]
        for number in 1...20 { lines.append("a\(number): &a\(number) {x: *a\(number - 1), y: *a\(number - 1)}") }
        #expect(throws: RecordForm.Mistake.self) { try RecordForm.parts(lines.joined(separator: "\n")) }
    }
}
