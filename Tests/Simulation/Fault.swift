import Storage
import TestKit

/// What goes wrong in a run, each by a chance of its own.
package enum Fault: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case requestLost, answerLost
    /// The same request arrives twice in a row.
    case requestTwice
    /// A request arrives again long after its client has gone on.
    case lateRepeat
    /// A request or an answer takes up to twenty minutes, while everything else goes on.
    case delayed
    /// A request arrives before one that another client had sent earlier.
    case overtaken
    case clientDiesBeforeRequest, clientDiesBeforeTaking
    /// In a transaction of a sync: nothing of it is durable, or all of it and nobody has been told.
    case syncDiesBeforeCommit, syncDiesAfterCommit
    case editDiesBeforeCommit, editDiesAfterCommit
    /// A full disk or another writer: the transaction throws and leaves no trace, and the process lives on.
    case clientStoreFails, serverStoreFails
    case serverDiesBeforeCommit
    /// Committed, not marked: nobody has been told, and it must not be taken for a restored backup.
    case serverDiesBeforeMark
    case serverDiesBeforeAnswer
    case clientRestored, clientCloned
    /// An old copy in the place of the server's disk, while the marks stay and replicas hold what it lacks.
    case serverRestored
    /// An old copy whose operator goes on without the rest, whoever holds it: logs begin another epoch.
    case serverReopened
    /// An old copy of disk and marks: the server takes itself for whole, until somebody shows it what it signed.
    case serverRestoredWhole
    /// As `serverReopened`, and the marks are lost, too: every log begins another epoch.
    case marksLost
    /// Some participants reach the server no more; they come back one by one.
    case partitioned
    /// Somebody sends what another has sent, damaged or as its own, or writes to what is another's.
    case hostileRequest
    /// A page with a single entry, after which much may happen before the next.
    case shortPage
    case clockForward, clockBack
    /// An organisation replaces its root key, and somebody who has stolen one that was replaced speaks with it.
    case rootReplaced, oldRootSpeaks
    /// Records of a space as they were some time ago, as its server had signed them then.
    case oldSnapshot
    /// A sync that its user ends while a space is shown ahead of its log.
    case brokenOff
    /// A device whose store is gone and that enters its organisation again.
    case clientBeganAnew
    /// What replicas write goes by file, too, which somebody takes sooner, later, twice or never, with a network or without.
    case tookFile
    /// An admin ends a device's rights, or changes what it may do, while that device goes on writing.
    case deviceRevoked, rightsChanged
    /// A store whose keys are lost goes on under new ones, which the root enrols.
    case keysLost
    /// Somebody of the organisation makes its own what a revoked device could not send.
    case tookOver
    /// A device gets the program that follows: the server and others have had it for some time, and write what it did not know.
    case upgraded
    /// A disk that is full and stays so for a while: nothing is written on it, whatever is tried.
    case clientStaysFull, serverStaysFull
    /// A disk that says that it holds a commit and does not: after the power comes back the last one is gone.
    case clientForgets, serverForgets
    /// What an organisation said last goes with what an operator gives up, in some runs.
    case wordsLost
    /// Whoever erases something dies in the middle of it.
    case eraserDies

    /// Faults that came when seeds had failed already: they are drawn apart, so that those seeds can be run as they were.
    package static let later: Set<Fault> = [.deviceRevoked, .rightsChanged, .keysLost, .tookOver]
    /// Those that came after these, drawn apart once more.
    package static let latest: Set<Fault> = [.upgraded, .clientStaysFull, .serverStaysFull, .clientForgets, .serverForgets]

    /// Those that no seed which is run because it failed once had met.
    package static let newest: Set<Fault> = [.eraserDies]

    /// The faults that had not come yet when a seed failed that is still run for that.
    package static func unknown(to seed: UInt64) -> Set<Fault> {
        (seed < 1_000 ? later.union(latest) : seed < 100_000 ? latest : []).union(newest).union([.wordsLost])
    }
}

/// How likely each fault is in one run: some seeds have few kinds of them and many of each, others the other way round.
struct FaultPlan {
    private var rates: [Fault: Double] = [:]
    /// Whether people publish, accept and sign much in this run: in some, since that takes its time.
    let signs: Bool

    /// - Parameter sparing: faults that do not come to pass, whatever is drawn.
    init(_ draw: inout SeededRandom, seed: UInt64, sparing: Set<Fault> = []) {
        var apart = SeededRandom(seed: seed ^ 0x1a7e_0000)
        // Whoever takes part stays the same in every other seed: runs in which devices go reach other places less often.
        let changesRights = Bool.random(using: &apart)
        for fault in Fault.allCases where !Fault.latest.contains(fault) && !Fault.newest.contains(fault) && fault != .wordsLost {
            let isLater = Fault.later.contains(fault)
            let rate = isLater ? Self.rate(of: fault, &apart) : Self.rate(of: fault, &draw)
            rates[fault] = sparing.contains(fault) || isLater && !changesRights ? 0 : rate
        }
        // Each of these is met in some seeds alone, so that the others go deeper where they went before.
        var last = SeededRandom(seed: seed ^ 0x1a57_0000)
        let isOld = sparing.isSuperset(of: Fault.latest)
        signs = Int.random(in: 0..<4, using: &last) == 0 && !isOld
        for faults in [[Fault.upgraded], [.clientStaysFull, .serverStaysFull], [.clientForgets, .serverForgets]] {
            let befalls = Int.random(in: 0..<4, using: &last) == 0
            for fault in faults {
                let rate = Self.rate(of: fault, &last)
                rates[fault] = befalls && !sparing.contains(fault) ? rate : 0
            }
        }
        rates[.wordsLost] = Int.random(in: 0..<4, using: &last) == 0 && !sparing.contains(.wordsLost) ? 1 : 0
        rates[.eraserDies] = Int.random(in: 0..<4, using: &last) == 0 && !sparing.contains(.eraserDies) ? Self.highest(.eraserDies) : 0
    }

    private static func rate(of fault: Fault, _ draw: inout SeededRandom) -> Double {
        let isOn = Int.random(in: 0..<3, using: &draw) > 0
        return isOn ? Double.random(in: 0.2...1, using: &draw) * highest(fault) : 0
    }

    func rate(_ fault: Fault) -> Double { rates[fault] ?? 0 }

    private static func highest(_ fault: Fault) -> Double {
        switch fault {
        case .requestLost, .answerLost, .requestTwice, .lateRepeat: 0.12
        case .delayed: 0.05
        case .overtaken: 1
        case .clientDiesBeforeRequest, .clientDiesBeforeTaking, .syncDiesBeforeCommit, .syncDiesAfterCommit: 0.06
        case .editDiesBeforeCommit, .editDiesAfterCommit, .clientStoreFails: 0.06
        case .serverStoreFails, .serverDiesBeforeCommit, .serverDiesBeforeMark, .serverDiesBeforeAnswer: 0.15
        case .shortPage, .oldSnapshot: 0.6
        case .brokenOff: 0.2
        // Drawn once a step.
        case .clientRestored: 0.02
        case .clientCloned: 0.015
        case .clientBeganAnew: 0.03
        case .serverRestored: 0.06
        case .serverRestoredWhole: 0.06
        case .serverReopened, .marksLost: 0.02
        case .partitioned: 0.03
        case .hostileRequest: 0.1
        case .clockForward, .clockBack: 0.03
        case .rootReplaced, .oldRootSpeaks: 0.04
        case .tookFile: 0.1
        case .deviceRevoked: 0.03
        case .rightsChanged: 0.06
        case .keysLost: 0.015
        case .tookOver: 0.1
        case .upgraded: 0.12
        case .clientStaysFull, .serverStaysFull: 0.02
        case .clientForgets, .serverForgets: 0.04
        case .eraserDies: 0.5
        case .wordsLost: 1
        }
    }
}

/// Writes on a store that are to fail: the next one, or all of them.
final class WriteFaults: Sendable {
    private struct Armed {
        var crash: CrashPoint?
        var isFailing = false
        var isFull = false
        var hasFired = false
    }

    private let armed = Box(Armed())

    func install(in store: MemoryStore) {
        store.crashes { [armed] point in
            armed.with { armed in
                guard armed.crash == point else { return false }
                armed.crash = nil
                armed.hasFired = true
                return true
            }
        }
        store.fails { [armed] in
            armed.with { armed in
                guard armed.isFailing else { return nil }
                armed.isFailing = armed.isFull
                armed.hasFired = true
                return .diskFull
            }
        }
    }

    func arm(_ point: CrashPoint) { armed.with { $0 = Armed(crash: point) } }
    func armFailure() { armed.with { $0 = Armed(isFailing: true) } }
    /// Has every write fail until this is disarmed.
    func armFull() { armed.with { $0 = Armed(isFailing: true, isFull: true) } }

    /// Ends what was armed; returns whether it came to pass.
    func disarm() -> Bool {
        armed.with { armed in
            defer { armed = Armed() }
            return armed.hasFired
        }
    }
}
