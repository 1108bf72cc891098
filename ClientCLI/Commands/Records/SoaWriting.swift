import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// Decides on controls: whether they apply, why, and how far they are implemented.
struct SoaSet: ConsoleCommand {
    /// On what a decision is taken.
    enum Basis: String, CaseIterable, ExpressibleByArgument {
        case annex = "27001"
        case cloud = "27017"
        case provider, customer
    }

    enum Applicable: String, CaseIterable, ExpressibleByArgument {
        case yes, no
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "set", abstract: CommandPhrases.soaSet.spoken)
    }

    @Argument(help: .spoken(.controls)) var words: [String]
    @Option(help: .spoken(.applicable)) var applicable: Applicable?
    @Option(name: .customLong("for"), help: .spoken(.applicableFor)) var bases: [Basis] = []
    @Option(help: .spoken(.entryReason)) var reason: String?
    @Option(help: .spoken(.implemented)) var implemented: String?
    @Option(name: .customLong("confirmed-by"), help: .spoken(.confirmedBy)) var confirmedBy: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard applicable != nil || reason != nil || implemented != nil || confirmedBy != nil else {
            throw CommandFailure(.missingOptionValue, ["option": .text("--applicable")])
        }
        let status = try implemented.map { typed in
            guard let code = CodeLabels.code(typed, among: Vocabulary.implementationStatus, of: "implementationStatus", in: "soa-entry")
            else {
                throw CommandFailure(
                    .invalidValueOf,
                    [
                        "value": .text(typed), "option": "--implemented",
                        "known": .text(Vocabulary.implementationStatus.joined(separator: ", ")),
                    ])
            }
            return code
        }
        let place = try SoaPlace(invocation)
        let words = try invocation.addresses(words)
        let (wanted, asked) = try place.open.store.read { reader in
            let statement = try place.statement(reader)
            let wanted = try place.controls(words, statement.catalogue)
            return (wanted, statement.lines.count { wanted.contains($0.control.id) })
        }
        try invocation.prompt.confirmsMany(asked)
        let workspace = try place.open.writing()
        let committed = try place.open.store.write { transaction in
            let statement = try place.statement(transaction)
            let drafts = statement.lines.filter { wanted.contains($0.control.id) }.map { line in
                RecordDraft(
                    space: place.home, kind: "soa-entry", key: ApplicabilityStatement.key(statement.record, line.control.id),
                    cells: (line.entry == nil ? line.control.undecided : [:]).merging(cells(line, statement.sides, status, invocation)) {
                        $1
                    })
            }
            return try workspace.commit(drafts, in: place.home, transaction)
        }
        return try place.report(committed, wanted)
    }

    /// What is written of one control: a decision on each basis that it has, with its reason beside it.
    private func cells(
        _ line: ApplicabilityStatement.Line, _ sides: [Side], _ status: String?, _ invocation: Invocation
    ) -> [CellKey: Value] {
        var fields: [(adopted: String, reason: String)] = []
        func isMeant(_ basis: Basis...) -> Bool { bases.isEmpty || !Set(bases).isDisjoint(with: basis) }
        if !line.control.isExtended, isMeant(.annex) { fields.append(("adopted27001", "reason27001")) }
        for side in sides where line.control.guidance(for: side) != nil {
            if isMeant(.cloud, side == .provider ? .provider : .customer) { fields.append(side.applicability) }
        }
        var cells: [CellKey: Value] = [:]
        for field in fields {
            if let applicable { cells[CellKey(field.adopted)] = .text(applicable == .yes ? "adopted" : "excluded") }
            if let reason { cells[CellKey(field.reason, invocation.language.rawValue)] = .text(reason) }
        }
        if applicable != nil { cells[CellKey("evaluatedOn")] = .text(invocation.today.text) }
        if let status { cells[CellKey("implementationStatus")] = .text(status) }
        if let confirmedBy { cells[CellKey("exclusionConfirmedBy")] = .text(confirmedBy) }
        return cells
    }
}

extension SoaPlace {
    /// Says what was decided, and what the rules find in it; `nil` for nothing that was written.
    func report(_ committed: Committed?, _ wanted: Set<String>) throws -> CommandExit {
        let (context, change) = try open.written(committed?.changes.last, selector, selection)
        let (findings, written) = try open.store.read { reader in
            var statement = try statement(reader)
            try statement.judge(selector, selection, open.reading, reader)
            let findings = statement.lines.filter { wanted.contains($0.control.id) }.flatMap(\.findings)
            return (findings, committed?.records.count { $0 != statement.record } ?? 0)
        }
        let item = JSONValue.written(
            change, ("entries", .number(written)), ("findings", .list(findings.map(\.json))))
        try open.invocation.print(
            .change("soa-set/1", context, fields: ["change", "short", "entries", "findings"], item) { page in
                let phrase: ApplicabilityPhrases =
                    committed?.isEmpty ?? true ? .setNothing : written == 0 ? .statementWritten : .decided
                page.say(phrase, ["id": change.shown, "n": .number(written)])
                for finding in findings.prefix(Self.most) { finding.show(&page) }
                if findings.count > Self.most { page.say(RecordPhrases.moreFields, ["n": .number(findings.count - Self.most)], indent: 2) }
                page.next(wanted.count == 1 ? "buntan soa \(wanted.first ?? "")" : "buntan soa")
            })
        return .done
    }

    private static let most = 5
}
