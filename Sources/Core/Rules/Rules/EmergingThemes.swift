import BuntanProtocol
import Records

/// Emerging themes (EMT-1 to EMT-5).
enum EmergingThemeRules {
    static let all = [assessed, answered, premises, automated, decided]

    /// EMT-1 (G 5)
    static let assessed = Rule("EMT-1", for: .emergingTheme) { theme, _ in
        guard ["yes", "planned"].contains(theme.text(.inUse)), !theme.isFilled(.riskIds) else { return [] }
        return [Failure(at: theme, .riskIds, ["theme": .name(of: theme)])]
    }

    /// EMT-2 (G 5)
    ///
    /// The interval is that of the latest management review, a year where there is none. The themes are asked of whoever has a scope or
    /// has answered one.
    static let answered = Rule("EMT-2") { view in
        let answers = view.all(.emergingTheme, .own)
        if answers.isEmpty, view.all(.scopeStatement, .own).isEmpty { return [] }
        let today = view.today
        let reviews = view.all(.managementReview, .own).compactMap { review in review.date(.heldOn).map { (review: review, day: $0) } }
        let latest = reviews.filter { $0.day <= today }.max { $0.day < $1.day }
        let seconds = latest?.review.duration(.plannedInterval)?.seconds ?? 365 * 86_400
        return ["telework", "byod", "iot", "ai"].compactMap { name in
            let own = answers.filter { $0.text(.theme) == name }
            let words = ["theme": Word.code(.theme, name)]
            guard let first = own.first else { return Failure(at: nil, missing: .emergingTheme, words) }
            let known = own.filter { theme in theme.text(.inUse).map { $0 != "unknown" } ?? false }
            guard let answer = known.first else { return Failure(at: first, .inUse, words) }
            let isReviewed = known.contains { theme in
                guard let day = theme.date(.reviewedOn) else { return false }
                return day <= today && today.days(since: day) * 86_400 <= seconds
            }
            return isReviewed ? nil : Failure(at: answer, .reviewedOn, words)
        }
    }

    /// EMT-3 (G 5)
    static let premises = Rule("EMT-3", for: .emergingTheme) { theme, _ in
        guard let cause = [FactField.closedSystemConnected, .personalDevices].first(where: { theme.is($0) }),
            !theme.isFilled(.affectedControlIds)
        else { return [] }
        return [
            Failure(
                at: theme, .affectedControlIds, ["theme": .name(of: theme)], required: .field(cause),
                offered: .lacking(.field(.affectedControlIds)))
        ]
    }

    /// EMT-4 (G 5)
    static let automated = Rule("EMT-4", for: .emergingTheme) { theme, _ in
        let operations = theme.children(.emergingThemeAutomatedOperations)
        guard !operations.isEmpty, !theme.isFilled(.affectedControlIds) else { return [] }
        let operation = Word.list(operations.map { $0.word(.text) })
        return [
            Failure(
                at: theme, .affectedControlIds, ["operation": operation], required: operation,
                offered: .lacking(.field(.affectedControlIds)))
        ]
    }

    /// EMT-5 (G 5)
    ///
    /// A review refers to a theme that is among its sources, and decides where it has an output.
    static let decided = Rule("EMT-5", for: .emergingTheme) { theme, view in
        guard theme.text(.inUse) == "yes" else { return [] }
        let isDecided = view.facts(.managementReview, where: .sourceRecordIds, is: theme.id, .own).contains { review in
            [.managementReviewOutputImprovements, .managementReviewOutputChanges].contains { !review.children($0).isEmpty }
        }
        return isDecided ? [] : [Failure(at: theme, missing: .managementReview, ["theme": .name(of: theme)])]
    }
}
