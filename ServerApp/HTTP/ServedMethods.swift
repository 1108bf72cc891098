/// The methods there are, and what the shell must know of each before it asks for an answer.
package struct ServedMethods: Sendable {
    package let names: Set<String>
    /// Methods that need no session, and are limited by address instead.
    package let unauthenticated: Set<String>
    /// Methods that may take as long as they like, and end with their client.
    package let waiting: Set<String>

    package init(names: Set<String>, unauthenticated: Set<String>, waiting: Set<String>) {
        precondition(unauthenticated.isSubset(of: names) && waiting.isSubset(of: names), "every method is named")
        self.names = names
        self.unauthenticated = unauthenticated
        self.waiting = waiting
    }

    /// The methods of PROTOCOL.md section 8.
    package static let all = ServedMethods(
        names: [
            "hello", "register", "challenge", "session", "invitation", "invite", "heads", "wait", "pull", "push", "statement",
            "create_space", "snapshot", "digest", "replay",
        ],
        unauthenticated: ["hello", "register", "challenge", "session", "invitation"],
        waiting: ["wait"])
}
