import ArgumentParser
import Storage
import Wording

#if canImport(Glibc)
    import Glibc
#endif

/// What went wrong as a sentence and an exit code: the one place where the server's faults become words.
struct SaidFault {
    let exit: ServerExit
    let entry: any PhraseTable
    let facts: Facts

    init(_ exit: ServerExit, _ entry: any PhraseTable, _ facts: Facts) {
        self.exit = exit
        self.entry = entry
        self.facts = facts
    }

    /// - Parameter path: the store, for faults that do not name a place themselves.
    init(_ error: any Error, path: String) {
        switch error {
        case let fault as ConfigurationFault: self.init(fault)
        case let fault as TLSIdentityFault: self.init(fault)
        case let fault as ListenFault: self.init(fault)
        case let fault as ServerFolderFault: self.init(fault)
        case let fault as FileMarkFault: self.init(fault)
        case let fault as StorageFault: self.init(fault, path: path)
        // The type and not the words: these could quote what a log holds.
        default: self.init(.machine, ServerPhrases.unexpected, ["detail": .text(String(reflecting: type(of: error)))])
        }
    }

    init(_ fault: ConfigurationFault) {
        switch fault {
        case .fileUnreadable(let path): self.init(.usage, ServerConfigPhrases.fileUnreadable, ["path": .text(path)])
        case .fileMalformed(let path, let line, let column):
            self.init(
                .usage, ServerConfigPhrases.fileMalformed, ["path": .text(path), "line": .number(line), "column": .number(column)])
        case .unknownKey(let key, let path, let line):
            self.init(.usage, ServerConfigPhrases.unknownKey, ["key": .text(key), "path": .text(path), "line": .number(line)])
        case .keyTwice(let path, let line):
            self.init(.usage, ServerConfigPhrases.keyTwice, ["path": .text(path), "line": .number(line)])
        case .notOneValue(let key, let path, let line):
            self.init(.usage, ServerConfigPhrases.notOneValue, ["key": .text(key), "path": .text(path), "line": .number(line)])
        case .unknownVariable(let name): self.init(.usage, ServerConfigPhrases.unknownVariable, ["name": .text(name)])
        case .invalid(let key, let value, let source):
            self.init(
                .usage, ServerConfigPhrases.invalidValue, ["key": .text(key.rawValue), "value": .text(value), "source": source.words])
        case .tlsRequired(let listen): self.init(.usage, ServerConfigPhrases.tlsRequired, ["listen": .text(listen)])
        case .tlsIncomplete(let missing): self.init(.usage, ServerConfigPhrases.tlsIncomplete, ["key": .text(missing.flag)])
        case .serverNameRequired(let listen): self.init(.usage, ServerConfigPhrases.serverNameRequired, ["listen": .text(listen)])
        }
    }

    init(_ fault: TLSIdentityFault) {
        switch fault {
        case .certificateUnreadable(let path): self.init(.usage, ServerConfigPhrases.certificateUnreadable, ["path": .text(path)])
        case .certificateMissing(let path): self.init(.usage, ServerConfigPhrases.certificateMissing, ["path": .text(path)])
        case .keyUnreadable(let path): self.init(.usage, ServerConfigPhrases.keyUnreadable, ["path": .text(path)])
        case .pairRefused(let certificate, let key):
            self.init(.usage, ServerConfigPhrases.pairRefused, ["path": .text(certificate), "key": .text(key)])
        }
    }

    init(_ fault: ListenFault) {
        switch fault {
        case .inUse(let address): self.init(.machine, ServerConfigPhrases.addressInUse, ["address": .text(address.description)])
        case .notAllowed(let address): self.init(.machine, ServerConfigPhrases.addressNotAllowed, ["address": .text(address.description)])
        case .noSuchAddress(let address): self.init(.machine, ServerConfigPhrases.addressUnknown, ["address": .text(address.description)])
        case .failed(let address, let number):
            self.init(
                .machine, ServerConfigPhrases.addressFailed,
                ["address": .text(address.description), "reason": .text(Self.reason(number))])
        }
    }

    private init(_ fault: ServerFolderFault) {
        switch fault {
        case .missing(let path): self.init(.usage, ServerPhrases.dataMissing, ["path": .text(path)])
        case .otherName(let path, let held, let given):
            self.init(.usage, ServerPhrases.otherName, ["path": .text(path), "held": .text(held), "given": .text(given)])
        case .unreadable(let path): self.init(.damaged, ServerPhrases.identityUnreadable, ["path": .text(path)])
        case .cannotWrite(let path, let number):
            self.init(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(Self.reason(number))])
        }
    }

    private init(_ fault: FileMarkFault) {
        switch fault {
        case .inUse(let path): self.init(.machine, ServerPhrases.dataInUseUnnamed, ["path": .text(path)])
        case .damaged(let path, let line):
            self.init(.damaged, ServerPhrases.marksDamaged, ["path": .text(path), "line": .number(line)])
        case .system(let path, let number):
            self.init(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(Self.reason(number))])
        }
    }

    private init(_ fault: StorageFault, path: String) {
        switch fault {
        case .busy(nil): self.init(.machine, ServerPhrases.dataInUseUnnamed, ["path": .text(path)])
        case .busy(let holder?):
            self.init(.machine, ServerPhrases.dataInUse, ["path": .text(path), "process": .number(Int(holder))])
        case .diskFull: self.init(.machine, ServerPhrases.diskFull, ["path": .text(path)])
        case .readOnly:
            self.init(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(Self.reason(EROFS))])
        case .noPermission:
            self.init(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(Self.reason(EACCES))])
        case .newer(let version, let known):
            self.init(.machine, ServerPhrases.dataNewer, ["path": .text(path), "found": .number(version), "known": .number(known)])
        case .damaged(let detail): self.init(.damaged, ServerPhrases.dataDamaged, ["path": .text(path), "detail": .text(detail)])
        case .notAStore: self.init(.usage, ServerPhrases.dataMissing, ["path": .text(path)])
        case .engine(_, let reason):
            self.init(.machine, ServerPhrases.cannotWrite, ["path": .text(path), "reason": .text(reason)])
        case .conflict: self.init(.machine, ServerPhrases.unexpected, ["detail": .text("\(fault)")])
        }
    }

    /// The system's words for an error number.
    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}

extension ConfigurationSource {
    /// Where a value comes from, for people.
    var words: Fact {
        switch self {
        case .flag(let name): .word(ServerConfigPhrases.fromFlag, ["name": .text(name)])
        case .variable(let name): .word(ServerConfigPhrases.fromVariable, ["name": .text(name)])
        case .file(let path, let line): .word(ServerConfigPhrases.fromFile, ["path": .text(path), "line": .number(line)])
        case .fallback: .word(ServerConfigPhrases.fromFallback)
        }
    }
}

extension ResolvedConfiguration {
    /// What `--print-config` prints: one setting a line, in the form the file takes, with its origin as a comment.
    func lines(in language: Language) -> [String] {
        let shown = settings.map { setting in
            (
                "\(setting.key.rawValue): \(setting.value)",
                Phrase("{source}", ja: "{source}").text(in: language, ["source": setting.source.words])
            )
        }
        let width = shown.map(\.0.count).max() ?? 0
        return shown.map { $0 + String(repeating: " ", count: width - $0.count) + "  # \($1)" }
    }
}

extension Speaker {
    /// Runs a command's work, puts what went wrong into words, and ends with the code for it.
    func reporting(_ path: String, _ body: () throws -> Void) throws {
        do { try body() } catch { throw failure(error, path) }
    }

    func reporting(_ path: String, _ body: () async throws -> Void) async throws {
        do { try await body() } catch { throw failure(error, path) }
    }

    private func failure(_ error: any Error, _ path: String) -> any Error {
        switch error {
        case is ExitCode, is ValidationError, is CleanExit: return error
        default:
            let said = SaidFault(error, path: path)
            complain(.word(said.entry, said.facts))
            return ExitCode(said.exit.rawValue)
        }
    }

    /// Says why a command cannot go on, for it to throw.
    func refusing(_ exit: ServerExit, _ entry: some PhraseTable, _ facts: Facts) -> ExitCode {
        complain(entry, facts)
        return ExitCode(exit.rawValue)
    }
}
