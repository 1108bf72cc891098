import BuntanProtocol

/// What a document of OSCAL says at one place, in the words of a row.
struct OscalWords {
    private(set) var row = TreeRows.Words()
    /// Values that nothing here knows.
    private(set) var unknown: [String] = []

    /// Our own members in others' documents.
    static let namespace = "urn:buntan:oscal:1"

    /// Who is said to have brought a control about.
    struct Origins: Equatable {
        var provider = false
        var customer = false
        var inherited = false
        var shared = false
        /// The allocation by its own name, as our own exports say it.
        var exact: String?
        /// As they stand, where one is not known.
        var unknown: [String] = []
        /// All of them as they stand.
        var found: [String] = []

        var isEmpty: Bool { self == Origins() }

        var allocation: String? {
            if let exact { return exact }
            if shared || (customer && (provider || inherited)) { return "shared" }
            if customer { return "customer" }
            if provider { return "provider" }
            return inherited ? "supplier" : nil
        }
    }

    static func origins(of node: DocumentTree) -> Origins {
        var origins = Origins()
        for prop in node.items("props") where !isOfRecord(prop) {
            guard let value = prop.text("value") else { continue }
            switch prop.text("name") {
            case "allocation" where prop.text("ns") == namespace:
                if Vocabulary.allocation.contains(value) { origins.exact = value } else { origins.unknown.append(value.singleLine) }
            case "control-origination": origins.add(value)
            default: break
            }
        }
        return origins
    }

    /// - Parameter isShared: whether the description at this place is meant for others; in a plan it is its author's own.
    /// - Parameter status: what says how far it is implemented, where that is not the place itself.
    /// - Parameter around: what the place stands in: what does not let anything out holds all that is in it.
    init(_ node: DocumentTree, _ origins: Origins, isShared: Bool, status: DocumentTree? = nil, within around: [DocumentTree] = []) {
        unknown += origins.unknown
        let export = node["export"]
        func parts(_ names: String...) -> [DocumentTree] { names.flatMap { node.items($0) + (export?.items($0) ?? []) } }
        let provided = parts("provided")
        let duties = parts("responsibilities", "responsibility")
        // What its author does not let out, alone or with all that is beside it, stays here.
        func isFree(_ part: DocumentTree?) -> Bool { part?["exportable"].map { $0 == .bool(true) } ?? true }
        let isOpen = isFree(node) && isFree(export) && around.allSatisfy(isFree)
        func isLetOut(_ part: DocumentTree) -> Bool { isOpen && isFree(part) }
        row.providerStatement = Self.prose(provided.filter(isLetOut), "description")
        row.customerAction = Self.prose(duties.filter(isLetOut), "description")
        row.boundaryNote = Self.prose(provided.filter(isLetOut), "remarks")
        if isOpen { takeOwnTexts(of: node) }
        if isShared, isOpen { row.providerStatement.merge(Self.prose([node], "description")) { "\($1)\n\n\($0)" } }
        take(statusOf: status ?? node, isOpen: isOpen)
        if let allocation = origins.allocation, origins.exact != nil || row.allocation != "not-applicable" {
            row.allocation = allocation
            row.saysAllocation = true
            row.isDerived = Self.own("allocation", of: node)?.text("class") == "concluded"
        } else if row.allocation != "not-applicable" {
            let (gives, asks) = (!provided.isEmpty, !duties.isEmpty)
            let isInherited = !parts("inherited").isEmpty
            if gives || asks || isInherited {
                row.allocation = gives && asks ? "shared" : asks ? "customer" : gives ? "provider" : "supplier"
                row.isDerived = true
                row.saysAllocation = true
            }
        } else {
            row.saysAllocation = true
        }
        keepOrigins(origins, of: node)
        keepRest(of: node, export, provided, duties, isShared: isShared && isOpen, isLetOut: isLetOut)
    }

    // MARK: what our own exports say

    /// A prop of ours.
    private static func own(_ name: String, of node: DocumentTree) -> DocumentTree? {
        node.items("props").first { $0.text("name") == name && $0.text("ns") == namespace && !isOfRecord($0) }
    }

    /// The row that a place of our own export is about.
    static func ownKey(of node: DocumentTree) -> RowKey? {
        guard let framework = own("framework", of: node)?.text("value"), let control = own("control", of: node)?.text("value") else {
            return nil
        }
        return RowKey(written: framework, control, own("item", of: node)?.text("value"))
    }

    private mutating func takeOwnTexts(of node: DocumentTree) {
        var texts: [String: [String: String]] = [:]
        for prop in node.items("props") where prop.text("name") == "text" && prop.text("ns") == Self.namespace {
            guard let field = prop.text("value"), let language = prop.text("class"), Vocabulary.languages.contains(language) else {
                continue
            }
            texts[field, default: [:]][language] = prop.text("remarks")?.composed
        }
        row.topic = texts["topic"] ?? row.topic
        row.boundaryNote = texts["boundary-note"] ?? row.boundaryNote
        row.notApplicableReason = texts["not-applicable-reason"] ?? row.notApplicableReason
        if Self.own("provider-shares", of: node) != nil { row.providerShares = true }
    }

    var isEmpty: Bool {
        row.providerStatement.isEmpty && row.customerAction.isEmpty && row.notes.isEmpty && row.status == nil
            && row.allocation == "unallocated"
    }

    /// Adds what is said at another place of the same row.
    mutating func add(_ other: OscalWords) {
        func both(_ one: String, _ other: String) -> String { one == other ? one : "\(one)\n\n\(other)" }
        row.providerStatement.merge(other.row.providerStatement, uniquingKeysWith: both)
        row.customerAction.merge(other.row.customerAction, uniquingKeysWith: both)
        row.boundaryNote.merge(other.row.boundaryNote, uniquingKeysWith: both)
        row.notApplicableReason.merge(other.row.notApplicableReason, uniquingKeysWith: both)
        row.status = row.status ?? other.row.status
        row.saysAllocation = row.saysAllocation || other.row.saysAllocation
        if row.allocation == "unallocated" { (row.allocation, row.isDerived) = (other.row.allocation, other.row.isDerived) }
        row.notes += other.row.notes
        unknown += other.unknown
    }

    mutating func keep(_ note: PrivateNote) { row.notes.append(note) }

    private static func states(of node: DocumentTree) -> [String] {
        [node["implementation-status"]?.text("state")].compactMap(\.self)
            + node.items("props").filter { $0.text("name") == "implementation-status" }.compactMap { $0.text("value") }
    }

    /// Of places from the innermost on the first that says how far it is implemented.
    static func statusNode(of nodes: [DocumentTree]) -> DocumentTree? { nodes.first { !states(of: $0).isEmpty } }

    private mutating func take(statusOf node: DocumentTree, isOpen: Bool) {
        let states = Self.states(of: node)
        let remarks =
            ([node["implementation-status"]?.text("remarks")]
            + node.items("props").filter { $0.text("name") == "implementation-status" }.map { $0.text("remarks") }).compactMap(\.self)
        if !isOpen || !states.contains(where: { $0.folded.replacing(" ", with: "-") == "not-applicable" }) {
            row.notes += remarks.map { PrivateNote(header: "implementation-status", text: $0.composed) }
        }
        for state in states {
            switch state.folded.replacing(" ", with: "-") {
            case "implemented", "partial", "planned", "not-implemented":
                row.status = row.status ?? state.folded.replacing(" ", with: "-")
            case "partially-implemented": row.status = row.status ?? "partial"
            // What is done in another way is done: how is told in the words.
            case "alternative":
                row.status = row.status ?? "implemented"
                row.notes.append(PrivateNote(header: "implementation-status", text: state))
            case "not-applicable":
                row.allocation = "not-applicable"
                if isOpen, row.notApplicableReason.isEmpty, let reason = node["implementation-status"]?.text("remarks") {
                    row.notApplicableReason = [reason.proseLanguage: reason.composed]
                }
            default:
                unknown.append(state.singleLine)
                row.notes.append(PrivateNote(header: "implementation-status", text: state.composed))
            }
        }
    }

    /// The texts of several parts one below the other, by language.
    private static func prose(_ parts: [DocumentTree], _ member: String) -> [String: String] {
        var texts: [String: [String]] = [:]
        for part in parts {
            if let text = part.text(member)?.composed {
                let named = own("language", of: part)?.text("value").flatMap { Vocabulary.languages.contains($0) ? $0 : nil }
                texts[named ?? text.proseLanguage, default: []].append(text)
            }
            for prop in part.items("props") where prop.text("name") == "translation" && prop.text("ns") == namespace {
                guard prop.text("value") == member, let language = prop.text("class"), Vocabulary.languages.contains(language),
                    let text = prop.text("remarks")?.composed
                else { continue }
                texts[language, default: []].append(text)
            }
        }
        return texts.mapValues { $0.joined(separator: "\n\n") }
    }

    // MARK: what has no place in a row

    private static let places: Set = [
        "uuid", "component-uuid", "control-id", "statement-id", "description", "by-components", "statements", "export", "provided",
        "responsibilities", "responsibility", "inherited", "satisfied", "implementation-status", "remarks", "provided-uuid", "exportable",
    ]
    /// Props that are read, ours among them by their namespace alone.
    static func isUnderstood(_ prop: DocumentTree) -> Bool {
        if isOfRecord(prop) { return true }
        let name = prop.text("name") ?? ""
        if name == "implementation-status" { return true }
        if name == "control-origination" { return prop.text("remarks") == nil }
        let own: Set = [
            "allocation", "translation", "record-id", "language", "framework", "control", "item", "text", "provider-shares", "note",
        ]
        return prop.text("ns") == namespace && own.contains(name)
    }

    /// Whether it says of a record beside the rows what our own exports say.
    static func isOfRecord(_ prop: DocumentTree) -> Bool {
        prop.text("ns") == namespace && prop.text("group")?.hasPrefix("record-") ?? false
    }

    /// Who brought it about, as found: more than an allocation tells.
    private mutating func keepOrigins(_ origins: Origins, of node: DocumentTree) {
        guard Self.ownKey(of: node) == nil else { return }
        if !origins.found.isEmpty {
            row.notes.append(PrivateNote(header: "control-origination", text: origins.found.joined(separator: ", ")))
        }
    }

    private mutating func keepRest(
        of node: DocumentTree, _ export: DocumentTree?, _ provided: [DocumentTree], _ duties: [DocumentTree], isShared: Bool,
        isLetOut: (DocumentTree) -> Bool
    ) {
        func note(_ header: String, _ text: String?) {
            if let text { row.notes.append(PrivateNote(header: header, text: text.composed)) }
        }
        let isPlaceholder = Self.ownKey(of: node) != nil && node.text("description") == OscalPlan.neutral
        if !isShared, !isPlaceholder { note("description", node.text("description")) }
        note("remarks", node.text("remarks"))
        // Of what is held back, the text in the other language as well.
        func texts(_ part: DocumentTree) -> [String] { Self.prose([part], "description").sorted { $0.key < $1.key }.map(\.value) }
        for part in provided where !isLetOut(part) {
            for text in texts(part) { note("provided", text) }
            note("provided", part.text("remarks"))
        }
        for part in duties {
            if !isLetOut(part) { for text in texts(part) { note("responsibility", text) } }
            note("responsibility", part.text("remarks"))
        }
        var taken: [DocumentTree] = []
        for name in ["inherited", "satisfied"] {
            for part in node.items(name) + (export?.items(name) ?? []) {
                // What stands in a plan of ours for the words of a supplier.
                if part.text("description") == OscalPlan.inheritedWords, Self.ownKey(of: node) != nil { continue }
                note(name, part.text("description"))
                note(name, part.text("remarks"))
                taken.append(part)
            }
        }
        for member in ["description", "remarks"] { note("export", export?.text(member)) }
        let given = Self.givenNotes(of: node)
        // What was left of one such note belongs to what stands beside it again.
        let notes = given.filter { $0.header == Self.restHeader }
        let left = notes.count == 1 ? Self.members(of: notes[0]) : nil
        row.notes += left == nil ? given : given.filter { $0.header != Self.restHeader }
        let own = Self.rest(of: node, givesNotes: true).merging(left ?? [:]) { beside, _ in beside }
        let inner = ([export].compactMap(\.self) + provided + duties + taken).map { Self.rest(of: $0) }.filter { !$0.isEmpty }
        if !own.isEmpty || !inner.isEmpty { row.notes.append(Self.note(own, inner)) }
    }

    /// What a place holds beside its parts, to stay beside the row of one of them: nothing of it is a row's own.
    static func kept(besidePartsOf node: DocumentTree) -> PrivateNote? {
        let understood: Set = ["uuid", "control-id", "statement-id", "by-components", "statements", "implementation-status", "props"]
        let all = node.members.filter { !understood.contains($0.key) && $0.value != .null }.merging(rest(of: node)) { own, _ in own }
        return all.isEmpty ? nil : note([:], [all])
    }

    /// - Parameter givesNotes: whether notes that an export of ours gave back are read there.
    private static func rest(of node: DocumentTree, givesNotes: Bool = false) -> [String: DocumentTree] {
        var rest = node.members.filter { !places.contains($0.key) && $0.value != .null }
        if let props = rest["props"] {
            let left = props.items.filter { !isUnderstood($0) && !(givesNotes && note(in: $0) != nil) }
            rest["props"] = left.isEmpty ? nil : .list(left)
        }
        if let roles = rest["responsible-roles"] {
            // Whom a row names is in its positions, from which our own exports have it.
            let left = roles.items.filter { own("raci", of: $0) == nil && own("part", of: $0) == nil }
            rest["responsible-roles"] = left.isEmpty ? nil : .list(left)
        }
        return rest
    }

    /// One object for what a row's own place holds; a list where something stood elsewhere, which is not given back to that place.
    private static func note(_ own: [String: DocumentTree], _ others: [[String: DocumentTree]]) -> PrivateNote {
        let all = (own.isEmpty ? [] : [own]) + others
        let tree = others.isEmpty ? DocumentTree.object(own) : .list(all.map { .object($0) })
        return PrivateNote(header: restHeader, text: tree.canonicalJSON)
    }
}

extension OscalWords.Origins {
    /// The values that OSCAL and FedRAMP name, and others that are met.
    fileprivate mutating func add(_ value: String) {
        found.append(value.singleLine)
        switch value.folded.replacing(" ", with: "-") {
        case "organization", "system-specific", "sp-corporate", "sp-system", "provider", "service-provider-corporate",
            "service-provider-system-specific":
            provider = true
        case "customer-configured", "customer-provided", "customer": customer = true
        case "inherited", "leveraged-system": inherited = true
        case "shared", "hybrid": shared = true
        default: unknown.append(value.singleLine)
        }
    }
}
