import Workbooks

/// The oldest layout of a customer responsibility matrix: numbered duties, each with a list of the controls it belongs to.
struct NumberedDuties {
    let sheet: Sheet
    let headerRow: Int
    let duties: [Duty]

    struct Duty {
        let row: Int
        let text: String
        let references: [Reference]
    }

    struct Reference {
        let asWritten: String
        let id: NISTControlID?
        let column: Int
    }

    init?(_ sheet: Sheet) {
        for header in sheet.rows.prefix(SheetHeader.searchedRows) {
            let words = header.cells.map { ($0.column, $0.value.text.folded) }
            guard let duty = words.first(where: { $0.1.hasPrefix("customer responsibilit") })?.0,
                let list = words.first(where: { $0.1.hasPrefix("control") && $0.1.contains("reference") })?.0
            else { continue }
            self.sheet = sheet
            self.headerRow = header.number
            self.duties = sheet.rows.compactMap { row in
                guard row.number > header.number, let text = row[duty]?.text, !text.isBlank, let references = row[list]?.text else {
                    return nil
                }
                return Duty(
                    row: row.number, text: text.composed,
                    references: references.split { $0 == "," || $0 == ";" || $0 == "\n" || $0 == "、" }.filter { !String($0).isBlank }.map {
                        Reference(asWritten: String($0).singleLine, id: NISTControlID(String($0)), column: list)
                    })
            }
            return
        }
        return nil
    }

    /// The duties' texts by the control they name, joined in their order.
    var texts: [NISTControlID: String] {
        var texts: [NISTControlID: String] = [:]
        for duty in duties {
            for id in duty.references.compactMap(\.id) {
                texts[id] = texts[id].map { "\($0)\n\n\(duty.text)" } ?? duty.text
            }
        }
        return texts
    }

    var referenceCount: Int { duties.reduce(0) { $0 + $1.references.count } }
}
