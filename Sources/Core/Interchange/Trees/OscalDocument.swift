/// A document of OSCAL: which of its models, and what it says of itself.
struct OscalDocument {
    enum Model: String, CaseIterable {
        case catalog
        case profile
        case componentDefinition = "component-definition"
        case systemSecurityPlan = "system-security-plan"
        case sharedResponsibility = "shared-responsibility"
        case mappingCollection = "mapping-collection"
        case assessmentPlan = "assessment-plan"
        case assessmentResults = "assessment-results"
        case planOfActions = "plan-of-action-and-milestones"

        /// Whether it holds what somebody does for controls.
        var holdsRequirements: Bool { [.componentDefinition, .systemSecurityPlan, .sharedResponsibility].contains(self) }
    }

    let model: Model
    let root: DocumentTree

    init?(_ tree: DocumentTree) {
        guard let model = Model.allCases.first(where: { tree[$0.rawValue] != nil }), let root = tree[model.rawValue] else { return nil }
        (self.model, self.root) = (model, root)
    }

    var version: String { root["metadata"]?.text("oscal-version") ?? "" }

    /// What stands behind a reference into the document's own back matter: titles and addresses; the reference itself where it leads out.
    func names(behind reference: String) -> [String] {
        guard reference.hasPrefix("#") else { return [reference] }
        let id = reference.dropFirst()
        let resource = root["back-matter"]?.items("resources").first { $0.text("uuid") == String(id) }
        guard let resource else { return [] }
        return (resource.items("rlinks").compactMap { $0.text("href") } + [resource.text("title")].compactMap(\.self))
    }

    /// What a model that holds no responsibilities holds, counted.
    var figures: [String: Int] {
        switch model {
        case .catalog: ["controls": controls(in: root), "groups": root.items("groups").count]
        case .profile:
            [
                "controls": root.items("imports").reduce(0) { sum, part in
                    sum + part.items("include-controls").reduce(0) { $0 + $1.items("with-ids").count }
                }
            ]
        case .mappingCollection: ["maps": root.items("mappings").reduce(0) { $0 + $1.items("maps").count }]
        case .componentDefinition:
            ["components": root.items("components").count, "imports": root.items("import-component-definitions").count]
        default: [:]
        }
    }

    /// Whether it is a catalogue that an export of ours wrote: ids that a plan refers to, and nobody's framework.
    var isOwnCatalog: Bool {
        model == .catalog
            && (root["metadata"]?.items("props") ?? []).contains { $0.text("name") == "ids-of" && $0.text("ns") == OscalWords.namespace }
    }

    /// The service of which an export of this program wrote it as a plan; `nil` for any other.
    var planOf: String? {
        (root["system-characteristics"]?.items("system-ids") ?? []).first { $0.text("identifier-type") == OscalWords.namespace }?.text("id")
    }

    /// Whether it is a plan that this program wrote, in which a customer answers a matrix: it has no rows of its own.
    var isCustomersPlan: Bool {
        planOf != nil
            && (root["metadata"]?.items("props") ?? []).contains {
                $0.text("name") == "plan-of" && $0.text("ns") == OscalWords.namespace && $0.text("value") == "customer"
            }
    }

    /// How many records beside the rows stand in a plan of ours.
    var ownRecords: Int {
        (root["back-matter"]?.items("resources") ?? []).count { resource in
            resource.items("props").contains { $0.text("name") == "record-id" && $0.text("ns") == OscalWords.namespace }
        }
    }

    /// Whether a profile or a mapping says more than which controls it chooses or pairs: parameters, changes, reasons, confidence.
    var holdsMore: Bool {
        switch model {
        case .profile: return root["modify"] != nil
        case .mappingCollection:
            let understood: Set = ["uuid", "relationship", "sources", "targets"]
            // How, by whom and to what end it was made stands beside the pairs.
            if root.members.keys.contains(where: { !["uuid", "metadata", "mappings"].contains($0) }) { return true }
            return root.items("mappings").contains { mapping in
                mapping.members.keys.contains { !["uuid", "source-resource", "target-resource", "maps"].contains($0) }
                    || mapping.items("maps").contains { $0.members.keys.contains { !understood.contains($0) } }
            }
        default: return false
        }
    }

    private func controls(in tree: DocumentTree) -> Int {
        tree.items("groups").reduce(0) { $0 + controls(in: $1) } + tree.items("controls").reduce(0) { $0 + 1 + controls(in: $1) }
    }
}
