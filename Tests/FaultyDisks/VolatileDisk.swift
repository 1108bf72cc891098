/// A folder of files as a loss of power may leave it.
///
/// What has been synchronised is there. Of everything else, each piece may be there or not, whatever came before or after it:
/// a write whole or by sectors of 512 bytes, a new size with zeros where nothing was written, a name, a deletion. Only within
/// a sector nothing is torn: that much SQLite asks of a disk, and no more.
package struct VolatileDisk: Sendable {
    /// What a disk only pretends to do, to see that it would be noticed.
    package enum Neglect: Sendable {
        case nothing
        /// Nothing is ever waited for.
        case synchronisation
        /// Files are on the disk when that is asked for, and the folder's names are not.
        case folder
    }

    private enum Write {
        case bytes(at: Int, [UInt8])
        case size(Int)
    }

    private struct File {
        /// What no loss of power takes away.
        var durable: [UInt8] = []
        var pending: [Write] = []

        mutating func synchronise() {
            for write in pending {
                switch write {
                case .bytes(let offset, let bytes): durable.put(bytes[...], at: offset)
                case .size(let size): durable.resize(to: size)
                }
            }
            pending = []
        }
    }

    private static let sector = 512
    private let neglect: Neglect
    private var files: [Int: File] = [:]
    private var names: [String: Int] = [:]
    /// Where names lead since the folder was synchronised, in order; `nil` where one was deleted.
    private var namings: [(name: String, file: Int?)] = []

    package init(neglecting neglect: Neglect = .nothing) { self.neglect = neglect }

    package mutating func take(_ event: DiskEvent) {
        switch event {
        case .created(let file, let name):
            files[file] = File()
            namings.append((name, file))
        case .written(let file, let offset, let bytes): files[file]?.pending.append(.bytes(at: offset, bytes))
        case .resized(let file, let size): files[file]?.pending.append(.size(size))
        case .synchronised(let file, let folder):
            if neglect != .synchronisation { files[file]?.synchronise() }
            if folder { synchroniseNames() }
        case .deleted(let name, let folder):
            namings.append((name, nil))
            if folder { synchroniseNames() }
        case .acknowledged: break
        }
    }

    private mutating func synchroniseNames() {
        guard neglect == .nothing else { return }
        for (name, file) in namings { names[name] = file }
        namings = []
    }

    /// Draws what is left if the power goes now: the content of each file that still has its name.
    package func afterPowerCut(_ random: inout some RandomNumberGenerator) -> [String: [UInt8]] {
        // Now and then nothing of it has reached the disk, or nearly all.
        let shares: [Double] = [0, 0.1, 0.5, 0.9]
        let share = shares[Int.random(in: 0..<shares.count, using: &random)]
        let tears = Bool.random(using: &random)
        var left: [String: [UInt8]] = [:]
        for name in Set(names.keys).union(namings.map(\.name)).sorted() {
            // The name leads where it led once since the folder was synchronised.
            let since = [names[name]] + namings.filter { $0.name == name }.map(\.file)
            guard let file = since[Int.random(in: 0..<since.count, using: &random)] else { continue }
            left[name] = files[file].map { Self.draw($0, share: share, tears: tears, &random) }
        }
        return left
    }

    private static func draw(
        _ file: File, share: Double, tears: Bool, _ random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        func happens(_ random: inout some RandomNumberGenerator) -> Bool { Double.random(in: 0..<1, using: &random) < share }
        var content = file.durable
        for write in file.pending {
            switch write {
            case .size(let size): if happens(&random) { content.resize(to: size) }
            case .bytes(let offset, let bytes):
                var lands = happens(&random)
                var start = 0
                while start < bytes.count {
                    let end = min(bytes.count, start + sector - (offset + start) % sector)
                    if tears { lands = happens(&random) }
                    if lands {
                        content.put(bytes[start..<end], at: offset + start)
                    } else if happens(&random), content.count < offset + end {
                        // The file has grown, and what stands there has not been written.
                        content.resize(to: offset + end)
                    }
                    start = end
                }
            }
        }
        return content
    }
}

// By memory and not by element: a test cuts the power hundreds of times, over hundreds of kilobytes.
extension [UInt8] {
    fileprivate mutating func resize(to size: Int) {
        if size < count { removeLast(count - size) } else { self += [UInt8](repeating: 0, count: size - count) }
    }

    fileprivate mutating func put(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        if count < offset + bytes.count { resize(to: offset + bytes.count) }
        withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + $0.count]).copyMemory(from: $0) }
        }
    }
}
