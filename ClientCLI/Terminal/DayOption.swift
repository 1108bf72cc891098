import ArgumentParser
import Records
import Wording

/// The day that a view answers for: what was signed, what is due and what has ended go by it (commands.md section 6).
struct DayOption: ParsableArguments {
    @Option(name: .long, help: .spoken(.at)) var at: String?
}

extension Invocation {
    /// Says for which day a page answers, where that is not today.
    func sayDay(_ page: inout Page) {
        if let askedDay { page.say(StatusPhrases.asOf, ["date": .text(askedDay.text)], .faint) }
    }
}
