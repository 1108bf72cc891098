import Foundation
import FoundationXML

/// What the parser of one part needs of its reader: elements by their local name, and text.
protocol PartReader {
    mutating func begin(_ element: String, _ attributes: [String: String]) throws(WorkbookFault)
    mutating func text(_ text: String) throws(WorkbookFault)
    mutating func end(_ element: String) throws(WorkbookFault)
}

/// Runs a reader over a part and returns it with what it gathered.
///
/// The part is streamed: the parser over `Data` refuses the end of any document beyond 10 MB.
func parsed<Reader: PartReader>(
    _ reader: Reader, over data: Data, part: String, limits: WorkbookLimits
) throws(WorkbookFault) -> Reader {
    try refuseDeclarations(in: data, part: part)
    // The parser lets names pass as they are, and Foundation takes the process down over one that is no text.
    guard data.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) != nil else {
        throw .unsupportedEncoding(at: WorkbookPlace(part: part))
    }
    let delegate = PartDelegate(reader, part: part, depthLimit: limits.depth)
    let parser = XMLParser(stream: InputStream(data: try withoutRemarks(data, part: part)))
    parser.delegate = delegate
    let isParsed = parser.parse()
    if let fault = delegate.fault { throw fault }
    // `parse` has been seen to return true for `<a><b></a>`; the error tells, and so does an element left open.
    guard isParsed, parser.parserError == nil, delegate.isComplete else {
        let line = delegate.errorLine ?? parser.lineNumber
        throw .damagedPart(at: WorkbookPlace(part: part, line: line > 0 ? line : nil))
    }
    return delegate.reader
}

/// Throws for a document type declaration, and for an encoding in which one could hide.
///
/// A declaration may only stand before the first element, so nothing beyond it is looked at.
private func refuseDeclarations(in data: Data, part: String) throws(WorkbookFault) {
    let head = [UInt8](data.prefix(4_096))
    if head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE]) || head.prefix(4).contains(0) {
        throw .unsupportedEncoding(at: WorkbookPlace(part: part))
    }
    var position = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while let open = head[position...].firstIndex(of: UInt8(ascii: "<")), open + 1 < head.count {
        switch head[open + 1] {
        case UInt8(ascii: "?"):
            guard let close = head[open...].firstIndex(of: UInt8(ascii: ">")) else {
                throw .damagedPart(at: WorkbookPlace(part: part, line: 1))
            }
            let instruction = String(decoding: head[open...close], as: UTF8.self).lowercased()
            if instruction.hasPrefix("<?xml"), let range = instruction.range(of: "encoding") {
                let name = instruction[range.upperBound...].drop { !$0.isLetter }
                guard name.hasPrefix("utf-8") || name.hasPrefix("us-ascii") else {
                    throw .unsupportedEncoding(at: WorkbookPlace(part: part))
                }
            }
            position = close + 1
        case UInt8(ascii: "!"):
            guard head[open...].starts(with: Array("<!--".utf8)) else { throw .forbiddenDeclaration(at: WorkbookPlace(part: part)) }
            guard let close = head[(open + 4)...].indices.first(where: { head[$0...].starts(with: Array("-->".utf8)) }) else {
                throw .damagedPart(at: WorkbookPlace(part: part, line: 1))
            }
            position = close + 3
        default: return
        }
    }
    throw .damagedPart(at: WorkbookPlace(part: part, line: 1))
}

/// Returns a part with blanks in the place of comments, and of processing instructions that have a name alone, as `<?page?>`.
///
/// They mean nothing to a workbook, and lines stay where they are. Foundation takes the process down over such an instruction, and the
/// parser beneath it copies a comment for each pair of hyphens within.
private func withoutRemarks(_ data: Data, part: String) throws(WorkbookFault) -> Data {
    let found: Remarks = data.withUnsafeBytes { Remarks(in: $0) }
    if let line = found.unendedLine { throw .damagedPart(at: WorkbookPlace(part: part, line: line)) }
    guard !found.places.isEmpty else { return data }
    var bytes = [UInt8](data)
    for place in found.places.joined() where bytes[place] != UInt8(ascii: "\n") { bytes[place] = UInt8(ascii: " ") }
    return Data(bytes)
}

/// Where comments stand, and instructions with a name and nothing after it. Each byte is looked at a few times, whatever stands there.
private struct Remarks {
    private(set) var places: [Range<Int>] = []
    /// The line of a comment that never ends.
    private(set) var unendedLine: Int?

    init(in bytes: UnsafeRawBufferPointer) {
        guard Self.find("<!--", in: bytes, from: 0) != nil || Self.holdsEmptyInstruction(bytes) else { return }
        var position = 0
        while let open = Self.find("<", in: bytes, from: position) {
            let rest = bytes[open...]
            if rest.starts(with: "<!--".utf8) {
                guard let close = Self.find("-->", in: bytes, from: open + 4) else {
                    unendedLine = 1 + bytes[..<open].count { $0 == UInt8(ascii: "\n") }
                    return
                }
                places.append(open..<(close + 3))
                position = close + 3
            } else if rest.starts(with: "<![CDATA[".utf8) {
                // What stands in text that is taken as it is, is none.
                position = Self.find("]]>", in: bytes, from: open + 9) ?? bytes.count
            } else if rest.starts(with: "<?".utf8) {
                let close = Self.find("?>", in: bytes, from: open + 2)
                if let close, Self.isEmpty(bytes[(open + 2)..<close]) { places.append(open..<(close + 2)) }
                position = close.map { $0 + 2 } ?? bytes.count
            } else {
                position = open + 1
            }
        }
    }

    /// Whether an instruction ends anywhere without a blank since the last that opened: nearly every part has its declaration and no more.
    private static func holdsEmptyInstruction(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var (opened, next) = (Int?.none, find("?", in: bytes, from: 0))
        while let mark = next {
            if mark > 0, bytes[mark - 1] == UInt8(ascii: "<") {
                opened = mark + 1
            } else if mark + 1 < bytes.count, bytes[mark + 1] == UInt8(ascii: ">") {
                if let opened, isEmpty(bytes[opened..<mark]) { return true }
                opened = nil
            }
            next = find("?", in: bytes, from: mark + 1)
        }
        return false
    }

    private static func isEmpty(_ content: Slice<UnsafeRawBufferPointer>) -> Bool {
        !content.contains { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    }

    private static func find(_ text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        // A mark is rarer than an angle bracket.
        let offset = text.count > 1 && text[0] == UInt8(ascii: "<") ? 1 : 0
        var position = start
        while position + offset < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + position + offset, CInt(text[offset]), bytes.count - position - offset)
        {
            position = base.distance(to: UnsafeRawPointer(found)) - offset
            if bytes[position...].starts(with: text) { return position }
            position += 1
        }
        return nil
    }
}

private final class PartDelegate<Reader: PartReader>: NSObject, XMLParserDelegate {
    var reader: Reader
    var fault: WorkbookFault?
    /// The line of the first error; the parser reads on to the end of what it holds.
    var errorLine: Int?
    private let part: String
    private let depthLimit: Int
    private var depth = 0
    private var hasRoot = false

    init(_ reader: Reader, part: String, depthLimit: Int) {
        self.reader = reader
        self.part = part
        self.depthLimit = depthLimit
    }

    var isComplete: Bool { hasRoot && depth == 0 }

    private func run(_ parser: XMLParser, _ step: () throws(WorkbookFault) -> Void) {
        // The parser may deliver what it has already read after it was told to stop.
        guard fault == nil else { return }
        do throws(WorkbookFault) {
            try step()
        } catch {
            fault = error
            parser.abortParsing()
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        hasRoot = true
        depth += 1
        run(parser) { () throws(WorkbookFault) in
            guard depth <= depthLimit else {
                throw .limitExceeded(.depth, allowed: depthLimit, found: depth, at: WorkbookPlace(part: part))
            }
            try reader.begin(localName(name), attributes)
        }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        depth -= 1
        run(parser) { () throws(WorkbookFault) in try reader.end(localName(name)) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        run(parser) { () throws(WorkbookFault) in try reader.text(string) }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        if errorLine == nil { errorLine = parser.lineNumber }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        run(parser) { () throws(WorkbookFault) in try reader.text(String(decoding: block, as: UTF8.self)) }
    }

    func parser(
        _ parser: XMLParser, foundInternalEntityDeclarationWithName name: String, value: String?
    ) {
        run(parser) { () throws(WorkbookFault) in throw .forbiddenDeclaration(at: WorkbookPlace(part: part)) }
    }
}

/// Returns the name without its namespace prefix; some writers prefix every element.
private func localName(_ name: String) -> String {
    guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.utf8.index(after: colon)...])
}
