import ArgumentParser
import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import Wording
import Workbooks

/// Compares a provider's document with its customer's, or the two sides of an engagement: what is answered, and what leads nowhere.
struct ReconcileCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "reconcile", abstract: CommandPhrases.reconcile.spoken)
    }

    @Argument(help: .spoken(.reconcileFiles)) var files: [String] = []
    @Option(name: .long, help: .spoken(.sinceFile)) var since: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let report: ReconcileReport
        if files.isEmpty {
            guard since == nil else { throw CommandFailure(.missingArgument, ["argument": "FILE"]) }
            report = try ReconciledSides(invocation).report()
        } else {
            guard files.count > 1 else { throw CommandFailure(.missingArgument, ["argument": .text("CUSTOMER-FILE")]) }
            report = try documents()
        }
        try invocation.print(report.page())
        return report.isGood ? .done : .found
    }

    private func documents() throws -> ReconcileReport {
        func document(_ file: String) throws -> (bytes: [UInt8], name: String) {
            (try InputFile.bytes(file, limit: WorkbookLimits.standard.fileBytes), file)
        }
        let read = try files.map(document)
        let earlier = try since.map(document)
        let (pairs, chain): ([Reconciliation], DocumentChain)
        do throws(ImportFault) { (pairs, chain) = try reconcile(read, since: earlier) } catch {
            throw Self.failure(error, among: read + [earlier].compactMap(\.self))
        }
        return ReconcileReport(
            pairs: pairs.map { pair in
                ReconcileReport.Pair(
                    provider: pair.provider, customer: pair.customer,
                    counts: .init(
                        provided: pair.counts.provided, responsibilities: pair.counts.responsibilities, inherited: pair.counts.inherited,
                        satisfied: pair.counts.satisfied, own: pair.counts.own, unnamed: pair.counts.unnamed),
                    findings: pair.findings.map {
                        .init(kind: $0.kind, id: $0.id, statement: $0.statement, document: $0.document, path: $0.path)
                    })
            },
            chain: chain.documents.count < 3 ? nil : chain, context: nil)
    }

    /// Tables are no plans: who has two of them is told which command compares those.
    private static func failure(_ fault: ImportFault, among documents: [(bytes: [UInt8], name: String)]) -> CommandFailure {
        let file = fault.document
        let isWorkbook = documents.contains { $0.name == file && $0.bytes.starts(with: Array("PK".utf8)) }
        let isOther: Bool = if case .formatNotRead = fault { true } else { isWorkbook }
        guard isOther else { return ImportWords.failure(fault, file: file) }
        return CommandFailure(.fileNoPlan, ["file": .text(file)], next: "buntan diff FILE..FILE", place: .init(file: file))
    }
}
