import Wording

extension Invocation {
    /// Bytes that are read from standard input at most.
    static let inputLimit = 1 << 20

    /// Addresses as they were typed; `-` stands for those on standard input, one a line (commands.md section 3).
    func addresses(_ words: [String]) throws -> [String] {
        guard words.contains("-") else { return words }
        let lines = try standardInput().split(whereSeparator: \.isNewline)
            .map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        // What names nothing must not be taken for what is left out: that may mean every row.
        guard !lines.isEmpty else { throw CommandFailure(.emptyInput) }
        return words.flatMap { $0 == "-" ? lines : [$0] }
    }

    /// A text as it was typed; `-` reads it from standard input, and without any the editor is opened.
    func text(_ given: String?, fileName: String) throws -> String {
        let text: String
        switch given {
        case "-"?: text = try standardInput()
        case let typed?: text = typed
        case nil:
            guard console.inputIsTerminal, !options.noInput else { throw CommandFailure(.missingArgument, ["argument": "<text>"]) }
            text = try editor.edit("", fileName: fileName)
        }
        let trimmed = Substring(text).trimmingBlanks
        guard !trimmed.isEmpty else { throw CommandFailure(.missingArgument, ["argument": "<text>"]) }
        return trimmed
    }

    private func standardInput() throws -> String {
        guard let bytes = try console.input.everything(limit: Self.inputLimit) else {
            throw CommandFailure(.fileTooLarge, ["file": "-", "size": "-", "limit": .number(Self.inputLimit)])
        }
        return try InputFile.text(bytes, of: "-")
    }
}

extension Substring {
    /// Without blanks and line breaks at its ends.
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
