#if canImport(Glibc)
    import Glibc
#endif

/// The files and connections that the system lets this process have open at once.
enum OpenFiles {
    /// What the server needs beside its connections: the store on each of its connections, logs, marks, the loops.
    private static let own = 128

    /// Raises the limit as far as these connections need it and the system permits, and returns how many there may be.
    ///
    /// A server that ran out of files could neither take a connection nor open its own.
    static func connections(_ wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + own)
        if limit.rlim_cur < needed {
            limit.rlim_cur = min(needed, limit.rlim_max)
            guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        }
        return limit.rlim_cur >= needed ? wanted : max(1, Int(limit.rlim_cur) - own)
    }
}
