import Foundation
import Testing

@testable import ClientCLI

@Suite("What a newcomer gets wrong first")
struct FirstMistakesTests {
    private func founded() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        return bench
    }

    @Test("A first release without a row is refused, and nothing leaves")
    func emptyRelease() async throws {
        let bench = try await founded()
        let (outbox, releases) = (await bench.expect("outbox --plain").output, await bench.expect("releases --plain").output)
        let outcome = await bench.expect("publish 1 -m first --json", exit: .refused)
        #expect(try outcome.code == "draft-empty", "\(outcome.errors)")
        #expect(await bench.expect("outbox --plain").output == outbox)
        #expect(await bench.expect("releases --plain").output == releases)
    }

    @Test("Each column that stays private is named, and further mistakes are not offered as what was meant")
    func columnsAndCells() async throws {
        let bench = try await founded()
        let odd = try bench.file("odd.csv", "Framework,Control ID,Allocation,Colour,Shape\nf,A-1,shared,red,round\n")
        let read = await bench.expect("import -n \(odd)")
        #expect(read.errors.contains("Colour") && read.errors.contains("Shape"), "\(read.output) \(read.errors)")
        let bad = try bench.file("bad.csv", "Framework,Control ID,Allocation\nf,A-1,banana\nf,A-2,pear\n")
        let refused = await bench.expect("import \(bad)", exit: .inputFile)
        #expect(refused.errors.contains("Also here:\n  bad.csv C3"), "\(refused.errors)")
        #expect(!refused.errors.contains("Did you mean"), "\(refused.errors)")
    }
}
