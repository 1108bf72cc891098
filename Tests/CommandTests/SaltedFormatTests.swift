import Foundation
import Testing

@testable import ClientCLI

@Suite("No format that is written for others holds what is one's own")
struct SaltedFormatTests {
    /// Every file that an export left, with the words of workbooks.
    static func words(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "" }
        if isFolder.boolValue {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { try words("\(path)/\($0)") }.joined()
        }
        if path.hasSuffix(".xlsx") { return try BookExportTests.words(path) }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // What is wrapped up is looked into.
        let wrapped = text.matches(of: /"value": "([A-Za-z0-9+\/]{24,}={0,2})"/).compactMap { Data(base64Encoded: String($0.1)) }
        return ([text] + wrapped.map { String(decoding: $0, as: UTF8.self) }).joined(separator: "\n")
    }

    @Test("Columns for the house, questions of others, notes, and what was not published, in every format and for either audience")
    func everyFormat() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Works")
        let matrix = try bench.file(
            "matrix.csv",
            "Control ID,Allocation,Provider statement,Customer action,社外秘メモ,Internal comments,Do not share\n"
                + "AC-1,shared,Open words.,Their part.,SECRET-ja,SECRET-internal,SECRET-share\nAC-2,provider,Open too.,,SECRET-ja,,\n")
        await bench.expect("import \(matrix) --yes")
        let answers = try bench.file(
            "answers.csv",
            "Question ID,Question,CSP CAIQ Answer,SSRM Control Ownership,CSP Implementation Description,CSC Responsibilities,Internal notes\n"
                + "A&A-01.1,SECRET-question of CSA,Yes,Shared CSP and CSC,Open answer.,Their answer.,SECRET-caiq\n")
        await bench.expect("import \(answers) --yes")
        await bench.expect("note AC-1 SECRET-note")
        await bench.expect("edit contact-point --shared --set purpose=support --set name/en=Open_desk --set channel=portal")
        await bench.expect("edit evidence --set evidenceType=certificate --set issuer=SECRET-evidence --set coveredControlIds+=12.3.1")
        await bench.expect("publish 1 -m first --yes")
        await bench.expect("edit responsibility AC-1 --set providerStatement/en=SECRET-unpublished")
        await bench.expect("edit contact-point --shared --set purpose=support --set name/en=SECRET-contact --set channel=portal")
        let formats = [
            "json": "json", "csv": "csv", "oscal": "", "xlsx": "xlsx", "cis-crm": "xlsx", "caiq": "xlsx", "whitepaper": "html",
        ]
        #expect(Set(formats.keys).union(["soa"]) == Set(ExportFormat.allCases.map(\.rawValue)))
        for (format, ending) in formats.sorted(by: { $0.key < $1.key }) {
            for audience in ["counterpart", "public"] {
                let path = "\(bench.path)/\(format)-\(audience)" + (ending.isEmpty ? "" : ".\(ending)")
                await bench.expect("export \(format) --audience \(audience) -o \(path)")
                let words = try Self.words(path)
                #expect(words.contains("Open") && !words.contains("SECRET"), "\(format) \(audience)")
            }
            // The check would find one: for oneself the draft is written.
            guard format != "caiq" else { continue }
            let own = "\(bench.path)/\(format)-own" + (ending.isEmpty ? "" : ".\(ending)")
            await bench.expect("export \(format) -o \(own)")
            #expect(try Self.words(own).contains("SECRET-unpublished"), "\(format)")
            if format == "oscal" { #expect(try Self.words(own).contains("\"SECRET-contact\"")) }
        }
        // An organisation's own records go to nobody else.
        for (format, code) in [("soa", "own-record-only"), ("kept", "own-record-only")] {
            let refused = await bench.run("export", format, "x", "--audience", "public", "-o", bench.path + "/no", "--json")
            #expect(try refused.code == code || refused.exit == .usage, "\(format)")
            #expect(!FileManager.default.fileExists(atPath: bench.path + "/no"))
        }
    }
}
