/// Bounds what a spreadsheet from outside may cost before it is believed.
///
/// Every bound of this room is named here and nowhere else. The grid is Excel's own; the rest is far above the real
/// documents this room was made for (the largest holds 5.4 MB of parts and 60,000 filled cells).
package struct WorkbookLimits: Sendable, Equatable {
    /// The file as it arrives.
    package var fileBytes = 64 << 20
    /// Entries in the archive.
    package var entries = 4_096
    /// All entries of the archive together, expanded, as the archive declares them.
    package var expandedBytes = 512 << 20
    /// One part, expanded: declared, and again while it is read.
    package var partBytes = 128 << 20
    /// Expanded to compressed size of one part; parts below `ratioFloorBytes` may exceed it.
    package var ratio = 250
    package var ratioFloorBytes = 1 << 20
    /// Elements open at once in one part.
    package var depth = 64
    package var sheets = 256
    package var rows = 1_048_576
    package var columns = 16_384
    /// Filled cells of the whole workbook.
    package var cells = 2_000_000
    package var mergedRanges = 100_000
    /// One cell's text: 32,767 characters, four bytes each.
    package var cellTextBytes = 131_072
    /// The text of all cells; a string shared by many cells counts once for each.
    package var textBytes = 128 << 20

    package init() {}

    package static let standard = WorkbookLimits()
}

/// Names the bound that a document crossed.
package enum WorkbookLimit: String, Sendable, Equatable, CaseIterable {
    case fileBytes = "file-bytes"
    case entries
    case expandedBytes = "expanded-bytes"
    case partBytes = "part-bytes"
    case ratio
    case depth
    case sheets
    case rows
    case columns
    case cells
    case mergedRanges = "merged-ranges"
    case cellTextBytes = "cell-text-bytes"
    case textBytes = "text-bytes"
}
