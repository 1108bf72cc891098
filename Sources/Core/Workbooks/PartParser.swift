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
    let parser = XMLParser(stream: InputStream(data: withoutEmptyInstructions(data)))
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

/// Returns a part with blanks in the place of each processing instruction that has a name alone, as `<?page?>`.
///
/// Foundation takes the process down over one. It means nothing to a workbook; lines stay where they are.
private func withoutEmptyInstructions(_ data: Data) -> Data {
    let places = data.withUnsafeBytes { emptyInstructions(in: $0) }
    guard !places.isEmpty else { return data }
    var bytes = [UInt8](data)
    for place in places.joined() where bytes[place] != UInt8(ascii: "\n") { bytes[place] = UInt8(ascii: " ") }
    return Data(bytes)
}

/// Where processing instructions stand that have a name and nothing after it.
private func emptyInstructions(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
    func find(_ text: String, from start: Int) -> Int? {
        let text = Array(text.utf8)
        var position = start
        // A question mark is rarer than an angle bracket.
        let (rare, offset) = text.count > 1 && text[1] == UInt8(ascii: "?") ? (text[1], 1) : (text[0], 0)
        while position + offset < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + position + offset, CInt(rare), bytes.count - position - offset)
        {
            position = base.distance(to: UnsafeRawPointer(found)) - offset
            if bytes[position...].starts(with: text) { return position }
            position += 1
        }
        return nil
    }
    /// The end of what opens there, where it holds no blank.
    func emptyEnd(of open: Int) -> Int? {
        guard let close = find("?>", from: open + 2), !bytes[(open + 2)..<close].contains(where: { [0x20, 0x09, 0x0a, 0x0d].contains($0) })
        else { return nil }
        return close + 2
    }
    // Nearly every part has its declaration and no more: what has none of them is not looked at further.
    var open = find("<?", from: 0)
    while let place = open, emptyEnd(of: place) == nil { open = find("<?", from: place + 2) }
    guard open != nil else { return [] }
    var places: [Range<Int>] = []
    var position = 0
    while let open = find("<", from: position) {
        let rest = bytes[open...]
        // What stands in a comment, or in text that is taken as it is, is none.
        if rest.starts(with: "<!--".utf8) {
            position = find("-->", from: open + 4) ?? bytes.count
        } else if rest.starts(with: "<![CDATA[".utf8) {
            position = find("]]>", from: open + 9) ?? bytes.count
        } else if rest.starts(with: "<?".utf8) {
            if let end = emptyEnd(of: open) { places.append(open..<end) }
            position = find("?>", from: open + 2) ?? bytes.count
        } else {
            position = open + 1
        }
    }
    return places
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
