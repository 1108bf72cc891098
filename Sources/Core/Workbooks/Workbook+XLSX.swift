import Foundation

extension Workbook {
    /// Reads an Office Open XML workbook.
    ///
    /// Formulas are passed over and the values they last had are read. Sheets that hold no cells (charts) are left out.
    package init(xlsx bytes: [UInt8], limits: WorkbookLimits = .standard) throws(WorkbookFault) {
        self = try ZipArchive.withArchive(in: bytes, limits: limits) { archive throws(WorkbookFault) in
            try Workbook(archive: archive, limits: limits)
        }
    }

    private init(archive: ZipArchive, limits: WorkbookLimits) throws(WorkbookFault) {
        func relationships(_ part: String) throws(WorkbookFault) -> [RelationshipsPart.Relationship] {
            guard let data = try archive.part(part) else { return [] }
            return try parsed(RelationshipsPart(), over: data, part: part, limits: limits).relationships
        }

        let root = try relationships("_rels/.rels").first { $0.kind == "officeDocument" }
        let main = root.map { RelationshipsPart.path(of: $0.target, from: "") } ?? "xl/workbook.xml"
        guard let mainData = try archive.part(main) else { throw .missingPart(main) }
        let list = try parsed(SheetListPart(limits: limits), over: mainData, part: main, limits: limits)

        /// Those of a part that others belong to, and the folder from which they are named.
        func related(to part: String) throws(WorkbookFault) -> ([RelationshipsPart.Relationship], folder: String) {
            let steps = part.split(separator: "/")
            let list = (steps.dropLast() + ["_rels", "\(steps.last ?? "").rels"]).joined(separator: "/")
            return (try relationships(list), steps.dropLast().joined(separator: "/"))
        }
        /// The remarks on a sheet's cells. One that names remarks and lacks them is read without.
        var (commentCount, commentBytes) = (0, 0)
        func comments(on sheet: String, named name: String) throws(WorkbookFault) -> [SheetComment] {
            let (parts, folder) = try related(to: sheet)
            guard let target = parts.first(where: { $0.kind == "comments" })?.target else { return [] }
            let part = RelationshipsPart.path(of: target, from: folder)
            guard let data = try archive.part(part) else { return [] }
            let reader = CommentsPart(sheet: name, limits: limits, count: commentCount, byteCount: commentBytes)
            let read = try parsed(reader, over: data, part: part, limits: limits)
            (commentCount, commentBytes) = (read.count, read.byteCount)
            return read.comments
        }
        let (related, folder) = try related(to: main)

        var shared: [String]?
        let sharedTarget = related.first { $0.kind == "sharedStrings" }?.target ?? "sharedStrings.xml"
        let sharedPart = RelationshipsPart.path(of: sharedTarget, from: folder)
        // Its absence matters only to a cell that needs it.
        if let data = try archive.part(sharedPart) {
            shared = try parsed(SharedStringsPart(part: sharedPart, limits: limits), over: data, part: sharedPart, limits: limits).strings
        }
        var styles = StylesPart()
        if let target = related.first(where: { $0.kind == "styles" })?.target {
            let part = RelationshipsPart.path(of: target, from: folder)
            if let data = try archive.part(part) {
                styles = try parsed(styles, over: data, part: part, limits: limits)
            }
        }

        var sheets: [Sheet] = []
        var cellCount = 0
        var textBytes = 0
        for listed in list.sheets {
            guard let relationship = related.first(where: { $0.id == listed.relationship }) else {
                throw .missingPart("\(folder)/\(listed.relationship)", at: WorkbookPlace(sheet: listed.name))
            }
            guard relationship.kind == "worksheet" else { continue }
            let part = RelationshipsPart.path(of: relationship.target, from: folder)
            let reader = SheetPart(
                name: listed.name, limits: limits, shared: shared, sharedPart: sharedPart, styles: styles,
                countsFrom1904: list.countsFrom1904, cellCount: cellCount, textBytes: textBytes)
            let sheet: SheetPart
            do throws(WorkbookFault) {
                guard let data = try archive.part(part) else { throw .missingPart(part) }
                sheet = try parsed(reader, over: data, part: part, limits: limits)
            } catch {
                throw error.inSheet(listed.name)
            }
            cellCount = sheet.cellCount
            textBytes = sheet.textBytes
            var read = Sheet(name: listed.name, isHidden: listed.isHidden, rows: sheet.rows(), mergedRanges: sheet.mergedRanges)
            read.hiddenRows = sheet.hiddenRows
            read.hiddenColumns = sheet.hiddenColumns
            read.comments = try comments(on: part, named: listed.name)
            sheets.append(read)
        }
        self.init(sheets: sheets)
    }
}
