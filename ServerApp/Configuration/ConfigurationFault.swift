/// Why the settings cannot be used; each names the place that a person must change.
package enum ConfigurationFault: Error, Hashable, Sendable {
    case fileUnreadable(path: String)
    case fileMalformed(path: String, line: Int, column: Int)
    case unknownKey(String, path: String, line: Int)
    case keyTwice(path: String, line: Int)
    /// A key whose value is a list or a mapping where one value belongs.
    case notOneValue(String, path: String, line: Int)
    case unknownVariable(String)
    case invalid(ConfigurationKey, value: String, source: ConfigurationSource)
    /// Outside this machine there is no server without TLS, unless it is asked for by name.
    case tlsRequired(listen: String)
    /// One of certificate and key is given, the other is not.
    case tlsIncomplete(missing: ConfigurationKey)
    /// Other machines need a name for this server that is not an address of this one.
    case serverNameRequired(listen: String)
}
