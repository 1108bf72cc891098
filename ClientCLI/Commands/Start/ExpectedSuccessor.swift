import BuntanProtocol
import Replica
import Wording

/// What earlier providers have said of one that is joined: that a service of theirs passes to it, or to another of the same name.
struct ExpectedSuccessor {
    /// Whether the fingerprint is the one that was named.
    let isNamed: Bool
    private let handover: Handover
    private let naming: KnownEngagement

    /// Each provider's word once; those of another fingerprint first.
    static func all(named joined: KnownEngagement, _ directory: StoreDirectory) -> [ExpectedSuccessor] {
        var found: [ExpectedSuccessor] = []
        for naming in directory.engagements where naming.side != .provider {
            guard let handover = naming.end?.handover else { continue }
            let isNamed = handover.successor == joined.counterpart
            let names = Set(handover.successorName.values.compactMap { StoreDirectory.handle(typed: $0) })
            let isNamesake = !names.isDisjoint(with: joined.counterpartName.values.compactMap { StoreDirectory.handle(typed: $0) })
            guard isNamed || isNamesake, !found.contains(where: { $0.isNamed == isNamed && $0.naming.counterpart == naming.counterpart })
            else { continue }
            found.append(ExpectedSuccessor(isNamed: isNamed, handover: handover, naming: naming))
        }
        return found.filter { !$0.isNamed } + found.filter(\.isNamed)
    }

    func say(_ page: inout Page) {
        var facts = handover.facts(page.language)
        facts["provider"] = .text(naming.providerName.spoken(page.language.rawValue) ?? naming.handle)
        facts["service"] = .text(naming.serviceName.spoken(page.language.rawValue) ?? naming.handle)
        page.say(isNamed ? EngagementPhrases.successorNamed : .successorDiffers, facts, isNamed ? .good : .bad)
    }
}
