import Foundation
import Interchange
import Wording
import Workbooks

/// Reads files, and asks at a terminal what nothing in them says: what the columns are, the catalogue of the ids, what a sign stands
/// for. Each is asked once, and the answers can be kept.
struct AskedReading {
    let options: ImportOptions
    let keepsAnswers: Bool
    let invocation: Invocation

    func document(in file: String) throws -> ReadDocument {
        let bytes = try InputFile.bytes(file, limit: WorkbookLimits.standard.fileBytes)
        let name = URL(fileURLWithPath: file).lastPathComponent
        var options = options
        while true {
            let read: ReadDocument
            do throws(ImportFault) { read = try readDocument(bytes, name: name, options: options) } catch {
                guard invocation.prompt.canAsk, let answered = try answer(to: error, bytes, name, file, options) else {
                    throw ImportWords.failure(error, file: file)
                }
                options = answered
                continue
            }
            if options != self.options, keepsAnswers, case .matrix(let matrix) = read, let mapping = matrix.mapping { try keep(mapping) }
            return read
        }
    }

    /// How the file is to be read after what was answered; `nil` where nothing can be asked about it, or nothing was answered.
    private func answer(
        to fault: ImportFault, _ bytes: [UInt8], _ name: String, _ file: String, _ options: ImportOptions
    ) throws -> ImportOptions? {
        var options = options
        switch fault {
        case .noMatrix, .noHeader:
            guard options.mapping == nil else { return nil }
            let found: TableOutline?
            do throws(ImportFault) { found = try tableOutline(bytes, name: name, options: options) } catch {
                throw ImportWords.failure(error, file: file)
            }
            guard let found else { return nil }
            options.mapping = try MappingQuestions(outline: found, file: name, invocation: invocation).mapping()
            return options.mapping == nil ? nil : options
        case .frameworkUnknown(_, let example, _):
            // A table that was recognised is told of with what it takes on the command line.
            guard self.options.mapping == nil, options.mapping != nil, options.mapping?.framework == nil else { return nil }
            let framework = try invocation.prompt.line(ImportPhrases.askFramework, ["id": .text(example)], flag: "--framework")
            options.mapping?.framework = framework
            return framework == nil ? nil : options
        case .rejected:
            let signs = UnknownSign.signs(behind: fault)
            // A mapping may hold the sign twice: whoever was asked once is told why it is not taken.
            guard signs.allSatisfy({ !Self.isSaid($0, in: options) }) else { return nil }
            for sign in signs {
                guard let code = try code(of: sign, in: name) else { return nil }
                options = options.reading(sign, as: code)
            }
            return signs.isEmpty ? nil : options
        default: return nil
        }
    }

    private static func isSaid(_ sign: UnknownSign, in options: ImportOptions) -> Bool {
        (options.mapping?.values ?? options.values)[sign.field.rawValue]?[sign.value] != nil
    }

    /// What a sign stands for; `nil` for no answer.
    private func code(of sign: UnknownSign, in name: String) throws -> String? {
        let facts: Facts = [
            "value": .text(sign.value), "field": ImportWords.fieldName(sign.field.rawValue), "rows": .number(sign.rows),
            "known": .text(sign.known),
            "file": .text(name),
        ]
        while true {
            guard let typed = try invocation.prompt.line(ImportPhrases.askSign, facts, flag: "--map") else { return nil }
            if let code = sign.code(named: typed) { return code }
            let again: Facts = ["value": .text(typed), "field": ImportWords.fieldName(sign.field.rawValue), "known": .text(sign.known)]
            invocation.console.complain(ImportPhrases.valueUnknown.text(in: invocation.language, again) + "\n")
        }
    }

    /// Keeps the answers where that is wanted.
    private func keep(_ mapping: ColumnMapping) throws {
        guard let path = try invocation.prompt.line(ImportPhrases.askKeep, flag: "--save-map") else { return }
        try OutputFile(path, invocation).write(mapping.json())
        invocation.notice(ImportPhrases.mappingSaved, ["path": .text(path)])
    }
}
