import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

extension FormatRun {
    /// An organisation that the operator lets in, and what `buntan` alone says of each store.
    func admission(_ server: LoopbackServer) async throws {
        var random = SystemRandom()
        let code = try server.store.write { try Operating.admit(label: nil, expires: 4_000_000_000_000, random: &random, $0) }
        try await write("init --org Late --server \(server.address)", "late")
        try await write("join \(code.text)", "late")
        for store in ["nowhere", "late", "provider", "customer"] { try await read("", store) }
    }

    /// An auditor that one side lets in and out again.
    func audit(_ server: LoopbackServer) async throws {
        try await write("init --org Kensa --server \(server.address)", "auditor")
        try await write("sync", "auditor")
        let own = try await read("org", "auditor")
        guard case .text(let fingerprint)? = own[path: "item.fingerprint"] else { throw FormatFault() }
        try await read("auditors", "provider")
        try await write("auditor add \(fingerprint) -e kaisha", "provider")
        for store in ["customer", "auditor"] { try await write("sync", store) }
        for store in ["provider", "customer", "auditor"] { try await read("auditors", store) }
        for line in [
            "status", "engagements", "matrix", "disputes", "agreements", "show A-1", "show kaisha/object-storage", "todo", "log A-1", "",
        ] {
            try await read(line, "auditor")
        }
        try await document("export json", "auditor")
        try await document("report --json", "auditor")
        #expect(try await fail("comment A-1 x", "auditor") == "auditor-reads")
        try await write("auditor end \(fingerprint) -e kaisha", "provider")
        for store in ["customer", "auditor"] { try await write("sync", store) }
        for line in ["auditors", "engagements", "status"] { try await read(line, "auditor") }
    }

    /// What services, engagements and devices go through after they were made.
    func lifecycle() async throws {
        try await read("preview --as counterpart -s object-storage", "provider")
        try await read("preview --as public -e kaisha", "provider")
        for audience in ["myself", "counterpart", "public"] {
            try await document("export json --audience \(audience) -e kaisha", "provider")
            try await document("export json --audience \(audience) -s object-storage", "provider")
        }
        try await read("invite --list", "provider")
        let offered = try await write("invite Nobody", "provider")
        guard case .text(let offer)? = offered[path: "item.short"] else { throw FormatFault() }
        try await write("invite --revoke \(offer)", "provider")
        try await read("invite --list", "provider")
        try await write("comment A-1 by_file", "customer")
        try await write("bundle create \(path)/for-cloud.bt", "customer")
        try await write("bundle apply \(path)/for-cloud.bt", "provider")
        try await read("outbox", "provider")
        // What came before is heard before.
        for store in ["provider", "customer"] { try await write("sync", store) }
        try await write("service rename Vault -s object-storage", "provider")
        try await write("withdraw 1 -m wrong", "provider")
        try await read("releases", "provider")
        try await write("publish 2 -m better", "provider")
        try await write("sync", "provider")
        let heard = try await write("sync", "customer")
        guard case .list(let events)? = heard[path: "item.events"] else { throw FormatFault() }
        #expect(Set(events.compactMap { $0["event"] }) == ["release", "withdrawal"])
        try await write("service handover vault --to kaisha --on 2100-01-01 -m sold", "provider")
        try await write("sync", "provider")
        guard case .list(let told)? = try await write("sync", "customer")[path: "item.events"] else { throw FormatFault() }
        #expect(told.contains { $0["handover"] != nil })
        for line in ["engagements", "show kaisha/vault", "status -e kaisha"] { try await read(line, "provider") }
        try await document("report --json -e kaisha", "provider")
        try await write("service handover vault --withdraw", "provider")
        try await write("service retire vault", "provider")
        try await read("services", "provider")
        try await write("engagement rename example-cloud storage", "customer")
        try await write("engagement end storage -m leaving", "customer")
        try await read("engagements", "customer")

        try await write("propose A-2 --allocation shared -m mine", "laptop")
        try await write("outbox export \(path)/laptop.outbox", "laptop")
        try await write("device set field-laptop --caps read", "customer")
        try await write("outbox import \(path)/laptop.outbox", "customer")
        try await write("device revoke field-laptop", "customer")
        try await read("devices", "customer")

        let founded = try await write("init --org Solo", "solo")
        guard case .text(let recovery)? = founded[path: "item.recoveryCode"] else { throw FormatFault() }
        try FileManager.default.removeItem(atPath: path + "/solo/keys/root.key")
        try Data(recovery.utf8).write(to: URL(fileURLWithPath: path + "/code"))
        try await write("key recover --code-file \(path)/code", "solo")
        try await write("org rename Kaisha_Holdings", "customer")
        try await write("key rotate --keep-code", "customer")
    }
}
