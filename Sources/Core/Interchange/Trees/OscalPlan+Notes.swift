import BuntanProtocol

// What a document said that no row has a place for, given back (interchange.md section 1): where OSCAL has a member for it, in that
// member again, else in a prop of ours.
extension OscalPlan {
    /// What stands for a row's statements where nothing else is known of them.
    static let neutral = "See the exported statements."

    /// Private notes of a row, as its place in a plan takes them.
    struct Given {
        var description: String?
        var remarks: String?
        var props: [DocumentTree] = []
        var roles: [DocumentTree] = []
        /// Members beside those that a row is written to.
        var members: [String: DocumentTree] = [:]

        init(_ notes: [PrivateNote]) {
            let counts = Dictionary(notes.map { ($0.header, 1) }, uniquingKeysWith: +)
            for note in notes {
                switch note.header {
                case "description" where counts[note.header] == 1: description = note.text
                case "remarks" where counts[note.header] == 1: remarks = note.text
                case OscalWords.restHeader where counts[note.header] == 1: give(back: note)
                default: props.append(OscalPlan.prop("note", note.header, remarks: note.text))
                }
            }
        }

        private mutating func give(back note: PrivateNote) {
            guard var left = OscalWords.members(of: note) else {
                props.append(OscalPlan.prop("note", note.header, remarks: note.text))
                return
            }
            for (name, value) in left where GivenMember(rawValue: name)?.takes(value) == true {
                switch name {
                case GivenMember.props.rawValue: props += value.items
                case GivenMember.roles.rawValue: roles += value.items
                default: members[name] = value
                }
                left[name] = nil
            }
            if !left.isEmpty { props.append(OscalPlan.prop("note", note.header, remarks: DocumentTree.object(left).canonicalJSON)) }
        }
    }

    /// Members of a component's place in a plan that hold nothing of a row, in the form that the schema of OSCAL 1.2.3 asks for.
    enum GivenMember: String {
        case props
        case links
        case parameters = "set-parameters"
        case roles = "responsible-roles"

        /// Whether a value is valid there: real documents hold what no schema takes, and that would spoil the whole.
        func takes(_ value: DocumentTree) -> Bool {
            guard case .list(let items) = value, !items.isEmpty else { return false }
            return items.allSatisfy(isValid)
        }

        private func isValid(_ item: DocumentTree) -> Bool {
            guard case .object(let members) = item, required.allSatisfy({ members[$0] != nil }) else { return false }
            // What is read as a row's own would change it.
            return !(self == .props && OscalWords.isUnderstood(item)) && members.allSatisfy { name, value in isValid(name, value) }
        }

        private var required: [String] {
            switch self {
            case .props: ["name", "value"]
            case .links: ["href"]
            case .parameters: ["param-id", "values"]
            case .roles: ["role-id"]
            }
        }

        private func isValid(_ name: String, _ value: DocumentTree) -> Bool {
            switch (self, name) {
            case (.parameters, "values"):
                guard case .list(let values) = value, !values.isEmpty else { return false }
                return values.allSatisfy { Self.isText($0) }
            case (.roles, "props"): return Self.props.takes(value)
            case (.roles, "links"): return Self.links.takes(value)
            case (.roles, "party-uuids"):
                guard case .list(let ids) = value, !ids.isEmpty else { return false }
                return ids.allSatisfy { $0.text.map(OscalRemarks.isUUID) == true }
            case (.props, "uuid"): return value.text.map(OscalRemarks.isUUID) == true
            case (.props, "ns"): return Self.isText(value) && value.text?.wholeMatch(of: /[a-zA-Z][a-zA-Z0-9+\-.]+:[!-~]+/) != nil
            case (.props, "name"), (.props, "class"), (.props, "group"), (.links, "rel"), (.parameters, "param-id"), (.roles, "role-id"):
                return value.text?.wholeMatch(of: /[A-Za-z_][A-Za-z0-9._\-]*/) != nil
            case (.links, "href"): return Self.isText(value) && value.text?.wholeMatch(of: /[A-Za-z0-9\-._~:\/?#@!$&'()*+,;=%]+/) != nil
            case (.props, "value"), (.links, "media-type"), (.links, "resource-fragment"), (.links, "text"): return Self.isText(value)
            case (.props, "remarks"), (.parameters, "remarks"), (.roles, "remarks"):
                if case .text = value { return true }
                return false
            default: return false
            }
        }

        /// One line with something on it and no blank at its ends.
        private static func isText(_ value: DocumentTree) -> Bool {
            guard case .text(let text) = value else { return false }
            return !text.isEmpty && text == text.singleLine
        }
    }
}

extension OscalWords {
    /// What no member of a row's place is understood by, as one note: its label.
    static let restHeader = "OSCAL"

    /// Notes that an export of ours gave back in props.
    static func givenNotes(of node: DocumentTree) -> [PrivateNote] {
        node.items("props").compactMap(note(in:))
    }

    /// The note that a prop of ours holds; `nil` for any other prop.
    static func note(in prop: DocumentTree) -> PrivateNote? {
        guard prop.text("name") == "note", prop.text("ns") == namespace, let header = prop.text("value"), let text = prop.text("remarks"),
            header.utf8.count <= mostHeaderBytes
        else { return nil }
        return PrivateNote(header: header, text: text.composed)
    }

    private static let mostHeaderBytes = 1_000

    /// The members that such a note holds; `nil` where it is none of ours.
    static func members(of note: PrivateNote) -> [String: DocumentTree]? {
        do {
            guard case .object(let members) = try DocumentTree(Array(note.text.utf8)) else { return nil }
            // What somebody typed under this name stays as it was typed.
            return DocumentTree.object(members).canonicalJSON == note.text ? members : nil
        } catch { return nil }
    }
}
