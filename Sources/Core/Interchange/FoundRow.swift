import Foundation

/// A row as a CIS/CRM workbook has it: flag, text and marks, before anything is concluded.
///
/// These are kept beside what is concluded, so that a later reading of the same document, or of its next version, can tell
/// what the document changed from what a person changed.
struct FoundRow: Equatable {
    var flag: String?
    var text: String?
    var statuses: Set<Status> = []
    var originations: Set<Origination> = []

    enum Status: String, CaseIterable {
        case implemented
        case partiallyImplemented = "partially-implemented"
        case planned
        case alternative = "alternative-implementation"
        case notApplicable = "n-a"
    }

    enum Origination: String, CaseIterable {
        case corporate = "sp-corporate"
        case system = "sp-system"
        case hybrid = "sp-hybrid"
        case configured = "customer-configured"
        case provided = "customer-provided"
        case shared
        case inherited
    }

    enum Flag: String {
        case yes, partial, no, notApplicable

        /// What stands behind the word explains it: `Partial - see note`, `Yes (all regions)`.
        init?(_ text: String) {
            let word = text.folded
            for end in [" - ", " – ", "(", ": ", "; ", ", ", "※"] {
                if let place = word.range(of: end), let flag = Self(word: String(word[..<place.lowerBound]).folded) {
                    self = flag
                    return
                }
            }
            guard let flag = Self(word: word) else { return nil }
            self = flag
        }

        private init?(word: String) {
            switch word {
            case "yes", "y", "full", "fully", "inherited", "fully inherited": self = .yes
            case "partial", "partially", "p", "shared", "hybrid", "partially inherited": self = .partial
            case "no", "n", "none", "not inherited": self = .no
            case "n/a", "na", "not applicable", "n.a.": self = .notApplicable
            // A Latin x may be either sign.
            case let word where word.allSatisfy(\.isASCII): return nil
            default:
                switch Mark(word) {
                case .yes: self = .yes
                case .partly: self = .partial
                case .no: self = .no
                case .notApplicable: self = .notApplicable
                case .blank, nil: return nil
                }
            }
        }
    }

    var knownFlag: Flag? { flag.flatMap { Flag($0) } }

    /// What the marks alone say, by the template's rule; `nil` without a mark.
    var flagOfMarks: Flag? {
        let byProvider = !originations.isDisjoint(with: [.corporate, .system, .hybrid, .inherited])
        let byCustomer = !originations.isDisjoint(with: [.configured, .provided])
        if originations.contains(.shared) || (byProvider && byCustomer) { return .partial }
        if byCustomer { return .no }
        return byProvider ? .yes : nil
    }

    struct Conclusion {
        var allocation: String
        /// Whether the marks alone spoke, for want of a flag.
        var isDerived: Bool
    }

    /// Returns who is responsible. A flag is never overridden by marks: "service provider" with "No" means that the provider
    /// does it for its own organisation and the customer must still do its own.
    var conclusion: Conclusion {
        switch knownFlag {
        case .yes: return Conclusion(allocation: originations == [.inherited] ? "supplier" : "provider", isDerived: false)
        case .partial: return Conclusion(allocation: "shared", isDerived: false)
        case .no: return Conclusion(allocation: "customer", isDerived: false)
        case .notApplicable: return Conclusion(allocation: "not-applicable", isDerived: false)
        case nil: break
        }
        if statuses.contains(.notApplicable) { return Conclusion(allocation: "not-applicable", isDerived: false) }
        switch flagOfMarks {
        case .partial: return Conclusion(allocation: "shared", isDerived: true)
        case .no: return Conclusion(allocation: "customer", isDerived: true)
        case .yes: return Conclusion(allocation: originations == [.inherited] ? "supplier" : "provider", isDerived: true)
        case .notApplicable, nil: return Conclusion(allocation: "unallocated", isDerived: false)
        }
    }

    /// Returns the code for how far the provider is. Of several statuses the less finished one speaks.
    var implementationStatus: String? {
        let isDone = statuses.contains(.implemented) || statuses.contains(.alternative)
        if statuses.contains(.partiallyImplemented) || (isDone && statuses.contains(.planned)) { return "partial" }
        if isDone { return "implemented" }
        return statuses.contains(.planned) ? "planned" : nil
    }

    /// The fields that are concluded from a found row, and may since have been changed by a person.
    static let concludedFields: Set<String> = ["allocation", "derived", "implementationStatus", "providerStatement", "customerAction"]
    static let foundFields: Set<String> = ["foundFlag", "foundText", "foundStatuses", "foundOriginations"]

    /// Returns the cells that are concluded, in a fixed order.
    var concludedCells: [ImportedField] {
        let conclusion = conclusion
        var cells = [ImportedField("allocation", nil, .text(conclusion.allocation))]
        if conclusion.isDerived { cells.append(ImportedField("derived", nil, .bool(true))) }
        if let implementationStatus { cells.append(ImportedField("implementationStatus", nil, .text(implementationStatus))) }
        if let text, !text.isBlank {
            let isProviders = conclusion.allocation == "provider" || conclusion.allocation == "supplier"
            cells.append(ImportedField(isProviders ? "providerStatement" : "customerAction", text.proseLanguage, .text(text)))
        }
        return cells
    }

    /// Returns the cells that keep the row as found, in a fixed order.
    var foundCells: [ImportedField] {
        var cells: [ImportedField] = []
        if let flag { cells.append(ImportedField("foundFlag", nil, .text(flag))) }
        if let text { cells.append(ImportedField("foundText", nil, .text(text))) }
        for status in Status.allCases where statuses.contains(status) {
            cells.append(ImportedField("foundStatuses", status.rawValue, .bool(true)))
        }
        for origination in Origination.allCases where originations.contains(origination) {
            cells.append(ImportedField("foundOriginations", origination.rawValue, .bool(true)))
        }
        return cells
    }

    init() {}

    /// Restores the found row that a row's cells keep; it is empty where they keep none.
    init(keptIn cells: [CellKey: ImportedValue]) {
        for (key, value) in cells {
            switch (key.field, value) {
            case ("foundFlag", .text(let text)): flag = text
            case ("foundText", .text(let words)): text = words
            case ("foundStatuses", .bool(true)): if let status = key.element.flatMap(Status.init) { statuses.insert(status) }
            case ("foundOriginations", .bool(true)):
                if let origination = key.element.flatMap(Origination.init) { originations.insert(origination) }
            default: break
            }
        }
    }
}
