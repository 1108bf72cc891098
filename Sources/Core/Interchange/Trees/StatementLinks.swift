/// What a document of OSCAL says to another by ids: what it provides and asks for, what it takes over and does of another's.
struct StatementLinks {
    /// One such saying.
    struct Part {
        let id: String
        /// What it refers to, where it refers to anything.
        let target: String?
        /// The statement that it stands under, as its control's catalogue writes it.
        let statement: String
        let text: String
        let path: String
        /// Both as they stand: ids are compared without regard to case.
        var written: (id: String, target: String?) = ("", nil)
    }

    let document: String
    private(set) var provided: [Part] = []
    private(set) var responsibilities: [Part] = []
    private(set) var inherited: [Part] = []
    private(set) var satisfied: [Part] = []
    /// Each id that the document has, with the path where it stands first.
    private(set) var ids: [String: String] = [:]
    private(set) var repeated: [Part] = []

    init(_ oscal: OscalDocument, document: String) {
        self.document = document
        gather(oscal.root, "", statement: "")
    }

    private mutating func gather(_ node: DocumentTree, _ path: String, statement: String) {
        if let written = node.text("uuid"), case let id = written.lowercased() {
            if let first = ids[id] {
                repeated.append(Part(id: id, target: first, statement: statement, text: "", path: path, written: (written, first)))
            } else {
                ids[id] = path
            }
        }
        for (name, member) in node.members.sorted(by: { $0.key < $1.key }) where name != "back-matter" {
            for (number, item) in member.items.enumerated() {
                guard case .object = item else { continue }
                let place = TreePath.step(path, name, number, of: member)
                let id = item.text("statement-id") ?? item.text("control-id")
                // One statement is written in two ways, and in either case of its letters.
                let inner = id.map { NISTControlID($0)?.text ?? $0.lowercased().replacing("_stmt.", with: "_smt.") } ?? statement
                func part(_ reference: String) -> Part {
                    Part(
                        id: item.text("uuid")?.lowercased() ?? "", target: item.text(reference)?.lowercased(), statement: inner,
                        text: item.text("description")?.singleLine ?? "", path: place,
                        written: (item.text("uuid") ?? "", item.text(reference)))
                }
                switch name {
                case "provided": provided.append(part("provided-uuid"))
                case "responsibilities", "responsibility": responsibilities.append(part("provided-uuid"))
                case "inherited": inherited.append(part("provided-uuid"))
                case "satisfied": satisfied.append(part("responsibility-uuid"))
                default: break
                }
                gather(item, place, statement: inner)
            }
        }
    }
}
