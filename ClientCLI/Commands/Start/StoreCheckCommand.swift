import ArgumentParser
import BuntanProtocol
import Replica
import Storage
import StorageSQLite
import Wording

/// Verifies every row against what the logs prove, writes anew what they give otherwise, and has a log that does not hold
/// fetched again from the server that keeps it.
struct StoreCheckCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "check", abstract: CommandPhrases.storeCheck.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: .spoken(.dryRun)) var dryRun = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        do { return try check(invocation) } catch StorageFault.damaged(let detail) {
            // The command that others point to must not point to itself.
            throw CommandFailure(
                .storeUnreadable, ["path": .text(invocation.storePath), "detail": .text(detail)], next: "buntan store restore FILE")
        }
    }

    private func check(_ invocation: Invocation) throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let before = try open.file.check()
        let proofs = try open.reading.proveRecords(repairing: !dryRun)
        // What a repair has left is what counts.
        let after = dryRun ? before : try open.file.check()
        let left = dryRun ? proofs : try open.reading.proveRecords(repairing: false)
        let (spaces, entries) = try open.file.counts()
        let findings = Set(after.map { Finding($0) } + left.flatMap { Finding.all($0) })
        let repaired = Set(before.map { Finding($0) } + proofs.flatMap { Finding.all($0) }).subtracting(findings)
        let damaged = Set(findings.compactMap(\.space)).sorted()
        let refetched = dryRun ? [] : try damaged.filter { try open.reading.refetch($0) }
        let isLost = !dryRun && (findings.contains { $0.space == nil } || refetched.count < damaged.count)
        let names = Self.names(open)
        func items(_ findings: Set<Finding>, isRepaired: Bool) -> [JSONValue] {
            findings.sorted().map { ["what": .text($0.what), "place": .text($0.place), "isRepaired": .bool(isRepaired)] }
        }
        try invocation.print(
            .list(
                "store-check/1", nil, fields: ["what", "place", "isRepaired"],
                items(findings, isRepaired: false) + items(repaired, isRepaired: true)
            ) { page in
                for finding in findings.sorted() { page.say(StartPhrases.storeDamagedAt, ["place": .text(finding.place)], .bad) }
                if !repaired.isEmpty { page.say(StartPhrases.storeRepaired, ["n": .number(repaired.count)]) }
                if findings.isEmpty { page.say(StartPhrases.storeChecked, ["entries": .number(entries), "spaces": .number(spaces)]) }
                for space in refetched { page.say(StartPhrases.storeRefetch, ["space": .text(names[space] ?? space.hex)]) }
                if isLost { page.say(StartPhrases.storeLost, ["path": .text(open.layout.database)], .warning) }
                if !refetched.isEmpty { page.next("buntan sync") }
                if dryRun, !findings.isEmpty { page.next("buntan store check") }
            })
        return findings.isEmpty ? .done : .unverified
    }

    /// What people call the spaces, as far as a damaged store still tells.
    private static func names(_ open: OpenStore) -> [SpaceID: String] {
        do { return try open.store.read { try StoreDirectory($0).spaceNames } } catch { return [:] }
    }

    /// One thing that is not as it should be.
    private struct Finding: Hashable, Comparable {
        let what: String
        let place: String
        /// The space whose log would mend it; `nil` where the engine's own pages are damaged.
        let space: SpaceID?

        init(_ finding: StoreFinding) { (what, place, space) = (finding.name, finding.place, finding.space) }

        static func all(_ proof: RecordProof) -> [Finding] {
            switch proof {
            case .records(let space, let records): records.map { Finding(.record(space, $0)) }
            case .lead(let space): [Finding(.lead(space))]
            case .brokenLog(let space): [Finding(.standing(space))]
            }
        }

        static func < (a: Finding, b: Finding) -> Bool { (a.what, a.place) < (b.what, b.place) }
    }
}
