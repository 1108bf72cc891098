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

        /// What the source has to be asked for it.
        var questions: Int { patterns.count + (takesChildren ? 1 : 0) }
    }

    /// The controls that a source has.
    struct Source {
        fileprivate let ids: [String]
        /// As catalogues have them, which patterns are made for: `ac-2.1`.
        fileprivate let names: [[UInt8]]
        /// Of each the control that it stands beneath.
        fileprivate let parents: [String?]
        /// Whether ids tell what stands beneath what.
        fileprivate let tellsParents: Bool

        init(_ ids: Set<String>, of framework: String) {
            self.ids = ids.sorted()
            tellsParents = framework.hasPrefix("nist-800-53")
            let keys = self.ids.map { RowKey(framework: framework, controlId: $0, itemKey: RowKey.mainItem) }
            let nist = tellsParents ? self.ids.map { NISTControlID($0) } : []
            names = tellsParents ? keys.map { Array(OscalPlan.place(of: $0).control.utf8) } : self.ids.map { Array($0.lowercased().utf8) }
            parents =
                tellsParents
                ? nist.map { id in id.flatMap { $0.enhancement == nil ? nil : "\($0.family)-\($0.number)" } } : self.ids.map { _ in nil }
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

    /// How often its source has to be gone through.
    var questions: Int { (takesAll ? 1 : 0) + (included + excluded).reduce(0) { $0 + $1.questions } }

    /// More than any profile asks of its sources.
    static let mostQuestions = 1_000

    /// The ids that it comes to.
    ///
    /// - Parameter source: `nil` where it is not here.
    /// - Parameter unresolved: told of each member that is left out for want of the source.
    func ids(of framework: String, in source: Source?, unresolved: (String) -> Void) -> [String] {
        var open: Set<String> = []
        func written(_ id: String) -> String { MappedMatrixReader.controlID(id, framework) ?? id.folded }
        func found(by selection: Selection) -> Set<String> {
            guard let source else {
                if selection.takesChildren { open.insert("with-child-controls") }
                if !selection.patterns.isEmpty { open.insert("matching") }
                return []
            }
            let patterns = selection.patterns.filter { $0.utf8.count <= Self.mostPatternBytes }.map { Array($0.lowercased().utf8) }
            if patterns.count < selection.patterns.count { open.insert("matching") }
            var found = Set(
                source.ids.indices.lazy.filter { place in patterns.contains { Self.matches(source.names[place], $0) } }.map {
                    source.ids[$0]
                })
            if selection.takesChildren {
                let parents = found.union(selection.ids.map(written))
                if !source.tellsParents { open.insert("with-child-controls") }
                found.formUnion(
                    source.ids.indices.lazy.filter { source.parents[$0].map(parents.contains) ?? false }.map { source.ids[$0] })
            }
            return found
        }
        var all: Set<String> = []
        if takesAll { if let source { all = Set(source.ids) } else { open.insert("include-all") } }
        for selection in included { all.formUnion(found(by: selection)) }
        var left: Set<String> = []
        for selection in excluded {
            left.formUnion(found(by: selection))
            left.formUnion(selection.ids.map(written))
        }
        for member in open.sorted() { unresolved(member) }
        return namedIDs.filter { !left.contains(written($0)) } + all.subtracting(left).sorted()
    }

    private static let mostPatternBytes = 256

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
