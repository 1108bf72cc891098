import Agreements
import BuntanProtocol
import Records
import Replica
import Storage
import TestKit

/// What people sign and end.
extension SimulatedRun {
    /// The day on which everybody signs, whatever the clocks say: an agreement holds for days, and no clock decides of one.
    static let today = CalendarDate(year: 2026, month: 12, day: 1)
    /// Days for which it is asked what an agreement is worth.
    static let days = [today, CalendarDate(year: 2026, month: 12, day: 20), CalendarDate(year: 2028, month: 1, day: 10)].compactMap(\.self)

    /// Has somebody sign those rows on which both agree, as its replica shows them, or end what both have signed.
    func agree(by author: Participant, with space: SpaceID? = nil) throws {
        guard let today = Self.today, let space = space ?? engagementSpace(of: author) else { return }
        let known = try author.store.read { reader -> KnownEngagement? in
            guard try reader.standing(of: space) != nil else { return nil }
            return try StoreDirectory(reader).engagements.first { $0.space == space }
        }
        guard let engagement = known else { return }
        if !isQuiet, below(3) == 0 { return try write(author, typist.haste(for: author, &draw)) }
        try founding(author, engagement.isConfirmed ? "signs" : "confirms whom it signs with") {
            do {
                if !engagement.isConfirmed {
                    try confirm(engagement, by: author)
                } else if try isQuiet || below(4) > 0 || !end(in: engagement, on: today, by: author) {
                    try sign(in: engagement, on: today, by: author)
                }
            } catch let fault as AgreementFault {
                // It is told why it cannot, and nothing is written.
                say("  \(author.name): \(fault)")
            } catch WorkspaceFault.catchingUp(let behind) { say("  \(author.name) has not verified \(behind.space)") }
        }
    }

    /// Has a customer and its provider come together, with nothing going wrong meanwhile: what both see they accept and sign.
    func meet(_ customer: Participant) throws {
        let providers = participants.filter { $0.firm == .provider }
        guard customer.firm.isCustomer, let engagement = world.engagements[customer.firm],
            let provider = providers.randomElement(using: &draw),
            try !server.hasLost()
        else { return }
        say("\(customer.name) and \(provider.name) meet")
        isQuiet = true
        defer { isQuiet = false }
        func sync(_ participants: Participant...) throws {
            for participant in participants {
                while !network.isEmpty { try deliver(at: 0) }
                participant.die()
                try beginSync(participant)
                while !network.isEmpty { try deliver(at: 0) }
            }
        }
        try sync(provider, customer)
        try write(customer, typist.haste(for: customer, &draw))
        try sync(customer, provider)
        for participant in [customer, provider] {
            // The first one is to say whom it signs with.
            for _ in 0..<2 { try agree(by: participant, with: engagement.space) }
            try sync(customer, provider)
        }
    }

    private func engagementSpace(of author: Participant) -> SpaceID? {
        if author.firm.isCustomer { return world.engagements[author.firm]?.space }
        return world.providerEngagements.keys.sorted().randomElement(using: &draw)
    }

    private func confirm(_ engagement: KnownEngagement, by author: Participant) throws {
        try author.store.write { transaction in
            guard let home = try StoreDirectory(transaction).home(transaction) else { return }
            try author.workspace.confirm(engagement.counterpart, in: home, transaction)
        }
    }

    private func sign(in engagement: KnownEngagement, on today: CalendarDate, by author: Participant) throws {
        var wish = AgreementWish(timeZone: "Asia/Tokyo", today: today)
        switch below(8) {
        case 0: wish.validity = (Self.days[1], nil)
        case 1: wish.validity = (today, Self.days[1])
        default: break
        }
        var preview = try author.store.read { try author.workspace.agreementPreview(wish, in: engagement, $0) }
        if preview.digest == nil {
            // The rest is left open on purpose.
            wish.except = preview.obstacles.compactMap(\.row)
            preview = try author.store.read { try author.workspace.agreementPreview(wish, in: engagement, $0) }
        }
        guard let digest = preview.digest, !preview.rows.isEmpty else { return }
        let signed = try author.workspace.sign(
            wish, expecting: digest, in: engagement, name: "\(author.firm.mark) signatory", title: "\(author.firm.mark) manager")
        say("  \(author.name) signs \(signed.agreement)\(signed.isWhole ? ", as the other has" : "")")
    }

    /// Returns whether there was anything to end.
    private func end(in engagement: KnownEngagement, on today: CalendarDate, by author: Participant) throws -> Bool {
        let known = try author.store.read { try author.workspace.agreements(of: engagement, day: { _ in today }, $0) }
        guard let standing = known.filter({ $0.content.isWhole }).randomElement(using: &draw) else { return false }
        _ = try author.workspace.end(
            standing.id, on: Self.days[below(2)], message: "\(author.firm.mark) ends it", today: today, in: engagement)
        return true
    }
}
