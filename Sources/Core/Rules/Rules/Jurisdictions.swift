import BuntanProtocol
import Records

/// Jurisdictions and laws (JUR-1 to JUR-12).
enum JurisdictionRules {
    static let all = [
        named, codes, inForce, accepted, evidence, everywhere, checked, cryptography, transfer, upstream, governingLaw, authorities,
    ]

    /// JUR-1 (17 18.1.1; G 4.2.1(1)2))
    static let named = Rule("JUR-1", for: .cloudService) { service, view in
        guard view.records(.jurisdiction, of: service.id).isEmpty else { return [] }
        return [Failure(at: service, missing: .jurisdiction, ["service": .name(of: service)], side: .provider)]
    }

    /// JUR-2 (P)
    ///
    static let codes = Rule("JUR-2", for: .jurisdiction) { jurisdiction, _ in
        ([jurisdiction] + jurisdiction.children(.jurisdictionDataLocations)).flatMap { place -> [Failure] in
            let country = place.text(.country) ?? ""
            if country != "EU", !CountryCodes.all.contains(country) {
                return [Failure(at: place, .country, ["code": place.word(.country)], side: .provider)]
            }
            guard let subdivision = place.text(.subdivision), Subdivision(subdivision)?.country != country else { return [] }
            return [Failure(at: place, .subdivision, ["code": .text(subdivision)], side: .provider)]
        }
    }

    /// JUR-3 (G 4.2.1(1)2))
    ///
    /// The day of expiry is the first without the law. A successor is told of, but the law itself stays flagged.
    static let inForce = Rule("JUR-3", for: .jurisdiction) { jurisdiction, view in
        let today = view.today
        var words = ["law": Word.name(of: jurisdiction), "date": .date(today)]
        if let from = jurisdiction.date(.lawEffectiveFrom), from > today {
            return [Failure(at: jurisdiction, .lawEffectiveFrom, words, side: .provider)]
        }
        guard let expired = jurisdiction.date(.lawExpiredOn), expired <= today else { return [] }
        if let successor = jurisdiction.ref(.successorId) { words["successor"] = .record(successor, .jurisdiction) }
        return [Failure(at: jurisdiction, .lawExpiredOn, words, side: .provider)]
    }

    /// JUR-4 (17 18.1.1; G 4.2.1(1)2))
    static let accepted = Rule("JUR-4", for: .jurisdiction) { jurisdiction, view in
        let decision = jurisdiction.text(.customerDecision)
        if decision == "accepted" || decision == "accepted-with-conditions" { return [] }
        let places = places(of: [jurisdiction])
        func failure(_ country: String, required: Word, by need: ViewedFact) -> Failure {
            let gap = GapPoint(need.id, .country, country, offer: jurisdiction.id)
            let country = Word.code(.country, country)
            return Failure(
                at: jurisdiction, .customerDecision, ["country": country, "service": .service(jurisdiction.serviceID)], side: .customer,
                required: required, offered: country, gap: gap)
        }
        if decision == "rejected" {
            return places.map { failure($0, required: .code(.customerDecision, "rejected"), by: jurisdiction) }
        }
        return policies(for: jurisdiction, view).flatMap { policy in
            let (accepted, rejected) = (policy.codes(.acceptedCountries), policy.codes(.rejectedCountries))
            return places.filter { rejected.contains($0) || (!accepted.isEmpty && !accepted.contains($0)) }.map { country in
                failure(
                    country, required: accepted.isEmpty ? .field(.rejectedCountries) : .codes(.acceptedCountries, accepted), by: policy)
            }
        }
    }

    /// JUR-5 (17 18.1.1; G 4.2.1(1)2))
    ///
    /// A request names no law: what is told of are the laws of the service for which no evidence has come, or else what was asked.
    static let evidence = Rule("JUR-5", for: .informationRequest) { request, view in
        guard request.text(.requestedKind) == "evidence", request.text(.authorSide) != "provider" else { return [] }
        if ["answered", "declined"].contains(request.text(.outcome)) { return [] }
        guard let due = request.date(.dueOn), due < view.today else { return [] }
        let laws = view.records(.jurisdiction, of: request.serviceID).filter { !$0.isFilled(.complianceEvidenceIds) }
        let law = laws.isEmpty ? Word.name(of: request) : .list(laws.map(Word.name))
        return [Failure(at: request, .dueOn, ["law": law, "date": .date(due)], side: .provider)]
    }

    /// JUR-6 (17 5.1.1, 6.1.3, 18.1.1)
    static let everywhere = Rule("JUR-6", for: .cloudService) { service, view in
        let records = view.records(.jurisdiction, of: service.id)
        let upstream = dependencies(of: service.id, view).flatMap { view.records(.jurisdiction, of: $0.ref(.upstreamServiceId)) }
        let backups = view.records(.backupSpecification, of: service.id).flatMap { $0.children(.backupSpecificationStorageLocations) }
        let kept = (records + upstream).flatMap { $0.children(.jurisdictionDataLocations) } + backups
        let listed = Set(records.compactMap { $0.text(.country) })
        return Set(kept.compactMap { $0.text(.country) }).subtracting(listed).sorted().map { code in
            let country = Word.code(.country, code)
            return Failure(
                at: service, missing: .jurisdiction, ["service": .name(of: service), "country": country], side: .provider,
                required: country, offered: .lacking(.kind(.jurisdiction)), gap: GapPoint(service.id, .country, code))
        }
    }

    /// JUR-7 (G 4.2.1(1)2))
    static let checked = Rule("JUR-7", for: .jurisdiction) { jurisdiction, view in
        if let day = jurisdiction.date(.lastCheckedOn), view.today.days(since: day) <= 365 { return [] }
        let checked = jurisdiction.date(.lastCheckedOn).map { BilingualText(en: "last checked on \($0.text)", ja: "最終確認日 \($0.text)") }
        let words = [
            "law": Word.name(of: jurisdiction),
            "date": .bilingual(checked ?? BilingualText(en: "no check is recorded", ja: "確認日の記録なし")),
        ]
        return [Failure(at: jurisdiction, .lastCheckedOn, words, side: .provider)]
    }

    /// JUR-8 (17 18.1.5; G 4.2.1(1)2) (Wassenaar))
    static let cryptography = Rule("JUR-8", for: .cryptoCapability) { crypto, view in
        let isUsed = crypto.is(.atRest) || crypto.is(.inTransitExternal) || crypto.is(.inTransitInternal) || crypto.isFilled(.algorithms)
        guard isUsed, !crypto.isFilled(.exportClassification) else { return [] }
        let records = view.records(.jurisdiction, of: crypto.serviceID)
        guard places(of: records).count > 1 else { return [] }
        if records.contains(where: { ["export-control", "cryptography"].contains($0.text(.category)) }) { return [] }
        return [Failure(at: crypto, .exportClassification, ["service": .service(crypto.serviceID)], side: .provider)]
    }

    /// JUR-9 (G 4.2.1(1)2) (GDPR))
    ///
    /// A location counts whichever of the service's records names it.
    static let transfer = Rule("JUR-9", for: .jurisdiction) { jurisdiction, view in
        guard jurisdiction.text(.category) == "personal-data", let from = jurisdiction.text(.country),
            ["customer-establishment", "data-subject-location"].contains(jurisdiction.text(.basis))
        else { return [] }
        let records = [jurisdiction] + view.records(.jurisdiction, of: jurisdiction.serviceID)
        let places = Set(records.flatMap { $0.children(.jurisdictionDataLocations) }.compactMap { $0.text(.country) }).subtracting([from])
        guard !places.isEmpty else { return [] }
        let bases = policies(for: jurisdiction, view).flatMap { $0.children(.jurisdictionPolicyTransferBasis) }
        return places.sorted().filter { to in
            !bases.contains { $0.text(.fromCountry) == from && $0.text(.toCountry) == to && $0.isFilled(.basis) }
        }.map { to in
            let words = ["from": Word.code(.country, from), "to": .code(.country, to), "service": .service(jurisdiction.serviceID)]
            return Failure(
                at: jurisdiction, missing: .jurisdictionPolicyTransferBasis, words, side: .customer,
                required: .field(.basis), offered: .lacking(.kind(.jurisdictionPolicyTransferBasis)),
                gap: GapPoint(jurisdiction.id, .toCountry, to, offer: nil))
        }
    }

    /// JUR-10 (17 15.1.3, 18.1.1; G 2.3)
    ///
    /// Of an upstream service that nobody has records of, no country is known: one jurisdiction that comes from upstream has to be listed.
    static let upstream = Rule("JUR-10", for: .serviceDependency) { dependency, view in
        guard dependency.is(.customerDataFlows) else { return [] }
        let service = dependency.ref(.downstreamServiceId)
        let listed = places(of: view.records(.jurisdiction, of: service).filter { $0.text(.basis) == "upstream" })
        let known = places(of: view.records(.jurisdiction, of: dependency.ref(.upstreamServiceId)))
        let missing = known.isEmpty ? (listed.isEmpty ? [nil] : []) : known.filter { !listed.contains($0) }.map(Optional.some)
        return missing.map { code in
            let country = code.map { Word.code(.country, $0) } ?? .field(.country)
            let unknown = Word.bilingual(BilingualText(en: "a jurisdiction that is not known here", ja: "ここでは分からない国"))
            return Failure(
                at: dependency, missing: .jurisdiction,
                ["upstream": dependency.upstream, "country": code == nil ? unknown : country, "service": .service(service)],
                side: .provider, service: service,
                required: country, offered: .lacking(.kind(.jurisdiction)), gap: GapPoint(dependency.id, .country, code ?? ""))
        }
    }

    /// JUR-11 (17 18.1.1; 15.1.2)
    static let governingLaw = Rule("JUR-11", for: .engagement) { engagement, _ in
        engagement.isFilled(.governingLaw) ? [] : [Failure(at: engagement, .governingLaw)]
    }

    /// JUR-12 (17 6.1.3)
    ///
    /// The countries in which both parties of an engagement operate, that of the head office among them.
    static let authorities = Rule("JUR-12", for: .engagement) { engagement, view in
        let parties = [FactField.providerPartyId, .customerPartyId].compactMap { view.fact(.party, engagement.ref($0)) }
        let countries = Set(parties.flatMap { $0.codes(.operatingCountries) + [$0.text(.headOfficeCountry)].compactMap { $0 } })
        guard !countries.isEmpty else { return [] }
        let named = view.facts(.contactPoint, where: .purpose, is: .text("authority")).compactMap { $0.text(.country) }
        return countries.subtracting(named).sorted().map { country in
            Failure(at: engagement, missing: .contactPoint, ["country": .code(.country, country)])
        }
    }

    private static func dependencies(of service: FactID, _ view: FactView) -> [ViewedFact] {
        view.facts(.serviceDependency, where: .downstreamServiceId, is: service).filter { $0.is(.customerDataFlows) }
    }

    /// The customer's policies that cover a jurisdiction: those about its service and those about none.
    private static func policies(for jurisdiction: ViewedFact, _ view: FactView) -> [ViewedFact] {
        view.all(.jurisdictionPolicy).filter { $0.serviceID == nil || $0.serviceID == jurisdiction.serviceID }
    }

    /// The countries of jurisdictions and of the data that they name, ascending.
    private static func places(of jurisdictions: [ViewedFact]) -> [String] {
        Set(jurisdictions.flatMap { [$0] + $0.children(.jurisdictionDataLocations) }.compactMap { $0.text(.country) }).sorted()
    }
}
