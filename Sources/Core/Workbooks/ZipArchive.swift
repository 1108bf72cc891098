import CZip
import Foundation

/// A view of a zip archive that lies in memory. Valid only inside `withArchive`.
struct ZipArchive {
    private let handle: OpaquePointer
    private let limits: WorkbookLimits
    private let entries: [String: Entry]

    private struct Entry {
        let index: UInt64
        let size: Int
    }

    /// Opens the archive, checks what it declares against the limits, and closes it when `body` returns.
    static func withArchive<Result>(
        in bytes: [UInt8], limits: WorkbookLimits, _ body: (ZipArchive) throws(WorkbookFault) -> Result
    ) throws(WorkbookFault) -> Result {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.fileBytes else {
            throw .limitExceeded(.fileBytes, allowed: limits.fileBytes, found: bytes.count, at: .document)
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { throw .oldOrEncrypted }

        // The closure of an untyped rethrow would lose the error's type, so the outcome is carried out as a value.
        let outcome = bytes.withUnsafeBytes { buffer -> Swift.Result<Result, WorkbookFault> in
            var error = zip_error_t()
            zip_error_init(&error)
            defer { zip_error_fini(&error) }
            guard let source = zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, &error) else {
                return .failure(.unreadableArchive(code: Int(zip_error_code_zip(&error))))
            }
            guard let handle = zip_open_from_source(source, ZIP_RDONLY, &error) else {
                zip_source_free(source)
                return .failure(.unreadableArchive(code: Int(zip_error_code_zip(&error))))
            }
            defer { zip_discard(handle) }
            do throws(WorkbookFault) {
                return .success(try body(try ZipArchive(handle, limits: limits)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private init(_ handle: OpaquePointer, limits: WorkbookLimits) throws(WorkbookFault) {
        let count = Int(zip_get_num_entries(handle, 0))
        guard count <= limits.entries else {
            throw .limitExceeded(.entries, allowed: limits.entries, found: count, at: .document)
        }
        var entries: [String: Entry] = [:]
        var total = 0
        for index in 0..<UInt64(max(count, 0)) {
            var stat = zip_stat_t()
            zip_stat_init(&stat)
            guard zip_stat_index(handle, index, 0, &stat) == 0, let rawName = stat.name else {
                throw .unreadableArchive(code: Int(ZIP_ER_INCONS))
            }
            let name = String(cString: rawName)
            let size = Int(clamping: stat.size)
            let packed = Int(clamping: stat.comp_size)
            total = total.addingReportingOverflow(size).overflow ? .max : total + size
            guard total <= limits.expandedBytes else {
                throw .limitExceeded(.expandedBytes, allowed: limits.expandedBytes, found: total, at: WorkbookPlace(part: name))
            }
            if size > limits.ratioFloorBytes, size / max(packed, 1) > limits.ratio {
                throw .limitExceeded(.ratio, allowed: limits.ratio, found: size / max(packed, 1), at: WorkbookPlace(part: name))
            }
            // Of two entries with one name the first is read, as Excel does.
            if entries[name] == nil { entries[name] = Entry(index: index, size: size) }
        }
        self.handle = handle
        self.limits = limits
        self.entries = entries
    }

    /// Returns the expanded part, or `nil` if the archive has none of this name.
    func part(_ name: String) throws(WorkbookFault) -> Data? {
        guard let entry = entries[name] else { return nil }
        guard entry.size <= limits.partBytes else {
            throw .limitExceeded(.partBytes, allowed: limits.partBytes, found: entry.size, at: WorkbookPlace(part: name))
        }
        guard let file = zip_fopen_index(handle, entry.index, 0) else { throw .damagedPart(at: WorkbookPlace(part: name)) }
        defer { zip_fclose(file) }

        var data = Data(count: entry.size)
        let isComplete = data.withUnsafeMutableBytes { buffer -> Bool in
            var filled = 0
            while filled < buffer.count {
                guard let rest = buffer.baseAddress?.advanced(by: filled) else { return false }
                let read = Int(zip_fread(file, rest, UInt64(buffer.count - filled)))
                guard read > 0 else { return false }
                filled += read
            }
            // One byte more than declared is a lie about the size; the read at the end also checks the checksum.
            var extra: UInt8 = 0
            return zip_fread(file, &extra, 1) == 0
        }
        guard isComplete else { throw .damagedPart(at: WorkbookPlace(part: name)) }
        return data
    }
}
