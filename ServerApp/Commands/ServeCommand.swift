import ArgumentParser
import BuntanProtocol
import Exchange
import Foundation
import Logging
import ServiceLifecycle
import StorageSQLite
import Wording

struct ServeCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "serve", abstract: ServerHelpPhrases.serve.spoken)
    }

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: .spoken(.printConfig))
    var printConfig = false

    func run() async throws {
        let speaker = Speaker.current
        try await speaker.reporting(options.data ?? "") {
            let resolved = try options.resolved(environment: speaker.environment)
            if printConfig {
                resolved.lines(in: speaker.language).forEach { speaker.say($0) }
                return
            }
            let settings = resolved.configuration
            // Wherever the folder was named: what goes wrong with the store names it.
            try await speaker.reporting(ServerFolder(path: settings.data).storePath) { try await serve(settings, speaker) }
        }
    }

    private func serve(_ settings: ServerConfiguration, _ speaker: Speaker) async throws {
        let logger = Logger.server(format: settings.logFormat, level: settings.logLevel)
        let tls = try settings.tls.map { try TLSIdentity(certificateFile: $0.certificate, keyFile: $0.key) }
        let folder = ServerFolder(path: settings.data)
        let fallback = settings.listen.port == 0 ? settings.listen.host : settings.listen.description
        let identity = try folder.identity(named: settings.serverName, orElse: fallback)
        let store = try folder.openStore()
        if case .migrated(let from, let to, let backup)? = store.notice {
            let facts: Logger.Metadata = ["from": .stringConvertible(from), "to": .stringConvertible(to), "copy": .string(backup)]
            logger.notice("store brought up to date", metadata: facts)
        }
        // A server that was stopped between an erasure and this does it now.
        try store.scrubIfDue()
        let durability = try store.durability()
        logger.notice(
            "store open",
            metadata: [
                "journal": .string(durability.journal), "synchronous": .string(durability == .full ? "FULL" : "\(durability.synchronous)"),
            ])
        let mark = try FileMark(path: folder.marksPath)
        let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
        if !fallen.isEmpty {
            let facts: Logger.Metadata = [
                "spaces": .stringConvertible(fallen.spaces.count), "organisations": .stringConvertible(fallen.organisations.count),
            ]
            let isMarked = fallen.spaces.values.allSatisfy { !$0.mark.isUnknown }
            logger.warning(isMarked ? "store is behind what was signed" : "marks are lost: spaces wait for 'reopen'", metadata: facts)
        }
        let policy = RegistrarPolicy(
            isOpen: settings.open, spaceBytes: settings.quotas.spaceBytes, organisationBytes: settings.quotas.organisationBytes,
            organisationSpaces: settings.quotas.organisationSpaces, organisationDevices: settings.quotas.organisationDevices)
        let registrar = Registrar(identity: identity, policy: policy, mark: mark, frozen: fallen)
        let methods = ExchangeMethods(registrar: registrar, store: store, logger: logger, waitingLimits: settings.waiting)
        let connections = OpenFiles.connections(settings.maxConnections)
        if connections < settings.maxConnections {
            let facts: Logger.Metadata = [
                "wanted": .stringConvertible(settings.maxConnections), "possible": .stringConvertible(connections),
            ]
            logger.warning("fewer connections than set: the system allows too few open files", metadata: facts)
        }
        let desk = MethodDesk(
            answering: methods, methods: .exchange,
            limits: ShellLimits(
                connections: connections, addressConnections: settings.maxAddressConnections, answers: settings.maxRequests),
            refusalBody: { ErrorAnswer($0).encoded() }, isReady: { methods.isReady },
            nowMillis: { Int64(Date().timeIntervalSince1970 * 1_000) }, logger: logger)
        let server = MethodServer(
            desk: desk, host: settings.listen.host, port: settings.listen.port, identity: tls, logger: logger
        ) { port in
            let address = "\(settings.listen.host.contains(":") ? "[\(settings.listen.host)]" : settings.listen.host):\(port)"
            logger.notice("listening", metadata: ["address": .string(address), "tls": .stringConvertible(tls != nil)])
            // For people; logs have standard error to themselves, so that each line of it is one of their form.
            speaker.say(ServerPhrases.listening, ["address": .text(address), "path": .text(folder.path)])
        }
        try await ServerRun(server: server, beneath: [StoreService(methods: methods, store: store)], identity: tls, logger: logger)
            .group().run()
        speaker.say(ServerPhrases.stopped)
    }
}

/// The store, which ends after everything that stands on it.
struct StoreService: Service {
    let methods: ExchangeMethods
    let store: SQLiteStore

    func run() async throws {
        try? await gracefulShutdown()
        await methods.stop()
        // What a full disk or a reader keeps from being done is noted in the store as due, and done by the next run.
        _ = try? store.scrubIfDue()
        try store.close()
    }
}

extension ServedMethods {
    /// The methods that this server answers: those of the protocol that it has messages for.
    static let exchange = ServedMethods(
        names: Set(Method.allCases.map(\.rawValue)), unauthenticated: Set(Method.allCases.filter(\.isOpen).map(\.rawValue)),
        waiting: [Method.wait.rawValue])
}

extension ErrorAnswer {
    /// What a client is told when its request did not get as far as a method.
    init(_ refusal: ShellRefusal) {
        switch refusal {
        case .notFound: self.init(Code.notFound)
        case .unsupported, .malformed, .incomplete: self.init(Code.malformed, detail: "body")
        case .tooLarge: self.init(Code.tooLarge, detail: "body")
        case .rateLimited(let millis): self.init(Code.rateLimited, retryAfterMillis: millis)
        case .busy: self.init(Code.busy, retryAfterMillis: 1_000)
        case .noSession: self.init(Code.noSession)
        }
    }
}
