package import BuntanProtocol

/// A text in the languages that people read.
package struct BilingualText: Hashable, Sendable {
    package let en: String
    package let ja: String

    package init(en: String, ja: String) { (self.en, self.ja) = (en, ja) }
}

/// A dated issue of a standard.
package struct Edition: Hashable, Sendable {
    package let id: String
    package let name: BilingualText
    /// What it is called over a column.
    package let short: BilingualText
}

/// A clause of a framework, which gathers controls: 12, 12.3.
package struct Clause: Hashable, Sendable {
    package let id: String
    /// The clause that this one is part of; `nil` for the first level.
    package let parent: String?
    package let title: BilingualText
}

/// Something done to change a risk, as the first edition that holds it numbers it.
package struct Control: Hashable, Sendable {
    /// Its id in the first edition that holds it, which stays its key for ever.
    package let id: String
    package let clause: String
    package let title: BilingualText
    /// Whether it is one of the seven that ISO/IEC 27017 Annex A adds (CLD).
    package let isExtended: Bool
    /// What it is called in other editions, in the order of the catalogue's later editions; several where it was split, none where an
    /// edition has dropped it.
    package let numbers: [Number]
    /// At most one for each side.
    package let guidance: [Guidance]
    /// What nobody has held against the standard's own text yet.
    package let unverified: [Unverified]

    package struct Number: Hashable, Sendable {
        package let edition: String
        package let ids: [String]
    }

    /// What is asked of one side, in our own words.
    package struct Guidance: Hashable, Sendable {
        package let side: Side
        package let act: Act
        package let text: BilingualText
        /// The kind of record that holds what the side does about it.
        package let kind: String
    }

    /// What the guidance mainly asks for.
    package enum Act: String, CaseIterable, Sendable {
        case define, agree, verify, perform, document, notify
        case provideInformation = "provide-information"
        case provideFunction = "provide-function"
    }

    package enum Unverified: String, CaseIterable, Sendable {
        /// That there is no guidance follows from the published total alone.
        case guidanceByElimination = "guidance-by-elimination"
        /// Which sides have guidance is known from other sources than the standard's text.
        case guidanceNotRead = "guidance-not-read"
        /// The Japanese title was not compared with the text of the JIS.
        case titleUnchecked = "title-ja-unchecked"
        /// The later number is the nearest match, and no part of the official correspondence.
        case numberNearest = "number-nearest"
        /// The later number has one source only.
        case numberUnconfirmed = "number-unconfirmed"
    }

    package func guidance(for side: Side) -> Guidance? { guidance.first { $0.side == side } }
}
