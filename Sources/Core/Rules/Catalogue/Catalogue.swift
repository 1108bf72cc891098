import BuntanProtocol
import Foundation
import Records

/// The controls of a framework with what they ask of each side (ISO/IEC 27017 clauses 5 to 18 and Annex A).
///
/// The tables lie beside this file. A further edition whose numbers are known is a line of `editions.tsv` and a column of `controls.tsv`;
/// that one has taken the place of another is a line of `supersessions.tsv`. Which ones records may name, the schema's `editions.tsv` says.
package struct Catalogue: Sendable {
    /// The edition that first holds its controls; its id is what their rows have as their framework.
    package let edition: Edition
    /// The later editions whose numbers it knows.
    package let later: [Edition]
    /// In order of the framework, as the controls are.
    package let clauses: [Clause]
    package let controls: [Control]
    let supersessions: [Supersession]
    private let byID: [[RowToken]: Int]

    /// Whether it is what a row names as its framework: the edition that first holds its controls, or the standard by its name alone.
    package func isNamed(_ framework: String) -> Bool { framework == edition.id || framework == Self.standard }

    private static let standard = "iso27017"

    /// The catalogue of ISO/IEC 27017, read when it is first asked for.
    package static func iso27017() throws(CatalogueFault) -> Catalogue { try shipped.get() }

    private static let shipped = Result { () throws(CatalogueFault) in
        try Catalogue(
            editions: PackageResources.editions_tsv, clauses: PackageResources.clauses_tsv, controls: PackageResources.controls_tsv,
            guidance: PackageResources.guidance_tsv, supersessions: PackageResources.supersessions_tsv)
    }

    /// Reads a catalogue's five tables.
    ///
    /// - Throws: `CatalogueFault` where a table names what there is not, names something twice, or lacks a field.
    init(
        editions: [UInt8], clauses: [UInt8], controls: [UInt8], guidance: [UInt8], supersessions: [UInt8]
    ) throws(CatalogueFault) {
        var named: [Edition] = []
        for row in try CatalogueTable(editions).rows {
            let id = try row.required("id")
            guard !named.contains(where: { $0.id == id }) else { throw CatalogueFault(line: row.line, field: "id") }
            named.append(Edition(id: id, name: try row.bilingual("name"), short: try row.bilingual("short")))
        }
        guard let edition = named.first else { throw CatalogueFault(line: 1, field: "id") }
        (self.edition, later) = (edition, Array(named.dropFirst()))
        var known = Set<String>()
        var clauseList: [Clause] = []
        for row in try CatalogueTable(clauses).rows {
            let id = try row.required("id")
            if let parent = row.text("parent"), !known.contains(parent) { throw CatalogueFault(line: row.line, field: "parent") }
            guard known.insert(id).inserted else { throw CatalogueFault(line: row.line, field: "id") }
            clauseList.append(Clause(id: id, parent: row.text("parent"), title: try row.bilingual("title")))
        }
        var asked: [String: [Control.Guidance]] = [:]
        var lines: [String: Int] = [:]
        for row in try CatalogueTable(guidance).rows {
            let control = try row.required("control")
            guard let side = Side(name: try row.required("side")), !asked[control, default: []].contains(where: { $0.side == side }) else {
                throw CatalogueFault(line: row.line, field: "side")
            }
            lines[control] = row.line
            asked[control, default: []].append(
                Control.Guidance(
                    side: side, act: try row.value(try row.required("act"), of: "act"), text: try row.bilingual("text"),
                    kind: try row.required("record")))
        }
        let table = try CatalogueTable(controls)
        // A column that is no edition's would be passed over, and an edition without one would have dropped every control.
        guard Set(table.names.filter { !Self.columns.contains($0) }) == Set(later.map(\.id)) else {
            throw CatalogueFault(line: 1, field: "")
        }
        var controlList: [Control] = []
        var byID: [[RowToken]: Int] = [:]
        for row in table.rows {
            let id = try row.required("id")
            guard byID.updateValue(controlList.count, forKey: RowToken.tokens(id)) == nil else {
                throw CatalogueFault(line: row.line, field: "id")
            }
            guard known.contains(try row.required("clause")) else { throw CatalogueFault(line: row.line, field: "clause") }
            var unverified: [Control.Unverified] = []
            for word in row.words("unverified") { unverified.append(try row.value(word, of: "unverified")) }
            controlList.append(
                Control(
                    id: id, clause: try row.required("clause"), title: try row.bilingual("title"),
                    isExtended: try row.required("extended") == "yes",
                    numbers: later.map { Control.Number(edition: $0.id, ids: row.words($0.id)) },
                    guidance: asked.removeValue(forKey: id) ?? [],
                    unverified: unverified))
        }
        if let control = asked.keys.min() { throw CatalogueFault(line: lines[control] ?? 0, field: "control") }
        var ended: [Supersession] = []
        for row in try CatalogueTable(supersessions).rows {
            let edition = try row.required("edition")
            guard let day = CalendarDate(canonical: try row.required("superseded_on")) else {
                throw CatalogueFault(line: row.line, field: "superseded_on")
            }
            guard !ended.contains(where: { $0.edition == edition }) else { throw CatalogueFault(line: row.line, field: "edition") }
            ended.append(Supersession(edition: edition, day: day, successor: try row.required("superseded_by")))
        }
        (self.clauses, self.controls, self.byID, self.supersessions) = (clauseList, controlList, byID, ended)
    }

    /// The columns of the controls that are no editions.
    private static let columns: Set = ["id", "clause", "title_en", "title_ja", "extended", "unverified", "source"]
}

extension Catalogue {
    /// The control of this id, however people write it.
    package func control(_ id: String) -> Control? { byID[RowToken.tokens(id)].map { controls[$0] } }

    /// The ids that the standard has, of its clauses as of its controls: by what a row names as its framework. By its name alone it may be
    /// any edition whose numbers are known.
    package var idsByFramework: [String: Set<String>] {
        let own = Set(clauses.map(\.id) + controls.map(\.id))
        return [edition.id: own, Self.standard: own.union(controls.flatMap { $0.numbers.flatMap(\.ids) })]
    }

    /// A control's clauses, from the first level down.
    package func path(of control: Control) -> [Clause] {
        var path: [Clause] = []
        var id: String? = control.clause
        while let clause = clauses.first(where: { $0.id == id }) {
            path.insert(clause, at: 0)
            id = clause.parent
        }
        return path
    }

    /// Returns the controls that somebody means by a word, in order: those whose id begins with its parts (`12`, `12.3`, `cld`);
    /// where there are none, those that a later edition numbers so (`8.13`); where there are none, those that hold the text.
    package func controls(meantBy typed: String) -> [Control] {
        let tokens = RowToken.tokens(typed)
        guard !tokens.isEmpty else { return [] }
        let own = controls.filter { RowToken.tokens($0.id).starts(with: tokens) }
        if !own.isEmpty { return own }
        let later = controls(numberedLater: typed)
        if !later.isEmpty { return later }
        let wanted = Self.folded(typed)
        return controls.filter { control in
            let texts = [control.title] + control.guidance.map(\.text)
            return texts.contains { Self.folded($0.en).contains(wanted) || Self.folded($0.ja).contains(wanted) }
        }
    }

    /// The controls that a later edition numbers so, in order.
    package func controls(numberedLater typed: String) -> [Control] {
        let tokens = RowToken.tokens(typed)
        guard !tokens.isEmpty else { return [] }
        return controls.filter { $0.numbers.contains { $0.ids.contains { RowToken.tokens($0) == tokens } } }
    }

    private static func folded(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.lowercased() }
}
