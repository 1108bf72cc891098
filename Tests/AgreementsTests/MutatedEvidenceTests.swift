import Agreements
import BuntanProtocol
import ChangeLog
import Mutations
import Testing

@testable import SampleEvidence

@Suite("Evidence with mistakes drawn at random")
struct MutatedEvidenceTests {
    @Test("An archive with mistakes is refused, or is the archive it was")
    func archives() throws {
        let evidence = try TwoLogs().evidence()
        let bytes = try evidence.archived()
        var refused = 0
        for seed in 0..<1_000 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let damaged = mutations.damaged(bytes)
            let found: Evidence
            do throws(EvidenceFault) { found = try Evidence(archive: damaged) } catch {
                refused += 1
                continue
            }
            // There is one form of an archive: what is read is written alike.
            #expect(try found.archived() == damaged, "seed \(seed)")
        }
        #expect(refused > 960)
    }

    @Test("Files with mistakes, whole in their archive, never verify")
    func files() throws {
        let logs = try TwoLogs()
        let evidence = try logs.evidence()
        let files = try StoredArchive.files(try evidence.archived())
        var read = 0
        for seed in 0..<150 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            var changed = files
            let name = files.keys.sorted()[mutations.below(files.count)]
            changed[name] = mutations.damaged(files[name] ?? [])
            guard changed != files, let found = try? Evidence(archive: try StoredArchive.encoded(changed)), found != evidence else {
                continue
            }
            read += 1
            let report = try TwoLogs.report(found, trusted: [logs.provider.organisation, logs.customer.organisation])
            #expect(!report.isGood || !report.isTrusted, "seed \(seed), \(name)")
        }
        #expect(read > 3)
    }
}
