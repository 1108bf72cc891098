import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Simulation
import Storage
import Syncing
import TestKit

/// A provider and a customer who share a service of a few rows, ready to sign.
struct AgreedPair {
    let world: World
    let provider: Workspace
    let customer: Workspace
    let service: ProvidedService
    let space: SpaceID

    static let today = day("2026-12-01")

    static func day(_ text: String) -> CalendarDate {
        guard let day = CalendarDate(canonical: text) else { preconditionFailure("\(text) is no day") }
        return day
    }

    static func row(_ control: String) -> RowKey { RowKey(framework: "iso27017-2015", controlId: control) }

    /// Publishes rows, engages, and has the customer accept them all.
    init(seed: UInt64, rows: [String] = ["r1", "r2"], words: String = "") throws {
        world = World(seed: seed)
        provider = try world.found("Example Cloud K.K.")
        service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        try Self.write(rows.map { ($0, "shared", "Do \($0).\(words)") }, provider, service)
        _ = try provider.publish(service, label: "1", message: nil)
        customer = try world.found("Kaisha K.K.")
        try world.engage(provider, service, customer)
        space = try Self.engagement(of: customer).space
        try provider.store.write { transaction in
            let directory = try StoreDirectory(transaction)
            guard let home = try directory.home(transaction) else { throw WorkspaceFault.notInitialised }
            try provider.confirm(try Self.engagement(of: provider, transaction).counterpart, in: home, transaction)
        }
        try accept(rows)
        try settle()
    }

    static func write(_ rows: [(String, String, String)], _ provider: Workspace, _ service: ProvidedService) throws {
        _ = try provider.commit(
            rows.map { control, allocation, text in
                RecordDraft(
                    space: service.draft, kind: "responsibility", key: row(control).fields,
                    cells: [CellKey("allocation"): .text(allocation), CellKey("customerAction", "en"): .text(text)])
            }, in: service.draft)
    }

    static func engagement(of workspace: Workspace) throws -> KnownEngagement {
        try workspace.store.read { try engagement(of: workspace, $0) }
    }

    static func engagement(of workspace: Workspace, _ reader: any StoreReader) throws -> KnownEngagement {
        guard let engagement = try StoreDirectory(reader).engagements.first else { throw WorkspaceFault.notInitialised }
        return engagement
    }

    // MARK: what the two do

    func publish(_ rows: [(String, String, String)], as label: String) throws {
        try Self.write(rows, provider, service)
        _ = try provider.publish(service, label: label, message: nil)
    }

    func accept(_ controls: [String]) throws {
        let engagement = try Self.engagement(of: customer)
        _ = try customer.store.write { transaction in
            try customer.commit(
                try controls.map { try customer.acceptance(of: Self.row($0), in: engagement, transaction) }, in: engagement.space,
                transaction)
        }
    }

    /// Writes a cell of a side's own position.
    func propose(_ control: String, _ cells: [CellKey: Value], by workspace: Workspace) throws {
        let draft = try workspace.store.read { reader in
            let engagement = try Self.engagement(of: workspace, reader)
            return workspace.position(
                Self.row(control), in: engagement, row: try workspace.row(Self.row(control), of: engagement, reader), cells: cells)
        }
        _ = try workspace.commit([draft], in: space)
    }

    /// Chooses among the values of a cell of a position, as `resolve` does: every one that was shown is named.
    func resolve(_ control: String, _ cell: CellKey, to value: Value, by workspace: Workspace) throws {
        let side = try Self.engagement(of: workspace).seat
        let record = Self.row(control).position(of: side, in: space)
        try workspace.store.write { transaction in
            let heads = try transaction.shown(record, in: space)?[cell]?.heads.map(\.op) ?? []
            _ = try workspace.commit(
                [
                    (
                        Edit(record: record, kind: "responsibility-position", ops: [Op(cell: cell, predecessors: heads)]),
                        [value]
                    )
                ], in: space, transaction)
        }
    }

    /// An organisation's word about itself, by one of its devices; it travels with the next sync.
    func say(_ act: Statement.Act, as workspace: Workspace) throws {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        try workspace.store.write { transaction in
            let identity = try transaction.identity()
            let statements = try transaction.ownChain()
            let chain = try OrganisationChain(foundingRoot: identity.rootKey, statements: statements)
            let statement = StatementAuthor(organisation: identity.organisation, key: keys.signing)
                .sign(act, after: chain.head, time: world.clock.now())
            try transaction.setValue(CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.chain(statements.count + 1))
        }
    }

    /// Both sync until nothing is left to carry.
    func settle() throws {
        for _ in 0..<2 {
            try world.sync(provider)
            try world.sync(customer)
        }
        world.clock.jump(by: 3_600_000)
    }

    func wish(_ change: (inout AgreementWish) -> Void = { _ in }) -> AgreementWish {
        var wish = AgreementWish(timeZone: "Asia/Tokyo", today: Self.today)
        change(&wish)
        return wish
    }

    func preview(_ workspace: Workspace, _ wish: AgreementWish? = nil) throws -> AgreementPreview {
        try workspace.store.read { reader in
            try workspace.agreementPreview(wish ?? self.wish(), in: Self.engagement(of: workspace, reader), reader)
        }
    }

    @discardableResult
    func sign(_ workspace: Workspace, _ wish: AgreementWish? = nil) throws -> SignedAgreement {
        let wish = wish ?? self.wish()
        guard let digest = try preview(workspace, wish).digest else { throw AgreementFault.notReady }
        return try workspace.sign(
            wish, expecting: digest, in: Self.engagement(of: workspace), name: "Example Signatory", title: "Security Manager")
    }

    /// Files a document and one side's signature under it, as another program might have written them.
    func file(_ document: AgreementDocument, signedBy workspace: Workspace) throws {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        let bytes = document.encoded()
        let signature = try workspace.store.read { reader in
            PartySignature(
                record: workspace.newRecordID(), of: document, digest: SHA.digest(bytes), organisation: try reader.identity().organisation,
                name: "Example Signatory", title: "Security Manager",
                views: Dictionary(try document.spaces.compactMap { space in try reader.standing(of: space).map { (space, $0.base) } }) {
                    first, _ in first
                }, key: keys.signing)
        }
        _ = try workspace.commit(
            [
                RecordDraft(
                    record: document.agreement, kind: "agreement",
                    cells: [CellKey("document"): .text(String(decoding: bytes, as: UTF8.self))]),
                RecordDraft(record: signature.record, kind: PartySignature.kind, cells: signature.cells),
            ], in: space)
    }

    /// Both sign the same, one after the other.
    @discardableResult
    func signBoth() throws -> RecordID {
        let made = try sign(customer)
        try settle()
        try sign(provider)
        try settle()
        return made.agreement
    }

    func agreements(_ workspace: Workspace, on day: CalendarDate = AgreedPair.today) throws -> [KnownAgreement] {
        try workspace.store.read { reader in
            try workspace.agreements(of: Self.engagement(of: workspace, reader), day: { _ in day }, reader)
        }
    }

    /// The statuses that both parties see, which must be the same.
    func statuses(on day: CalendarDate = AgreedPair.today) throws -> [String] {
        let (ours, theirs) = try (agreements(customer, on: day).map(\.status.name), agreements(provider, on: day).map(\.status.name))
        return ours == theirs ? ours : ["customer: \(ours)", "provider: \(theirs)"]
    }

    /// What waits for a party in the engagement.
    func waiting(_ workspace: Workspace) throws -> [Waiting.Matter] {
        try workspace.store.read { reader in
            try workspace.waiting(in: Self.engagement(of: workspace, reader), today: Self.today, day: { _ in Self.today }, reader)
        }.map(\.matter)
    }

    /// What an erasure of the provider's sentence about a row takes.
    func erasurePlan(_ control: String, _ reader: any StoreReader) throws -> ErasurePlan {
        try provider.erasurePlan(
            of: "customerAction", element: nil, of: Self.row(control).responsibility(in: service.draft), in: service.draft, reader)
    }
}
