import CMalloc

/// Has the system's allocator give memory back once a large message is done with.
///
/// By itself it keeps a pool for each thread and what the largest message took: after some pushes on every thread a server
/// held half as much again. Sharing one pool costs nothing that a load of small changes would show.
enum AllocatorTuning {
    /// From this size on, memory is the system's again as soon as it is freed.
    private static let largeBytes: Int32 = 128 * 1024

    /// To be called before there is a second thread.
    static func apply() {
        // Each takes a value that the allocator knows; where it does not, nothing changes.
        _ = mallopt(M_ARENA_MAX, 1)
        _ = mallopt(M_MMAP_THRESHOLD, largeBytes)
        _ = mallopt(M_TRIM_THRESHOLD, largeBytes)
    }
}
