import BuntanProtocol

/// Reads catalogues, profiles and mappings of OSCAL: which controls there are, and how they stand to others.
enum FrameworkReader {
    // MARK: catalogues and profiles

    /// The framework that a catalogue or a profile speaks of; `nil` for any other model, and for the standard's own ids, which are here.
    static func framework(
        _ oscal: OscalDocument, document: String, options: ImportOptions
    ) throws(ImportFault) -> FrameworkImport? {
        if oscal.isOwnCatalog { throw .noResponsibilities(oscal.model.rawValue, figures: oscal.figures, document: document) }
        var said = TreeRows(document: document)
        var found: [(node: Found, path: String)] = []
        var choices: [ProfileChoice] = []
        switch oscal.model {
        case .catalog: gather(oscal.root, "", group: "", into: &found)
        case .profile: choices = ProfileChoice.all(of: oscal)
        default: return nil
        }
        let title = oscal.root["metadata"]?.text("title")?.singleLine ?? ""
        let sources = oscal.root.items("imports").compactMap { $0.text("href") }.flatMap(oscal.names(behind:))
        // A profile is about what it imports, whatever it is called itself.
        let named = TreeFramework.named(
            oscal.model == .profile ? sources + [title] : [title] + sources, ids: found.map(\.node.id) + choices.flatMap(\.namedIDs))
        let meant = options.framework ?? named?.framework ?? ""
        let questions = choices.reduce(0) { $0 + $1.questions }
        guard questions <= ProfileChoice.mostQuestions else {
            throw .unreadableTree(.tooMany(allowed: ProfileChoice.mostQuestions), document: document)
        }
        var taken: Set<String> = []
        for choice in choices {
            let source = choice.questions == 0 ? nil : source(of: choice, meant, options).map { ProfileChoice.Source($0, of: meant) }
            let ids = choice.ids(of: meant, in: source) { said.say(.choiceUnresolved, at: choice.path, ["member": $0]) }
            found += ids.filter { taken.insert($0).inserted }.map { (Found(id: $0), choice.path) }
        }
        guard let first = found.first else {
            // What a profile chooses of a source that is not here stands in the catalogue that it resolves into.
            if oscal.model == .profile { return nil }
            throw .noRows(document: document, sheets: [])
        }
        guard let name = options.framework ?? named?.framework else {
            throw .frameworkUnknown(document: document, exampleID: first.node.id.singleLine, at: ImportOrigin(path: first.path))
        }
        // The standard's own controls are here: another's copy of them has its text.
        let standards = Editions.shipped.standards
        if standards.contains(name) || standards.contains(where: { Editions.shipped.of($0).contains(name) }) {
            throw .noResponsibilities(oscal.model.rawValue, figures: oscal.figures, document: document)
        }
        if options.framework == nil, named?.isCertain == false { said.say(.frameworkAssumed, at: first.path, ["framework": name]) }
        var controls: [FrameworkImport.Control] = []
        var seen: [String: String] = [:]
        for (node, path) in found {
            guard let id = MappedMatrixReader.controlID(node.id, name), id.utf8.count <= mostBytes else {
                said.say(.idUnreadable, at: path, ["value": node.id.singleLine])
                continue
            }
            if let place = seen[id] {
                // A profile may choose one control in several imports.
                if oscal.model == .catalog { said.say(.uuidRepeated, at: path, ["id": id, "first": place]) }
                continue
            }
            seen[id] = path
            // A title that only repeats the id is none.
            let title = node.title.folded == node.id.folded ? "" : cut(node.title)
            controls.append(.init(id: id, title: title, groupTitle: cut(node.group), isWithdrawn: node.isWithdrawn))
        }
        guard !controls.isEmpty else { throw .noRows(document: document, sheets: []) }
        OscalRemarks(oscal).say(in: &said)
        return FrameworkImport(
            document: document, model: oscal.model.rawValue, frameworkID: name, title: cut(title),
            version: cut(oscal.root["metadata"]?.text("version") ?? ""),
            baseline: isChoice(oscal) ? baseline(title, document: document) : nil, controls: controls, figures: oscal.figures,
            diagnostics: said.diagnostics)
    }

    private static let mostBytes = 256
    private static let mostTextBytes = 1_000

    /// A title on one line, and no longer than titles are.
    private static func cut(_ text: String) -> String {
        let line = text.singleLine
        guard line.utf8.count > mostTextBytes else { return line }
        var cut = ""
        for scalar in line.unicodeScalars {
            guard cut.utf8.count + 4 <= mostTextBytes else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut + "…"
    }

    private struct Found {
        var id: String
        var title = ""
        var group = ""
        var isWithdrawn = false
    }

    private static func gather(_ node: DocumentTree, _ path: String, group: String, into found: inout [(node: Found, path: String)]) {
        for (number, part) in node.items("groups").enumerated() {
            gather(part, TreePath.step(path, "groups", number), group: part.text("title") ?? group, into: &found)
        }
        for (number, control) in node.items("controls").enumerated() {
            let place = TreePath.step(path, "controls", number)
            let status = control.items("props").first { $0.text("name") == "status" }?.text("value")
            if let id = control.text("id") {
                found.append((Found(id: id, title: control.text("title") ?? "", group: group, isWithdrawn: status == "withdrawn"), place))
            }
            gather(control, place, group: group, into: &found)
        }
    }

    /// The controls of what a profile imports, where they are here: of a baseline that its address names, or of the catalogue that does.
    private static func source(of choice: ProfileChoice, _ name: String, _ options: ImportOptions) -> Set<String>? {
        let baselines = options.knownBaselines[name] ?? [:]
        for words in choice.words {
            if let level = level(words) { return baselines[level] }
            if let own = baselines[TreeFramework.name(of: words)] { return own }
        }
        // Another profile is not its catalogue.
        let parts = choice.words.flatMap { $0.folded.split { !($0.isLetter || $0.isNumber) } }
        guard !choice.words.isEmpty, !parts.contains("profile"), !parts.contains("baseline") else { return nil }
        let isMeant = options.framework != nil || TreeFramework.named(choice.words, ids: [])?.framework == name
        return isMeant ? options.knownControls[name] : nil
    }

    /// Whether it holds what a profile chooses: a profile, or the catalogue that one was resolved into.
    private static func isChoice(_ oscal: OscalDocument) -> Bool {
        let metadata = oscal.root["metadata"]
        return oscal.model == .profile
            || metadata?.items("links").contains { $0.text("rel") == "source-profile" } ?? false
            || metadata?.items("props").contains { $0.text("name") == "resolution-tool" } ?? false
    }

    /// What a profile's choice is called: by the level that the title of one of NIST's or FedRAMP's names, else by the title.
    private static func baseline(_ title: String, document: String) -> String {
        if let level = level(title) { return level }
        let name = title.isEmpty ? document : title
        let slug = TreeFramework.slug(name)
        guard slug.utf8.allSatisfy({ $0 < 0x80 }), !slug.isEmpty, slug.utf8.count == name.folded.utf8.count else {
            // Two titles are two names.
            let plain = String(slug.unicodeScalars.filter { $0.isASCII }.map(Character.init).prefix(40))
            return (plain.isEmpty ? "profile" : plain) + "-" + SHA.digest(Array(name.utf8)).hex.prefix(6)
        }
        return slug
    }

    /// The level that a title or an address of NIST's or FedRAMP's names.
    private static func level(_ title: String) -> String? {
        let words = title.folded.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        let publisher = words.contains("fedramp") ? "fedramp-" : words.contains("nist") ? "" : nil
        let levels = [["li", "saas"], ["low"], ["moderate"], ["high"], ["privacy"]].filter { words.containsRun($0) }
        guard let publisher, words.contains("baseline"), let level = levels.first else { return nil }
        return publisher + level.joined(separator: "-")
    }

    // MARK: mappings

    /// The maps of a mapping collection, a pair of ids each; `nil` for any other model.
    static func mapping(_ oscal: OscalDocument, document: String) throws(ImportFault) -> MappingImport? {
        guard oscal.model == .mappingCollection else { return nil }
        var said = TreeRows(document: document)
        let methods: Set = ["human", "automation", "hybrid"]
        var maps: [MappingImport.Map] = []
        var seen: Set<MappingImport.Map> = []
        var tried = 0
        let provenances = [("provenance", oscal.root["provenance"])]
        for (path, provenance) in provenances {
            if let method = provenance?.text("method"), !methods.contains(method) {
                said.say(
                    .codeUnknown, at: path,
                    ["field": "method", "value": method.singleLine, "known": methods.sorted().joined(separator: ", ")])
            }
        }
        for (number, part) in oscal.root.items("mappings").enumerated() {
            let place = TreePath.step("", "mappings", number)
            for (position, map) in part.items("maps").enumerated() {
                let path = TreePath.step(place, "maps", position)
                let relationship = map.text("relationship")
                let known = relationship.flatMap { Vocabulary.mappingRelationship.contains($0) ? $0 : nil }
                if let relationship, known == nil {
                    said.say(
                        .codeUnknown, at: path,
                        [
                            "field": "relationship", "value": relationship.singleLine,
                            "known": Vocabulary.mappingRelationship.joined(separator: ", "),
                        ])
                }
                let sources = ids(of: map, "sources", of: part["source-resource"], oscal)
                let targets = ids(of: map, "targets", of: part["target-resource"], oscal)
                // Each source stands to each target: counted before they are paired.
                let (pairs, isTooMany) = sources.count.multipliedReportingOverflow(by: targets.count)
                tried += isTooMany ? mostMaps + 1 : min(pairs, mostMaps + 1)
                guard tried <= mostMaps else { throw .unreadableTree(.tooMany(allowed: mostMaps), document: document) }
                for source in sources {
                    for target in targets {
                        let one = MappingImport.Map(
                            sourceFramework: source.framework, source: source.id, targetFramework: target.framework, target: target.id,
                            relationship: known)
                        if seen.insert(one).inserted { maps.append(one) }
                    }
                }
                if sources.isEmpty || targets.isEmpty { said.say(.idMissing, at: path) }
            }
        }
        guard !maps.isEmpty else { throw .noRows(document: document, sheets: []) }
        OscalRemarks(oscal).say(in: &said)
        return MappingImport(
            document: document, model: oscal.model.rawValue, maps: maps, figures: oscal.figures, diagnostics: said.diagnostics)
    }

    /// Each source of a map stands to each of its targets.
    private static let mostMaps = 20_000

    private static func ids(
        of map: DocumentTree, _ member: String, of resource: DocumentTree?, _ oscal: OscalDocument
    ) -> [(framework: String, id: String)] {
        let ids = map.items(member).compactMap { $0.text("id-ref") }
        let words = resource?.text("href").map(oscal.names(behind:)) ?? []
        let named = TreeFramework.named(words, ids: ids)?.framework
        // One that nothing names is another for each resource.
        let bare = TreeFramework.slug(resource?.text("href") ?? resource?.text("uuid") ?? "")
        let framework = named ?? (bare.isEmpty ? "unknown" : bare)
        return ids.compactMap { id in
            MappedMatrixReader.controlID(id, framework).flatMap { $0.utf8.count <= mostBytes ? (framework, $0) : nil }
        }
    }
}

extension [String] {
    fileprivate func containsRun(_ run: [String]) -> Bool {
        indices.contains { index in index + run.count <= count && Array(self[index..<(index + run.count)]) == run }
    }
}
