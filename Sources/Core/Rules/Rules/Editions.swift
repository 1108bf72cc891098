import Records

/// Editions and certification claims (ED).
enum EditionRules {
    static let all = [oneEdition, superseded, schemes]

    /// ED-1 (P)
    static let oneEdition = Rule("ED-1", for: .allocationAgreement) { agreement, view in
        let cited = agreement.children(.allocationAgreementRowHashes).compactMap { signed in
            view.fact(.responsibility, signed.ref(.recordId))?.text(.edition)
        }
        let editions = Set(cited).sorted()
        guard let first = editions.first, let second = editions.dropFirst().first else { return [] }
        return [Failure(at: agreement, .edition, ["a": .code(.edition, first), "b": .code(.edition, second)])]
    }

    /// ED-2 (P)
    static let superseded = Rule("ED-2", for: .soa) { soa, view in
        [FactField.edition27001, .edition27017].compactMap { field in
            guard let edition = soa.text(field) else { return nil }
            let isSuperseded = view.facts(.editionTable, where: .editionId, is: .text(edition)).contains { entry in
                entry.date(.supersededOn).map { $0 < view.today } ?? false
            }
            return isSuperseded ? Failure(at: soa, field, ["edition": .code(field, edition)]) : nil
        }
    }

    /// ED-3 (G 0.1, 3.1)
    static let schemes = Rule("ED-3", forEach: [.scopeStatement, .partyCertifications]) { fact, _ in
        let field: FactField = fact.kind == .scopeStatement ? .criterion : .scheme
        return fact.isFilled(field) ? [] : [Failure(at: fact, field)]
    }
}
