package import Records

/// An edition whose end is known: until when certificates on it were valid, and the one that stands in its place.
package struct Supersession: Hashable, Sendable {
    /// As records name it.
    package let edition: String
    package let day: CalendarDate
    package let successor: String
}

extension Catalogue {
    /// The editions whose end is known, as the rules read them.
    package var editionFacts: [RecordFact] {
        supersessions.map { known in
            RecordFact(
                .editionTable, FactID("edition-table \(known.edition)"),
                [
                    .editionId: .text(known.edition), .supersededOn: .text(known.day.text), .supersededBy: .text(known.successor),
                ])
        }
    }

    /// The edition that stands on a day in the place of one that may have been superseded.
    package func current(_ edition: String, on day: CalendarDate) -> String {
        var (current, seen) = (edition, Set<String>())
        while seen.insert(current).inserted, let known = supersessions.first(where: { $0.edition == current && $0.day < day }) {
            current = known.successor
        }
        return current
    }
}
