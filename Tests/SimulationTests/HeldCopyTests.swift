import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Simulation
import Storage
import Testing
import TestKit

@Suite("What another has erased and this organisation still holds")
struct HeldCopyTests {
    private static let person = " Ask Taro Yamada, 090-1234-5678."

    /// The customer has made the document that both signed, and has quoted the provider's sentence in a comment.
    private func scene(seed: UInt64) throws -> (AgreedPair, RecordID, comment: RecordID) {
        let pair = try AgreedPair(seed: seed, words: Self.person)
        let row = AgreedPair.row("r1").responsibility(in: pair.service.service)
        let quoting = try pair.customer.commit(
            [
                pair.customer.comment(on: row, text: "You wrote: Do r1.\(Self.person)"),
                pair.customer.comment(on: row, text: "Nothing of it"),
            ], in: pair.space)
        let agreement = try pair.signBoth()
        return (pair, agreement, try #require(quoting.records.first))
    }

    private func erase(_ pair: AgreedPair) throws {
        try pair.provider.store.write { try pair.provider.erase(pair.erasurePlan("r1", $0), $0) }
        try pair.settle()
    }

    private func held(_ workspace: Workspace) throws -> [HeldCopy] {
        try workspace.store.read { try workspace.heldCopies(of: AgreedPair.engagement(of: workspace, $0), $0) }
    }

    @Test("Whoever erases is told where the value stands with others, and they are asked for it until it is gone there too")
    func asked() throws {
        let (pair, agreement, comment) = try scene(seed: 411)
        let found = try pair.provider.store.read { try pair.erasurePlan("r1", $0) }
        #expect(found.theirDocuments == [agreement] && found.documents.isEmpty)
        #expect(found.theirValues.map(\.record) == [comment] && found.theirValues.map(\.cell) == [CellKey("text")])
        #expect(try held(pair.customer).isEmpty)
        try erase(pair)
        let copies = try held(pair.customer)
        #expect(copies.map(\.record) == [agreement, comment] && copies.map(\.kind) == ["agreement", "comment"])
        let provider = try pair.provider.store.read { try $0.identity().organisation }
        #expect(copies.allSatisfy { $0.organisation == provider && $0.erased > 0 })
        for copy in copies { #expect(try pair.waiting(pair.customer).contains(.eraseCopy(copy))) }
        #expect(try held(pair.provider).isEmpty, "it holds nothing of others")

        for copy in copies {
            try pair.customer.store.write { transaction in
                let own = try pair.customer.erasurePlan(
                    of: copy.cell.field, element: nil, of: copy.record, in: pair.space, transaction)
                #expect(own.documents.map(\.record) == (copy.kind == "agreement" ? [agreement] : []))
                try pair.customer.erase(own, transaction)
            }
            try pair.settle()
        }
        #expect(try held(pair.customer).isEmpty)
        for workspace in [pair.customer, pair.provider] {
            let memory = try #require(workspace.store as? MemoryStore)
            let wanted = Array(("Do r1." + Self.person).utf8)
            #expect(!memory.heldBytes.contains { $0.contains(wanted) })
        }
    }

    @Test("What was signed after the erasure prints what was written after it, and is not asked for")
    func signedLater() throws {
        let (pair, agreement, _) = try scene(seed: 412)
        try erase(pair)
        try pair.publish([("r1", "shared", "Do r1 anew.")], as: "2")
        try pair.settle()
        try pair.accept(["r1"])
        try pair.settle()
        try pair.sign(pair.customer)
        try pair.settle()
        #expect(try held(pair.customer).filter { $0.kind == "agreement" }.map(\.record) == [agreement])
    }

    @Test("A row with an erased value waits for the side that erased it, which is named with its field, until it is written anew")
    func unsettled() throws {
        let (pair, _, _) = try scene(seed: 413)
        func fields(_ workspace: Workspace) throws -> [ErasedField] {
            try workspace.store.read { try workspace.erasedFields(of: AgreedPair.engagement(of: workspace, $0), $0) }
        }
        func rewrites(_ workspace: Workspace) throws -> [ErasedField] {
            try pair.waiting(workspace).compactMap { if case .rewrite(let field) = $0 { field } else { nil } }
        }
        #expect(try fields(pair.provider).isEmpty)
        try erase(pair)
        for workspace in [pair.provider, pair.customer] {
            let found = try fields(workspace)
            #expect(found.map(\.row) == [AgreedPair.row("r1")] && found.map(\.side) == [.provider])
            #expect(found.first?.cells == [CellKey("customerAction", "en")] && found.first?.isDrafted == false)
            #expect(found.first?.erased != nil)
        }
        #expect(try rewrites(pair.provider).count == 1 && rewrites(pair.customer).isEmpty)
        try AgreedPair.write([("r1", "shared", "Do r1 anew.")], pair.provider, pair.service)
        #expect(try rewrites(pair.provider).map(\.isDrafted) == [true])
        _ = try pair.provider.publish(pair.service, label: "2", message: nil)
        try pair.settle()
        #expect(try fields(pair.provider).isEmpty && rewrites(pair.provider).isEmpty)
    }
}
