import Agreements
package import BuntanProtocol

/// Where the parties stand, among all the agreements they have made. The list is in order of the log, oldest first.
extension [KnownAgreement] {
    /// What both have signed last and nothing has ended: it stands, or its first day is to come.
    package var binding: KnownAgreement? { last { $0.status.isBinding } }

    /// What there is to prove: what holds today, else what both have signed last, for a later day or until it ended.
    package var provable: KnownAgreement? { last { $0.status.isStanding } ?? binding ?? last { $0.content.isWhole } }

    /// The newest document after that which this side alone has signed.
    package func halfSigned(by side: Side) -> KnownAgreement? {
        let start = lastIndex { $0.status.isBinding }.map { $0 + 1 } ?? startIndex
        return self[start...].last { $0.status == .halfSigned(by: side) }
    }

    /// What says where the parties stand: the one that stands today, one that both have signed for later, and what each side
    /// has signed alone; where there is none of these, the newest that nothing has replaced.
    package var telling: [KnownAgreement] {
        let standing = last { $0.status.isStanding }
        let coming = binding.flatMap { $0.id == standing?.id ? nil : $0 }
        let offers = Side.allCases.compactMap { halfSigned(by: $0) }
        let told = Set(([standing, coming].compactMap { $0 } + offers).map(\.id))
        return told.isEmpty ? [newest].compactMap { $0 } : filter { told.contains($0.id) }
    }

    /// Those that both have signed before and are stale, beside what says where the parties stand: they cover what nothing later does.
    package var staleBeside: [KnownAgreement] {
        let told = Set(telling.map(\.id))
        return filter { $0.status == .stale && !told.contains($0.id) }
    }

    /// The newest that nothing has replaced, whatever it is worth; of those that were replaced, the newest.
    package var newest: KnownAgreement? {
        last { if case .superseded = $0.status { false } else { true } } ?? last
    }
}
