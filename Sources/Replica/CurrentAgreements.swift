import Agreements

/// Where the parties stand, among all the agreements they have made. The list is in order of the log, oldest first.
extension [KnownAgreement] {
    /// What both have signed last and nothing has ended: it stands, or its first day is to come.
    package var binding: KnownAgreement? { last { $0.status.isBinding } }

    /// The newest document after that which one side alone has signed, and nobody has ended.
    package var halfSigned: KnownAgreement? {
        let start = lastIndex { $0.status.isBinding }.map { $0 + 1 } ?? startIndex
        return self[start...].last {
            if case .halfSigned = $0.status { $0.content.endings.isEmpty } else { false }
        }
    }

    /// What says where the parties stand: the one that stands today, one that both have signed for later, and one that waits
    /// for a signature; where there is none of these, the newest.
    package var telling: [KnownAgreement] {
        let standing = last { $0.status.isStanding }
        let coming = binding.flatMap { $0.id == standing?.id ? nil : $0 }
        let found = [standing, coming, halfSigned].compactMap { $0 }
        return found.isEmpty ? suffix(1).map { $0 } : found
    }
}
