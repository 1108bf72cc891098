/// What a workload came to. Members that mean nothing for a workload stay `nil` and are printed as null.
struct Figures {
    let workload: String
    let rows: Int
    /// What the workload is about, as README.md defines it.
    var seconds: Double
    /// Work before the network.
    var localSeconds: Double?
    /// Bodies as packed on the wire, by and to all clients that were measured.
    var bytesSent: Int?
    var bytesReceived: Int?
    /// The largest resident set of the server's process so far, in bytes; its own files mapped into memory are in it.
    var serverPeakRSS: Int?
    var cyclesPerSecond: Double?
    var p50Ms: Double?
    var p99Ms: Double?
    /// Of the workload `conflict`: fields shown with several values, edits that merged by themselves, edits that are gone.
    var shown: Int?
    var merged: Int?
    var lost: Int?
    /// How the database commits, read back from the connection that wrote: `wal/FULL`.
    var durability: String?
    /// What only one workload tells.
    var details: [(name: String, value: Double)] = []

    var json: String {
        var members: [String] = [
            "\"workload\":\"\(workload)\"", "\"rows\":\(rows)", "\"seconds\":\(Self.number(seconds))",
        ]
        let optional: [(String, Double?)] = [
            ("localSeconds", localSeconds), ("bytesSent", bytesSent.map(Double.init)), ("bytesReceived", bytesReceived.map(Double.init)),
            ("serverPeakRSS", serverPeakRSS.map(Double.init)), ("cyclesPerSecond", cyclesPerSecond), ("p50Ms", p50Ms), ("p99Ms", p99Ms),
            ("shown", shown.map(Double.init)), ("merged", merged.map(Double.init)), ("lost", lost.map(Double.init)),
        ]
        members += optional.map { "\"\($0)\":\($1.map(Self.number) ?? "null")" }
        members.append("\"durability\":\(durability.map { "\"\($0)\"" } ?? "null")")
        members += details.map { "\"\($0.name)\":\(Self.number($0.value))" }
        return "{" + members.joined(separator: ",") + "}"
    }

    var line: String {
        var parts = ["\(workload) (\(rows) rows): \(Self.number(seconds)) s"]
        if let localSeconds { parts.append("\(Self.number(localSeconds)) s before the network") }
        if let bytesSent, let bytesReceived { parts.append("\(bytesSent) bytes sent, \(bytesReceived) received") }
        if let cyclesPerSecond { parts.append("\(Self.number(cyclesPerSecond)) cycles/s") }
        if let p50Ms, let p99Ms { parts.append("p50 \(Self.number(p50Ms)) ms, p99 \(Self.number(p99Ms)) ms") }
        if let shown, let merged, let lost { parts.append("\(shown) shown, \(merged) merged, \(lost) lost") }
        if let serverPeakRSS { parts.append("server at most \(serverPeakRSS >> 20) MiB") }
        if let durability { parts.append(durability) }
        return (parts + details.map { "\($0.name) \(Self.number($0.value))" }).joined(separator: ", ")
    }

    /// Whole numbers without a point, others with four digits behind it.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return String((value * 10_000).rounded() / 10_000)
    }
}

/// A set of durations, to tell their middle and their end.
struct Durations {
    private(set) var seconds: [Double] = []

    mutating func add(_ duration: Duration) { seconds.append(duration.seconds) }
    mutating func add(contentsOf other: Durations) { seconds += other.seconds }

    /// The value below which `part` of all lie, in milliseconds.
    func millis(_ part: Double) -> Double? {
        guard !seconds.isEmpty else { return nil }
        let sorted = seconds.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] * 1_000
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
