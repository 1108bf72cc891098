import BuntanProtocol
import Exchange
import Replica
import Storage
import TestKit

/// What travels and what it meets at the server.
extension SimulatedRun {
    func deliver() throws { try deliver(at: occurs(.overtaken) ? below(network.count) : 0) }

    func deliver(at index: Int) throws {
        let parcel = network.remove(at: index)
        if parcel.from.isCutOffUntil > steps, !isHealed { return try giveUp(parcel) }
        if happens(.delayed) { return delay(parcel) }
        switch parcel.content {
        case .request(let request):
            if index > 0, network[..<index].contains(where: { $0.from !== parcel.from }) { note(.overtaken, "an earlier request") }
            try arrive(request, parcel)
        case .answer(let reply): try receive(reply, parcel)
        }
    }

    /// Takes the network from some participants, and gives it back to each at a time of its own.
    func partition() {
        let few = participants.filter { _ in below(2) == 0 }
        for participant in few { participant.isCutOffUntil = steps + 5 + below(40) }
        note(.partitioned, few.map { "\($0.name) until \($0.isCutOffUntil)" }.joined(separator: ", "))
    }

    private func delay(_ parcel: Parcel) {
        let millis = Int64(1 + below(1_200)) * 1_000
        note(.delayed, "\(parcel.from.name) by \(millis / 1_000) s")
        for clock in participants.map(\.clock) + [server.clock] { clock.jump(by: millis) }
        delayed.append((steps + 1 + below(30), parcel))
    }

    /// Brings back what has been delayed for as long as it was to be; all of it once nothing goes wrong any more.
    func bringDelayed() {
        network += delayed.filter { isHealed || $0.step <= steps }.map(\.parcel)
        delayed.removeAll { isHealed || $0.step <= steps }
    }

    func repeatLate() throws {
        let (request, from) = repeats.remove(at: below(repeats.count))
        note(.lateRepeat, "\(request.method.rawValue) of \(from.name)")
        _ = try serve(request, from: from)
    }

    func arrive(_ request: OutgoingRequest, _ parcel: Parcel) throws {
        if happens(.requestLost) {
            note(.requestLost, "\(request.method.rawValue) of \(parcel.from.name)")
            return try giveUp(parcel)
        }
        if happens(.lateRepeat) { repeats.append((request, parcel.from)) }
        let reply = try serve(request, from: parcel.from)
        if happens(.requestTwice) {
            note(.requestTwice, "\(request.method.rawValue) of \(parcel.from.name)")
            let sizes = server.sizes()
            _ = try serve(request, from: parcel.from)
            if case .answer? = reply, server.sizes() != sizes {
                chronicle.find(.idempotency, "a \(request.method.rawValue) that was done changed a log when it came again")
            }
        }
        guard let reply else { return try giveUp(parcel) }
        if happens(.answerLost) {
            note(.answerLost, "\(request.method.rawValue) of \(parcel.from.name)")
            return try giveUp(parcel)
        }
        network.append(Parcel(exchange: parcel.exchange, from: parcel.from, content: .answer(reply)))
    }

    /// The connection broke: whoever waits for this exchange ends its sync.
    func giveUp(_ parcel: Parcel) throws {
        if parcel.from.beside?.exchange == parcel.exchange { return try takeBeside(nil, of: parcel.from) }
        guard parcel.from.awaited == parcel.exchange else { return }
        parcel.from.die()
        try sabotage.syncFailed(parcel.from)
    }

    func receive(_ reply: Reply, _ parcel: Parcel) throws {
        let participant = parcel.from
        if participant.beside?.exchange == parcel.exchange {
            eavesdropper.overhear(reply, by: participant.firm)
            return try takeBeside(reply, of: participant)
        }
        guard participant.awaited == parcel.exchange else { return }
        participant.awaited = nil
        if happens(.clientDiesBeforeTaking) {
            note(.clientDiesBeforeTaking, participant.name)
            return participant.die()
        }
        eavesdropper.overhear(reply, by: participant.firm)
        if participant.beside?.isOver == false { participant.beside?.main = reply } else { try take(reply, by: participant) }
    }

    /// What went beside a question is over: what came of the question is taken once that is here, too.
    private func takeBeside(_ reply: Reply?, of participant: Participant) throws {
        participant.beside?.isOver = true
        participant.beside?.reply = reply
        if let main = participant.beside?.main { try take(main, by: participant) }
    }

    private func take(_ reply: Reply, by participant: Participant) throws {
        let beside = participant.beside?.reply
        participant.beside = nil
        try driving(participant) {
            try participant.session?.take(reply, beside: beside)
            try self.sabotage.taken(reply, by: participant)
            try self.send(participant)
        }
    }

    /// What came of a request, in few words.
    private static func words(of reply: Reply, to request: OutgoingRequest) throws -> String {
        switch (reply, request.method) {
        case (.error(let error), _): "\(error.code?.rawValue ?? "-") \(error.detail ?? "")"
        case (.answer(let body), .push):
            "\(try PushRequest(decoding: request.body).space.hex.prefix(4)) \(try VerdictsAnswer(decoding: body).verdicts)"
        case (.answer(let body), .statement):
            try zip(StatementRequest(decoding: request.body).statements, VerdictsAnswer(decoding: body).verdicts).map {
                let said = try Statement(decoding: $0.bytes)
                return "\(said.space.map { $0.hex.prefix(4) } ?? "-") \(said.number) \($1)"
            }.joined(separator: ", ")
        case (.answer, .pull): "\(try PullRequest(decoding: request.body).space.hex.prefix(4)) done"
        case (.answer, _): "done"
        }
    }

    // MARK: the server

    /// A request that a server answers with as little as it may: a page of one entry.
    private func shortened(_ request: OutgoingRequest) throws -> OutgoingRequest {
        let body: [UInt8]
        switch request.method {
        case .pull:
            let pull = try PullRequest(decoding: request.body)
            // A publish stands in two entries: where much is published, one of them often comes alone.
            guard occurs(.shortPage) || plan.signs && pull.space == world.service.service && below(2) == 0 else { return request }
            body = PullRequest(space: pull.space, epoch: pull.epoch, size: pull.size, root: pull.root, maxBytes: 1).encoded()
        case .snapshot where occurs(.shortPage):
            let snapshot = try SnapshotRequest(decoding: request.body)
            body = SnapshotRequest(space: snapshot.space, after: snapshot.after, maxBytes: 1).encoded()
        default: return request
        }
        return OutgoingRequest(method: request.method, body: body, token: request.token)
    }

    /// Lets the server do a request; `nil` where it died of it.
    func serve(_ request: OutgoingRequest, from participant: Participant) throws -> Reply? {
        let request = try shortened(request)
        capture(request, of: participant.firm)
        let audit = try ServerAudit(request, server)
        let cost = RequestCost(server)
        var fault: Fault?
        let before = plan.rate(.serverForgets) > 0 ? server.store.clone() : nil
        defer { if let before { server.keepBeforeLast(before) } }
        if server.isFullUntil > steps, !isHealed, !isQuiet {
            fault = .serverStaysFull
            server.faults.armFull()
        }
        for candidate in [Fault.serverDiesBeforeCommit, .serverDiesBeforeMark, .serverDiesBeforeAnswer, .serverStoreFails]
        where fault == nil && happens(candidate) {
            fault = candidate
            switch candidate {
            case .serverDiesBeforeCommit: server.faults.arm(.beforeCommit)
            case .serverDiesBeforeMark: server.faults.arm(.afterCommit)
            case .serverDiesBeforeAnswer: server.dieAfterMark()
            default: server.faults.armFailure()
            }
        }
        var reply: Reply?
        do {
            reply = try hostile?.answer(request, from: participant, server) ?? sabotage.answer(request, from: participant, server)
            // Nothing beside what was asked for: that takes a pull.
            if case .answer(let body)? = reply, below(2) == 0 { reply = .answer(leavingPagesOut(of: body, to: request.method.rawValue)) }
            if request.method == .snapshot, case .answer? = reply {
                if let old = oldSnapshots[request.body], occurs(.oldSnapshot) { reply = old }
                oldSnapshots[request.body] = oldSnapshots[request.body] ?? reply
            }
            if server.faults.disarm(), let fault { note(fault, request.method.rawValue) }
            _ = server.spareMark()
        } catch {
            let hasFired = server.faults.disarm()
            guard hasFired && error is SimulatedCrash || error is DiedAfterMark else {
                chronicle.find(.unforeseen, "the server threw \(error)")
                return nil
            }
            if let fault { note(fault, request.method.rawValue) }
            let lacked = try server.hasLost()
            let fallen = try server.restart()
            if !fallen.isEmpty, !lacked { chronicle.find(.unforeseen, "a server that died took itself for restored: \(fallen)") }
        }
        if let reply, traces {
            let words = try Self.words(of: reply, to: request)
            say("  \(participant.name) \(request.method.rawValue): \(words)")
        }
        for finding in try audit.findings(after: reply, server, chronicle) { chronicle.find(finding.property, finding.sentence) }
        // States are compared once a day, whatever is new.
        if request.method != .digest { traffic.append((request.method.rawValue, RequestCost.bytes(request, reply))) }
        if let dear = cost.excess(request, reply, spaces: server.sizes().count) { chronicle.find(.cost, dear) }
        if let reply { try audit.hear(reply, &chronicle) }
        return reply
    }
}
