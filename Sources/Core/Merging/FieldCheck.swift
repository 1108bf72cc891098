import BuntanProtocol

/// What a field takes: type, vocabulary and element (PROTOCOL.md section 12). *Empty* fits every register.
enum FieldCheck {
    static func refusal(of value: EncodedValue, cell: CellKey, field: Field) -> Refusal? {
        let wrong = Refusal(.invalid, field.name)
        switch field.merge {
        case .set:
            guard let element = cell.element, value.isTrue || value.isFalse else { return wrong }
            return fits(element, field.type) ? nil : wrong
        case .languages:
            guard case .code(let language)? = cell.element, Vocabulary.languages.contains(language) else { return wrong }
        case .register, .writeOnce:
            guard cell.element == nil else { return wrong }
        }
        if value.isNull { return field.merge == .writeOnce && field.isRequired ? wrong : nil }
        return fits(value, field.type) ? nil : wrong
    }

    private static func fits(_ element: Element, _ type: FieldType) -> Bool {
        switch (element, type) {
        case (.code(let code), .enumeration(let codes)): codes.contains(code)
        case (.code(let code), .country): isCountry(code)
        case (.id, .record), (.id, .organisation), (.id, .space): true
        default: false
        }
    }

    private static func fits(_ value: EncodedValue, _ type: FieldType) -> Bool {
        // The first byte tells the type; only short values of closed types are looked into.
        guard let first = value.bytes.first else { return false }
        switch type {
        case .string, .text, .document: return first >> 5 == 3
        case .dateTime, .duration, .decimal: return first >> 5 == 3 && value.bytes.count <= 64
        case .int: return first >> 5 <= 1
        case .bool: return value.isTrue || value.isFalse
        case .date: return value.value.text.map { CalendarDate($0) != nil } ?? false
        case .enumeration(let codes): return value.value.text.map { codes.contains($0) } ?? false
        case .country: return value.value.text.map(isCountry) ?? false
        case .organisation, .record, .space: return first == 0x50 && value.bytes.count == 17
        case .device, .digest: return first == 0x58 && value.bytes.count == 34
        case .signature: return first == 0x58 && value.bytes.count == 66
        }
    }

    private static func isCountry(_ code: String) -> Bool {
        code.utf8.count == 2 && code.utf8.allSatisfy { (0x41...0x5a).contains($0) }
    }
}

/// A day of the Gregorian calendar, `YYYY-MM-DD`.
package struct CalendarDate: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// `nil` for another form, and for a day that does not exist.
    package init?(_ text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 10, utf8[4] == 0x2d, utf8[7] == 0x2d else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for c in utf8[range] {
                guard (0x30...0x39).contains(c) else { return nil }
                value = value * 10 + Int(c - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), (1...12).contains(month) else { return nil }
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    package static func < (a: Self, b: Self) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}
