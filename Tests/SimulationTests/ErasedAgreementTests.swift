import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Simulation
import Storage
import Testing
import TestKit

@Suite("An agreement whose document was erased")
struct ErasedAgreementTests {
    /// Both have signed what the provider made, and the provider erases a sentence that it prints.
    private func scene(seed: UInt64, bothSign: Bool = true) throws -> (AgreedPair, RecordID) {
        let pair = try AgreedPair(seed: seed)
        let made = try pair.sign(pair.provider)
        try pair.settle()
        if bothSign {
            try pair.sign(pair.customer)
            try pair.settle()
            #expect(try pair.statuses() == ["in-force"])
        }
        try erase("r1", pair)
        return (pair, made.agreement)
    }

    private func erase(_ control: String, _ pair: AgreedPair) throws {
        try pair.provider.store.write { transaction in
            let plan = try pair.erasurePlan(control, transaction)
            #expect(plan.documents.count == 1)
            try pair.provider.erase(plan, transaction)
        }
        try pair.settle()
    }

    private func erased(_ workspace: Workspace) throws -> [ErasedAgreement] {
        try workspace.store.read { try workspace.erasedAgreements(of: AgreedPair.engagement(of: workspace, $0), $0) }
    }

    @Test("It stays listed on both sides, with who erased it and when, and waits to be signed anew by either")
    func listed() throws {
        let (pair, agreement) = try scene(seed: 401)
        let provider = try pair.provider.store.read { try $0.identity().organisation }
        for workspace in [pair.customer, pair.provider] {
            #expect(try pair.agreements(workspace).isEmpty)
            let gone = try #require(try erased(workspace).first)
            #expect(gone.id == agreement && gone.creator == provider && gone.isWhole && gone.isMissed && gone.reason == nil)
            #expect(gone.signatures.map(\.name) == ["Example Signatory", "Example Signatory"])
            let erasure = try #require(gone.erasure)
            #expect(erasure.organisation == provider && erasure.received > 0)
            #expect(try pair.waiting(workspace).contains(.documentErased(agreements: 1)))
        }
        // A device that reads the log from its beginning tells the same.
        _ = try pair.customer.refetch(pair.space)
        try pair.settle()
        #expect(try erased(pair.customer).map(\.isMissed) == [true])
    }

    @Test("What both sign in its place ends the waiting; another party's offer alone does not")
    func replaced() throws {
        let (pair, _) = try scene(seed: 402)
        try pair.publish([("r1", "shared", "Do r1 anew.")], as: "2")
        try pair.settle()
        try pair.accept(["r1"])
        try pair.settle()
        try pair.sign(pair.customer)
        try pair.settle()
        #expect(try pair.waiting(pair.customer).contains(.documentErased(agreements: 1)))
        try pair.sign(pair.provider)
        try pair.settle()
        for workspace in [pair.customer, pair.provider] {
            #expect(try erased(workspace).map(\.isMissed) == [false])
            #expect(try !pair.waiting(workspace).contains(.documentErased(agreements: 1)))
        }
        #expect(try pair.statuses() == ["in-force"])
    }

    @Test("An offer that one side had signed is listed as erased, and nobody is asked for anything")
    func offer() throws {
        let (pair, _) = try scene(seed: 403, bothSign: false)
        for workspace in [pair.customer, pair.provider] {
            #expect(try erased(workspace).map(\.isWhole) == [false])
            #expect(try !pair.waiting(workspace).contains(.documentErased(agreements: 1)))
        }
    }

    @Test("One whose document is there is none of them")
    func control() throws {
        let pair = try AgreedPair(seed: 404)
        try pair.signBoth()
        #expect(try erased(pair.customer).isEmpty && erased(pair.provider).isEmpty)
    }
}
