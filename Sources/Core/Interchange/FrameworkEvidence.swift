/// Tells the catalogue of ids by what only one catalogue holds.
enum FrameworkEvidence {
    struct Verdict: Equatable {
        let framework: String
        /// Whether the ids prove it; else their spelling alone spoke.
        let isCertain: Bool
    }

    /// Controls of revision 4's baselines that revision 5 withdrew.
    private static let onlyRevision4: Set<String> = [
        "AC-2(10)", "AU-2(3)", "AU-8(1)", "CA-3(3)", "CA-3(5)", "CM-2(1)", "CM-5(3)", "CM-8(5)", "IA-2(3)", "IA-2(4)", "IA-2(9)",
        "IA-2(11)", "IA-5(3)", "IA-5(4)", "IA-5(11)", "IA-8(3)", "IR-9(1)", "IR-10", "MA-4(2)", "MP-5(4)", "MP-7(1)", "PE-13(3)",
        "PL-2(3)", "RA-5(1)", "SA-12", "SC-19", "SI-3(1)", "SI-3(2)", "SI-3(7)", "SI-8(1)",
    ]

    static func verdict(on ids: [NISTControlID], asWritten: [String]) -> Verdict {
        var for4 = 0
        var for5 = 0
        for id in ids {
            // Revision 5 added two families, and to each family's policy control a third statement.
            if id.family == "SR" || id.family == "PT" || (id.number == 1 && id.enhancement == nil && id.statement.first == "c") {
                for5 += 1
            } else if onlyRevision4.contains(id.control) {
                for4 += 1
            }
        }
        if for4 != for5 { return Verdict(framework: for4 > for5 ? "nist-800-53r4" : "nist-800-53r5", isCertain: true) }
        // The templates differ in spelling: `AC-02 (03)` is revision 4's, `AC-2(3)` revision 5's.
        let isPadded = asWritten.contains { $0.contains("-0") || $0.contains("(0") || $0.contains(" (") }
        return Verdict(framework: isPadded ? "nist-800-53r4" : "nist-800-53r5", isCertain: false)
    }

    /// Returns the framework whose ids look like these, or `nil` if they look like no known one.
    static func verdict(onAny written: [String]) -> Verdict? {
        // A heading stands where ids stand, and is none.
        let ids = written.filter { $0.contains(where: \.isNumber) && !$0.hasPrefix("※") }
        let nist = ids.compactMap { NISTControlID($0) }
        if nist.count * 2 > ids.count { return verdict(on: nist, asWritten: ids) }
        let folded = ids.map { $0.folded.filter { $0 != " " } }
        let iso = folded.filter { isISONumber($0) }
        if iso.count * 2 > ids.count { return Verdict(framework: "iso27017", isCertain: iso.contains { $0.hasPrefix("cld.") }) }
        let ccm = folded.filter { id in
            let parts = id.split(separator: "-", maxSplits: 1)
            return parts.count == 2 && (2...4).contains(parts[0].count) && parts[0].contains("&")
        }
        return ccm.isEmpty ? nil : Verdict(framework: "ccm4", isCertain: false)
    }

    private static func isISONumber(_ id: String) -> Bool {
        var rest = Substring(id)
        for prefix in ["cld.", "a."] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        let steps = rest.split(separator: ".", omittingEmptySubsequences: false)
        return (2...4).contains(steps.count)
            && steps.allSatisfy { (1...2).contains($0.utf8.count) && $0.allSatisfy { $0.isASCII && $0.isNumber } }
    }
}
