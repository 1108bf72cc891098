import BuntanProtocol

/// Reads catalogues, profiles and mappings of OSCAL: which controls there are, and how they stand to others.
enum FrameworkReader {
    // MARK: catalogues and profiles

    /// The framework that a catalogue or a profile speaks of; `nil` for any other model, and for the standard's own ids, which are here.
    static func framework(
        _ oscal: OscalDocument, document: String, options: ImportOptions
    ) throws(ImportFault) -> FrameworkImport? {
        var said = TreeRows(document: document)
        var found: [(node: Found, path: String)] = []
        switch oscal.model {
        case .catalog: gather(oscal.root, "", group: "", into: &found)
        case .profile: choose(oscal.root, into: &found)
        default: return nil
        }
        let title = oscal.root["metadata"]?.text("title")?.singleLine ?? ""
        let sources = oscal.root.items("imports").compactMap { $0.text("href") }.flatMap(oscal.names(behind:))
        guard let first = found.first else { throw .noRows(document: document, sheets: []) }
        guard let (framework, isCertain) = TreeFramework.named([title] + sources, ids: found.map(\.node.id)) else {
            throw .frameworkUnknown(document: document, exampleID: first.node.id.singleLine, at: ImportOrigin(path: first.path))
        }
        let name = options.framework ?? framework
        if Editions.shipped.standards.contains(name)
            || Editions.shipped.standards.contains(where: { Editions.shipped.of($0).contains(name) })
        {
            return nil
        }
        if options.framework == nil, !isCertain { said.say(.frameworkAssumed, at: first.path, ["framework": framework]) }
        var controls: [FrameworkImport.Control] = []
        var seen: [String: String] = [:]
        for (node, path) in found {
            guard let id = MappedMatrixReader.controlID(node.id, name), id.utf8.count <= mostBytes else {
                said.say(.idUnreadable, at: path, ["value": node.id.singleLine])
                continue
            }
            if let place = seen[id] {
                // A profile may choose one control in several imports.
                if oscal.model == .catalog { said.say(.idRepeated, at: path, ["id": id, "itemKey": id, "first": place]) }
                continue
            }
            seen[id] = path
            // A title that only repeats the id is none.
            let title = node.title.folded == node.id.folded ? "" : String(node.title.singleLine.prefix(mostSigns))
            controls.append(
                .init(id: id, title: title, groupTitle: String(node.group.singleLine.prefix(mostSigns)), isWithdrawn: node.isWithdrawn))
        }
        OscalRemarks(oscal).say(in: &said)
        return FrameworkImport(
            document: document, model: oscal.model.rawValue, frameworkID: name, title: title,
            version: oscal.root["metadata"]?.text("version")?.singleLine ?? "",
            baseline: isChoice(oscal) ? baseline(title, document: document) : nil, controls: controls, figures: oscal.figures,
            diagnostics: said.diagnostics)
    }

    private static let mostBytes = 256
    private static let mostSigns = 500

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

    private static func choose(_ root: DocumentTree, into found: inout [(node: Found, path: String)]) {
        for (number, part) in root.items("imports").enumerated() {
            for choice in part.items("include-controls") {
                for id in choice.items("with-ids").compactMap(\.text) {
                    found.append((Found(id: id), TreePath.step("", "imports", number)))
                }
            }
        }
    }

    /// Whether it holds what a profile chooses: a profile, or the catalogue that one was resolved into.
    private static func isChoice(_ oscal: OscalDocument) -> Bool {
        let metadata = oscal.root["metadata"]
        return oscal.model == .profile
            || metadata?.items("links").contains { $0.text("rel") == "source-profile" } ?? false
            || metadata?.items("props").contains { $0.text("name") == "resolution-tool" } ?? false
    }

    /// What a profile's choice is called: by the level that its title names, else by the title.
    private static func baseline(_ title: String, document: String) -> String {
        let words = title.folded.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        for level in [["li", "saas"], ["low"], ["moderate"], ["high"], ["privacy"]] where words.containsRun(level) {
            return level.joined(separator: "-")
        }
        let slug = TreeFramework.slug(title.isEmpty ? document : title)
        return slug.utf8.allSatisfy { $0 < 0x80 } && !slug.isEmpty ? slug : "profile"
    }

    // MARK: mappings

    /// The maps of a mapping collection, a pair of ids each; `nil` for any other model.
    static func mapping(_ oscal: OscalDocument, document: String) throws(ImportFault) -> MappingImport? {
        guard oscal.model == .mappingCollection else { return nil }
        var said = TreeRows(document: document)
        let methods: Set = ["human", "automation", "hybrid"]
        var maps: [MappingImport.Map] = []
        var seen: Set<MappingImport.Map> = []
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
                for source in sources {
                    for target in targets {
                        let one = MappingImport.Map(
                            sourceFramework: source.framework, source: source.id, targetFramework: target.framework, target: target.id,
                            relationship: known)
                        if seen.insert(one).inserted { maps.append(one) }
                    }
                }
                if sources.isEmpty || targets.isEmpty { said.say(.idMissing, at: path) }
                guard maps.count <= mostMaps else { throw .unreadableTree(.tooMany(allowed: mostMaps), document: document) }
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
        let framework = TreeFramework.named(words, ids: ids)?.framework ?? "unknown"
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
