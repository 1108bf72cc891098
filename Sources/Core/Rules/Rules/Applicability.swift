import BuntanProtocol

/// Statement of applicability: which controls it decides on (SOA-1 to SOA-9).
enum ApplicabilityRules {
    static let all =
        [
            allControls, evaluated, extendedControls, exclusionReasons, adoptionReasons, excludedBelow, statesPosition, bothDecided,
            oneEach,
        ] + ApplicabilityCheckRules.all

    /// SOA-1 (1 6.1.3 d); J 4.2.2; G 4.2.2④)
    static let allControls = Rule("SOA-1", for: .soa) { soa, view in
        view.catalogue.controls.filter { !$0.isExtended }.compactMap { control in
            let words = ["service": Word.service(soa.ref(.serviceId)), "control": .text(control.id)]
            guard let entry = entries(of: soa, control.id, view).first else { return Failure(at: soa, missing: .soaEntry, words) }
            // A statement is begun with an entry for each control: one that decides nothing says nothing.
            return entry.isFilled(.adopted27001) ? nil : Failure(at: entry, .adopted27001, words)
        }
    }

    /// SOA-2 (J 4.2.2 note 3; G 4.2.2④c)
    static let evaluated = Rule("SOA-2", for: .soaEntry) { entry, view in
        guard let control = control(of: entry, view), let soa = view.fact(.soa, entry.ref(.soaId), .own) else { return [] }
        return Position.sides(soa.text(.position)).filter { control.guidance(for: $0) != nil }.compactMap { side in
            let words = ["control": Word.name(of: entry), "position": .side(side)]
            guard isDecided(entry, side) else { return Failure(at: entry, side.adopted, words) }
            return entry.isFilled(.evaluatedOn) ? nil : Failure(at: entry, .evaluatedOn, words)
        }
    }

    /// SOA-3 (G 4.2.2④b; 17 Annex A)
    static let extendedControls = Rule("SOA-3", for: .soa) { soa, view in
        let sides = Position.sides(soa.text(.position))
        return view.catalogue.controls.filter(\.isExtended).compactMap { control in
            let words = ["control": Word.text(control.id)]
            guard let entry = entries(of: soa, control.id, view).first else { return Failure(at: soa, missing: .soaEntry, words) }
            return sides.first { control.guidance(for: $0) != nil && !isDecided(entry, $0) }.map { Failure(at: entry, $0.adopted, words) }
        }
    }

    /// SOA-4 (1 6.1.3 d); J 4.2.2; G 4.2.2④)
    static let exclusionReasons = Rule("SOA-4", for: .soaEntry) { entry, _ in
        reasons.filter { entry.text($0.decision) == "excluded" && !entry.isFilled($0.reason) }.map {
            Failure(at: entry, $0.reason, ["control": .name(of: entry)])
        }
    }

    /// SOA-5 (1 6.1.3 d))
    static let adoptionReasons = Rule("SOA-5", for: .soaEntry) { entry, _ in
        let adopted = reasons.filter { entry.text($0.decision) == "adopted" }.map(\.reason)
        guard !adopted.isEmpty else { return [] }
        return (adopted + [.implementationStatus]).filter { !entry.isFilled($0) }.map {
            Failure(at: entry, $0, ["control": .name(of: entry)])
        }
    }

    private static let reasons: [(decision: FactField, reason: FactField)] = [
        (.adopted27001, .reason27001), (.adoptedProvider, .reasonProvider), (.adoptedCustomer, .reasonCustomer),
    ]

    /// SOA-6 (G 4.2.2④b)
    static let excludedBelow = Rule("SOA-6", for: .soaEntry) { entry, _ in
        guard entry.text(.adopted27001) == "excluded" else { return [] }
        return Side.allCases.contains { entry.text($0.adopted) == "adopted" }
            ? [Failure(at: entry, .adopted27001, ["control": .name(of: entry)])] : []
    }

    /// SOA-7 (J annex on SoA; G 4.2.2④a)
    static let statesPosition = Rule("SOA-7", for: .soa) { soa, _ in
        if let position = soa.text(.position), Position.all.contains(position) { return [] }
        return [Failure(at: soa, .position, ["service": .service(soa.ref(.serviceId))])]
    }

    /// SOA-8 (G 4.2.2④a)
    static let bothDecided = Rule("SOA-8", for: .soaEntry) { entry, view in
        guard let control = control(of: entry, view), view.fact(.soa, entry.ref(.soaId), .own)?.text(.position) == "both" else { return [] }
        let open = Side.allCases.first { control.guidance(for: $0) != nil && !isDecided(entry, $0) }
        return open.map { [Failure(at: entry, $0.adopted, ["control": .name(of: entry)])] } ?? []
    }

    /// SOA-9 (G 4.2.2④c)
    static let oneEach = Rule("SOA-9", for: .scopeStatementServices) { entry, view in
        let service = entry.ref(.serviceId)
        let statements = view.facts(.soa, where: .serviceId, is: service, .own).count
        let words = ["service": Word.name(of: entry)]
        if statements == 0 { return [Failure(at: entry, missing: .soa, words, service: service)] }
        return statements == 1 ? [] : [Failure(at: entry, .serviceId, words, service: service)]
    }

    static func entries(of soa: ViewedFact, _ control: String, _ view: FactView) -> [ViewedFact] {
        view.facts(.soaEntry, key: [.id(soa.id), .text(control)], .own)
    }

    static func control(of entry: ViewedFact, _ view: FactView) -> Control? { entry.text(.controlId).flatMap(view.catalogue.control) }

    static func isDecided(_ entry: ViewedFact, _ side: Side) -> Bool {
        let value = entry.text(side.adopted)
        return value == "adopted" || value == "excluded"
    }

    static func isAdopted(_ entry: ViewedFact) -> Bool { reasons.contains { entry.text($0.decision) == "adopted" } }
}

extension Side {
    /// The field in which a statement of applicability decides on a side's guidance.
    var adopted: FactField { self == .provider ? .adoptedProvider : .adoptedCustomer }
}
