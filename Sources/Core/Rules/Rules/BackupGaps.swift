import BuntanProtocol
import Records

/// Backup: what is offered against what is required (BKP-5 to BKP-12, BKP-14 and BKP-15).
enum BackupGapRules {
    /// Before the rule about the schedule, in the order of the table.
    static let offered = [rpo, rto, retention, encryption, locations, restoreTests, integrity, scope]
    /// After it.
    static let own = [ownTests, permanent]

    /// Where an offer differs from a requirement.
    private struct Difference {
        let required: Word
        let offered: Word
        var words: [String: Word] = [:]
        /// The member of a list that it is about.
        var member: String?
    }

    /// A rule that holds each specification of the service against a requirement; where there is none, that is what lacks.
    ///
    /// - Parameters:
    ///   - field: The field of the requirement.
    ///   - offered: The field of the specification.
    ///   - name: The word of the message for what lacks.
    ///   - required: What is required, if anything is.
    private static func gap(
        _ id: String, _ field: FactField, against offered: FactField, lacking name: String? = nil,
        required: @escaping @Sendable (ViewedFact) -> Word?,
        _ differences: @escaping @Sendable (_ need: ViewedFact, _ offer: ViewedFact, _ today: () -> CalendarDate) -> [Difference]
    ) -> Rule {
        Rule(id, for: .backupRequirement) { need, view in
            guard let required = required(need) else { return [] }
            func failure(_ difference: Difference, of offer: FactID? = nil, missing kind: FactKind? = nil) -> Failure {
                let words = ["service": .service(need.serviceID), "required": difference.required, "offered": difference.offered]
                return Failure(
                    at: need, missing: kind, field, words.merging(difference.words) { $1 }, side: .customer,
                    required: difference.required, offered: difference.offered,
                    gap: GapPoint(need.id, offered, difference.member, offer: offer))
            }
            let offers = view.records(.backupSpecification, of: need.serviceID)
            if offers.isEmpty {
                let none = Word.lacking(.kind(.backupSpecification))
                let words = name.map { [$0: $0 == "dataSet" ? required : none] } ?? [:]
                return [failure(Difference(required: required, offered: none, words: words), missing: .backupSpecification)]
            }
            return offers.flatMap { offer in differences(need, offer) { view.today }.map { failure($0, of: offer.id) } }
        }
    }

    /// BKP-5 (1 A.12.3.1; 17 12.3.1)
    static let rpo = gap("BKP-5", .maxRpo, against: .rpo, required: { $0.limit(.maxRpo) }) { need, offer, _ in
        longest([.rpo], of: offer, against: .maxRpo, of: need)
    }

    /// BKP-6 (17 12.3.1; G 4.2.1(2)3) (continuity))
    static let rto = gap("BKP-6", .maxRto, against: .rto, required: { $0.limit(.maxRto) }) { need, offer, _ in
        longest([.rto, .restoreTimescale], of: offer, against: .maxRto, of: need)
    }

    /// The longest of the offered durations that are filled is not longer than the limit.
    private static func longest(_ fields: [FactField], of offer: ViewedFact, against limit: FactField, of need: ViewedFact) -> [Difference]
    {
        guard let most = need.duration(limit) else { return [] }
        let offered = fields.compactMap { offer.duration($0) }.max { $0.seconds < $1.seconds }
        if let offered, offered.seconds <= most.seconds { return [] }
        return [Difference(required: .duration(most), offered: offered.map(Word.duration) ?? .lacking(.field(fields[0])))]
    }

    /// BKP-7 (17 12.3.1; G 4.2.1(2)3))
    static let retention = gap(
        "BKP-7", .minRetention, against: .retention, required: { $0.limit(.minRetention) ?? $0.limit(.maxRetention) }
    ) { need, offer, _ in
        let (least, most) = (need.duration(.minRetention), need.duration(.maxRetention))
        guard let limit = least ?? most else { return [] }
        guard let kept = offer.duration(.retention) else {
            return [Difference(required: .duration(limit), offered: .lacking(.field(.retention)))]
        }
        if let least, kept.seconds < least.seconds { return [Difference(required: .duration(least), offered: .duration(kept))] }
        if let most, kept.seconds > most.seconds { return [Difference(required: .duration(most), offered: .duration(kept))] }
        return []
    }

    /// BKP-8 (17 12.3.1, 10.1.1)
    static let encryption = gap(
        "BKP-8", .encryptionRequired, against: .encryptionAtRest, required: { $0.rank(.encryptionRequired) > 0 ? $0.encryptionWord : nil }
    ) {
        need, offer, _ in
        if offer.rank(.encryptionAtRest) < need.rank(.encryptionRequired) {
            return [Difference(required: need.encryptionWord, offered: offer.offer(.encryptionAtRest, isCode: true))]
        }
        if offer.is(.encryptionInTransit) { return [] }
        return [Difference(required: need.encryptionWord, offered: .lacking(.field(.encryptionInTransit)))]
    }

    /// BKP-9 (17 12.3.1, 6.1.3)
    static let locations = gap(
        "BKP-9", .allowedCountries, against: .location, lacking: "country",
        required: { need in
            let allowed = need.codes(.allowedCountries)
            if !allowed.isEmpty { return .codes(.allowedCountries, allowed) }
            return need.is(.separateSiteRequired) ? .field(.separateSiteRequired) : nil
        }
    ) { need, offer, _ in
        let allowed = need.codes(.allowedCountries)
        let sites = offer.children(.backupSpecificationStorageLocations)
        let countries = sites.map { $0.text(.country) }
        func words(_ country: String?) -> Word { country.map { .code(.country, $0) } ?? .lacking(.field(.country)) }
        var differences: [Difference] = []
        if !allowed.isEmpty {
            let others = (sites.isEmpty ? [nil] : countries).filter { $0.map { !allowed.contains($0) } ?? true }
            differences += others.map {
                Difference(
                    required: .codes(.allowedCountries, allowed), offered: words($0), words: ["country": words($0)], member: $0 ?? "")
            }
        }
        if need.is(.separateSiteRequired), !sites.contains(where: { $0.is(.separateFromPrimary) }) {
            let present = sites.isEmpty ? words(nil) : .list(countries.map(words))
            differences.append(
                Difference(
                    required: .field(.separateSiteRequired), offered: .lacking(.field(.separateFromPrimary)), words: ["country": present],
                    member: FactField.separateFromPrimary.rawValue))
        }
        return differences
    }

    /// BKP-10 (1 A.12.3.1; G 4.2.1(2)3))
    static let restoreTests = gap(
        "BKP-10", .maxRestoreTestInterval, against: .restoreTestInterval, lacking: "last", required: { $0.limit(.maxRestoreTestInterval) }
    ) {
        need, offer, today in
        guard let most = need.duration(.maxRestoreTestInterval) else { return [] }
        let day = today()
        let tests = offer.children(.backupSpecificationLastRestoreTest)
        let last = tests.compactMap { $0.date(.testedOn) }.filter { $0 <= day }.max()
        let isOften = offer.duration(.restoreTestInterval).map { $0.seconds <= most.seconds } ?? false
        let isRecent = last.map { ViewedFact.isWithin(most, of: $0, on: day) } ?? false
        if isOften, isRecent { return [] }
        let tested = last.map(Word.date) ?? .lacking(.kind(.backupSpecificationLastRestoreTest))
        return [
            Difference(required: .duration(most), offered: isRecent ? offer.offer(.restoreTestInterval) : tested, words: ["last": tested])
        ]
    }

    /// BKP-11 (17 12.3.1)
    static let integrity = gap(
        "BKP-11", .maxIntegrityCheckInterval, against: .integrityCheckInterval,
        required: { $0.limit(.maxIntegrityCheckInterval) ?? .field(.integrityCheckProcedure) }
    ) { need, offer, _ in
        let required = need.limit(.maxIntegrityCheckInterval) ?? .field(.integrityCheckProcedure)
        if !offer.isFilled(.integrityCheckProcedure) {
            return [Difference(required: required, offered: .lacking(.field(.integrityCheckProcedure)))]
        }
        guard let most = need.duration(.maxIntegrityCheckInterval) else { return [] }
        if let interval = offer.duration(.integrityCheckInterval), interval.seconds <= most.seconds { return [] }
        return [Difference(required: required, offered: offer.offer(.integrityCheckInterval))]
    }

    /// BKP-12 (G 4.2.1(2)3); 17 12.3.1)
    static let scope = gap(
        "BKP-12", .requiredScope, against: .dataSet, lacking: "dataSet",
        required: { $0.isFilled(.requiredScope) ? .codes(.requiredScope, $0.codes(.requiredScope)) : nil }
    ) { need, offer, _ in
        let included = offer.children(.backupSpecificationScope).filter { $0.is(.included) }.compactMap { $0.text(.dataSet) }
        return need.codes(.requiredScope).filter { !included.contains($0) }.map { name in
            let dataSet = Word.code(.requiredScope, name)
            return Difference(required: dataSet, offered: .lacking(dataSet), words: ["dataSet": dataSet], member: name)
        }
    }

    /// BKP-14 (G 4.2.1(2)3))
    ///
    /// Of several tests on the latest day, one that is as it should be is enough.
    static let ownTests = Rule("BKP-14", for: .backupRequirement) { need, view in
        guard let interval = need.duration(.maxRestoreTestInterval) else { return [] }
        let today = view.today
        let tests = need.children(.backupRequirementOwnRestoreTests).compactMap { test in
            test.date(.testedOn).map { (test: test, day: $0) }
        }.filter { $0.day <= today }
        let latest = tests.map(\.day).max()
        let most = need.duration(.maxRto)
        func shortfall(_ test: ViewedFact) -> Word? {
            if test.text(.result) != "passed" { return test.offer(.result, isCode: true) }
            guard let most else { return nil }
            return test.duration(.measuredRto).map { $0.seconds <= most.seconds } ?? false ? nil : test.offer(.measuredRto)
        }
        let offered: Word?
        var required = Word.duration(interval)
        if let latest, ViewedFact.isWithin(interval, of: latest, on: today) {
            let shortfalls = tests.filter { $0.day == latest }.map { shortfall($0.test) }
            let isPassed = shortfalls.contains { $0 == nil }
            offered = isPassed ? (need.isFilled(.continuityPlanRef) ? nil : need.offer(.continuityPlanRef)) : shortfalls.first ?? nil
            // What was measured is held against the longest time to restore.
            if case .duration? = offered, let most { required = .duration(most) }
        } else {
            offered = latest.map(Word.date) ?? .lacking(.kind(.backupRequirementOwnRestoreTests))
        }
        return offered.map {
            [
                Failure(
                    at: need, missing: .backupRequirementOwnRestoreTests,
                    ["service": .service(need.serviceID), "required": .duration(interval)], side: .customer, required: required,
                    offered: $0,
                    gap: GapPoint(need.id, "ownRestoreTests", offer: nil))
            ]
        } ?? []
    }

    /// BKP-15 (G 4.2.1(2)3))
    ///
    /// No duration is unlimited, so that a backup never keeps for good by itself: a measure for the requirement's gap does.
    static let permanent = Rule("BKP-15", for: .backupRequirement) { need, view in
        guard need.is(.permanentByLaw) else { return [] }
        let offers = view.records(.backupSpecification, of: need.serviceID)
        let retention =
            offers.isEmpty ? Word.lacking(.kind(.backupSpecification)) : .list(offers.map { $0.offer(.retention) })
        let words = ["dataSet": Word.name(of: need), "service": .service(need.serviceID), "retention": retention]
        if !need.isFilled(.lawRef) {
            return [
                Failure(
                    at: need, .lawRef, words, side: .customer, required: .field(.lawRef), offered: .lacking(.field(.lawRef)),
                    gap: GapPoint(need.id, .lawRef))
            ]
        }
        if view.isSupplemented(need, in: "retention") { return [] }
        return [
            Failure(
                at: need, .permanentByLaw, words, side: .customer, required: .field(.permanentByLaw), offered: retention,
                gap: GapPoint(need.id, .retention, offer: offers.count == 1 ? offers.first?.id : nil))
        ]
    }
}

extension ViewedFact {
    fileprivate func limit(_ field: FactField) -> Word? { duration(field).map(Word.duration) }

    fileprivate var encryptionWord: Word { word(.encryptionRequired, isCode: true) }

    /// How strong an encryption is; the weakest where nothing is said.
    fileprivate func rank(_ field: FactField) -> Int { EncryptionStrength.rank(of: text(field)) }
}

/// How strong an encryption at rest is, by who holds its keys (BKP-8).
enum EncryptionStrength {
    static func rank(of code: String?) -> Int {
        switch code {
        case "any", "provider-managed-key": 1
        case "customer-managed-key": 2
        case "customer-held-key": 3
        default: 0
        }
    }
}
