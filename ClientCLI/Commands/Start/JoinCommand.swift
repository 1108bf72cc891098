import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import Foundation
import Replica
import Storage
import Wording

/// Takes up an invitation, or enters the own organisation on a new device.
struct JoinCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "join", abstract: CommandPhrases.join.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Argument(help: .spoken(.code)) var code: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let read = try CodeReading.code(code)
        switch read {
        case .invitation(let seed, let organisation, let server):
            return try await takeUp(seed: seed, of: organisation, at: try ServerLink.address(server), invocation)
        case .organisation(let organisation, let server):
            return try await enter(organisation, at: try ServerLink.address(server), invocation)
        case .admission(let admission): return try await beAdmitted(by: admission, invocation)
        case .deviceRequest: throw CodeReading.misplaced(read)
        }
    }

    // MARK: an operator's admission

    /// Registers at the store's server with an admission code, where `init` was given none or one that was not taken.
    private func beAdmitted(by admission: Nonce, _ invocation: Invocation) async throws -> CommandExit {
        guard StoreLayout(folder: invocation.storePath).exists else { throw CodeReading.misplaced(.admission(admission)) }
        let open = try OpenStore.existing(invocation)
        let run = SyncRun(open, invocation.settings.applying(network))
        let server = ServerLink.short(try run.knownAddress())
        guard try open.store.read({ try $0.knownServer()?.isRegistered }) == false else {
            throw CommandFailure(.admittedAlready, ["server": .text(server)], next: "buntan sync")
        }
        let workspace = try open.writing()
        try open.store.write { transaction in
            guard var known = try transaction.knownServer() else { return }
            known.admission = admission
            try transaction.setServer(known)
        }
        _ = try await run.run(workspace)
        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        let name = selector.directory.ownName.spoken(invocation.language.rawValue) ?? "-"
        try invocation.print(
            .change("join-server/1", context, fields: ["server"], ["server": .text(server)]) { page in
                page.say(StartPhrases.admitted, ["server": .text(server), "name": .text(name)])
                page.next("buntan status")
            })
        return .done
    }

    // MARK: an invitation

    private func takeUp(
        seed: Nonce, of provider: OrganisationID, at address: String, _ invocation: Invocation
    ) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        guard try layout.isThere() || layout.waitsForEnrolment else {
            throw CommandFailure(.organisationFirst, ["path": .text(layout.folder)], next: layout.beginning)
        }
        let open = try OpenStore.existing(invocation)
        let (identity, known) = try open.store.read { (try $0.identity(), try $0.knownServer()) }
        guard identity.organisation != provider else { throw CommandFailure(.codeIsOwn) }
        if let known, known.name != nil, known.address != address {
            throw CommandFailure(
                .codeOtherServer, ["server": .text(ServerLink.short(address)), "known": .text(ServerLink.short(known.address))])
        }
        let workspace = try open.writing()
        let settings = invocation.settings.applying(network)
        let space = try await ServerLink.reaching(address, settings: settings) { link in
            let hello = try await link.ask(HelloRequest())
            guard hello.lowest <= 1, hello.highest >= 1 else {
                throw SyncFault.incompatible(lowest: hello.lowest, highest: hello.highest)
            }
            let id = Invitation.id(of: Invitation.key(of: seed).publicKey)
            // Taken up here before, and cut off: what was begun then is finished by the sync below.
            if let begun = try open.store.read({ try workspace.begunEngagement(by: id, $0) }) { return begun }
            do {
                let answer = try await link.ask(InvitationRequest(id: id))
                // A second engagement about one service is a slip far more often than it is meant.
                let repeated = try open.store.read {
                    try workspace.engagement(repeatedBy: answer, seed: seed, provider: provider, on: invocation.today, $0)
                }
                if let repeated, !invocation.options.yes { throw Self.joinedAlready(repeated, invocation) }
                return try workspace.accept(answer, seed: seed, provider: provider, serverAddress: address, now: hello.time)
            } catch { throw Self.naming(provider, in: error, invocation) }
        }
        let report = try await SyncRun(open, settings, at: address).run(workspace).report
        if let refused = report.unfounded.first(where: { $0.0 == space }) {
            let fault = SyncFault.refused(.createSpace, refused.code, detail: refused.detail, retryAfterMillis: nil)
            throw Self.naming(provider, in: fault, invocation)
        }

        let selector = try Selector(open)
        let engagement = selector.directory.engagements.first { $0.space == space }
        let language = invocation.language.rawValue
        let counterpart = engagement?.counterpartName.spoken(language) ?? provider.fingerprint
        let service = engagement?.serviceName.spoken(language) ?? ""
        let expected = engagement.map { ExpectedSuccessor.all(named: $0, selector.directory) } ?? []
        let item: JSONValue = [
            "space": .text(space.hex), "engagement": .text(orNull: engagement?.handle), "fingerprint": .text(provider.fingerprint),
            "isConfirmed": true, "server": .text(address), "isNamedSuccessor": expected.first.map { .bool($0.isNamed) } ?? .null,
        ]
        let context = try open.store.read { try selector.context(engagement.map { .engagement($0) }, $0) }
        try invocation.print(
            .change("join/1", context, fields: ["space", "engagement", "fingerprint", "isConfirmed", "server", "isNamedSuccessor"], item) {
                page in
                page.say(
                    StartPhrases.joined,
                    ["counterpart": .text(counterpart), "service": .text(service), "name": .text(engagement?.handle ?? space.hex)])
                page.say(
                    StartPhrases.joinedConfirmed, ["counterpart": .text(counterpart), "fingerprint": .text(provider.fingerprint)])
                for naming in expected { naming.say(&page) }
                page.next("buntan status")
            })
        return .done
    }

    private static func joinedAlready(_ engagement: KnownEngagement, _ invocation: Invocation) -> CommandFailure {
        let language = invocation.language.rawValue
        return CommandFailure(
            .joinedAlready,
            [
                "counterpart": .text(engagement.counterpartName.spoken(language) ?? engagement.counterpart.fingerprint),
                "service": .text(engagement.serviceName.spoken(language) ?? "-"), "name": .text(engagement.handle),
            ], next: "buntan status -e \(engagement.handle)")
    }

    /// Names whom to ask for another code, and the day in the zone of whoever reads it.
    private static func naming(_ provider: OrganisationID, in error: any Error, _ invocation: Invocation) -> any Error {
        guard var failure = FaultWords.failure(error) else { return error }
        if failure.code == CodeErrorPhrases.codeRevokedUnnamed.code {
            return CommandFailure(.codeRevoked, ["provider": .text(provider.fingerprint)])
        }
        guard failure.facts["provider"] == .text("") else { return error }
        failure.facts["provider"] = .text(provider.fingerprint)
        if case .expired(let millis)? = error as? JoinFault {
            failure.facts["date"] = .text(invocation.times.stamp(Date(timeIntervalSince1970: Double(millis) / 1_000)))
        }
        return failure
    }

    // MARK: a further device

    private func enter(_ organisation: OrganisationID, at address: String, _ invocation: Invocation) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        guard layout.exists || FileManager.default.fileExists(atPath: layout.deviceKey) else {
            // Nobody can have enrolled a device whose keys do not exist yet.
            throw CommandFailure(.notEnrolled, next: "buntan device request LABEL --org \(organisation.fingerprint)")
        }
        // A key that cannot be had must not leave a store behind, nor must a place that is not one's own.
        _ = try KeyStorage.read(layout.deviceKey)
        let isNew = !layout.exists
        let open: OpenStore
        do { open = try OpenStore.making(invocation) } catch {
            Self.remove(layout, isNew)
            throw error
        }
        do { return try await enter(organisation, at: address, open, layout) } catch {
            // Once its own records have come the device is in, and whatever was written meanwhile is here alone.
            if isNew, Self.isIn(open) {
                invocation.notice(StartPhrases.joinGoesOn)
            } else {
                Self.remove(layout, isNew)
            }
            throw error
        }
    }

    /// Whether a device whose first sync was cut short belongs to its organisation already, or has been worked with.
    private static func isIn(_ open: OpenStore) -> Bool {
        do {
            guard try open.store.read({ try $0.value(StoredName.identity) != nil }) else { return false }
            try open.reading.settleIdentity()
            return try open.store.read { try $0.identity().home != nil || $0.outboxCount() > 0 }
        } catch {
            // What cannot be looked at is not thrown away.
            return true
        }
    }

    private static func remove(_ layout: StoreLayout, _ isNew: Bool) {
        guard isNew else { return }
        // The first error is the one to tell; a store that stays behind is named by whatever opens it next.
        do { try layout.removeStore() } catch { return }
    }

    private func enter(
        _ organisation: OrganisationID, at address: String, _ open: OpenStore, _ layout: StoreLayout
    ) async throws -> CommandExit {
        let invocation = open.invocation
        let workspace = try open.writing()
        if let known = try open.store.read({ try $0.value(StoredName.identity) == nil ? nil : try $0.identity() }) {
            guard known.organisation == organisation else {
                let name = try open.store.read { try StoreDirectory($0).ownName.spoken(invocation.language.rawValue) }
                throw CommandFailure(
                    .storeExists, ["path": .text(layout.folder), "name": .text(name ?? known.organisation.fingerprint)])
            }
        } else if let keys = workspace.keys {
            try Workspace.enter(organisation: organisation, serverAddress: address, keys: keys, store: open.store)
        }
        let settings = invocation.settings.applying(network)
        let report = try await SyncRun(open, settings, at: address).run(workspace).report
        guard try open.store.read({ try $0.identity().home }) != nil else {
            // Private spaces of somebody else are shown to this device: another organisation has enrolled it.
            guard report.frozen.isEmpty else { throw CommandFailure(.codeOfOthers, ["fingerprint": .text(organisation.fingerprint)]) }
            throw CommandFailure(.notEnrolled, ["fingerprint": .text(organisation.fingerprint)])
        }

        let selector = try Selector(open)
        let name = selector.directory.ownName.spoken(invocation.language.rawValue) ?? organisation.fingerprint
        let logs = try open.store.read { try LogSize.all(selector.directory, $0) }
        let behind = try open.store.read { try workspace.catchingUp($0) }
        let names = selector.directory.spaceNames
        let lies = try open.store.read { reader in
            try report.frozen.map { space, _ in
                (name: names[space] ?? String(space.hex.prefix(8)), path: try EvidenceFolder(layout: layout).path(of: space, reader))
            }
        }
        let item: JSONValue = [
            "organisation": .text(Hexadecimal.text(organisation.bytes)), "fingerprint": .text(organisation.fingerprint),
            "server": .text(address), "entries": .number(logs.reduce(0) { $0 + $1.entries }),
            "isVerified": .bool(report.frozen.isEmpty && behind.isEmpty),
            "logs": .list(logs.map { $0.json }),
        ]
        let context = try open.store.read { try selector.context(nil, $0) }
        try invocation.print(
            .change(
                "join-device/1", context, fields: ["organisation", "fingerprint", "server", "entries", "isVerified", "logs"], item
            ) { page in
                page.say(StartPhrases.joinedDevice, ["name": .text(name)])
                let unverified = Set(behind.map(\.space) + report.frozen.map(\.0))
                for log in logs where !unverified.contains(log.space) {
                    page.say(SyncPhrases.verified, ["space": log.name, "n": .number(log.entries)])
                }
                for part in behind { page.say(SyncPhrases.catchingUp, ["left": .number(part.size - part.verified)]) }
                for lie in lies { page.say(SyncPhrases.frozenKept, ["space": .text(lie.name), "path": .text(lie.path)], .bad) }
                page.next(lies.isEmpty ? "buntan status" : "buntan doctor")
            })
        return report.frozen.isEmpty ? .done : .unverified
    }
}

/// How much of one log is here: the number that `status` tells of it.
struct LogSize {
    let space: SpaceID
    let name: Fact
    let entries: Int

    var json: JSONValue { ["space": .text(space.hex), "entries": .number(entries)] }

    static func all(_ directory: StoreDirectory, _ reader: any StoreReader) throws -> [LogSize] {
        let names = directory.spaceNames
        return try reader.spaces().compactMap { space in
            try reader.standing(of: space).map { standing in
                let handle: Fact = .text(names[space] ?? space.hex)
                let name: Fact =
                    space == directory.identity.home
                    ? .word(SyncPhrases.homeLog)
                    : directory.services.contains { $0.draft == space } ? .word(SyncPhrases.draftLog, ["service": handle]) : handle
                return LogSize(space: space, name: name, entries: standing.size)
            }
        }
    }
}
