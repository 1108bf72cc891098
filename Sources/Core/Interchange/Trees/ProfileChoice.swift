/// What a profile takes of one of the sources that it imports: controls by their ids, and by what only the source can tell.
struct ProfileChoice {
    /// One list of what is included or excluded.
    private struct Selection {
        let ids: [String]
        let takesChildren: Bool
        let patterns: [String]

        init(_ node: DocumentTree) {
            ids = node.items("with-ids").compactMap(\.text)
            takesChildren = node["with-child-controls"].map { $0.text == "yes" || $0 == .bool(true) } ?? false
            patterns = node.items("matching").compactMap { $0.text("pattern") ?? $0.text }
        }
    }

    let path: String
    /// What is known of the source: its address, and what that refers to.
    let words: [String]
    private let takesAll: Bool
    private let included: [Selection]
    private let excluded: [Selection]

    /// One for each import of a profile.
    static func all(of oscal: OscalDocument) -> [ProfileChoice] {
        oscal.root.items("imports").enumerated().map { number, part in
            ProfileChoice(part, at: TreePath.step("", "imports", number), part.text("href").map(oscal.names(behind:)) ?? [])
        }
    }

    private init(_ part: DocumentTree, at path: String, _ words: [String]) {
        self.path = path
        self.words = words
        takesAll = part["include-all"] != nil
        included = part.items("include-controls").map(Selection.init)
        excluded = part.items("exclude-controls").map(Selection.init)
    }

    /// The ids that it names, as they stand.
    var namedIDs: [String] { included.flatMap(\.ids) }

    /// The ids that it comes to.
    ///
    /// - Parameter known: the controls of the source, as rows have their ids; `nil` where it is not here.
    /// - Parameter unresolved: told of each member that is left out for want of the source.
    func ids(of framework: String, known: Set<String>?, unresolved: (String) -> Void) -> [String] {
        var open: Set<String> = []
        func found(by selection: Selection) -> Set<String> {
            var found: Set<String> = []
            if selection.takesChildren {
                if let known, framework.hasPrefix("nist-800-53") {
                    let parents = Set(selection.ids.compactMap { NISTControlID($0)?.control })
                    found = known.filter { id in NISTControlID(id).map { $0.enhancement != nil && parents.contains(base(of: $0)) } ?? false
                    }
                } else {
                    open.insert("with-child-controls")
                }
            }
            if !selection.patterns.isEmpty {
                let patterns = selection.patterns.filter { $0.utf8.count <= Self.mostPatternBytes }.map { Array($0.lowercased().utf8) }
                if let known {
                    found.formUnion(known.filter { id in patterns.contains { Self.matches(Self.name(of: id, framework), $0) } })
                } else {
                    open.insert("matching")
                }
            }
            return found
        }
        var all: Set<String> = []
        if takesAll { if let known { all = known } else { open.insert("include-all") } }
        for selection in included { all.formUnion(found(by: selection)) }
        var left: Set<String> = []
        for selection in excluded {
            left.formUnion(found(by: selection))
            left.formUnion(selection.ids.map { MappedMatrixReader.controlID($0, framework) ?? $0.folded })
        }
        for member in open.sorted() { unresolved(member) }
        let named = namedIDs.filter { !left.contains(MappedMatrixReader.controlID($0, framework) ?? $0.folded) }
        return named + all.subtracting(left).sorted()
    }

    private func base(of id: NISTControlID) -> String { "\(id.family)-\(id.number)" }

    private static let mostPatternBytes = 256

    /// An id as catalogues have it, which patterns are made for: `ac-2.1`.
    private static func name(of id: String, _ framework: String) -> [UInt8] {
        Array(OscalPlan.place(of: RowKey(framework: framework, controlId: id, itemKey: RowKey.mainItem)).control.lowercased().utf8)
    }

    /// Whether a name fits a pattern, in which `*` stands for any signs and `?` for one.
    private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (at, place) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while at < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == name[at] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (place, at) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
