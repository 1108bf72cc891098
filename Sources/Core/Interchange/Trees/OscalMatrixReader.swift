import BuntanProtocol

/// Reads what a document of OSCAL says of who does what for which control: a plan, a component definition, or the prototype of a
/// shared-responsibility statement.
///
/// Real documents keep few of the schema's rules. What stands elsewhere than it should is found all the same; what cannot be meant is
/// told, and what has no place in a row stays beside it as a private note.
struct OscalMatrixReader {
    private let oscal: OscalDocument
    private let options: ImportOptions
    private var rows: TreeRows
    private var frameworks: [String: String] = [:]
    /// Titles of the components that a plan names, by their ids; `nil` for the system itself, whose words are the row's own.
    private let components: [String: String?]
    /// Whether the document speaks of more components than one.
    private let hasSeveralComponents: Bool

    /// What is done for one control, and where it stands.
    private struct Requirement {
        let node: DocumentTree
        let path: String
        /// The component of which a component definition says it.
        let component: String?
        let source: String
    }

    static func read(_ oscal: OscalDocument, document: String, options: ImportOptions) throws(ImportFault) -> MatrixImport {
        var reader = OscalMatrixReader(oscal, document: document, options: options)
        return try reader.matrix()
    }

    private init(_ oscal: OscalDocument, document: String, options: ImportOptions) {
        self.oscal = oscal
        self.options = options
        rows = TreeRows(document: document)
        var named: Set<String> = []
        OscalMatrixReader.each(of: oscal.root) { node in
            if let id = node.text("component-uuid") { named.insert(id) }
        }
        hasSeveralComponents = named.count > 1
        var titles: [String: String?] = [:]
        for component in oscal.root["system-implementation"]?.items("components") ?? [] {
            guard let id = component.text("uuid") else { continue }
            // Some plans name the system twice: it is the one of which something is said.
            let isSystem = component.text("type") == "this-system" && named.contains(id) && !titles.values.contains(nil)
            titles[id] = .some(isSystem ? nil : TreeFramework.slug(component.text("title") ?? id))
        }
        components = titles
    }

    private mutating func matrix() throws(ImportFault) -> MatrixImport {
        if oscal.isCustomersPlan { throw .customersPlan(document: rows.document) }
        var requirements: [Requirement] = []
        gather(oscal.root, "", component: nil, source: defaultSource, into: &requirements)
        guard !requirements.isEmpty else {
            throw .noResponsibilities(oscal.model.rawValue, figures: oscal.figures, document: rows.document)
        }
        for (source, all) in Dictionary(grouping: requirements, by: \.source).sorted(by: { $0.key < $1.key }) {
            try chooseFramework(source, all)
        }
        for requirement in requirements { read(requirement) }
        OscalRemarks(oscal).say(in: &rows)
        sayPlaces()
        let others = oscal.ownRecords
        if others > 0 { rows.say(.recordsLeft, at: "/back-matter", ["count": "\(others)"]) }
        return try rows.matrix(.oscal)
    }

    /// Where components say that they are provided: which of the places hold data is for whoever uses them to say.
    private mutating func sayPlaces() {
        for (number, component) in oscal.root.items("components").enumerated() {
            let places = component.items("links").filter { $0.text("rel") == "provided-by" }.compactMap { $0.text("text")?.singleLine }
            guard !places.isEmpty else { continue }
            let named = places.prefix(Self.mostPlaces).joined(separator: ", ") + (places.count > Self.mostPlaces ? ", …" : "")
            rows.say(.placesNamed, at: TreePath.step("", "components", number), ["count": "\(places.count)", "places": named])
        }
    }

    private static let mostPlaces = 4

    // MARK: what there is

    private var defaultSource: String {
        oscal.root["import-profile"]?.text("href") ?? oscal.root["source-ssp"]?["referenced-profile"]?.text("href") ?? ""
    }

    private func gather(
        _ node: DocumentTree, _ path: String, component: String?, source: String, into requirements: inout [Requirement]
    ) {
        let source = node.text("source") ?? source
        for (name, member) in node.members.sorted(by: { $0.key < $1.key }) where name != "metadata" && name != "back-matter" {
            for (number, item) in member.items.enumerated() {
                let place = TreePath.step(path, name, number, of: member)
                if name.replacing("_", with: "-") == "implemented-requirements" {
                    requirements.append(Requirement(node: item, path: place, component: component, source: source))
                } else if case .object = item {
                    let isComponent = oscal.model == .componentDefinition && (name == "components" || name == "capabilities")
                    let title = isComponent ? item.text("title") ?? item.text("name") ?? item.text("uuid") : nil
                    gather(item, place, component: title ?? component, source: source, into: &requirements)
                }
            }
        }
    }

    private mutating func chooseFramework(_ source: String, _ requirements: [Requirement]) throws(ImportFault) {
        if let framework = options.framework {
            frameworks[source] = framework
            return
        }
        // Our own exports name the framework of each row.
        let own = requirements.map { Self.ownKey(within: $0.node) }
        if let first = own.first, let first, own.allSatisfy({ $0 != nil }) {
            frameworks[source] = first.framework
            return
        }
        let ids = requirements.compactMap { $0.node.text("control-id") }
        let path = requirements.first?.path ?? ""
        let words = oscal.names(behind: source)
        let files = words.compactMap { $0.split(separator: "/").last.map(String.init) }
        if let known = files.compactMap({ options.knownSources[$0] }).first {
            frameworks[source] = known
            return
        }
        guard let (framework, isCertain) = TreeFramework.named(words, ids: ids) else {
            throw .frameworkUnknown(document: rows.document, exampleID: ids.first?.singleLine ?? "", at: ImportOrigin(path: path))
        }
        frameworks[source] = framework
        if !isCertain { rows.say(.frameworkAssumed, at: path, ["framework": framework]) }
    }

    // MARK: rows

    /// A row's place: its control, and the item of it where its id says one.
    private func place(_ control: String, statement: String?, _ framework: String) -> (control: String, item: String)? {
        if framework.hasPrefix("nist-800-53") {
            // A statement's id holds its control's; one that is written in another way is an item by that name.
            let whole = NISTControlID(control)
            if let statement, let part = NISTControlID(statement), part.control == whole?.control { return (part.text, RowKey.mainItem) }
            guard let whole else { return nil }
            return (whole.text, statement.map { TreeFramework.slug($0) } ?? RowKey.mainItem)
        }
        func bare(_ id: String) -> String {
            id.lowercased().hasPrefix("iso27017-") ? String(id.dropFirst("iso27017-".count)) : id
        }
        guard let id = MappedMatrixReader.controlID(bare(control), framework) else { return nil }
        guard let statement else { return (id, RowKey.mainItem) }
        let own = bare(statement)
        for mark in ["_smt.", "_stmt."] {
            guard let parted = own.firstRange(of: mark) else { continue }
            let item = own[parted.upperBound...].description
            return (id, item == item.singleLine && (1...60).contains(item.utf8.count) ? item : TreeFramework.slug(item))
        }
        return (id, own.lowercased() == bare(control).lowercased() ? RowKey.mainItem : TreeFramework.slug(own))
    }

    private mutating func read(_ requirement: Requirement) {
        guard let control = requirement.node.text("control-id") else {
            return rows.say(.idMissing, at: requirement.path)
        }
        let framework = frameworks[requirement.source] ?? ""
        let own = Self.ownKey(within: requirement.node).map { (control: $0.controlId, item: RowKey.mainItem) }
        guard let place = place(control, statement: nil, framework) ?? own else {
            return rows.say(.idUnreadable, at: requirement.path, ["value": control.singleLine])
        }
        var origins = OscalWords.origins(of: requirement.node)
        for value in origins.unknown { rows.say(.markUnknown, at: requirement.path, ["value": value]) }
        // Told once, and not with each part.
        origins.unknown = []
        origins.found = Array(origins.found.prefix(Self.mostOrigins))
        var wholes: Set<Int> = []
        let statements = requirement.node.items("statements")
        if oscal.model == .componentDefinition {
            // The statement of a whole control says more of the same row.
            wholes = Set(
                statements.indices.filter { number in
                    statements[number].text("statement-id").flatMap { self.place(control, statement: $0, framework) }.map { $0 == place }
                        ?? false
                })
        }
        add(requirement.node, and: wholes.sorted().map { statements[$0] }, at: requirement.path, requirement, framework, place, origins)
        for (number, statement) in statements.enumerated() {
            let path = "\(requirement.path)/statements/\(number)"
            let id = statement.text("statement-id")
            if id == nil { rows.say(.idMissing, at: path) }
            guard !wholes.contains(number), let place = self.place(control, statement: id, framework) ?? own else { continue }
            let origin = OscalWords.origins(of: statement)
            add(statement, beneath: requirement.node, at: path, requirement, framework, place, origin.isEmpty ? origins : origin)
        }
        // What nobody took stands on the control's own row.
        guard !keptOfAll.isEmpty else { return }
        var words = TreeRows.Words()
        words.notes = keptOfAll
        keptOfAll = []
        rows.add(words, framework: framework, controlId: place.control, itemKey: place.item, at: requirement.path)
    }

    /// Adds the rows of a requirement or of one of its statements: its own words, and those of each component.
    private mutating func add(
        _ node: DocumentTree, and more: [DocumentTree] = [], beneath whole: DocumentTree? = nil, at path: String,
        _ requirement: Requirement, _ framework: String,
        _ place: (control: String, item: String),
        _ origins: OscalWords.Origins
    ) {
        let parts = node.items("by-components")
        let isOfComponent = oscal.model == .componentDefinition
        if isOfComponent || (parts.isEmpty && node.items("statements").isEmpty) {
            var words = OscalWords(node, origins, isShared: isOfComponent, within: [whole].compactMap(\.self))
            for part in more { words.add(OscalWords(part, origins, isShared: isOfComponent, within: [node])) }
            if !words.isEmpty {
                let item = Self.item(place.item, of: requirement.component.map { TreeFramework.slug($0) })
                rows.add(words.row, framework: framework, controlId: place.control, itemKey: item, at: path)
                for unknown in words.unknown { rows.say(.markUnknown, at: path, ["value": unknown]) }
            }
        } else if let kept = OscalWords.kept(besidePartsOf: node) {
            // What is said of all components is kept beside the first.
            keptOfAll.append(kept)
        }
        for (number, part) in parts.enumerated() {
            let path = "\(path)/by-components/\(number)"
            let origin = OscalWords.origins(of: part)
            // What is said of the whole counts for its parts, and the inner word wins.
            let status = OscalWords.statusNode(of: [part, node] + [whole].compactMap(\.self))
            var words = OscalWords(
                part, origin.isEmpty ? origins : origin, isShared: false, status: status, within: [node] + [whole].compactMap(\.self))
            for kept in keptOfAll { words.keep(kept) }
            keptOfAll = []
            let item = Self.item(place.item, of: label(of: part.text("component-uuid")))
            // Whoever says which catalogue is meant has the last word.
            let own = options.framework == nil ? OscalWords.ownKey(of: part) : nil
            rows.add(
                words.row, framework: own?.framework ?? framework, controlId: own?.controlId ?? place.control,
                itemKey: own?.itemKey ?? item,
                at: path)
            for unknown in words.unknown { rows.say(.markUnknown, at: path, ["value": unknown]) }
        }
    }

    /// More than anybody means by bringing a control about.
    private static let mostOrigins = 16

    /// What was said of a requirement and its statements for all of their components, until one of them has it.
    private var keptOfAll: [PrivateNote] = []

    private func label(of component: String?) -> String? {
        guard let component else { return nil }
        if let known = components[component] { return known }
        return hasSeveralComponents ? TreeFramework.slug(String(component.prefix(8))) : nil
    }

    /// Two components that speak of one control say two things of it: each is an item.
    private static func item(_ item: String, of component: String?) -> String {
        guard let component, !component.isEmpty else { return item }
        return item == RowKey.mainItem ? component : String("\(item)-\(component)".prefix(60))
    }

    /// The first row that a requirement of our own export is about.
    private static func ownKey(within requirement: DocumentTree) -> RowKey? {
        ([requirement] + requirement.items("statements")).lazy.flatMap { $0.items("by-components") }.compactMap {
            OscalWords.ownKey(of: $0)
        }.first
    }

    /// Hands over every object of a tree.
    static func each(of tree: DocumentTree, _ body: (DocumentTree) -> Void) {
        switch tree {
        case .object(let members):
            body(tree)
            for member in members.values { each(of: member, body) }
        case .list(let items): for item in items { each(of: item, body) }
        default: break
        }
    }
}
