/// What a rule's clause is a clause of, by the sign before it.
package enum ClauseSource: String, CaseIterable, Sendable {
    case management = "1"
    case cloud = "17"
    /// What a certification for clouds asks for beside them.
    case certification = "J"
    /// The ISMS user guide's supplement of 2018.
    case guide = "G"
    case definition = "N"
    case vocabulary = "X"
    /// What the records need to be sound.
    case product = "P"

    /// The title of a standard, which is the same in every language; `nil` for what goes by a description.
    package var title: String? {
        switch self {
        case .management: "JIS Q 27001:2014 (ISO/IEC 27001:2013)"
        case .cloud: "JIS Q 27017:2016 (ISO/IEC 27017:2015)"
        case .certification: "JIP-ISMS517-1.0"
        case .definition: "NIST SP 800-145"
        case .vocabulary: "JIS X 9401 (ISO/IEC 17788)"
        case .guide, .product: nil
        }
    }

    /// The sources of a clause, in its order; `nil` for one that begins with none.
    ///
    /// Parts stand between semicolons; one without a sign goes on with the source before it: `G 4.1(4); 17 6.1.1; 12.1.2`.
    package static func all(in clause: String) -> [ClauseSource]? {
        let signs = clause.split(separator: ";").map { ClauseSource(rawValue: $0.split(separator: " ").first.map(String.init) ?? "") }
        guard let first = signs.first, first != nil else { return nil }
        return signs.compactMap(\.self)
    }
}
