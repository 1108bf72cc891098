/// Something that was asked of the files of a folder, in the order in which it was asked.
package enum DiskEvent: Sendable {
    /// A name that the folder did not have leads to a new, empty file.
    case created(file: Int, name: String)
    case written(file: Int, at: Int, bytes: [UInt8])
    case resized(file: Int, to: Int)
    /// What the file holds has been asked for to be on the disk; with `folder` the names in the folder as well.
    case synchronised(file: Int, folder: Bool)
    /// The name leads nowhere any more; with `folder` that is asked for to be on the disk.
    case deleted(name: String, folder: Bool)
    /// Somebody has been told that this much is safe.
    case acknowledged(Int)
}

/// The events of a folder, and the numbers by which they call its files.
struct DiskRecord {
    private(set) var events: [DiskEvent] = []
    private var files: [String: Int] = [:]
    private var count = 0

    /// The number of the file that a name leads to; the name is new if it leads to none.
    mutating func file(_ name: String) -> Int {
        if let known = files[name] { return known }
        count += 1
        files[name] = count
        events.append(.created(file: count, name: name))
        return count
    }

    mutating func add(_ event: DiskEvent) {
        if case .deleted(let name, _) = event { files[name] = nil }
        events.append(event)
    }
}
