/// Reads a part that relates others to its owner: id to target and type.
struct RelationshipsPart: PartReader {
    struct Relationship {
        let id: String
        let kind: Substring
        let target: String
    }
    private(set) var relationships: [Relationship] = []

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        guard element == "Relationship", let id = attributes["Id"], let type = attributes["Type"],
            let target = attributes["Target"], attributes["TargetMode"] != "External"
        else { return }
        // The strict and the common form of the format differ in the address and agree in its last word.
        let kind = type.split(separator: "/").last ?? ""
        relationships.append(Relationship(id: id, kind: kind, target: target))
    }
    mutating func text(_ text: String) {}
    mutating func end(_ element: String) {}

    /// Returns the path in the archive that a target names, seen from the folder of its owner.
    static func path(of target: String, from folder: String) -> String {
        var steps = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for step in target.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps.joined(separator: "/")
    }
}

/// Reads names, order and visibility of the sheets.
struct SheetListPart: PartReader {
    struct Listed {
        let name: String
        let isHidden: Bool
        let relationship: String
    }
    let limits: WorkbookLimits
    private(set) var sheets: [Listed] = []
    private(set) var countsFrom1904 = false

    init(limits: WorkbookLimits) {
        self.limits = limits
    }

    mutating func begin(_ element: String, _ attributes: [String: String]) throws(WorkbookFault) {
        switch element {
        case "workbookPr":
            countsFrom1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
        case "sheet":
            // The id's prefix is the author's choice, `sheetId` is another attribute.
            let id = attributes["r:id"] ?? attributes.first { $0.key.hasSuffix(":id") }?.value ?? ""
            sheets.append(
                Listed(name: attributes["name"] ?? "", isHidden: attributes["state"]?.hasSuffix("idden") == true, relationship: id))
            guard sheets.count <= limits.sheets else {
                throw .limitExceeded(.sheets, allowed: limits.sheets, found: sheets.count, at: .document)
            }
        default: break
        }
    }
    mutating func text(_ text: String) {}
    mutating func end(_ element: String) {}
}

/// Reads which cell formats show a number as a date, and with how many decimals others show it.
struct StylesPart: PartReader {
    private var dateFormats: Set<String> = []
    private var isInCellFormats = false
    /// Whether the format with this index, a cell's `s`, shows a date.
    private(set) var isDate: [Bool] = []
    /// How many decimals the format with this index always shows; 0 where it doesn't say.
    private(set) var decimals: [Int] = []
    private var decimalFormats: [String: Int] = ["2": 2]

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        switch element {
        case "numFmt":
            guard let id = attributes["numFmtId"], let code = attributes["formatCode"] else { return }
            if Self.showsDate(code) { dateFormats.insert(id) }
            if let match = code.wholeMatch(of: /0\.(0{1,9})(_\s)?/) { decimalFormats[id] = match.1.count }
        case "cellXfs": isInCellFormats = true
        case "xf" where isInCellFormats:
            let id = attributes["numFmtId"] ?? "0"
            let builtIn = Int(id).map {
                (14...22).contains($0) || (27...36).contains($0) || (45...47).contains($0) || (50...58).contains($0)
            }
            isDate.append(builtIn == true || dateFormats.contains(id))
            decimals.append(decimalFormats[id] ?? 0)
        default: break
        }
    }
    mutating func text(_ text: String) {}
    mutating func end(_ element: String) {
        if element == "cellXfs" { isInCellFormats = false }
    }

    /// Returns whether a format has a day or year in it, outside of quoted words, colours and escapes.
    private static func showsDate(_ code: String) -> Bool {
        var isQuoted = false
        var isBracketed = false
        var isEscaped = false
        for letter in code.lowercased() {
            if isEscaped {
                isEscaped = false
            } else if letter == "\"" {
                isQuoted.toggle()
            } else if isQuoted {
                continue
            } else if letter == "\\" || letter == "_" || letter == "*" {
                isEscaped = true
            } else if letter == "[" || letter == "]" {
                isBracketed = letter == "["
            } else if !isBracketed, letter == "y" || letter == "d" || letter == "h" {
                return true
            }
        }
        return false
    }
}
