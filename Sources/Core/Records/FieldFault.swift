/// Tells why a text is not a value of a field's type.
package enum FieldFault: Error, Hashable, Sendable {
    case notABool(String)
    case notAnInt(String)
    /// Beyond ±(2⁵³ − 1).
    case intTooLarge(String)
    case notADecimal(String)
    case notADate(String)
    /// Written like a date, but the calendar has no such day.
    case noSuchDate(year: Int, month: Int, day: Int)
    case notADateTime(String)
    case noSuchTime(String)
    /// A time of day without a zone would mean another moment in another office.
    case missingZone(String)
    case notADuration(String)
    /// `m` may be minutes or months; the words that say which.
    case ambiguousUnit(String, instead: [String])
    case unknownCode(String, known: [String])
    case unknownCountry(String)
    /// Neither a country nor a part of one.
    case notALaw(String)
    /// No part of a country, by its form.
    case notASubdivision(String)
    case unknownKind(String)
    case tooSmall(Int, least: Int)
    /// A control that no edition of its catalogue has.
    case unknownControl(String)
    /// A record that nothing here has, or that was deleted.
    case unknownRecord(String)
    case deletedRecord(String)
    case notACode(String)
    case notAFingerprint(String)
    case notAnID(String)
    case notHexadecimal(String, bytes: Int)
    /// A line break or control character in a field of one line.
    case notOneLine
    /// More bytes than a value may have.
    case tooLong(bytes: Int, most: Int)
    /// The field is written by the program alone.
    case notTypeable
    /// The field is a set or has languages and needs an element, or has none.
    case elementExpected(field: String)
    case elementUnexpected(field: String)
    case unknownLanguage(String, known: [String])
}
