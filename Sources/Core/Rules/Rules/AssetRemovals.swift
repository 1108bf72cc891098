import BuntanProtocol
import Records

/// Asset removal at exit (AST-1 to AST-4).
enum AssetRemovalRules {
    static let all = [described, inAgreement, done, covered]

    /// AST-1 (17 CLD.8.1.5)
    static let described = Rule("AST-1", forEach: [.assetRemoval, .engagement]) { subject, view in
        guard subject.kind == .assetRemoval else {
            return view.servicesLacking(.assetRemoval, of: subject).map { id in
                let words = ["service": Word.service(id), "item": .kind(.assetRemoval)]
                return Failure(at: subject, missing: .assetRemoval, words, side: .provider, service: id)
            }
        }
        let words = ["service": Word.service(subject.serviceID)]
        let assets =
            subject.children(.assetRemovalAssets).isEmpty
            ? [
                Failure(
                    at: subject, missing: .assetRemovalAssets, ["item": .kind(.assetRemovalAssets)].merging(words) { $1 }, side: .provider)
            ] : []
        return assets + subject.lacking([.returnWindow, .removalDeadline, .copiesCovered], words, side: .provider)
    }

    /// AST-2 (17 CLD.8.1.5)
    ///
    /// Before the parties agree on anything, nothing can be attached.
    static let inAgreement = Rule("AST-2", for: .assetRemoval) { removal, view in
        guard removal.is(.inAgreement) else { return [Failure(at: removal, .inAgreement)] }
        let hash = removal.text(.contentHash)
        let isAttached = view.facts(.allocationAgreementAttachedHashes, where: .recordId, is: removal.id).contains { attached in
            hash != nil && attached.text(.contentHash) == hash
        }
        let scopes = [(FactField.serviceId, removal.serviceID), (.engagementId, removal.ref(.engagementId))]
        guard !isAttached, scopes.contains(where: { !view.facts(.allocationAgreement, where: $0.0, is: $0.1).isEmpty }) else { return [] }
        return [Failure(at: removal, missing: .allocationAgreementAttachedHashes, [:])]
    }

    /// AST-3 (17 CLD.8.1.5)
    static let done = Rule("AST-3", for: .assetRemoval) { removal, view in
        guard let ended = removal.date(.contractEndedOn), let deadline = removal.duration(.removalDeadline) else { return [] }
        func isLate(_ day: CalendarDate) -> Bool { day.days(since: ended) * 86_400 > deadline.seconds }
        guard isLate(view.today) else { return [] }
        let words = ["service": Word.service(removal.serviceID)]
        if removal.date(.removedOn).map(isLate) ?? true { return [Failure(at: removal, .removedOn, words, side: .provider)] }
        return removal.isFilled(.removalEvidenceId) ? [] : [Failure(at: removal, .removalEvidenceId, words, side: .provider)]
    }

    /// AST-4 (17 CLD.8.1.5, 8.1.1)
    static let covered = Rule("AST-4", for: .assetRemoval) { removal, view in
        let kinds = removal.children(.assetRemovalAssets).compactMap { $0.text(.assetType) }
        let flows = view.facts(.serviceDependency, where: .downstreamServiceId, is: removal.serviceID).contains {
            $0.is(.customerDataFlows)
        }
        let copies = removal.codes(.copiesCovered)
        let missing =
            (kinds.contains("derived-data") ? [] : [(FactField.assetType, "derived-data")])
            + (["backup"] + (flows ? ["upstream"] : [])).filter { !copies.contains($0) }.map { (.copiesCovered, $0) }
        return missing.map { field, code in
            let item = Word.code(field, code)
            return Failure(
                at: removal, missing: field == .assetType ? .assetRemovalAssets : nil, field == .assetType ? nil : field,
                ["item": item, "service": .service(removal.serviceID)], side: .provider, required: item, offered: .lacking(item))
        }
    }
}
