import SampleWorkbooks
import Testing
import Workbooks

@testable import Interchange

@Suite("Texts that speak of several services, each behind its name")
struct ServiceSectionsTests {
    private static let text = "Scan your code.\n\n<Object Storage>: Scan what you put there.\nDaily.\n<Mail>: Nothing."

    private func read(_ service: String?) throws -> MatrixImport {
        let header = ["Control ID", "Can Be Inherited from CSP", "Specific Inheritance and Customer Agency/CSP Responsibilities"]
        let sheet = SampleSheet(
            "CRM", from: 1, table: [header, ["AC-1(a)", "Partial", Self.text], ["AC-2(5)", "No", "You <all>: do it."]])
        var options = ImportOptions()
        options.service = service
        return try readMatrix(SampleWorkbook(sheet).xlsx(), name: "crm.xlsx", options: options)
    }

    @Test("What is said of one service and of all is read, what is said of others is a note, and without a choice the text stands as it is")
    func chosen() throws {
        let whole = try read(nil)
        #expect(whole.rows[0]["foundText"] == .text(Self.text) && whole.rows[0].privateNotes.isEmpty)
        let storage = try read("object storage")
        #expect(storage.rows[0]["foundText"] == .text("Scan your code.\n\nScan what you put there.\nDaily."))
        #expect(storage.rows[0].privateNotes == [PrivateNote(header: "Mail", text: "Nothing.")])
        #expect(storage.rows[1] == whole.rows[1])
        #expect(try read("mail").rows[0]["foundText"] == .text("Scan your code.\n\nNothing."))
        #expect(throws: ImportFault.self) { try read("Compute") }
    }

    @Test("Names stand in angle brackets at the beginning of a line; what is said of nobody asked for is no text")
    func sections() {
        let sections = ServiceSections("<A>：一つ目\n  <B> : second\nNote: third")
        #expect(sections.names == ["A", "B"])
        #expect(sections.text(for: "a") == "一つ目" && sections.text(for: "b") == "second\nNote: third")
        #expect(sections.text(for: "c") == nil && sections.others(than: "b").map(\.text) == ["一つ目"])
        #expect(ServiceSections("Of <A>: all").names.isEmpty)
    }
}
