import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

/// The statement of applicability of one service: a line for each control of the catalogue, with what the rules find in it.
struct ApplicabilityStatement {
    /// A control with its entry, if there is one.
    struct Line {
        let control: Control
        let id: RecordID
        /// `nil` for a control that has not been taken up.
        let entry: RecordState?
        var findings: [FindingView] = []
    }

    let record: RecordID
    let state: RecordState
    let home: SpaceID
    let catalogue: Catalogue
    private(set) var lines: [Line]
    /// What is found in the statement itself.
    private(set) var findings: [FindingView] = []

    /// The statement of a service; `nil` where there is none yet.
    init?(of service: KnownService, in home: SpaceID, _ reader: any StoreReader) throws {
        let about = KnownService.record(in: service.service)
        let found = try reader.records(of: "soa", in: home, after: nil, limit: .max).filter {
            $0.shown.standing != .deleted && $0.shown.value("serviceId")?.bytes.flatMap { RecordID($0) } == about
        }
        guard let first = found.first else { return nil }
        guard found.count == 1 else {
            let shorts = ShortNames(reader)
            throw CommandFailure(
                .severalStatements, ["service": .text(service.handle), "n": .number(found.count)], next: "buntan list soa",
                candidates: try found.map { CommandFailure.Candidate(name: try shorts.of($0.id)) })
        }
        (record, state, self.home) = (first.id, first.shown, home)
        let catalogue = try Catalogue.iso27017()
        self.catalogue = catalogue
        lines = []
        for control in catalogue.controls {
            let id = Self.entry(of: first.id, control.id, in: home)
            let entry = try reader.shown(id, in: home).flatMap { $0.standing == .deleted ? nil : $0 }
            lines.append(Line(control: control, id: id, entry: entry))
        }
    }

    static func key(_ statement: RecordID, _ control: String) -> [(field: String, value: Value)] {
        [("soaId", .id(statement)), ("controlId", .text(control))]
    }

    private static func entry(of statement: RecordID, _ control: String, in home: SpaceID) -> RecordID {
        RecordID.natural(space: home, kind: "soa-entry", key: key(statement, control).map(\.value))
    }

    /// The sides whose guidance the organisation decides on for this service.
    var sides: [Side] { Self.sides(of: state.text("position")) }

    static func sides(of position: String?) -> [Side] {
        switch position {
        case "both"?: Side.allCases
        case let one?: Side(name: one).map { [$0] } ?? []
        case nil: []
        }
    }

    /// Asks the rules, and puts what they find beside what it is about.
    mutating func judge(_ selector: Selector, _ selection: Selection, _ workspace: Workspace, _ reader: any StoreReader) throws {
        let scope = try selector.scope(selection, reader)
        let today = selector.invocation.today
        let facts = try workspace.facts(of: scope, today: today, reader)
        let table = try RuleTable.shipped()
        let run = RuleRun(
            RuleBook.rules.filter { table[$0.id]?.group == Self.group }, over: facts, today: today, catalogue: catalogue)
        let forms = FindingForms(table, facts, try RecordWords(selector, reader), Standpoint(scope, selector.directory))
        var byRecord: [RecordID: [FindingView]] = [:]
        for finding in run.findings {
            guard let rule = table[finding.rule], let id = finding.record.flatMap({ facts[$0]?.record }) else { continue }
            byRecord[id, default: []].append(FindingView(finding, rule, forms))
        }
        for index in lines.indices { lines[index].findings = byRecord[lines[index].id] ?? [] }
        findings = byRecord[record] ?? []
    }

    private static let group = "SOA"
}

extension Side {
    /// The fields of an entry in which this side's guidance is decided and the decision explained.
    var applicability: (adopted: String, reason: String) {
        switch self {
        case .provider: ("adoptedProvider", "reasonProvider")
        case .customer: ("adoptedCustomer", "reasonCustomer")
        }
    }
}

extension Control {
    /// What an entry says before anybody has decided: what the standard leaves no choice about.
    var undecided: [CellKey: Value] {
        var cells: [CellKey: Value] = [:]
        if isExtended { cells[CellKey("adopted27001")] = .text("not-in-annex") }
        for side in Side.allCases where guidance(for: side) == nil {
            cells[CellKey(side.applicability.adopted)] = .text("no-guidance")
        }
        return cells
    }
}
