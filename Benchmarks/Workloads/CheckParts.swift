import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Rules
import Storage
import StorageSQLite

/// What processor time the parts of a check take in one process: gathering facts, asking the rules, and asking again after one changed field.
struct CheckParts {
    private var gathered = 0.0
    private var gatheredAgain = 0.0
    private var compared = 0.0
    private var judged = 0.0
    private var kept = 0.0
    private var updated = 0.0
    private var asked = 0
    private var askedAgain = 0

    /// - Parameter change: Changes one field.
    init(of engagement: KnownEngagement, in folder: String, _ keys: DeviceKeys?, change: (Workspace) throws -> Void) throws {
        let store = try Peer.store(in: folder)
        let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys)
        guard let day = CalendarDate(year: 2026, month: 11, day: 1) else { throw StageFault.noEngagement }
        let catalogue = try Catalogue.iso27017()
        func gather() throws -> RecordFacts {
            try store.read { reader in
                let directory = try StoreDirectory(reader)
                let scope = RecordScope(
                    home: try directory.home(reader), service: directory.services.first { $0.service == engagement.service },
                    engagement: engagement)
                return try workspace.checkedFacts(of: scope, today: day, catalogue: catalogue, reader)
            }
        }
        func timed<T>(_ seconds: inout Double, _ body: () throws -> T) rethrows -> T {
            let start = ProcessorTime(nil).client
            let result = try body()
            seconds = ProcessorTime(nil).client - start
            return result
        }
        var facts = try timed(&gathered) { try gather() }
        let once = timed(&judged) { RuleRun(RuleBook.rules, over: facts, today: day, catalogue: catalogue) }
        asked = once.evaluated
        var run = timed(&kept) { RuleRun(RuleBook.rules, over: facts, today: day, catalogue: catalogue, keepsReads: true) }
        try change(workspace)
        let later = try timed(&gatheredAgain) { try gather() }
        let changes = timed(&compared) { facts.replaceAll(with: FactKind.allCases.flatMap { later.all($0) }) }
        timed(&updated) { run.update(to: facts, changes: changes, today: day) }
        askedAgain = run.evaluated
        try store.close()
    }

    var details: [(name: String, value: Double)] {
        [
            ("gatherCPUMs", gathered * 1_000), ("judgeCPUMs", judged * 1_000), ("judgeKeptCPUMs", kept * 1_000), ("asked", Double(asked)),
            ("gatherAgainCPUMs", gatheredAgain * 1_000), ("compareCPUMs", compared * 1_000), ("updateCPUMs", updated * 1_000),
            ("askedAgain", Double(askedAgain)),
        ]
    }
}
