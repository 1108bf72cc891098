import Wording

extension StandingView {
    /// One line of the table: a state or a list, how many, what that means, and the command for it.
    struct Line {
        let label: StatusPhrases
        let count: String
        let hint: (phrase: StatusPhrases, facts: Facts)?
        let command: String?

        init(_ label: StatusPhrases, _ count: String, _ hint: StatusPhrases? = nil, _ facts: Facts = [:], _ command: String? = nil) {
            self.label = label
            self.count = count
            self.hint = hint.map { ($0, facts) }
            self.command = command
        }
    }

    static let publishCommand = "buntan publish LABEL -m WHY"
    static let openCommand = "buntan answer"
    static let unpublishedCommand = "buntan matrix --where state=unpublished"
    static let unallocatedCommand = "buntan matrix --where allocation=unallocated"
    static let rewordedCommand = "buntan answer --where state=reworded"
}
