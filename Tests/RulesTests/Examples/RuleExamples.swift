/// The examples of every group.
enum RuleExamples {
    static let all: [RuleExample] = ScopeExamples.all
}
