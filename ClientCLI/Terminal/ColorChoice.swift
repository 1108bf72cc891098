/// Whether colour is used, by the flag, the environment and what stands at the other end.
enum ColorChoice {
    /// Returns whether a stream gets colour.
    ///
    /// `--no-color` and `NO_COLOR` (any value that is not empty) win; `CLICOLOR_FORCE` gives colour to files and pipes too;
    /// `CLICOLOR=0` and `TERM=dumb` take it from a terminal.
    static func isOn(noColorFlag: Bool, environment: [String: String], isTerminal: Bool) -> Bool {
        if noColorFlag { return false }
        if let value = environment["NO_COLOR"], !value.isEmpty { return false }
        if let value = environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
        guard isTerminal else { return false }
        if environment["CLICOLOR"] == "0" { return false }
        return environment["TERM"] != "dumb"
    }
}

/// Which program shows long output page by page.
enum PagerChoice {
    /// Returns the command line of the pager, or `nil` for none.
    ///
    /// `BUNTAN_PAGER` comes before `PAGER`; set but empty, or `cat`, it means none. There is no pager of our own choosing.
    static func command(noPagerFlag: Bool, environment: [String: String], isTerminal: Bool) -> String? {
        guard !noPagerFlag, isTerminal, environment["TERM"] != "dumb" else { return nil }
        guard let command = environment["BUNTAN_PAGER"] ?? environment["PAGER"] else { return nil }
        return command.isEmpty || command == "cat" ? nil : command
    }
}
