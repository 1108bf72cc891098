/// How a body travels.
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    case identity, zstd, gzip

    /// Reads a Content-Encoding header; no header means identity, `nil` is a coding nobody here speaks.
    package init?(header: String?) {
        guard let header else {
            self = .identity
            return
        }
        let name = header.filter { $0 != " " && $0 != "\t" }.lowercased()
        self.init(rawValue: name == "x-gzip" ? "gzip" : name)
    }

    /// What this program offers to receive, best first.
    package static let offered = "zstd, gzip"

    /// Returns the best coding that an Accept-Encoding header allows.
    ///
    /// zstd before gzip, whatever weights the other side gives, unless a weight is zero: both ends profit from
    /// the faster one, and only our own programs name it with intent.
    package static func best(acceptedBy header: String?) -> ContentCoding {
        guard let header else { return .identity }
        // What our own programs send needs no reading.
        if header == offered { return .zstd }
        var allowed: Set<ContentCoding> = []
        for item in header.split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first, let coding = ContentCoding(header: name) else { continue }
            let refused = parts.dropFirst().contains { part in
                part.hasPrefix("q=") && part.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
            }
            if refused { allowed.remove(coding) } else { allowed.insert(coding) }
        }
        return allowed.contains(.zstd) ? .zstd : allowed.contains(.gzip) ? .gzip : .identity
    }
}
