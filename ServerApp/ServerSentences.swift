/// Facts turned into sentences.
package struct ServerSentences: Sendable {
    package let inJapanese: Bool

    package init(inJapanese: Bool) { self.inJapanese = inJapanese }

    package func sentence(for fault: ConfigurationFault) -> String {
        switch fault {
        case .fileUnreadable(let path): say(ServerWords.fileUnreadable, ["path": path])
        case .fileMalformed(let path, let line, let column):
            say(ServerWords.fileMalformed, ["path": path, "line": "\(line)", "column": "\(column)"])
        case .unknownKey(let key, let path, let line): say(ServerWords.unknownKey, ["key": key, "path": path, "line": "\(line)"])
        case .keyTwice(let path, let line): say(ServerWords.keyTwice, ["path": path, "line": "\(line)"])
        case .notOneValue(let key, let path, let line): say(ServerWords.notOneValue, ["key": key, "path": path, "line": "\(line)"])
        case .unknownVariable(let name): say(ServerWords.unknownVariable, ["name": name])
        case .invalid(let key, let value, let source):
            say(ServerWords.invalidValue, ["key": key.rawValue, "source": words(for: source), "value": value])
        case .tlsRequired(let listen): say(ServerWords.tlsRequired, ["listen": listen])
        case .tlsIncomplete(let missing): say(ServerWords.tlsIncomplete, ["key": missing.flag])
        case .serverNameRequired(let listen): say(ServerWords.serverNameRequired, ["listen": listen])
        }
    }

    package func sentence(for fault: ListenFault) -> String {
        switch fault {
        case .inUse(let address): say(ServerWords.addressInUse, ["address": address.description])
        case .notAllowed(let address): say(ServerWords.addressNotAllowed, ["address": address.description])
        case .noSuchAddress(let address): say(ServerWords.addressUnknown, ["address": address.description])
        case .failed(let address, let errno): say(ServerWords.addressFailed, ["address": address.description, "number": "\(errno)"])
        }
    }

    package func sentence(for fault: TLSIdentityFault) -> String {
        switch fault {
        case .certificateUnreadable(let path): say(ServerWords.certificateUnreadable, ["path": path])
        case .certificateMissing(let path): say(ServerWords.certificateMissing, ["path": path])
        case .keyUnreadable(let path): say(ServerWords.keyUnreadable, ["path": path])
        case .pairRefused(let certificate, let key): say(ServerWords.pairRefused, ["certificate": certificate, "key": key])
        }
    }

    package func words(for source: ConfigurationSource) -> String {
        switch source {
        case .flag(let name): say(ServerWords.fromFlag, ["name": name])
        case .variable(let name): say(ServerWords.fromVariable, ["name": name])
        case .file(let path, let line): say(ServerWords.fromFile, ["path": path, "line": "\(line)"])
        case .fallback: say(ServerWords.fromFallback)
        }
    }

    /// What `--print-config` prints: one setting a line, in the form the file takes, with its origin as a comment.
    package func lines(for resolved: ResolvedConfiguration) -> [String] {
        let shown = resolved.settings.map { ("\($0.key.rawValue): \($0.value)", words(for: $0.source)) }
        let width = shown.map(\.0.count).max() ?? 0
        return shown.map { $0 + String(repeating: " ", count: width - $0.count) + "  # \($1)" }
    }

    private func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String { phrase.filled(values, inJapanese: inJapanese) }
}
