import GRDBSQLite
import Synchronization

/// A folder on a disk that fails on order, under the real engine.
///
/// Operations that reach the disk (writes, synchronisations, truncations, deletions) are counted from `arm` on, and the
/// n-th of them fails.
package final class FaultyDisk: Sendable {
    package enum Fault: CaseIterable, Sendable {
        /// The operation fails and nothing is written.
        case error
        /// There is no room for a write; synchronisation fails.
        case full
        /// Half of a write lands before it fails.
        case torn
        /// Nothing reaches the disk from there on, as if the power had gone.
        case death
        /// The same, and half of the last write landed.
        case tornDeath
    }

    private struct Plan {
        let fault: Fault
        let at: Int
        /// Whether every later operation fails alike, as on a disk on which nobody makes room.
        let stays: Bool
        var count = 0
        var hasFired = false
    }

    private let plan = Mutex<Plan?>(nil)
    /// What has been asked of the folder's files since `record`, if it was called.
    private let record = Mutex<DiskRecord?>(nil)

    /// Fails operations in this folder; without a plan nothing fails.
    package init(folder: String) {
        FaultyFileSystem.install()
        FaultyFileSystem.disks.withLock { $0[folder] = self }
    }

    package func arm(_ fault: Fault, at operation: Int) { plan.withLock { $0 = Plan(fault: fault, at: operation, stays: false) } }
    /// From here on nothing more can be written.
    package func fill() { plan.withLock { $0 = Plan(fault: .full, at: 1, stays: true) } }
    package func disarm() { plan.withLock { $0 = nil } }

    /// From here on everything that is asked of the folder's files is written down; it has none yet.
    package func startRecording() { record.withLock { $0 = DiskRecord() } }
    /// Writes down that somebody has been told that this much is safe.
    package func acknowledge(_ size: Int) { note(.acknowledged(size)) }
    package var events: [DiskEvent] { record.withLock { $0?.events ?? [] } }

    func note(_ event: DiskEvent) { record.withLock { $0?.add(event) } }
    /// The number of a file that is opened; 0 where nothing is written down.
    func number(of path: String) -> Int {
        record.withLock { $0?.file(Self.name(path)) ?? 0 }
    }
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    package var hasFired: Bool { plan.withLock { $0?.hasFired ?? false } }
    /// Operations since `arm`.
    package var count: Int { plan.withLock { $0?.count ?? 0 } }

    /// Counts an operation and says how it fails, if it does.
    func fault() -> Fault? {
        plan.withLock { plan in
            guard var current = plan else { return nil }
            current.count += 1
            let isDead = current.fault == .death || current.fault == .tornDeath
            let fails = current.count == current.at || ((isDead || current.stays) && current.count > current.at)
            let fault: Fault? = fails ? (current.hasFired && isDead ? .death : current.fault) : nil
            if fails { current.hasFired = true }
            plan = current
            return fault
        }
    }
}

/// SQLite's own file system with a shim before the files of faulty disks; files elsewhere never meet it.
enum FaultyFileSystem {
    static let disks = Mutex<[String: FaultyDisk]>([:])

    static func install() { _ = installed }

    /// The engine keeps both addresses for the life of the process.
    private static let installed: Bool = {
        guard let original = sqlite3_vfs_find(nil) else { return false }
        let shim = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        shim.initialize(to: original.pointee)
        shim.pointee.szOsFile += Int32(FaultyFile.headerBytes)
        shim.pointee.pNext = nil
        shim.pointee.pAppData = original.pointee.pAppData
        shim.pointee.xOpen = { _, name, file, flags, outFlags in FaultyFile.open(name, file, flags, outFlags) }
        shim.pointee.xDelete = { _, name, synchronises in
            guard let original = FaultyFileSystem.original else { return SQLITE_ERROR }
            guard let name, let disk = FaultyFileSystem.disk(of: String(cString: name)) else {
                return original.pointee.xDelete(original, name, synchronises)
            }
            guard disk.fault() == nil else { return SQLITE_IOERR }
            let code = original.pointee.xDelete(original, name, synchronises)
            if code == SQLITE_OK { disk.note(.deleted(name: FaultyDisk.name(String(cString: name)), folder: synchronises != 0)) }
            return code
        }
        address.withLock { $0 = UInt(bitPattern: original) }
        return sqlite3_vfs_register(shim, 1) == SQLITE_OK
    }()

    private static let address = Mutex<UInt>(0)

    static var original: UnsafeMutablePointer<sqlite3_vfs>? {
        UnsafeMutablePointer(bitPattern: address.withLock { $0 })
    }

    static func disk(of path: String) -> FaultyDisk? {
        disks.withLock { disks in disks.first { path.hasPrefix($0.key + "/") }?.value }
    }
}

/// An open file of a faulty disk: our method table, the disk, and behind them the engine's own file.
enum FaultyFile {
    /// Method table, disk, the file's number and whether its next synchronisation takes the folder along; the engine's own
    /// file begins on the next multiple of 16.
    static let headerBytes = 32
    /// Files whose names the engine's own file system puts on the disk with their first synchronisation.
    private static let namedDurably = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL

    static func open(
        _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let original = FaultyFileSystem.original, let file else { return SQLITE_ERROR }
        guard let name, let disk = FaultyFileSystem.disk(of: String(cString: name)) else {
            return original.pointee.xOpen(original, name, file, flags, outFlags)
        }
        let code = original.pointee.xOpen(original, name, real(file), flags, outFlags)
        guard code == SQLITE_OK else {
            file.pointee.pMethods = nil
            return code
        }
        let header = UnsafeMutableRawPointer(file)
        header.storeBytes(of: Unmanaged.passRetained(disk).toOpaque(), toByteOffset: 8, as: UnsafeMutableRawPointer.self)
        header.storeBytes(of: disk.number(of: String(cString: name)), toByteOffset: 16, as: Int.self)
        header.storeBytes(of: flags & SQLITE_OPEN_CREATE != 0 && flags & namedDurably != 0, toByteOffset: 24, as: Bool.self)
        file.pointee.pMethods = UnsafePointer(methods.pointer)
        return SQLITE_OK
    }

    static func real(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + headerBytes).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func disk(_ file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<FaultyDisk> {
        .fromOpaque(UnsafeMutableRawPointer(file).load(fromByteOffset: 8, as: UnsafeMutableRawPointer.self))
    }

    private static func number(_ file: UnsafeMutablePointer<sqlite3_file>) -> Int {
        UnsafeMutableRawPointer(file).load(fromByteOffset: 16, as: Int.self)
    }

    private static func size(_ real: UnsafeMutablePointer<sqlite3_file>) -> sqlite3_int64 {
        var size: sqlite3_int64 = 0
        _ = real.pointee.pMethods.pointee.xFileSize(real, &size)
        return size
    }

    /// Whether a synchronisation of the file takes the folder along: the first of each opening does, for some files.
    private static func takesFolder(_ file: UnsafeMutablePointer<sqlite3_file>) -> Bool {
        let header = UnsafeMutableRawPointer(file)
        defer { header.storeBytes(of: false, toByteOffset: 24, as: Bool.self) }
        return header.load(fromByteOffset: 24, as: Bool.self)
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32, _ offset: sqlite3_int64
    ) -> Int32 {
        guard let file else { return SQLITE_ERROR }
        let real = real(file)
        let disk = disk(file).takeUnretainedValue()
        switch disk.fault() {
        case nil:
            let written = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            disk.note(.written(file: number(file), at: Int(offset), bytes: written))
            return real.pointee.pMethods.pointee.xWrite(real, bytes, count, offset)
        case .error, .death: return failedWrite
        case .full: return SQLITE_FULL
        case .torn, .tornDeath:
            _ = real.pointee.pMethods.pointee.xWrite(real, bytes, count / 2, offset)
            return failedWrite
        }
    }

    // SQLITE_IOERR_WRITE and its like are macros that do not reach Swift.
    private static let failedWrite = SQLITE_IOERR | (3 << 8)
    private static let failedSync = SQLITE_IOERR | (4 << 8)
    private static let failedTruncation = SQLITE_IOERR | (6 << 8)

    private static let methods = MethodTable()

    private struct MethodTable: @unchecked Sendable {
        // Never written after it has been made, so there is nothing to lock.
        let pointer: UnsafeMutablePointer<sqlite3_io_methods>

        init() {
            pointer = .allocate(capacity: 1)
            pointer.initialize(
                to: sqlite3_io_methods(
                    iVersion: 3,
                    xClose: { file in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        FaultyFile.disk(file).release()
                        return real.pointee.pMethods.pointee.xClose(real)
                    },
                    xRead: { file, bytes, count, offset in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xRead(real, bytes, count, offset)
                    },
                    xWrite: { file, bytes, count, offset in FaultyFile.write(file, bytes, count, offset) },
                    xTruncate: { file, size in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        let disk = FaultyFile.disk(file).takeUnretainedValue()
                        guard disk.fault() == nil else { return failedTruncation }
                        disk.note(.resized(file: FaultyFile.number(file), to: Int(size)))
                        return real.pointee.pMethods.pointee.xTruncate(real, size)
                    },
                    xSync: { file, _ in
                        guard let file else { return SQLITE_ERROR }
                        let disk = FaultyFile.disk(file).takeUnretainedValue()
                        guard disk.fault() == nil else { return failedSync }
                        disk.note(.synchronised(file: FaultyFile.number(file), folder: FaultyFile.takesFolder(file)))
                        // What has been handed to the operating system outlives every death here: no need to wait for a disk.
                        return SQLITE_OK
                    },
                    xFileSize: { file, size in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xFileSize(real, size)
                    },
                    xLock: { file, level in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xLock(real, level)
                    },
                    xUnlock: { file, level in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xUnlock(real, level)
                    },
                    xCheckReservedLock: { file, result in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xCheckReservedLock(real, result)
                    },
                    xFileControl: { file, op, argument in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        let before = FaultyFile.size(real)
                        let code = real.pointee.pMethods.pointee.xFileControl(real, op, argument)
                        // A hint of how large the file will be makes it grow.
                        let after = FaultyFile.size(real)
                        if after != before {
                            FaultyFile.disk(file).takeUnretainedValue().note(.resized(file: FaultyFile.number(file), to: Int(after)))
                        }
                        return code
                    },
                    xSectorSize: { file in
                        guard let file else { return 4_096 }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xSectorSize(real)
                    },
                    xDeviceCharacteristics: { file in
                        guard let file else { return 0 }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xDeviceCharacteristics(real)
                    },
                    xShmMap: { file, region, size, extend, address in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xShmMap(real, region, size, extend, address)
                    },
                    xShmLock: { file, offset, count, flags in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xShmLock(real, offset, count, flags)
                    },
                    xShmBarrier: { file in
                        guard let file else { return }
                        let real = FaultyFile.real(file)
                        real.pointee.pMethods.pointee.xShmBarrier(real)
                    },
                    xShmUnmap: { file, deletes in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xShmUnmap(real, deletes)
                    },
                    xFetch: { file, offset, count, address in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xFetch(real, offset, count, address)
                    },
                    xUnfetch: { file, offset, address in
                        guard let file else { return SQLITE_ERROR }
                        let real = FaultyFile.real(file)
                        return real.pointee.pMethods.pointee.xUnfetch(real, offset, address)
                    }))
        }
    }
}
