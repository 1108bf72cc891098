import BuntanProtocol
import Foundation
import Merging
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import ServerApp

@Suite("erase by a legal order")
struct EraseOrderTests {
    @Test("It asks for agreement, takes the field's values out of every file, and leaves a log that verifies")
    func erased() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let record = try served.serving { served in
            try served.store.read { reader in
                try reader.records(of: "service-dependency", in: space, after: nil, limit: 9).first {
                    $0.shown.text("upstreamName") == "row 1"
                }?.id.hex
            }
        }
        let id = try #require(record)
        func holds() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: served.path).contains { name in
                FileManager.default.contents(atPath: served.path + "/" + name)?.range(of: Data("row 1".utf8)) != nil
            }
        }
        try #expect(holds())
        let refused = await served.run("erase", space.hex, id, "upstreamName", "--reference", "2026 (wa) 123")
        #expect(refused.exit == 2 && refused.errors.contains("1 value") && refused.errors.contains("--for-good"), "\(refused.errors)")
        try #expect(holds())
        let none = await served.run("erase", space.hex, id, "dependencyType", "--reference", "x", "--for-good")
        #expect(none.exit == 2 && none.errors.contains("no such value"), "\(none.errors)")
        let erased = await served.run("erase", space.hex, id, "upstreamName", "--reference", "2026 (wa) 123", "--for-good")
        #expect(erased.exit == 0 && erased.output.contains("1 value"), "\(erased.output)\(erased.errors)")
        try #expect(!holds())
        let checked = await served.run("check")
        #expect(checked.exit == 0, "\(checked.output)")
        let again = await served.run("erase", space.hex, id, "upstreamName", "--reference", "x", "--for-good")
        #expect(again.exit == 2)
    }
}
