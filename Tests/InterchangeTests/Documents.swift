import Foundation
import Testing

/// Real documents that tests read.
enum Documents {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Returns a document of this project's own fixtures.
    static func fixture(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appending(path: "Tests/Fixtures/cloudgov/\(name)")))
    }

    static var library: URL { root.appending(path: "../shared/data").standardizedFileURL }

    /// Whether the library of documents beside the project is there, or must be: in CI its absence is a failure.
    static var isLibraryExpected: Bool {
        FileManager.default.fileExists(atPath: library.path) || ProcessInfo.processInfo.environment["CI"] != nil
    }

    static func gathered(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: library.appending(path: path)))
    }
}
