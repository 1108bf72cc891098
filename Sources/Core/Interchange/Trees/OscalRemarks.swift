/// What is wrong with a document of OSCAL beside its rows: ids that come twice or are none, and references that lead nowhere.
struct OscalRemarks {
    private let oscal: OscalDocument

    init(_ oscal: OscalDocument) { self.oscal = oscal }

    func say(in rows: inout TreeRows) {
        if !oscal.version.isEmpty, !oscal.version.hasPrefix("1.") { rows.say(.versionUnknown, at: "/metadata", ["version": oscal.version]) }
        var found = Found()
        gather(oscal.root, "", statement: "", &found)
        for (path, id, first) in found.repeated { rows.say(.uuidRepeated, at: path, ["id": id, "first": first]) }
        if let (path, id) = found.malformed.first {
            rows.say(.uuidMalformed, at: path, ["id": id, "count": "\(found.malformed.count)"])
        }
        for link in found.links {
            guard let statement = found.provided[link.to] else {
                let isOther = found.seen[link.to] != nil
                rows.say(isOther ? .linkOfOtherKind : .linkDangling, at: link.path, ["id": link.to, "member": "provided-uuid"])
                continue
            }
            if statement != link.statement { rows.say(.linkCrossed, at: link.path, ["id": link.to, "first": statement]) }
        }
    }

    private struct Found {
        var seen: [String: String] = [:]
        var repeated: [(path: String, id: String, first: String)] = []
        var malformed: [(path: String, id: String)] = []
        /// What is provided, by its id, with the statement in which it stands.
        var provided: [String: String] = [:]
        /// From a responsibility to what it is about.
        var links: [(path: String, to: String, statement: String)] = []
    }

    private func gather(_ node: DocumentTree, _ path: String, statement: String, _ found: inout Found) {
        if let id = node.text("uuid") {
            if let first = found.seen[id] { found.repeated.append((path, id, first)) } else { found.seen[id] = path }
            if !Self.isUUID(id) { found.malformed.append((path, id)) }
        }
        for (name, member) in node.members.sorted(by: { $0.key < $1.key }) {
            guard name != "back-matter" else { continue }
            for (number, item) in member.items.enumerated() {
                guard case .object = item else { continue }
                let place = TreePath.step(path, name, number, of: member)
                if name == "provided", let id = item.text("uuid"), found.provided[id] == nil { found.provided[id] = statement }
                if name == "responsibilities" || name == "responsibility", let to = item.text("provided-uuid") {
                    found.links.append((place, to, statement))
                }
                let isStatement = name == "statements" || name.replacing("_", with: "-") == "implemented-requirements"
                gather(item, place, statement: isStatement ? place : statement, &found)
            }
        }
    }

    /// Of version 4 or 5, as OSCAL asks.
    static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [8, 4, 4, 4, 12], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isHexDigit } }) else {
            return false
        }
        return "45".contains(parts[2].first ?? " ") && "89abAB".contains(parts[3].first ?? " ")
    }
}
