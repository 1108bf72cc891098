import Records

/// Looks over the rows of any document for what a reader would stumble over. Advice, never refusal.
struct RowLint {
    let document: String
    let knownControls: [String: Set<String>]

    func diagnostics(on rows: [ImportedRow]) -> [ImportDiagnostic] {
        let allocations = Dictionary(rows.map { ($0.key, $0.allocation) }, uniquingKeysWith: { first, _ in first })
        // Ids are the same however they are written.
        let frameworks = Set(rows.map(\.framework))
        let known = knownControls.filter { frameworks.contains($0.key) }.mapValues { Set($0.map(RowToken.tokens)) }
        return rows.flatMap { diagnostics(on: $0, allocations, known) }
    }

    private func diagnostics(
        on row: ImportedRow, _ allocations: [RowKey: String], _ known: [String: Set<[RowToken]>]
    ) -> [ImportDiagnostic] {
        var result: [ImportDiagnostic] = []
        func say(_ code: ImportDiagnostic.Code, _ facts: [String: String] = [:]) {
            result.append(
                ImportDiagnostic(
                    code, document: document, sheet: row.origin.sheet, row: row.origin.row, column: row.origin.column,
                    facts: facts.merging(["id": row.controlId], uniquingKeysWith: { mine, _ in mine })))
        }
        if let known = known[row.framework], !known.contains(RowToken.tokens(row.controlId)),
            !known.contains(RowToken.tokens(NISTControlID(row.controlId)?.control ?? ""))
        {
            say(.idUnknown, ["framework": row.framework])
        }
        let allocation = row.allocation
        let (provider, customer) = (row.words(of: "providerStatement"), row.words(of: "customerAction"))
        if allocation == "provider" || allocation == "supplier", !provider.isEmpty, customer.isEmpty {
            let text = provider.lowercased()
            let words = [
                "customer is responsible", "customers are responsible", "customer must", "customers must", "agency is responsible",
                "利用者は", "利用者が", "お客様が", "お客様にて", "お客さまが",
            ]
            if let word = words.first(where: text.contains) { say(.customerDutyInProviderText, ["word": word]) }
        }
        if row.saysAllocation, allocation == "shared" || allocation == "customer", provider.isEmpty, customer.isEmpty {
            say(.textMissing, ["flag": allocation])
        }
        if let parent = Self.parent(of: row.key), let above = allocations[parent], above != allocation, row.saysAllocation,
            above != "unallocated", above != "shared"
        {
            say(.parentContradicted, ["parent": parent.controlId, "parentAllocation": above, "allocation": allocation])
        }
        return result
    }

    /// The row that a row is an item of.
    private static func parent(of key: RowKey) -> RowKey? {
        if let parent = NISTControlID(key.controlId)?.parent {
            return RowKey(framework: key.framework, controlId: parent, itemKey: RowKey.mainItem)
        }
        // The nth of one id is no item of it.
        guard key.itemKey != RowKey.mainItem, !key.itemKey.hasPrefix("main~") else { return nil }
        return RowKey(framework: key.framework, controlId: key.controlId, itemKey: RowKey.mainItem)
    }
}

extension ImportedRow {
    fileprivate var allocation: String {
        if case .text(let code)? = self["allocation"] { code } else { "unallocated" }
    }

    fileprivate func words(of field: String) -> String {
        fields.filter { $0.field == field }.compactMap { if case .text(let text) = $0.value, !text.isBlank { text } else { nil } }
            .joined(separator: "\n")
    }
}
