import ArgumentParser
import BuntanProtocol
import Exchange
import Foundation
import Storage
import StorageSQLite
import Wording

/// How a command of the server ends when it does not end well; the codes are those of the client.
enum ServerExit: Int32 {
    case found = 1
    case usage = 2
    case damaged = 5
    case machine = 7
}

/// Where the commands say what they have to say.
struct Speaker {
    let language: Language

    init(environment: [String: String] = ProcessInfo.processInfo.environment) { language = Language.ofLocale(environment) ?? .en }

    func say(_ entry: some PhraseTable, _ facts: Facts = [:]) { print(entry.text(in: language, facts)) }

    func warn(_ text: String) { LineLogHandler.standardError(Array((text + "\n").utf8)) }
    func warn(_ entry: some PhraseTable, _ facts: Facts = [:]) { warn(entry.text(in: language, facts)) }

    /// Runs a command's work, puts what went wrong into words, and ends with the code for it.
    func reporting(_ path: String, _ body: () throws -> Void) throws {
        do { try body() } catch { throw failure(error, path) }
    }

    func reporting(_ path: String, _ body: () async throws -> Void) async throws {
        do { try await body() } catch { throw failure(error, path) }
    }

    func failure(_ error: any Error, _ path: String) -> any Error {
        let sentences = ServerSentences(inJapanese: language == .ja)
        let code: ServerExit
        switch error {
        case is ExitCode, is ValidationError, is CleanExit: return error
        case let fault as ConfigurationFault:
            warn(sentences.sentence(for: fault))
            code = .usage
        case let fault as TLSIdentityFault:
            warn(sentences.sentence(for: fault))
            code = .usage
        case ServerFolderFault.missing(let path): code = said(.usage, ServerPhrases.dataMissing, ["path": .text(path)])
        case ServerFolderFault.otherName(let path, let held, let given):
            code = said(.usage, OperatorPhrases.otherName, ["path": .text(path), "held": .text(held), "given": .text(given)])
        case ServerFolderFault.unreadable(let path): code = said(.damaged, OperatorPhrases.identityUnreadable, ["path": .text(path)])
        case ServerFolderFault.cannotWrite(let path, let reason):
            code = said(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(reason)])
        case FileMarkFault.inUse(let path): code = said(.machine, ServerPhrases.dataInUse, ["path": .text(path), "process": "?"])
        case FileMarkFault.damaged(let path, let line):
            code = said(.damaged, OperatorPhrases.marksDamaged, ["path": .text(path), "line": .number(line)])
        case FileMarkFault.system(let path, let number):
            code = said(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(String(cString: strerror(number)))])
        case let fault as StorageFault: code = said(fault, path)
        default: code = said(.machine, ServerPhrases.unexpected, ["detail": .text(String(reflecting: type(of: error)))])
        }
        return ExitCode(code.rawValue)
    }

    private func said(_ fault: StorageFault, _ path: String) -> ServerExit {
        switch fault {
        case .busy(let holder):
            said(.machine, ServerPhrases.dataInUse, ["path": .text(path), "process": .text(holder.map(String.init) ?? "?")])
        case .diskFull: said(.machine, ServerPhrases.diskFull, ["path": .text(path)])
        case .readOnly, .noPermission:
            said(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(String(cString: strerror(EACCES)))])
        case .newer(let version, let known):
            said(.machine, ServerPhrases.dataNewer, ["path": .text(path), "found": .number(version), "known": .number(known)])
        case .damaged(let detail): said(.damaged, ServerPhrases.dataDamaged, ["path": .text(path), "detail": .text(detail)])
        case .notAStore: said(.usage, ServerPhrases.dataMissing, ["path": .text(path)])
        case .conflict, .engine: said(.machine, ServerPhrases.unexpected, ["detail": .text("\(fault)")])
        }
    }

    private func said(_ code: ServerExit, _ entry: some PhraseTable, _ facts: Facts) -> ServerExit {
        warn(entry, facts)
        return code
    }
}

/// The data folder, for commands beside a running server or without one.
struct DataOption: ParsableArguments {
    @Option(help: "The folder that holds everything the server keeps.", completion: .directory)
    var data: String?

    func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> ServerFolder {
        ServerFolder(path: data ?? environment[ConfigurationKey.data.variable] ?? ConfigurationKey.data.fallback)
    }
}
