/// The words both HTTP ends write alike.
package enum WireNames {
    package static let pathPrefix = "/v1/"
    package static let bodyType = "application/cbor"
    package static let tokenScheme = "Bearer "
    /// The longest token text that is worth decoding.
    package static let tokenTextBytes = 512

    /// Returns the path of a method.
    package static func path(of method: String) -> String { pathPrefix + method }

    /// Returns the method that a path names, or `nil` if it names none.
    ///
    /// A query, a further segment or an empty name names none: each method has one spelling.
    package static func method(inPath path: String) -> String? {
        guard path.hasPrefix(pathPrefix) else { return nil }
        let name = path.utf8.dropFirst(pathPrefix.utf8.count)
        guard (1...64).contains(name.count), name.allSatisfy({ (0x61...0x7a).contains($0) || $0 == 0x5f }) else { return nil }
        return String(name)
    }

    /// Says whether a Content-Type is the one bodies have; parameters are passed over.
    package static func isBodyType(_ header: String?) -> Bool {
        guard let header else { return false }
        let name = header.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return name.lowercased() == bodyType
    }
}
