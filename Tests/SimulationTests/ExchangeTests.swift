import BuntanProtocol
import Merging
import Records
import Replica
import Simulation
import Storage
import Syncing
import TestKit
import Testing

@Suite("The first exchange, over a network without faults")
struct FirstExchangeTests {
    private static func row(_ control: String) -> RowKey { RowKey(framework: "iso27017-2015", controlId: control) }

    private static func importRows(_ provider: Workspace, _ service: ProvidedService, _ rows: [(String, String)]) throws {
        let drafts = rows.map { control, allocation in
            RecordDraft(
                space: service.draft, kind: "responsibility",
                key: [("framework", .text("iso27017-2015")), ("controlId", .text(control)), ("itemKey", .text("main"))],
                cells: [CellKey("allocation"): .text(allocation), CellKey("customerAction", "en"): .text("Do \(control).")])
        }
        _ = try provider.commit(drafts, in: service.draft)
    }

    private static func negotiated(_ workspace: Workspace, _ control: String) throws -> RowState {
        try workspace.store.read { reader in
            let engagement = try #require(try StoreDirectory(reader).engagements.first)
            return try workspace.row(row(control), of: engagement, reader).negotiation.state
        }
    }

    private static func engagement(_ workspace: Workspace) throws -> KnownEngagement {
        try workspace.store.read { try #require(try StoreDirectory($0).engagements.first) }
    }

    @Test("What a provider publishes offline reaches a customer who joins, who disputes and accepts, and both see the same")
    func exchange() throws {
        let world = World(seed: 1)
        let provider = try world.found("Example Cloud K.K.")
        let service = try provider.addService(name: ["en": "Object Storage"], cells: [CellKey("serviceModel"): .text("iaas")])
        try Self.importRows(provider, service, [("9.2.1", "provider"), ("12.3.1", "shared"), ("18.1.1", "customer")])
        let publication = try provider.publish(service, label: "2026.1", message: "first release")
        #expect(publication.rows == 3)
        try world.sync(provider)

        let customer = try world.found("Kaisha K.K.")
        try world.engage(provider, service, customer)
        let engagement = try Self.engagement(customer)
        #expect(engagement.handle == "example-cloud/object-storage")
        #expect(try Self.engagement(provider).counterpartName["en"] == "Kaisha K.K.")
        #expect(try Self.negotiated(customer, "12.3.1") == .open)

        _ = try customer.store.write { transaction in
            try customer.commit(
                [try customer.acceptance(of: Self.row("9.2.1"), in: engagement, transaction)], in: engagement.space, transaction)
        }
        let proposal = try customer.store.read { reader in
            customer.position(
                Self.row("12.3.1"), in: engagement, row: try customer.row(Self.row("12.3.1"), of: engagement, reader),
                cells: [CellKey("allocation"): .text("provider")])
        }
        _ = try customer.commit([proposal], in: engagement.space)
        #expect(try Self.negotiated(customer, "9.2.1") == .agreed)
        #expect(try Self.negotiated(customer, "12.3.1") == .disputed)
        let report = try world.sync(customer)
        #expect(report.sentChanges == 2)
        #expect(try customer.store.read { try $0.outboxCount() } == 0)

        try world.sync(provider)
        #expect(try Self.negotiated(provider, "9.2.1") == .agreed)
        #expect(try Self.negotiated(provider, "12.3.1") == .disputed)

        // The provider gives way for this customer alone; the published row stays.
        let answer = try provider.store.read { reader in
            let engagement = try #require(try StoreDirectory(reader).engagements.first)
            return try provider.acceptance(of: Self.row("12.3.1"), in: engagement, reader)
        }
        _ = try provider.commit([answer], in: engagement.space)
        try world.sync(provider)
        try world.sync(customer)
        // The provider has moved to the customer's own value and added no words: there is nothing left to read.
        #expect(try Self.negotiated(customer, "12.3.1") == .agreed)

        let serverEntries = try world.serverStore.read { try $0.standing(of: engagement.space)?.size }
        let customerEntries = try customer.store.read { try $0.standing(of: engagement.space)?.size }
        #expect(serverEntries == customerEntries)
        #expect(world.serverStore.violations.isEmpty)
    }

    @Test("A second release changes only what differs, and an agreed row whose words changed is reworded")
    func secondRelease() throws {
        let world = World(seed: 2)
        let provider = try world.found("Example Cloud K.K.")
        let service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        try Self.importRows(provider, service, [("9.2.1", "provider"), ("12.3.1", "shared")])
        _ = try provider.publish(service, label: "1", message: nil)
        let customer = try world.found("Kaisha K.K.")
        try world.engage(provider, service, customer)
        let engagement = try Self.engagement(customer)
        _ = try customer.store.write { transaction in
            try customer.commit(
                ["9.2.1", "12.3.1"].map { try customer.acceptance(of: Self.row($0), in: engagement, transaction) }, in: engagement.space,
                transaction)
        }
        try world.sync(customer)
        _ = try provider.commit(
            [
                RecordDraft(
                    space: service.draft, kind: "responsibility", key: Self.row("12.3.1").fields,
                    cells: [CellKey("customerAction", "en"): .text("Do it twice.")])
            ], in: service.draft)
        let publication = try provider.publish(service, label: "2", message: nil)
        #expect(publication.changedRecords == 1)
        try world.sync(provider)
        try world.sync(customer)
        #expect(try Self.negotiated(customer, "12.3.1") == .reworded)
        #expect(try Self.negotiated(customer, "9.2.1") == .agreed)
    }

    @Test("Two devices of one organisation share private notes, and what they wrote unseen by each other is a conflict")
    func twoDevices() throws {
        let world = World(seed: 3)
        let provider = try world.found("Example Cloud K.K.")
        let service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        try Self.importRows(provider, service, [("9.2.1", "provider")])
        _ = try provider.publish(service, label: "1", message: nil)
        let office = try world.found("Kaisha K.K.")
        try world.engage(provider, service, office)
        let engagement = try Self.engagement(office)
        let home = try #require(try office.store.read { try $0.identity().home })
        _ = try office.commit([office.note(on: Self.row("9.2.1").responsibility(in: engagement.service), text: "ask legal")], in: home)
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "field-laptop")
        #expect(try laptop.store.read { try $0.records(of: "annotation", in: home, after: nil, limit: 9).count } == 1)

        for (device, allocation) in [(office, "shared"), (laptop, "provider")] {
            let draft = try device.store.read { reader in
                device.position(
                    Self.row("9.2.1"), in: engagement, row: try device.row(Self.row("9.2.1"), of: engagement, reader),
                    cells: [CellKey("allocation"): .text(allocation)])
            }
            _ = try device.commit([draft], in: engagement.space)
        }
        try world.sync(office)
        try world.sync(laptop)
        try world.sync(office)
        #expect(try Self.negotiated(office, "9.2.1") == .unsettled)
        #expect(try Self.negotiated(laptop, "9.2.1") == .unsettled)
        let ids = try office.store.read { try $0.conflicted(in: engagement.space).map(\.id) }
        #expect(ids == [Self.row("9.2.1").position(of: .customer, in: engagement.space)])
    }
}
