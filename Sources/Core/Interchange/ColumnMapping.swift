import Foundation
package import Workbooks

/// Says which column of a table means what. Made from the headers of one document, it can be kept and used on the next.
package struct ColumnMapping: Codable, Sendable, Equatable {
    /// What a column is read as.
    package enum Field: String, Codable, Sendable, CaseIterable {
        case controlId
        /// A finer id that stands beside the control's; it is the row's id where it can be read.
        case statementId
        case itemKey
        /// The id of a question, which begins with that of its control: `A&A-01.1`.
        case questionId
        /// The catalogue of the row's id, where a table holds rows of several.
        case framework
        case topic
        case allocation
        /// Yes, partial or no, as in a customer responsibility matrix; asked only where no allocation is said.
        case inheritable
        /// Columns of signs, one a side: ○ △ ×.
        case providerMark
        case customerMark
        case supplierMark
        case providerStatement
        case customerAction
        case boundaryNote
        case implementationStatus
        /// A provider's answer to a question: yes, no or not applicable. It says how far the provider is, and is kept as found.
        case answer
        case notApplicableReason
        case providerShares
        /// Known, and told elsewhere: not read, and no note of the row either.
        case passedOver
        /// Kept as a private note of the row.
        case `private`

        /// Whether rows are known by it.
        var isID: Bool { self == .controlId || self == .statementId || self == .questionId }

        /// Whether the field holds prose, in a language each.
        var isProse: Bool {
            switch self {
            case .topic, .providerStatement, .customerAction, .boundaryNote, .notApplicableReason: true
            case .controlId, .statementId, .itemKey, .questionId, .answer, .framework, .allocation, .inheritable, .providerMark,
                .customerMark, .supplierMark,
                .implementationStatus, .providerShares, .passedOver, .private:
                false
            }
        }
    }

    package struct Column: Codable, Sendable, Equatable {
        /// The words above the column; width, case and blanks do not matter. Where two columns have the same words, those of
        /// their groups stand before them: `対応 / 事業者`.
        package var header: String
        package var field: Field
        /// `en` or `ja`; left out, each text's own script decides.
        package var language: String?

        package init(header: String, field: Field, language: String? = nil) {
            self.header = header
            self.field = field
            self.language = language
        }
    }

    package static let currentVersion = 1

    package var version = currentVersion
    package var framework: String?
    package var encoding: TextEncoding?
    package var columns: [Column]
    /// For `allocation`, `inheritable` and `implementationStatus`: a sign of this document and the code it stands for.
    package var values: [String: [String: String]]?

    package init(columns: [Column], framework: String? = nil, encoding: TextEncoding? = nil, values: [String: [String: String]]? = nil) {
        self.columns = columns
        self.framework = framework
        self.encoding = encoding
        self.values = values
    }

    /// The version may be left out by whoever writes one by hand.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        version = try members.decodeIfPresent(Int.self, forKey: .version) ?? Self.currentVersion
        framework = try members.decodeIfPresent(String.self, forKey: .framework)
        encoding = try members.decodeIfPresent(TextEncoding.self, forKey: .encoding)
        columns = try members.decode([Column].self, forKey: .columns)
        values = try members.decodeIfPresent([String: [String: String]].self, forKey: .values)
    }

    /// Reads the JSON form.
    package init(json bytes: [UInt8]) throws(MappingFault) {
        let mapping: ColumnMapping
        do {
            mapping = try JSONDecoder().decode(ColumnMapping.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, let context) {
            throw .unreadable(at: Self.path(context.codingPath + [key]))
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(
            let context)
        {
            throw .unreadable(at: Self.path(context.codingPath))
        } catch {
            throw .unreadable(at: "")
        }
        guard mapping.version == Self.currentVersion else { throw .versionUnknown(mapping.version) }
        guard mapping.columns.contains(where: { $0.field.isID }) else { throw .noIDColumn }
        var seen: Set<String> = []
        for column in mapping.columns where !seen.insert(column.header.folded).inserted { throw .columnRepeated(column.header) }
        self = mapping
    }

    /// Returns the JSON form: sorted, indented, the same for the same mapping.
    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try [UInt8](encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map(String.init) ?? key.stringValue }.joined(separator: "/")
    }
}

/// Tells why a file is no column mapping.
package enum MappingFault: Error, Sendable, Equatable {
    /// No JSON, or not of this shape; the place is a path of members.
    case unreadable(at: String)
    case versionUnknown(Int)
    case noIDColumn
    case columnRepeated(String)
}
