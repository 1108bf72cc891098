import BuntanProtocol
import Records

/// Backup: what the two sides have to write down and do (BKP-1 to BKP-4, BKP-13, BKP-16 to BKP-21).
enum BackupRules {
    static let all =
        [specification, customersDuty, asked, required] + BackupGapRules.offered + [schedule] + BackupGapRules.own
        + [replication, open, verifiedAgain, deletion, whole, separate]

    /// BKP-1 (17 12.3.1; G 2.4, 4.2.1(2)3))
    ///
    /// The record kinds hold no mark for an item that is not relevant: its reason stands in the item's own text.
    static let specification = Rule("BKP-1", for: .cloudService) { service, view in
        guard service.is(.providesBackup) else { return [] }
        let words = ["service": Word.name(of: service)]
        let specifications = view.records(.backupSpecification, of: service.id)
        if specifications.isEmpty {
            let item = ["item": Word.kind(.backupSpecification)].merging(words) { $1 }
            return [Failure(at: service, missing: .backupSpecification, item, side: .provider)]
        }
        return specifications.flatMap { specification in
            let lists: [FactKind] = [.backupSpecificationScope, .backupSpecificationSchedule, .backupSpecificationStorageLocations]
            let isEncrypted = specification.text(.encryptionAtRest).map { $0 != "none" } ?? false
            return lists.filter { specification.children($0).isEmpty }.map { list in
                Failure(at: specification, missing: list, ["item": .kind(list)].merging(words) { $1 }, side: .provider)
            } + specification.lacking(items + (isEncrypted ? [.encryptionAlgorithm] : []), words, side: .provider)
        }
    }

    private static let items: [FactField] = [
        .method, .dataFormat, .encryptionAtRest, .encryptionInTransit, .retention, .integrityCheckProcedure, .restoreProcedure,
        .restoreTimescale, .testProcedure,
    ]

    /// BKP-2 (17 12.3.1; G 2.4)
    ///
    /// A supplier without a dependency of the provider's service is one that the customer engages.
    static let customersDuty = Rule("BKP-2", for: .cloudService) { service, view in
        guard service.bool(.providesBackup) == false else { return [] }
        let words = ["service": Word.name(of: service)]
        let rows = view.records(.responsibility, of: service.id).filter { row in
            row.text(.controlId) == "12.3.1" && (row.text(.itemKey) ?? "main") == "main"
                && row.text(.framework).map(view.catalogue.isNamed) ?? true
        }
        if rows.isEmpty { return [Failure(at: service, missing: .responsibility, words)] }
        return rows.filter { row in
            switch row.text(.allocation) {
            case "customer": false
            case "supplier": row.isFilled(.dependencyId)
            default: true
            }
        }.map { Failure(at: $0, .allocation, words) }
    }

    /// BKP-3 (17 12.3.1)
    static let asked = Rule("BKP-3", for: .engagement) { engagement, view in
        engagement.refs(.serviceIds).filter { id in
            guard view.fact(.cloudService, id)?.is(.providesBackup) == true else { return false }
            let isRequested = view.facts(.informationRequest, where: .requestedKind, is: .text("backup-specification")).contains {
                request in
                request.serviceID == id || request.ref(.engagementId) == engagement.id
            }
            return !isRequested && view.records(.backupSpecification, of: id).isEmpty
        }.map { Failure(at: engagement, missing: .informationRequest, ["service": .service($0)], side: .customer, service: $0) }
    }

    /// BKP-4 (1 A.12.3.1; G 2.4)
    static let required = Rule("BKP-4", for: .cloudService) { service, view in
        let held = view.facts(.asset, where: .heldIn, is: service.id).filter { $0.text(.authorSide) != "provider" }
        guard !held.isEmpty else { return [] }
        let words = ["service": Word.name(of: service)]
        let needs = view.records(.backupRequirement, of: service.id)
        if needs.isEmpty { return [Failure(at: service, missing: .backupRequirement, words, side: .customer)] }
        if needs.contains(where: { $0.isFilled(.policyId) }) { return [] }
        return needs.map { Failure(at: $0, .policyId, words, side: .customer) }
    }

    /// BKP-13 (P; 17 12.3.1)
    ///
    /// A continuous backup without an interval loses nothing.
    static let schedule = Rule("BKP-13", for: .backupSpecification) { specification, _ in
        guard let rpo = specification.duration(.rpo) else { return [] }
        let runs = specification.children(.backupSpecificationSchedule)
        if runs.contains(where: { $0.text(.backupType) == "continuous" && !$0.isFilled(.interval) }) { return [] }
        let shortest = runs.compactMap { $0.duration(.interval) }.min { $0.seconds < $1.seconds }
        if let shortest, shortest.seconds <= rpo.seconds { return [] }
        let interval =
            (shortest?.words).map { BilingualText(en: "backs up only every \($0.en)", ja: "バックアップ間隔は\($0.ja)です") }
            ?? BilingualText(en: "states no backup interval", ja: "バックアップ間隔の記載がありません")
        return [
            Failure(
                at: specification, .rpo,
                ["service": .service(specification.serviceID), "rpo": .duration(rpo), "interval": .bilingual(interval)],
                side: .provider)
        ]
    }

    /// BKP-16 (G 4.2.1(2)3))
    static let replication = Rule("BKP-16", for: .backupSpecification) { specification, view in
        guard specification.text(.method) == "replication-only" else { return [] }
        let needs = view.records(.backupRequirement, of: specification.serviceID)
        if !needs.isEmpty, needs.allSatisfy({ $0.text(.importance) == "low" }) { return [] }
        return [Failure(at: specification, .method, ["service": .service(specification.serviceID)])]
    }

    /// BKP-17 (G 2.4; 1 6.1.2)
    static let open = Rule("BKP-17", for: .gap) { gap, view in
        guard let need = view.fact(.backupRequirement, gap.ref(.requirementId)), view.isLeftOpen(gap, of: need) else { return [] }
        let service = gap.serviceID ?? need.serviceID
        return [
            Failure(at: gap, .riskId, ["field": .name(of: gap), "service": .service(service)], side: .customer, service: service)
        ]
    }

    /// BKP-18 (17 12.3.1; 12.1.2)
    ///
    /// Each requirement is verified for itself. Where nothing was verified yet, nothing has to be verified again.
    static let verifiedAgain = Rule("BKP-18", for: .backupSpecification) { specification, view in
        guard let revision = specification.int(.revision) else { return [] }
        let verifications = view.facts(.verification, where: .capabilityId, is: specification.id)
        let stale = Dictionary(grouping: verifications) { $0.ref(.requirementId) }.values.contains { verifications in
            let latest = verifications.map { ($0.date(.verifiedOn)?.dayNumber ?? 0, $0.int(.capabilityRevision) ?? 0) }.max { $0 < $1 }
            return latest.map { $0.1 < revision } ?? false
        }
        guard stale else { return [] }
        return [
            Failure(at: specification, missing: .verification, ["service": .service(specification.serviceID)], side: .customer)
        ]
    }

    /// BKP-19 (17 CLD.8.1.5)
    static let deletion = Rule("BKP-19", for: .assetRemoval) { removal, view in
        let specifications = view.records(.backupSpecification, of: removal.serviceID)
        guard !specifications.isEmpty else { return [] }
        let words = ["service": Word.service(removal.serviceID)]
        var failures: [Failure] = []
        if let deadline = removal.duration(.removalDeadline) {
            failures = specifications.filter { specification in
                specification.duration(.deletionAfterExit).map { $0.seconds > deadline.seconds } ?? true
            }.map {
                Failure(
                    at: $0, .deletionAfterExit, words, required: .duration(deadline), offered: $0.offer(.deletionAfterExit),
                    gap: GapPoint(removal.id, .deletionAfterExit, offer: $0.id))
            }
        }
        if !removal.codes(.copiesCovered).contains("backup") {
            let backup = Word.code(.copiesCovered, "backup")
            failures.append(
                Failure(
                    at: removal, .copiesCovered, words, required: backup, offered: .lacking(backup),
                    gap: GapPoint(removal.id, .copiesCovered, "backup")))
        }
        return failures
    }

    /// BKP-20 (G 4.2.1(2)3))
    static let whole = Rule("BKP-20", for: .backupSpecification) { specification, _ in
        let sets = specification.children(.backupSpecificationScope)
        return ["system-information", "software", "customer-data"].filter { name in
            !sets.contains { $0.text(.dataSet) == name && ($0.is(.included) || $0.isFilled(.note)) }
        }.map { name in
            let dataSet = Word.code(.dataSet, name)
            return Failure(
                at: specification, missing: .backupSpecificationScope,
                ["dataSet": dataSet, "service": .service(specification.serviceID)], side: .provider, required: dataSet,
                offered: .lacking(dataSet), gap: GapPoint(specification.id, .dataSet, name, offer: specification.id))
        }
    }

    /// BKP-21 (G 4.2.1(2)3))
    static let separate = Rule("BKP-21", for: .backupSpecification) { specification, _ in
        let locations = specification.children(.backupSpecificationStorageLocations)
        if locations.contains(where: { $0.is(.separateFromPrimary) }) { return [] }
        let words = ["service": Word.service(specification.serviceID)]
        let gap = GapPoint(specification.id, .separateFromPrimary, offer: specification.id)
        guard let stated = locations.first else {
            return [
                Failure(
                    at: specification, missing: .backupSpecificationStorageLocations, words, side: .provider,
                    required: .field(.separateFromPrimary), offered: .lacking(.kind(.backupSpecificationStorageLocations)), gap: gap)
            ]
        }
        return [
            Failure(
                at: stated, .separateFromPrimary, words, side: .provider, required: .field(.separateFromPrimary),
                offered: .lacking(.field(.separateFromPrimary)), gap: gap)
        ]
    }
}
