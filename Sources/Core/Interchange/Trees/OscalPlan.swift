/// A matrix as documents of OSCAL: a catalog of the ids that it is about, the provider's plan, and the plan of a customer that answers it
/// (interchange.md sections 1 to 3).
///
/// The same contents are the same bytes: every id follows from what it stands for.
package struct OscalPlan {
    package struct Row {
        package let key: RowKey
        package let cells: [CellKey: ImportedValue]
        /// What the customer says of it, for whoever may see it.
        package let answer: Answer?
        /// Whom the provider names for it.
        let roles: [Role]
        /// What documents said beyond it, for their reader alone.
        package let notes: [PrivateNote]
        /// The id of the row's record.
        let record: String?
        /// Whom the provider relies on for it.
        let supplier: Supplier?

        package init(
            key: RowKey, cells: [CellKey: ImportedValue], answer: Answer? = nil, roles: [Role] = [], notes: [PrivateNote] = [],
            record: String? = nil, supplier: Supplier? = nil
        ) {
            (self.key, self.cells, self.answer, self.roles, self.notes, self.record) = (key, cells, answer, roles, notes, record)
            self.supplier = supplier
        }
    }

    /// Somebody who has a part in a row: R, A, C or I, and what the role is called.
    package struct Role {
        package let letter: String
        package let name: String

        package init(letter: String, name: String) { (self.letter, self.name) = (letter, name) }
    }

    package struct Answer {
        /// The allocation that it holds to; `nil` where it has said nothing.
        package let position: String?
        /// Whether it takes over what the provider does, as the provider says it.
        package let takesOver: Bool
        /// Whether it agrees to the row as it stands.
        let agrees: Bool
        package let statement: [String: String]
        package let status: String?
        /// Whether the customer can do what is asked for, as it says.
        let canFulfil: String?
        let roles: [Role]

        package init(
            position: String?, takesOver: Bool, agrees: Bool? = nil, statement: [String: String], status: String?,
            canFulfil: String? = nil, roles: [Role] = []
        ) {
            self.agrees = agrees ?? takesOver

            (self.position, self.takesOver, self.statement, self.status) = (position, takesOver, statement, status)
            (self.canFulfil, self.roles) = (canFulfil, roles)
        }
    }

    package struct Party {
        /// What tells it from any other: its fingerprint.
        package let id: String
        package let name: String
        /// Its number in a register, where it has told one.
        let registration: String?

        package init(id: String, name: String, registration: String? = nil) {
            (self.id, self.name, self.registration) = (id, name, registration)
        }
    }

    /// What tells the service from any other.
    let service: String
    let serviceName: String
    let provider: Party
    let customer: Party?
    /// The release's label, and its digest in hexadecimal; `nil` for what is not published.
    let release: (label: String, digest: String)?
    /// RFC 3339 with a zone.
    let modified: String
    /// The day on which the customer came to rely on the service: `2026-03-31`.
    let authorized: String
    let rows: [Row]
    /// What the provider says beside the rows.
    package let records: [Record]
    let agreement: Agreement?
    let revisions: [Revision]
    /// What the customer's own statement of applicability says, for the customer alone.
    let decisions: [Decision]
    /// Whether it is written for whoever writes it, and for nobody else.
    let isForOneself: Bool
    /// A UUID of version 5 for a name.
    let uuid: (String) -> String
    let index: RecordIndex

    package init(
        service: String, serviceName: String, provider: Party, customer: Party?, release: (label: String, digest: String)?,
        modified: String,
        authorized: String, rows: [Row], records: [Record] = [], agreement: Agreement? = nil, revisions: [Revision] = [],
        decisions: [Decision] = [], isForOneself: Bool = false, uuid: @escaping (String) -> String
    ) {
        self.service = service
        self.serviceName = serviceName
        self.provider = provider
        self.customer = customer
        self.release = release
        self.modified = modified
        self.authorized = authorized
        self.rows = rows
        self.records = records
        self.agreement = agreement
        self.revisions = revisions
        self.decisions = decisions
        self.isForOneself = isForOneself
        self.uuid = uuid
        index = RecordIndex(records)
    }

    /// How many private notes it gives back.
    package var notes: Int { rows.reduce(0) { $0 + $1.notes.count } }

    static let catalogName = "catalog.json"
    static let providerName = "provider-ssp.json"
    static let customerName = "customer-ssp.json"
    /// All names that documents have.
    package static let names = [catalogName, providerName, customerName]

    /// The documents by their file names, which refer to one another.
    package var documents: [(name: String, text: String)] {
        var documents = [(Self.catalogName, catalog.indentedJSON + "\n"), (Self.providerName, providerPlan.indentedJSON + "\n")]
        if customer != nil, !answers.isEmpty { documents.append((Self.customerName, customerPlan.indentedJSON + "\n")) }
        return documents.map { (name: $0.0, text: $0.1) }
    }

    // MARK: ids

    func id(_ parts: String...) -> DocumentTree { .text(uuid(([service] + parts).joined(separator: "\u{1F}"))) }

    func id(of row: RowKey, _ aspect: String) -> DocumentTree { id(row.framework, row.controlId, row.itemKey, aspect) }

    /// Where a row stands: the id of its control, and of its statement where it is an item.
    struct Place: Hashable {
        let control: String
        let statement: String?
    }

    static func place(of key: RowKey) -> Place {
        if key.framework.hasPrefix("nist-800-53"), let id = NISTControlID(key.controlId) {
            let control = "\(id.family.lowercased())-\(id.number)" + (id.enhancement.map { ".\($0)" } ?? "")
            var steps = id.statement
            if key.itemKey != RowKey.mainItem { steps.append(token(key.itemKey)) }
            return Place(control: control, statement: steps.isEmpty ? nil : "\(control)_smt.\(steps.joined(separator: "."))")
        }
        let standard = key.framework.hasPrefix("iso27017") ? "iso27017" : key.framework
        let control = token("\(standard)-\(key.controlId.lowercased())")
        return Place(control: control, statement: key.itemKey == RowKey.mainItem ? nil : "\(control)_smt.\(token(key.itemKey))")
    }

    /// A text as OSCAL takes a token: letters, digits, points, hyphens and low lines, and none but a letter or a low line first.
    static func token(_ text: String) -> String {
        var token = ""
        for scalar in text.composed.unicodeScalars {
            token.unicodeScalars.append(isLetter(scalar) || isNumber(scalar) || ".-_".unicodeScalars.contains(scalar) ? scalar : "-")
        }
        guard let first = token.unicodeScalars.first, isLetter(first) || first == "_" else { return "_" + token }
        return token
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter].contains(scalar.properties.generalCategory)
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        [.decimalNumber, .letterNumber, .otherNumber].contains(scalar.properties.generalCategory)
    }

    // MARK: parts that all documents have

    static func object(_ members: (String, DocumentTree?)...) -> DocumentTree {
        .object(Dictionary(members.compactMap { name, value in value.map { (name, $0) } }) { first, _ in first })
    }

    /// A list that has something in it: OSCAL takes no empty one.
    static func list(_ items: [DocumentTree]) -> DocumentTree? { items.isEmpty ? nil : .list(items) }

    /// One line without blanks at its ends, as titles and values are; a word where there is none.
    static func line(_ text: String) -> DocumentTree {
        let line = text.singleLine
        return .text(line.isEmpty ? "-" : line)
    }

    static func prop(_ name: String, _ value: String, isOwn: Bool = true, class kind: String? = nil, remarks: String? = nil) -> DocumentTree
    {
        object(
            ("name", .text(name)), ("ns", isOwn ? .text(OscalWords.namespace) : nil), ("value", line(value)),
            ("class", kind.map { .text($0) }), ("remarks", remarks.map { .text($0) }))
    }

    /// What only a plan says of itself: whom it names, where things are, and what was signed.
    struct Told {
        /// When the release went out that is written; `nil` for a draft.
        var published: DocumentTree?
        var revisions: [DocumentTree] = []
        var roles: [DocumentTree] = []
        var locations: [DocumentTree] = []
        var contacts: [DocumentTree] = []
        /// Where the provider is met, as its party says it.
        var addresses: [DocumentTree] = []
        var places: [DocumentTree] = []
        var signatures: [DocumentTree] = []
    }

    func metadata(_ title: String, parties: [Party], props: [DocumentTree] = [], told: Told = Told()) -> DocumentTree {
        var props = props + (release.map { [Self.prop("release-digest", $0.digest)] } ?? [])
        // Whoever finds the document is told for whom it was written.
        props.append(Self.prop("document-language", language))
        if isForOneself { props.append(Self.prop("audience", "myself")) }
        return Self.object(
            ("title", Self.line(title)), ("last-modified", .text(modified)), ("version", Self.line(release?.label ?? "draft")),
            ("oscal-version", .text("1.2.3")), ("published", told.published), ("revisions", Self.list(told.revisions)),
            ("props", Self.list(props)), ("roles", Self.list(told.roles)), ("locations", Self.list(told.locations)),
            ("responsible-parties", Self.list(told.contacts)), ("actions", Self.list(told.signatures)),
            (
                "parties",
                Self.list(
                    parties.map { party in
                        let isProvider = party.id == provider.id
                        return Self.object(
                            ("uuid", id("party", party.id)), ("type", .text("organization")), ("name", Self.line(party.name)),
                            ("email-addresses", isProvider ? Self.list(told.addresses) : nil),
                            ("location-uuids", isProvider ? Self.list(told.places) : nil),
                            ("external-ids", party.registration.map { .list([Self.registered($0)]) }))
                    })
            ))
    }

    /// Japanese where no row says anything in English.
    private var language: String {
        let keys = rows.lazy.flatMap(\.cells.keys).compactMap(\.element)
        return keys.contains("en") || !keys.contains("ja") ? "en" : "ja"
    }

    private static func registered(_ number: String) -> DocumentTree {
        object(("scheme", .text("urn:buntan:registration-number")), ("id", line(number)))
    }

    // MARK: the catalog

    /// Ids and titles: the text of a standard is not ours to pass on.
    var catalog: DocumentTree {
        var order: [String] = []
        var controls: [String: (framework: String, label: String, title: String, items: [(id: String, label: String)])] = [:]
        for row in rows {
            let place = Self.place(of: row.key)
            let control =
                NISTControlID(row.key.controlId).flatMap { row.key.framework.hasPrefix("nist") ? $0.control : nil } ?? row.key.controlId
            if controls[place.control] == nil {
                order.append(place.control)
                controls[place.control] = (row.key.framework, control, "", [])
            }
            guard let statement = place.statement else {
                controls[place.control]?.title = row.prose("topic").main?.text ?? ""
                continue
            }
            if controls[place.control]?.items.contains(where: { $0.id == statement }) != true {
                let label = row.key.itemKey == RowKey.mainItem ? row.key.controlId : row.key.itemKey
                controls[place.control]?.items.append((statement, label))
            }
        }
        let frameworks = order.compactMap { controls[$0]?.framework }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let groups = frameworks.map { framework -> DocumentTree in
            let own = order.filter { controls[$0]?.framework == framework }
            return Self.object(
                ("title", Self.line(framework)), ("controls", Self.list(own.compactMap { id in controls[id].map { Self.control(id, $0) } }))
            )
        }
        return Self.object(
            (
                "catalog",
                Self.object(
                    ("uuid", id("catalog")),
                    (
                        "metadata",
                        metadata("Ids of controls that \(serviceName) is about", parties: [], props: [Self.prop("ids-of", serviceName)])
                    ),
                    ("groups", Self.list(groups)))
            ))
    }

    private static func control(
        _ id: String, _ control: (framework: String, label: String, title: String, items: [(id: String, label: String)])
    ) -> DocumentTree {
        let items = control.items.map { item in
            object(("id", .text(item.id)), ("name", .text("item")), ("props", .list([prop("label", item.label, isOwn: false)])))
        }
        let statement = object(
            ("id", .text("\(id)_smt")), ("name", .text("statement")), ("prose", .text("See your own copy of the standard.")),
            ("parts", list(items)))
        return object(
            ("id", .text(id)), ("title", line(control.title.isEmpty ? control.label : control.title)),
            ("props", .list([prop("label", control.label, isOwn: false)])), ("parts", .list([statement])))
    }
}

extension OscalPlan.Row {
    /// A text in its main language, and in the other one.
    func prose(_ field: String) -> (main: (language: String, text: String)?, other: (language: String, text: String)?) {
        let texts = ["en", "ja"].compactMap { language -> (language: String, text: String)? in
            guard case .text(let text)? = cells[CellKey(field: field, element: language)], !text.isBlank else { return nil }
            return (language, text)
        }
        return (texts.first, texts.dropFirst().first)
    }

    func text(_ field: String) -> String? {
        if case .text(let text)? = cells[CellKey(field: field)] { text } else { nil }
    }

    func isTrue(_ field: String) -> Bool { cells[CellKey(field: field)] == .bool(true) }
}

extension DocumentTree {
    /// JSON that people can read as well: members in the order of their names, two blanks a level.
    var indentedJSON: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    private func write(into text: inout String, indent: Int) {
        func line(_ indent: Int) { text += "\n" + String(repeating: "  ", count: indent) }
        switch self {
        case .list(let items) where !items.isEmpty:
            text += "["
            for (number, item) in items.enumerated() {
                if number > 0 { text += "," }
                line(indent + 1)
                item.write(into: &text, indent: indent + 1)
            }
            line(indent)
            text += "]"
        case .object(let members) where !members.isEmpty:
            text += "{"
            for (number, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if number > 0 { text += "," }
                line(indent + 1)
                text += DocumentTree.text(member.key).canonicalJSON + ": "
                member.value.write(into: &text, indent: indent + 1)
            }
            line(indent)
            text += "}"
        default: text += canonicalJSON
        }
    }
}
