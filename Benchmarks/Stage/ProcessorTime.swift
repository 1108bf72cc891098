import Foundation

/// Processor time that this process and a server's have used, for machines on which others work at the same time.
struct ProcessorTime {
    let client: Double
    let server: Double?

    init(_ server: ServerProcess?) {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        client = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        self.server = server?.processorSeconds
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// What was used since an earlier moment, as details of a workload.
    func details(since start: ProcessorTime) -> [(name: String, value: Double)] {
        var details = [(name: "clientCPUSeconds", value: client - start.client)]
        if let server, let before = start.server { details.append((name: "serverCPUSeconds", value: server - before)) }
        return details
    }
}

extension ServerProcess {
    /// User and system time so far.
    var processorSeconds: Double? {
        guard let stat = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            // The name stands in brackets and may hold blanks; the times are fields 14 and 15, in ticks.
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[name...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
