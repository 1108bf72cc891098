import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Writes a document back as it was imported.
struct KeptExport {
    /// The file's name, or the beginning of its digest.
    let name: String?
    let audience: Audience
    let file: OutputFile

    struct Kept {
        let digest: String
        let name: String
        let model: String
        let encoding: String?
        let parts: Int
        var texts: [Int: String] = [:]

        init(_ state: RecordState, digest: String) {
            self.digest = digest
            name = state.text("name") ?? ""
            model = state.text("format") ?? ""
            encoding = state.text("encoding")
            parts = if case .int(let count)? = state.value("parts") { Int(count) } else { 1 }
        }

        /// All of what is kept, one part after the other; `nil` where one is gone.
        var text: String? {
            guard parts == texts.count, texts.keys.allSatisfy({ (1...texts.count).contains($0) }) else { return nil }
            return texts.sorted { $0.key < $1.key }.map(\.value).joined()
        }

        /// Its bytes; none where a part is gone or was written over, which would make it another document.
        var bytes: [UInt8]? {
            guard let bytes = text.flatMap({ KeptDocument.bytes(of: $0, encoding: encoding) }) else { return nil }
            let isWhole = KeptDocument(document: name, model: model, bytes: bytes).isKnown { SHA.digest($0).hex == digest }
            return isWhole ? bytes : nil
        }
    }

    /// So many letters of a digest are typed at least.
    static let leastLetters = 12

    func run(_ invocation: Invocation) throws -> CommandExit {
        guard let name else { throw CommandFailure(.missingArgument, ["argument": "NAME"], next: "buntan list kept-document") }
        // It came to this organisation, and nothing says to whom it may go on.
        guard audience == .myself else {
            throw CommandFailure(.ownRecordOnly, ["kind": .text(CodeLabels.field(nil, of: "kept-document", invocation.language))])
        }
        try file.requireFree()
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (all, context) = try open.store.read { reader in
            (try Self.documents(reader), try selector.context(nil, reader))
        }
        let named = all.filter { $0.name == name }
        let meant = named.isEmpty && name.count >= Self.leastLetters ? all.filter { $0.digest.hasPrefix(name.lowercased()) } : named
        guard let first = meant.first else {
            throw CommandFailure(
                .unknownID, ["id": .text(name)], next: "buntan list kept-document",
                candidates: all.map { CommandFailure.Candidate(name: $0.name) })
        }
        guard meant.count == 1 else {
            throw CommandFailure(.ambiguousID, ["id": .text(name)], candidates: meant.map { CommandFailure.Candidate(name: $0.digest) })
        }
        guard let bytes = first.bytes else { throw CommandFailure(.keptIncomplete, ["name": .text(first.name)]) }
        try file.write(bytes)
        guard let path = file.path else { return .done }
        return try WrittenFile(path: path, format: ExportCommand.kept, records: 1, bytes: bytes.count).report(context, invocation) {
            $0.say(ExportPhrases.writtenKept, ["path": .text(path), "bytes": .number(bytes.count)])
        }
    }

    /// The document of a digest, without looking at others; `nil` where none is kept.
    static func document(_ digest: String, in home: SpaceID, _ reader: any StoreReader) throws -> Kept? {
        func part(_ number: Int) throws -> RecordState? {
            let id = RecordID.natural(space: home, kind: "kept-document", key: [.text(digest), .text(String(number))])
            return try reader.shown(id, in: home).flatMap { $0.standing == .deleted ? nil : $0 }
        }
        guard let first = try part(1) else { return nil }
        var kept = Kept(first, digest: digest)
        guard (1...Self.mostParts).contains(kept.parts) else { return kept }
        for number in 1...kept.parts { kept.texts[number] = try part(number)?.text("text") }
        return kept
    }

    /// More than the largest document is kept in.
    private static let mostParts = 1_000

    /// Those of a store, by their names.
    static func documents(_ reader: any StoreReader) throws -> [Kept] {
        guard let home = try StoreDirectory(reader).home(reader) else { return [] }
        var found: [String: Kept] = [:]
        for stored in try reader.records(of: "kept-document", in: home, after: nil, limit: .max) where stored.shown.standing != .deleted {
            let state = stored.shown
            guard let digest = state.text("digest"), let part = state.text("part").flatMap(Int.init), let text = state.text("text") else {
                continue
            }
            found[digest, default: Kept(state, digest: digest)].texts[part] = text
        }
        return found.values.sorted { ($0.name, $0.digest) < ($1.name, $1.digest) }
    }
}
