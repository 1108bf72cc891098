import BuntanProtocol
import Foundation
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// What a command works on: chosen by flag, environment, `use`, or because there is only one.
enum Selection: Sendable {
    case service(KnownService)
    case engagement(KnownEngagement)

    var handle: String {
        switch self {
        case .service(let service): service.handle
        case .engagement(let engagement): engagement.handle
        }
    }

    /// The flag that names it.
    var option: String { (isEngagement ? "-e " : "-s ") + handle }

    var isEngagement: Bool { if case .engagement = self { true } else { false } }

    var serviceName: [String: String] {
        switch self {
        case .service(let service): service.name
        case .engagement(let engagement): engagement.serviceName
        }
    }
}

/// Chooses what a command works on; never by recency or by what happened to match.
struct Selector: Sendable {
    let invocation: Invocation
    let directory: StoreDirectory
    /// What `use` has chosen, kept in the store.
    let chosen: String?

    static let storedName = "use/current"
    static let storedBefore = "use/before"

    init(_ open: OpenStore) throws {
        invocation = open.invocation
        (directory, chosen) = try open.store.read { reader in
            (try StoreDirectory(reader), try reader.value(Self.storedName).map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// What is named for this command or chosen for all: a flag comes before the environment, and that before `use`.
    private func current() throws -> Selection? {
        if let name = invocation.options.engagement { return .engagement(try engagement(named: name)) }
        if let name = invocation.options.service { return .service(try service(named: name)) }
        if let name = environment("BUNTAN_ENGAGEMENT") { return .engagement(try engagement(named: name)) }
        if let name = environment("BUNTAN_SERVICE") { return .service(try service(named: name)) }
        return directory.engagements.first { $0.handle == chosen }.map { .engagement($0) }
            ?? directory.services.first { $0.handle == chosen }.map { .service($0) }
    }

    /// The one engagement meant; of a service that was chosen, its only one.
    func engagement() throws -> KnownEngagement {
        let candidates: [KnownEngagement]
        switch try current() {
        case .engagement(let engagement)?: return engagement
        case .service(let service)?:
            candidates = directory.engagements.filter { $0.service == service.service }
            if candidates.isEmpty, !directory.engagements.isEmpty {
                throw CommandFailure(.needsEngagement, ["name": .text(service.handle)])
            }
        case nil: candidates = directory.engagements
        }
        guard !candidates.isEmpty else { throw invocation.nothingThen ?? CommandFailure(.noEngagement) }
        if candidates.count == 1 { return candidates[0] }
        throw unchosen(candidates.map(\.handle))
    }

    /// The one engagement meant, where this organisation has a say in it.
    func ownEngagement() throws -> KnownEngagement { try requireParty(of: engagement()) }

    /// Refuses what only a party does to whoever reads an engagement as an auditor.
    func requireParty(of engagement: KnownEngagement) throws -> KnownEngagement {
        guard engagement.side != nil else {
            throw CommandFailure(.auditorReads, ["engagement": .text(engagement.handle)], next: "buntan auditors")
        }
        return engagement
    }

    /// The one service meant; an engagement implies its own.
    func service() throws -> KnownService {
        switch try current() {
        case .engagement(let engagement)?: return try service(of: engagement)
        case .service(let service)?: return service
        case nil: break
        }
        guard !directory.services.isEmpty else { throw missing(directory.engagements.first { directory.isClosedBefore($0) }) }
        if directory.services.count == 1 { return directory.services[0] }
        throw unchosen(directory.services.map(\.handle))
    }

    /// A service of this organisation's own: the one meant, or the only own one where nothing is chosen.
    func ownService() throws -> ProvidedService {
        let own = directory.services.filter(\.isOwn)
        let service = if own.count == 1, try current() == nil { own[0] } else { try service() }
        guard let draft = service.draft else { throw CommandFailure(.notProvider, ["service": .text(service.handle)]) }
        return ProvidedService(service: service.service, draft: draft)
    }

    /// A service of this organisation's own by its name, and what it is written with.
    func ownService(named name: String) throws -> (KnownService, ProvidedService) {
        let known = try service(named: name)
        guard let draft = known.draft else { throw CommandFailure(.notProvider, ["service": .text(known.handle)]) }
        return (known, ProvidedService(service: known.service, draft: draft))
    }

    /// An engagement if one is meant or the only one there is, else a service.
    func either() throws -> Selection {
        if let current = try current() { return current }
        if directory.engagements.count == 1, directory.services.count <= 1 { return .engagement(directory.engagements[0]) }
        if directory.engagements.isEmpty { return .service(try service()) }
        throw unchosen(directory.engagements.map(\.handle) + directory.services.map(\.handle))
    }

    /// Anything by its handle, its name, or an unambiguous part of them. An engagement stands for the service it is about.
    func named(_ name: String) throws -> Selection {
        let typed = Self.handle(name)
        if let exact = directory.engagements.first(where: { $0.handle == typed }) { return .engagement(exact) }
        if let exact = directory.services.first(where: { $0.handle == typed }) { return .service(exact) }
        let engagements = directory.engagements.filter { $0.handle.contains(typed) }
        let services = directory.services.filter { service in
            service.handle.contains(typed) && !engagements.contains { $0.service == service.service }
        }
        if engagements.count == 1, services.isEmpty { return .engagement(engagements[0]) }
        if engagements.isEmpty, services.count == 1 { return .service(services[0]) }
        throw notOne(name, engagements.map(\.handle) + services.map(\.handle))
    }

    /// What a typed name is as a handle: `Object Storage` is `object-storage`.
    static func handle(_ typed: String) -> String { StoreDirectory.handle(typed: typed) ?? typed.lowercased() }

    func engagement(named name: String) throws -> KnownEngagement {
        let typed = Self.handle(name)
        if let exact = directory.engagements.first(where: { $0.handle == typed }) { return exact }
        let found = directory.engagements.filter { $0.handle.contains(typed) }
        guard found.count == 1 else {
            if found.isEmpty, directory.services.contains(where: { $0.handle == typed }) {
                throw CommandFailure(.needsEngagement, ["name": .text(name)])
            }
            throw notOne(name, found.map(\.handle))
        }
        return found[0]
    }

    /// Refuses a part of a name where something is to end for good: it may fit another than was meant.
    ///
    /// - Parameters:
    ///   - typed: what was typed.
    ///   - handle: what the thing that it fits is called here.
    ///   - names: what people call it, by language.
    ///   - next: the command with the whole name.
    static func requireWhole(_ typed: String, of handle: String, or names: [String: String], next: (String) -> String) throws {
        let name = Self.handle(typed)
        guard name != handle, !names.values.contains(where: { Self.handle($0) == name }) else { return }
        throw CommandFailure(
            .nameInPart, ["name": .text(typed), "whole": .text(handle)], next: next(handle),
            candidates: [CommandFailure.Candidate(name: handle)])
    }

    /// Whether something here is called exactly so.
    func holds(_ handle: String) -> Bool {
        directory.engagements.contains { $0.handle == handle } || directory.services.contains { $0.handle == handle }
    }

    func service(named name: String) throws -> KnownService {
        let typed = Self.handle(name)
        if let exact = directory.services.first(where: { $0.handle == typed }) { return exact }
        let found = directory.services.filter { $0.handle.contains(typed) }
        guard found.count == 1 else { throw notOne(name, found.map(\.handle)) }
        return found[0]
    }

    func service(of engagement: KnownEngagement) throws -> KnownService {
        guard let service = directory.service(of: engagement) else { throw missing(engagement) }
        return service
    }

    /// Refuses what cannot be done without the rows of an engagement's service where these never come.
    func requireRows(of engagement: KnownEngagement) throws {
        if directory.isClosedBefore(engagement) { throw missing(engagement) }
    }

    /// Why there is no service: it has not come yet, or was closed before it could.
    private func missing(_ engagement: KnownEngagement?) -> CommandFailure {
        guard let engagement, directory.isClosedBefore(engagement) else { return invocation.nothingThen ?? CommandFailure(.noService) }
        return CommandFailure(.serviceClosed, ["engagement": .text(engagement.handle)])
    }

    private func environment(_ name: String) -> String? { invocation.console.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func unchosen(_ handles: [String]) -> CommandFailure {
        CommandFailure(.noCurrent, next: "buntan use NAME", candidates: handles.map { CommandFailure.Candidate(name: $0) })
    }

    private func notOne(_ name: String, _ found: [String]) -> CommandFailure {
        if found.isEmpty, let failure = invocation.nothingThen { return failure }
        if found.isEmpty {
            let near = Nearest.words(to: name, among: directory.engagements.map(\.handle) + directory.services.map(\.handle))
            return CommandFailure(.unknownName, ["name": .text(name)], candidates: near.map { CommandFailure.Candidate(name: $0) })
        }
        return CommandFailure(.ambiguousName, ["name": .text(name)], candidates: found.map { CommandFailure.Candidate(name: $0) })
    }

    /// What a space belongs to: an engagement, or a service with its draft; `nil` for the organisation's own records.
    func selection(of space: SpaceID) -> Selection? {
        if let engagement = directory.engagements.first(where: { $0.space == space }) { return .engagement(engagement) }
        return directory.services.first { $0.service == space || $0.draft == space }.map { .service($0) }
    }

    // MARK: what reports say

    func context(_ selection: Selection?, _ reader: any StoreReader) throws -> ReportContext {
        let language = invocation.language.rawValue
        var context = ReportContext()
        context.asOf = invocation.asOf
        context.organisation = directory.ownName.spoken(language)
        context.isOneOfSeveral = directory.engagements.count > 1 || directory.services.count > 1
        var space: SpaceID?
        switch selection {
        case nil: break
        case .service(let service)?:
            context.service = service.handle
            context.side = directory.side(of: service)?.name ?? KnownEngagement.auditor
            space = service.service
        case .engagement(let engagement)?:
            context.service = directory.service(of: engagement)?.handle
            context.engagement = engagement.handle
            context.side = engagement.sideName
            space = engagement.space
        }
        if let space, let standing = try reader.standing(of: space) {
            context.log = ReportContext.LogView(
                epoch: standing.epoch, size: standing.size, verified: try !reader.isFrozen(space) && reader.lead(of: space) == nil)
        }
        return context
    }
}
