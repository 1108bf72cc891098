import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// The steps of a sync, between any two of which its process may die.
extension SimulatedRun {
    func beginSync(_ participant: Participant) throws {
        participant.mayFindLoss = try server.hasLost()
        if try !participant.store.read({ try $0.leadSpaces() }).isEmpty { reach.note(.resumedAhead) }
        try driving(participant) {
            participant.session = SyncSession(participant.workspace)
            try self.send(participant)
        }
    }

    /// Does a step of a sync in which the replica's process may die.
    func driving(_ participant: Participant, _ body: () throws -> Void) throws {
        keepBeforeLast(participant)
        let fault = arm(participant, [.syncDiesBeforeCommit, .syncDiesAfterCommit, .clientStoreFails])
        var thrown: (any Error)?
        do { try body() } catch { thrown = error }
        let hasFired = participant.faults.disarm()
        if hasFired, let fault { note(fault, "\(participant.name) syncing") }
        try lookAhead(participant)
        for (space, fault) in participant.session?.report.frozen ?? [] where thrown == nil {
            say("\(participant.name) froze \(space): \(fault)")
        }
        if let thrown {
            participant.die()
            say("\(participant.name) ends its sync: \(thrown)")
            let isAccountedFor =
                try hasFired && (thrown is SimulatedCrash || thrown is StorageFault) || isShutOut(participant, thrown)
                || isTransient(thrown, participant)
                || participant.isNew && thrown as? SyncFault == .notEnrolled && participant.spaces().isEmpty
            if !isAccountedFor { chronicle.find(.unforeseen, "\(participant.name) could not sync: \(thrown)") }
            try sabotage.syncFailed(participant)
        }
        try watch(participant)
    }

    /// Whether a sync ended since its device has no rights any more; its user is told that.
    private func isShutOut(_ participant: Participant, _ error: any Error) throws -> Bool {
        switch error as? SyncFault {
        // A store that has begun anew knows nobody who could have said so.
        case .revoked?, .disowned?, .notEnrolled?:
            // The server may have lost that word since it told of it.
            let mayBeLost = participant.mayFindLoss || fired[.wordsLost] != nil
            guard try isOut(participant) || mayBeLost && curtailed.contains(participant.keys.device) else { return false }
        // The root's word for its new keys came after one that this store has not heard.
        case .chainOutrun?:
            guard curtailed.contains(participant.keys.device) else { return false }
        default: return false
        }
        participant.shutOut = (error as? SyncFault).flatMap(sabotage.told)
        return true
    }

    func isTransient(_ error: any Error, _ participant: Participant) -> Bool {
        switch error as? SyncFault {
        case .refused(_, .unavailable?, _, _), .refused(_, .busy?, _, _): !isCalm
        case .refused(_, .recovering?, _, _): participant.mayFindLoss
        // Clocks jumped between each challenge and its answer.
        case .notEnrolled, .disowned, .refused(_, .noSession?, _, _): !isCalm
        default: false
        }
    }

    func send(_ participant: Participant) throws {
        guard let request = try participant.session?.next() else { return try finish(participant) }
        if happens(.clientDiesBeforeRequest) {
            note(.clientDiesBeforeRequest, participant.name)
            return participant.die()
        }
        try checkUnsent(request, participant)
        if try !participant.store.read({ try $0.leadSpaces() }).isEmpty, occurs(.brokenOff) { return participant.die() }
        exchanges += 1
        participant.awaited = exchanges
        network.append(Parcel(exchange: exchanges, from: participant, content: .request(request)))
        if let beside = participant.session?.beside, below(3) > 0 {
            exchanges += 1
            participant.beside = Participant.Beside(exchange: exchanges)
            network.append(Parcel(exchange: exchanges, from: participant, content: .request(beside.request)))
        }
    }

    /// Nothing that was made on records which are not verified leaves a device.
    private func checkUnsent(_ request: OutgoingRequest, _ participant: Participant) throws {
        guard request.method == .push, case let push = try PushRequest(decoding: request.body), !push.changes.isEmpty else { return }
        if try participant.store.read({ try $0.lead(of: push.space) }) != nil {
            chronicle.find(.tamperEvidence, "\(participant.name) sends what it made on records that it has not verified")
        }
    }

    /// What is shown ahead of a log is looked at as soon as it is whole, and as its tail goes on.
    private func lookAhead(_ participant: Participant) throws {
        let sizes = try participant.store.read { reader in
            try reader.leadSpaces().compactMap { try reader.lead(of: $0) }.filter(\.isSettled).map(\.standing.size)
        }
        guard !sizes.isEmpty, !participant.lookedAhead.isSuperset(of: sizes) else { return }
        participant.lookedAhead.formUnion(sizes)
        reach.note(.shownAhead)
        try look(at: participant)
    }

    func finish(_ participant: Participant) throws {
        guard let report = participant.session?.report else { return }
        participant.die()
        participant.shutOut = nil
        say("\(participant.name) has synced, sent \(report.sentChanges), got \(report.arrived.values.reduce(0, +))")
        for awaited in report.keyAwaited {
            say("\(participant.name) keeps \(awaited.changes) changes of \(awaited.space) until \(awaited.givers) give the next key")
        }
        let orphans = try participant.store.read { try $0.orphans(of: nil) }
        if !report.reopened.isEmpty || !orphans.isEmpty {
            say(
                "\(participant.name) went back by \(report.reopened.map(\.lost)), gave back \(report.salvaged.values.reduce(0, +)), still keeps "
                    + orphans.map {
                        "\($0.number) \($0.item.space) \($0.item.change.map { "\($0)" } ?? "statement") \($0.code?.rawValue ?? "-")"
                    }.joined(separator: ", "))
        }
        if let hostile {
            // What it may do about a lie is to keep what it had and to say so.
            let noticed = sabotage.tells(report.frozen.map(\.0) + report.denied + report.fellBack)
            if noticed.contains(hostile.space) { told.insert(ObjectIdentifier(participant)) }
            if sabotage.misses(report.uncarried).contains(hostile.space) { hostile.lacking.insert(ObjectIdentifier(participant)) }
            return
        }
        for (space, fault) in report.frozen { chronicle.find(.tamperEvidence, "\(participant.name) froze \(space): \(fault)") }
        for space in report.verified {
            reach.note(.verified)
            say("\(participant.name) has verified what it showed of \(space)")
        }
        for (space, verdict) in report.compared where verdict != .equal {
            chronicle.find(.rebuilding, "\(participant.name) finds other states of \(space) than the server: \(verdict)")
        }
        let stranded = try stranded(at: participant)
        for space in report.fellBack where !participant.mayFindLoss && !stranded.contains(space) {
            chronicle.find(.unforeseen, "\(participant.name) takes the server of \(space) for fallen back")
        }
        for lack in report.uncarried {
            say("\(participant.name) misses a statement in \(lack.space): \(lack.held ?? -1) of \(lack.known)")
        }
        for lack in report.uncarried where !participant.mayFindLoss {
            chronicle.find(
                .authority, "\(participant.name) misses a statement of its own in \(lack.space): \(lack.held ?? -1) of \(lack.known)")
        }
        for lack in report.withheld where !participant.mayFindLoss {
            chronicle.find(.unforeseen, "\(participant.name) is shown \(lack.changes) changes of \(lack.space) without their values")
        }
        for space in report.unreachable where !participant.mayFindLoss {
            chronicle.find(.unforeseen, "\(participant.name) was refused \(space)")
        }
        for (_, code, detail) in report.rejected + report.waiting {
            reach.note(refusal: code, detail)
            say("\(participant.name) has a change refused: \(code?.rawValue ?? "-") \(detail ?? "")")
        }
        try founding(participant, "settles") {
            try participant.workspace.settleIdentity()
            _ = try participant.workspace.introduce()
        }
        try watch(participant, whole: !isHealed)
        try fileEngagement(of: participant)
        try OwnWrites(participant, chronicle).findings.forEach { chronicle.find(.monotonicView, $0) }
        // Every other seed is enough to tell that each row of the table is met, and to judge what is shown of it.
        if seed % 2 == 0, report.sentChanges > 0 || report.arrived.values.contains(where: { $0 > 0 }) {
            try look(at: participant)
        }
    }
}
