import Foundation

/// Where files belong, by the XDG base directories.
struct Directories: Sendable, Equatable {
    var config: String
    var data: String
    var state: String
    var cache: String

    /// As the specification has it, a variable that is empty or not an absolute path counts as unset.
    init(_ environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        func base(_ variable: String, _ fallback: String) -> String {
            let value = environment[variable] ?? ""
            return (value.hasPrefix("/") ? value : home + "/" + fallback) + "/buntan"
        }
        config = base("XDG_CONFIG_HOME", ".config")
        data = base("XDG_DATA_HOME", ".local/share")
        state = base("XDG_STATE_HOME", ".local/state")
        cache = base("XDG_CACHE_HOME", ".cache")
    }

    var userSettings: String { config + "/config" }
    var defaultStore: String { data + "/default" }
}
