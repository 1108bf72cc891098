import Agreements
import BuntanProtocol
import Foundation
import Interchange
import Records
import SampleWorkbooks
import Workbooks

/// What people hand in as files: evidence, workbooks, tables and documents of nested members.
enum FileTargets {
    static func all(fixtures: URL, corpus: URL) throws -> [FuzzTarget] {
        [
            try evidence(fixtures, corpus), try workbook(corpus), try table(corpus), try document(corpus), try mapping(corpus),
            try plans(corpus),
        ]
    }

    // MARK: evidence

    private static func evidence(_ fixtures: URL, _ corpus: URL) throws -> FuzzTarget {
        let names = ["agreement.zip", "half-signed.zip", "ended.zip", "contested.zip"]
        let good = try names.map { Array(try Data(contentsOf: fixtures.appending(path: "evidence/" + $0))) }
        let known = try Set(good.map { try Evidence(archive: $0) })
        let day = try CalendarDate(typed: "2026-11-27")
        let trusted = Set(known.flatMap { EvidenceCheck.report(on: $0, trusted: []) { _ in day }.parties.map(\.organisation) })
        return FuzzTarget(
            name: "evidence", corpus: good + (try Kept.bytes(of: "evidence", in: corpus)),
            make: { inputs, bytes in
                // What is kept may be no archive.
                guard inputs.below(4) > 0, var files = try? StoredArchive.files(bytes) else { return inputs.damaged(bytes) }
                // One file with a mistake, whole in its archive.
                let names = files.keys.sorted()
                let name = names[inputs.below(names.count)]
                let content = files[name] ?? []
                files[name] = inputs.below(2) == 0 ? inputs.damaged(content) : inputs.restructured(content, with: [content])
                // One file more or larger would be refused, as the whole is.
                do throws(ArchiveFault) { return try StoredArchive.encoded(files) } catch { return bytes }
            },
            judge: { bytes in
                let found: Evidence
                // Refused: the other good answer.
                do throws(EvidenceFault) { found = try Evidence(archive: bytes) } catch { return false }
                guard try found.archived() == bytes else { throw Finding(sentence: "an archive was read as another") }
                guard !known.contains(found) else { return true }
                let report = EvidenceCheck.report(on: found, trusted: trusted) { _ in day }
                guard !report.isGood || !report.isTrusted else { throw Finding(sentence: "changed evidence verifies") }
                return true
            })
    }

    // MARK: workbooks

    private static func bounded(_ workbook: Workbook) throws {
        let (limits, cells) = (WorkbookLimits.small, workbook.sheets.reduce(0) { $0 + $1.rows.reduce(0) { $0 + $1.cells.count } })
        guard cells <= limits.cells, workbook.sheets.allSatisfy({ $0.rows.allSatisfy { $0.number <= limits.rows } }) else {
            throw Finding(sentence: "a workbook was read beyond its bounds")
        }
    }

    private static func workbook(_ corpus: URL) throws -> FuzzTarget {
        let sample = SampleWorkbook.matrix
        let parts = [
            "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
        ]
        return FuzzTarget(
            name: "workbook", corpus: [sample.xlsx()] + (try Kept.bytes(of: "workbook", in: corpus)),
            make: { inputs, bytes in
                guard inputs.below(4) > 0 else { return inputs.damaged(bytes) }
                let part = parts[inputs.below(parts.count)]
                return sample.xlsx { $0 == part ? inputs.damaged($1) : $1 }
            },
            judge: { bytes in
                let read: Workbook
                do throws(WorkbookFault) { read = try Workbook(xlsx: bytes, limits: .small) } catch { return false }
                try bounded(read)
                try rows(in: bytes, "workbook.xlsx")
                return true
            })
    }

    /// What is read as a workbook or a table is read for its rows as well.
    private static func rows(in bytes: [UInt8], _ name: String, _ encoding: TextEncoding? = nil) throws {
        var options = ImportOptions()
        (options.limits, options.encoding) = (.small, encoding)
        let read: ReadDocument
        do throws(ImportFault) { read = try readDocument(bytes, name: name, options: options) } catch { return }
        try judge(read, bytes)
    }

    // MARK: documents of nested members

    private static func document(_ corpus: URL) throws -> FuzzTarget {
        FuzzTarget(
            name: "document", corpus: SampleDocuments.all.map { Array($0.utf8) } + (try Kept.bytes(of: "document", in: corpus)),
            make: { inputs, bytes in inputs.damaged(bytes) },
            judge: { bytes in
                var isTaken = false
                for name in ["document.json", "document.yaml"] {
                    let read: ReadDocument
                    do throws(ImportFault) { read = try readDocument(bytes, name: name) } catch { continue }
                    try judge(read, bytes)
                    isTaken = true
                }
                return isTaken
            })
    }

    private static func judge(_ read: ReadDocument, _ bytes: [UInt8]) throws {
        switch read {
        case .matrix(let matrix):
            guard !matrix.rows.isEmpty, Set(matrix.rows.map(\.key)).count == matrix.rows.count else {
                throw Finding(sentence: "two rows of a document have one key")
            }
        case .framework(let framework):
            let texts = [framework.title, framework.version] + framework.controls.flatMap { [$0.id, $0.title, $0.groupTitle] }
            guard !framework.controls.isEmpty, Set(framework.controls.map(\.id)).count == framework.controls.count,
                texts.allSatisfy({ $0.utf8.count <= 1_100 })
            else { throw Finding(sentence: "a framework has no controls, two of one id, or a title without end") }
        case .mapping(let mapping):
            guard !mapping.maps.isEmpty, Set(mapping.maps).count == mapping.maps.count else {
                throw Finding(sentence: "a mapping has no pair, or one twice")
            }
        case .kept(let document):
            guard document.bytes == bytes else { throw Finding(sentence: "a document that is kept is another") }
        }
    }

    private static func table(_ corpus: URL) throws -> FuzzTarget {
        let encodings: [TextEncoding?] = [nil, .utf8, .utf16, .windows31J]
        return FuzzTarget(
            name: "table", corpus: [Array(SampleTable.text.utf8)] + (try Kept.bytes(of: "table", in: corpus)),
            make: { inputs, bytes in inputs.damaged(bytes) },
            judge: { bytes in
                var isTaken = false
                for encoding in encodings {
                    let read: Workbook
                    do throws(WorkbookFault) {
                        read = try Workbook(csv: bytes, name: "table.csv", encoding: encoding, limits: .small)
                    } catch {
                        continue
                    }
                    try bounded(read)
                    try rows(in: bytes, "table.csv", encoding)
                    isTaken = true
                }
                return isTaken
            })
    }

    /// What says which column is which, and the table that is read by it.
    private static func mapping(_ corpus: URL) throws -> FuzzTarget {
        let whole = ColumnMapping(
            columns: [
                .init(header: "Control ID", field: .controlId), .init(header: "Allocation", field: .allocation),
                .init(header: "Customer action", field: .customerAction, language: "en"),
            ], framework: "nist-800-53r4", encoding: .utf8, values: ["allocation": ["both of us": "shared"]])
        return FuzzTarget(
            name: "mapping", corpus: [try whole.json()] + (try Kept.bytes(of: "mapping", in: corpus)),
            make: { inputs, bytes in inputs.damaged(bytes) },
            judge: { bytes in
                let mapping: ColumnMapping
                do throws(MappingFault) { mapping = try ColumnMapping(json: bytes) } catch { return false }
                guard try ColumnMapping(json: mapping.json()) == mapping else {
                    throw Finding(sentence: "a column mapping is another one when it is written and read")
                }
                var options = ImportOptions()
                (options.limits, options.mapping) = (.small, mapping)
                let read: ReadDocument
                do throws(ImportFault) {
                    read = try readDocument(Array(SampleTable.text.utf8), name: "table.csv", options: options)
                } catch { return true }
                try judge(read, Array(SampleTable.text.utf8))
                return true
            })
    }

    /// A provider's plan and its customer's, of which one is damaged.
    private static func plans(_ corpus: URL) throws -> FuzzTarget {
        let good = SampleDocuments.all.map { Array($0.utf8) }
        return FuzzTarget(
            name: "plans", corpus: good + (try Kept.bytes(of: "plans", in: corpus)),
            make: { inputs, bytes in inputs.damaged(bytes) },
            judge: { bytes in
                var isTaken = false
                for other in good {
                    let pairs: [Reconciliation]
                    do throws(ImportFault) {
                        pairs = try reconcile([(bytes, "one.json"), (other, "other.json"), (bytes, "third.json")]).pairs
                    } catch { continue }
                    for pair in pairs {
                        func count(_ kind: Reconciliation.Kind) -> Int { pair.findings.count { $0.kind == kind } }
                        // What is asked for is answered or open, and no more is open than was asked for.
                        guard count(.unanswered) <= pair.counts.responsibilities,
                            count(.unanswered) + pair.counts.satisfied >= pair.counts.responsibilities || count(.duplicate) > 0
                        else { throw Finding(sentence: "a responsibility is neither answered nor open") }
                    }
                    isTaken = true
                }
                return isTaken
            })
    }
}
