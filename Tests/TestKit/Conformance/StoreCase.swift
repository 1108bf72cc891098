package import Storage

/// What every kind of store must do, as cases that a test runs against each of them.
package struct StoreCase: Sendable, CustomStringConvertible {
    package let description: String
    private let body: @Sendable (any SpaceStore, any RecordIndexing) throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (any SpaceStore) throws -> Void) {
        self.init(filing: sentence) { store, _ in try body(store) }
    }

    /// A case about what a store files records under.
    init(filing sentence: String, _ body: @escaping @Sendable (any SpaceStore, any RecordIndexing) throws -> Void) {
        description = sentence
        self.body = body
    }

    /// Runs the case on an empty store that files records by this indexing; throws `Unmet` if the store does otherwise.
    package func run(on store: any SpaceStore, filingBy indexing: any RecordIndexing = PlainIndexing()) throws {
        try body(store, indexing)
    }

    package static var all: [StoreCase] { logs + cuts + leads + records + transactions + outbox + registry }
}

/// An expectation that a store did not meet.
package struct Unmet: Error, CustomStringConvertible {
    package let description: String
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID) throws {
    guard condition else { throw Unmet(description: "\(what()) (\(file):\(line))") }
}

func expect<Value: Equatable>(
    _ found: Value, is expected: Value, _ what: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID
) throws {
    guard found == expected else { throw Unmet(description: "\(what()): \(found) instead of \(expected) (\(file):\(line))") }
}

/// Expects `body` to throw exactly this fault.
func expect<Result>(
    _ fault: StorageFault, _ what: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID,
    from body: () throws -> Result
) throws {
    do {
        _ = try body()
    } catch let found as StorageFault where found == fault {
        return
    } catch {
        throw Unmet(description: "\(what()): \(error) instead of \(fault) (\(file):\(line))")
    }
    throw Unmet(description: "\(what()): nothing instead of \(fault) (\(file):\(line))")
}
