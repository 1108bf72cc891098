// What each side does, as a plan of its own.
extension OscalPlan {
    // MARK: the provider's

    var providerPlan: DocumentTree {
        let component = Self.object(
            ("uuid", id("component")), ("type", .text("this-system")), ("title", Self.line(serviceName)),
            ("description", Self.line(serviceName)), ("links", Self.list(evidenceLinks + locationLinks)),
            ("status", Self.object(("state", .text("operational")))))
        let told = Told(
            published: revisions.last.flatMap { $0.label == release?.label ? .text($0.published) : nil }, revisions: revised,
            roles: roles(rows.flatMap(\.roles).map(\.name), given: rows.flatMap { Given($0.notes).roles }), locations: locations,
            contacts: contacts, addresses: contactPlaces.compactMap { $0["email-addresses"] }.flatMap(\.items),
            places: contactPlaces.compactMap { $0["uuid"] }, signatures: signatures)
        return plan(
            "provider", title: "\(serviceName): what the provider does", system: serviceName, told: told,
            implementation: Self.object(
                ("leveraged-authorizations", Self.list(leveraged)), ("components", .list([component] + dependencies))),
            requirements: requirements("provider", of: rows) { [providerPart($0)] })
    }

    private func providerPart(_ row: Row) -> DocumentTree {
        let (statement, action) = (row.prose("providerStatement"), row.prose("customerAction"))
        var props = origination(of: row)
        let allocation = row.text("allocation") ?? "unallocated"
        props.append(Self.prop("allocation", allocation, class: row.isTrue("derived") ? "concluded" : nil))
        props.append(Self.prop("framework", row.key.framework))
        props.append(Self.prop("control", row.key.controlId))
        props.append(Self.prop("item", row.key.itemKey))
        if let record = row.record { props.append(Self.prop("record-id", record)) }
        if row.isTrue("providerShares") { props.append(Self.prop("provider-shares", "yes")) }
        for (field, name) in [("boundaryNote", "boundary-note"), ("topic", "topic"), ("notApplicableReason", "not-applicable-reason")] {
            for text in [row.prose(field).main, row.prose(field).other].compactMap(\.self) {
                props.append(Self.prop("text", name, class: text.language, remarks: text.text))
            }
        }
        let given = Given(row.notes)
        props += given.props
        let status = row.text("implementationStatus")
        if allocation == "not-applicable", let status { props.append(Self.prop("implementation-status", status)) }
        let state = allocation == "not-applicable" ? "not-applicable" : status
        let provided = statement.main.map { main in
            Self.object(
                ("uuid", id(of: row.key, "provided")), ("description", .text(main.text)), ("props", translation(statement)),
                ("remarks", row.prose("boundaryNote").main.map { .text($0.text) }))
        }
        let duty = action.main.map { main in
            Self.object(
                ("uuid", id(of: row.key, "responsibility")), ("provided-uuid", provided == nil ? nil : id(of: row.key, "provided")),
                ("description", .text(main.text)), ("props", translation(action)))
        }
        let hasExport = provided != nil || duty != nil
        let part = Self.object(
            ("component-uuid", id("component")), ("uuid", id(of: row.key, "by-component")),
            ("description", .text(given.description ?? Self.neutral)), ("props", Self.list(props)),
            ("remarks", given.remarks.map { .text($0) }),
            ("responsible-roles", Self.list(row.roles.map(role) + [supplierRole(of: row)].compactMap(\.self) + given.roles)),
            ("inherited", Self.list([inherited(by: row)].compactMap(\.self))),
            (
                "implementation-status",
                state.map { state in
                    Self.object(
                        ("state", .text(state)),
                        ("remarks", state == "not-applicable" ? row.prose("notApplicableReason").main.map { .text($0.text) } : nil))
                }
            ),
            (
                "export",
                hasExport
                    ? Self.object(
                        ("provided", Self.list([provided].compactMap(\.self))), ("responsibilities", Self.list([duty].compactMap(\.self))))
                    : nil
            ))
        return .object(part.members.merging(given.members) { own, _ in own })
    }

    /// The language of the main text, and the text in the other one.
    private func translation(
        _ texts: (main: (language: String, text: String)?, other: (language: String, text: String)?)
    ) -> DocumentTree? {
        guard let main = texts.main else { return nil }
        var props = [Self.prop("language", main.language)]
        if let other = texts.other { props.append(Self.prop("translation", "description", class: other.language, remarks: other.text)) }
        return .list(props)
    }

    private func origination(of row: Row) -> [DocumentTree] {
        let values =
            switch row.text("allocation") {
            case "provider": ["system-specific"]
            case "customer": ["customer-configured"]
            case "shared": ["system-specific", "customer-configured"]
            case "supplier": ["inherited"]
            default: [String]()
            }
        return values.map { Self.prop("control-origination", $0, isOwn: false) } + foundOrigination(of: row)
    }

    private static let fedRAMP = "https://fedramp.gov/ns/oscal"

    /// The marks of a workbook in FedRAMP's words, while the row is allocated as they say (interchange.md section 4).
    private func foundOrigination(of row: Row) -> [DocumentTree] {
        let found = FoundRow(keptIn: row.cells)
        guard !found.originations.isEmpty, found.conclusion.allocation == row.text("allocation") else { return [] }
        let values = found.originations.reduce(into: Set<String>()) { values, origination in
            switch origination {
            case .corporate: values.insert("sp-corporate")
            case .system: values.insert("sp-system")
            case .hybrid: values.formUnion(["sp-corporate", "sp-system"])
            case .configured: values.insert("customer-configured")
            case .provided: values.insert("customer-provided")
            case .shared: values.formUnion(["sp-system", "customer-configured"])
            case .inherited: values.insert("inherited")
            }
        }
        return values.sorted().map { value in
            Self.object(("name", .text("control-origination")), ("ns", .text(Self.fedRAMP)), ("value", .text(value)))
        }
    }

    // MARK: the customer's

    /// The rows on which the customer says something.
    var answers: [Row] { rows.filter { $0.answer.map { $0.position != nil || !$0.statement.isEmpty } ?? false } }

    var customerPlan: DocumentTree {
        let customer = customer ?? Party(id: "", name: "-")
        let own = Self.object(
            ("uuid", id("customer-component")), ("type", .text("this-system")), ("title", Self.line(customer.name)),
            ("description", Self.line("What \(customer.name) runs on \(serviceName)")),
            ("status", Self.object(("state", .text("operational")))))
        let upstream = Self.object(
            ("uuid", id("leveraged-component")), ("type", .text("service")), ("title", Self.line(serviceName)),
            ("description", Self.line(serviceName)),
            (
                "props",
                .list([
                    Self.plainProp("leveraged-authorization-uuid", id("leveraged-authorization")),
                    Self.plainProp("inherited-uuid", id("component")), Self.prop("implementation-point", "external", isOwn: false),
                ])
            ), ("status", Self.object(("state", .text("operational")))))
        let authorization = Self.object(
            ("uuid", id("leveraged-authorization")), ("title", Self.line(serviceName)), ("party-uuid", id("party", provider.id)),
            ("date-authorized", .text(authorized)),
            ("links", .list([Self.object(("href", .text(Self.providerName)), ("rel", .text("system-security-plan")))])))
        let told = Told(roles: roles(answers.flatMap { $0.answer?.roles ?? [] }.map(\.name)), signatures: signatures)
        return plan(
            "customer", title: "\(customer.name): what the customer of \(serviceName) does", system: customer.name, told: told,
            implementation: Self.object(
                ("leveraged-authorizations", .list([authorization])), ("components", .list([own, upstream]))),
            requirements: requirements("customer", of: answers, customerParts))
    }

    private func role(_ role: Role) -> DocumentTree {
        Self.object(("role-id", .text(roleID(role.name))), ("props", .list([Self.prop("raci", role.letter)])))
    }

    static func plainProp(_ name: String, _ value: DocumentTree) -> DocumentTree {
        object(("name", .text(name)), ("value", value))
    }

    private func customerParts(_ row: Row) -> [DocumentTree] {
        guard let answer = row.answer else { return [] }
        var parts: [DocumentTree] = []
        let position = [answer.position.map { Self.prop("position", $0) }, answer.canFulfil.map { Self.prop("can-fulfil", $0) }]
            .compactMap(\.self)
        let roles = Self.list(answer.roles.map(role))
        let duty: DocumentTree? = row.prose("customerAction").main == nil ? nil : id(of: row.key, "responsibility")
        // Whoever agrees to share takes over one part and does the other.
        let shares = answer.agrees && ["shared", "customer"].contains(answer.position)
        let texts = ["en", "ja"].compactMap { language in answer.statement[language].map { (language: language, text: $0) } }
        if answer.takesOver {
            let inherited = Self.object(
                ("uuid", id(of: row.key, "inherited")), ("provided-uuid", id(of: row.key, "provided")),
                ("description", .text("Taken over as the provider states it.")))
            parts.append(
                Self.object(
                    ("component-uuid", id("leveraged-component")), ("uuid", id(of: row.key, "leveraged-by-component")),
                    ("description", .text(shares ? "The provider does its part." : "Done by the provider.")),
                    ("props", Self.list(position)), ("responsible-roles", texts.isEmpty && !shares ? roles : nil),
                    // What the provider has not put into words cannot be referred to.
                    ("inherited", row.prose("providerStatement").main == nil ? nil : .list([inherited]))))
        }
        if texts.isEmpty, !answer.takesOver, !(shares && duty != nil) {
            parts.append(
                Self.object(
                    ("component-uuid", id("customer-component")), ("uuid", id(of: row.key, "customer-by-component")),
                    ("description", .text("Not put into words yet.")), ("props", Self.list(position)), ("responsible-roles", roles),
                    ("implementation-status", answer.status.map { Self.object(("state", .text($0))) })))
        }
        let agreed = (language: "en", text: "Agreed to, as the provider asks for it.")
        // An answer refers to what was asked for: without that there is none to give.
        if let main = texts.first ?? (shares && duty != nil ? agreed : nil) {
            let satisfied = Self.object(
                ("uuid", id(of: row.key, "satisfied")), ("responsibility-uuid", duty), ("description", .text(main.text)),
                ("props", translation((main: main, other: texts.dropFirst().first))))
            parts.append(
                Self.object(
                    ("component-uuid", id("customer-component")), ("uuid", id(of: row.key, "customer-by-component")),
                    ("description", .text("Done by the customer.")), ("props", Self.list(answer.takesOver ? [] : position)),
                    ("responsible-roles", roles),
                    ("implementation-status", answer.status.map { Self.object(("state", .text($0))) }), ("satisfied", .list([satisfied]))))
        }
        return parts
    }

    // MARK: what both have

    /// The rows of one control are one requirement: its own row's parts at its head, each item's beneath a statement.
    private func requirements(_ side: String, of rows: [Row], _ parts: (Row) -> [DocumentTree]) -> [DocumentTree] {
        var order: [String] = []
        var all: [String: [(place: Place, row: Row)]] = [:]
        for row in rows {
            let place = Self.place(of: row.key)
            let name = "\(row.key.framework)\u{1F}\(place.control)"
            if all[name] == nil { order.append(name) }
            all[name, default: []].append((place, row))
        }
        return order.compactMap { name in
            guard let own = all[name], let first = own.first else { return nil }
            let statements = own.filter { $0.place.statement != nil }.map { item in
                Self.object(
                    ("statement-id", item.place.statement.map { .text($0) }), ("uuid", id(of: item.row.key, "\(side)-statement")),
                    ("by-components", Self.list(parts(item.row))))
            }
            return Self.object(
                ("uuid", id(name, "\(side)-requirement")), ("control-id", .text(first.place.control)),
                (
                    "props",
                    Self.list(side == "provider" ? recordProps(of: own.map(\.row.key)) : decisionProps(of: own.map(\.row.key)))
                ),
                ("by-components", Self.list(own.filter { $0.place.statement == nil }.flatMap { parts($0.row) })),
                ("statements", Self.list(statements)))
        }
    }

    private func plan(
        _ side: String, title: String, system: String, told: Told, implementation: DocumentTree, requirements: [DocumentTree]
    ) -> DocumentTree {
        // The provider's plan names its customer where both have signed.
        var parties = side == "provider" && told.signatures.isEmpty ? [provider] : [provider] + [customer].compactMap(\.self)
        if side == "provider" { parties += suppliers }
        let information = Self.object(
            ("title", .text("Not stated")), ("description", .text("The matrix does not say what information the system holds.")))
        return Self.object(
            (
                "system-security-plan",
                Self.object(
                    ("uuid", id("\(side)-plan")),
                    ("metadata", metadata(title, parties: parties, props: [Self.prop("plan-of", side)], told: told)),
                    ("import-profile", Self.object(("href", .text(Self.catalogName)))),
                    (
                        "system-characteristics",
                        Self.object(
                            (
                                "system-ids",
                                .list([Self.object(("identifier-type", .text(OscalWords.namespace)), ("id", Self.line(service)))])
                            ),
                            ("system-name", Self.line(system)), ("description", Self.line(title)),
                            ("props", side == "provider" ? Self.list(characteristics) : nil),
                            ("system-information", Self.object(("information-types", .list([information])))),
                            ("status", Self.object(("state", .text("operational")))),
                            ("authorization-boundary", Self.object(("description", .text("Not stated in a matrix of responsibilities."))))
                        )
                    ), ("system-implementation", implementation),
                    (
                        "control-implementation",
                        Self.object(
                            ("description", .text("Responsibilities, as the matrix has them.")),
                            ("implemented-requirements", .list(requirements)))
                    ), ("back-matter", backMatter(of: side)))
            ))
    }
}
