/// What the program ends with (commands.md section 8).
enum CommandExit: Int32, Sendable, CaseIterable {
    case done = 0
    /// Looked and found something.
    case found = 1
    case usage = 2
    case network = 3
    case refused = 4
    /// Does not verify.
    case unverified = 5
    /// An input file cannot be taken.
    case inputFile = 6
    /// This machine: disk, permission, store in use or newer.
    case machine = 7
    case interrupted = 130
}
