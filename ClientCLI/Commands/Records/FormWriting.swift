import Foundation
import Wording

/// A form in somebody's editor, again and again until it can be taken or is given up; what was typed is never lost.
struct FormWriting {
    let invocation: Invocation
    /// What the file is called that the editor opens.
    let fileName: String
    /// What a form is called that is kept for another try.
    let keptName: String

    /// - Parameter take: takes what was written, or `nil` where the form came back as it was. It throws a `RecordForm.Mistake` for
    ///   what its writer can put right in the same form; on any other error the text is kept.
    func run(from empty: String, take: (String?) throws -> CommandExit) throws -> CommandExit {
        var text = empty
        // What was written with a mistake lies there from then on: a terminal may close while its writer is asked.
        var written: String?
        while true {
            text = try invocation.editor.edit(text, fileName: fileName) { _ = try keep($0) }
            if text == empty { return try taking(nil, written, take) }
            var problem: CommandFailure
            do { return try taking(text, written, take) } catch let mistake as RecordForm.Mistake {
                problem = CommandFailure(
                    .formMistake, ["line": .number(mistake.line), "reason": mistake.reason],
                    place: CommandFailure.Place(field: mistake.field, line: mistake.line, row: mistake.line))
            } catch {
                _ = try keep(text, over: written)
                throw error
            }
            let kept = try keep(text, over: written)
            written = kept
            // The line is one of what lies there.
            problem.place.file = kept
            guard invocation.prompt.canAskAgain else { throw problem }
            invocation.console.complain(problem.text(in: invocation.language))
            let answer = try invocation.prompt.choice(PromptPhrases.pressReturn, flag: "--set")
            if answer.lowercased().hasPrefix("q") { throw CommandFailure(.declined) }
        }
    }

    /// Takes what was written; what was kept of it until then is needed no more.
    private func taking(_ text: String?, _ written: String?, _ take: (String?) throws -> CommandExit) throws -> CommandExit {
        let exit = try take(text)
        // Another try in another terminal may have taken it away.
        if let written { do { try FileManager.default.removeItem(atPath: written) } catch {} }
        return exit
    }

    /// Keeps what somebody typed where `--from` finds it, beside what was kept before, and says so.
    ///
    /// - Parameter written: where an earlier state of the same text lies, which this one replaces.
    /// - Returns: where it lies.
    private func keep(_ text: String, over written: String? = nil) throws -> String {
        let directory = invocation.directories.state + "/forms"
        let name = directory + "/" + keptName
        let files = FileManager.default
        var path = written ?? name + ".yaml"
        var number = 2
        while written == nil, files.fileExists(atPath: path), files.contents(atPath: path) != Data(text.utf8) {
            path = "\(name)-\(number).yaml"
            number += 1
        }
        do {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(error))]) }
        invocation.console.complain(CommandFailure(.formKept, ["path": .text(path)]).text(in: invocation.language))
        return path
    }
}

extension Prompt {
    /// Whether a person is there who can be asked for another try.
    var canAskAgain: Bool { mayAsk && console.inputIsTerminal }
}
