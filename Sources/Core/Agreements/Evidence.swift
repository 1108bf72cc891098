package import BuntanProtocol
import ChangeLog

/// A part of a log that proves itself: some entries, each with its path to one signed checkpoint.
package struct LogExcerpt: Hashable, Sendable {
    package struct Held: Hashable, Sendable {
        package let position: Int
        package let bytes: [UInt8]
        /// The values of a change; `nil` for other entries.
        package let payload: [UInt8]?
        package let proof: [Digest]

        package init(position: Int, bytes: [UInt8], payload: [UInt8]?, proof: [Digest]) {
            self.position = position
            self.bytes = bytes
            self.payload = payload
            self.proof = proof
        }
    }

    /// The checkpoint as the log gave it.
    package var note: String
    /// In order of position.
    package var entries: [Held]
    /// Proofs that the log of an earlier size is a beginning of the one the checkpoint is about.
    package var consistency: [Int: [Digest]]

    package init(note: String, entries: [Held], consistency: [Int: [Digest]]) {
        self.note = note
        self.entries = entries
        self.consistency = consistency
    }
}

/// Everything by which somebody without server or store can check an agreement (PROTOCOL.md section 15).
package struct Evidence: Hashable, Sendable {
    package static let format = "buntan-evidence-1"

    package var agreement: RecordID
    package var engagement: SpaceID
    package var service: SpaceID
    /// SHA-256 of the document, as whoever made the archive had it.
    package var digest: Digest
    package var document: [UInt8]
    package var engagementLog: LogExcerpt
    package var serviceLog: LogExcerpt

    package init(
        agreement: RecordID, engagement: SpaceID, service: SpaceID, digest: Digest, document: [UInt8], engagementLog: LogExcerpt,
        serviceLog: LogExcerpt
    ) {
        self.agreement = agreement
        self.engagement = engagement
        self.service = service
        self.digest = digest
        self.document = document
        self.engagementLog = engagementLog
        self.serviceLog = serviceLog
    }
}

/// Why a file is no evidence: nothing in it can be checked at all.
package enum EvidenceFault: Error, Hashable, Sendable {
    case archive(ArchiveFault)
    /// A ZIP archive in order that is no evidence, or one of a later format.
    case notEvidence
    case missing(String)
    /// A file that belongs to no evidence.
    case unknownFile(String)
    case malformed(String)
    /// The checkpoint of a log is another than the one that all its proofs name.
    case checkpointDiffers(String)
}

// MARK: the archive
//
//   evidence.json                 what this is: format, agreement, engagement, service, digest of the document
//   document.json                 the document, byte for byte as signed
//   engagement/checkpoint         signed note (C2SP tlog-checkpoint)
//   engagement/12.entry           the entry at position 12, byte for byte
//   engagement/12.payload         its values, if it is a change
//   engagement/12.proof           its path to the checkpoint (C2SP tlog-proof)
//   engagement/9.consistency.json canonical JSON list of hashes: the log of 9 entries is a beginning of it
//   service/…                     the same of the service space
extension Evidence {
    private static let manifestName = "evidence.json"
    private static let documentName = "document.json"

    /// Returns the archive.
    ///
    /// - Throws: `tooLarge` where the logs hold more statements than an archive may.
    package func archived() throws(ArchiveFault) -> [UInt8] {
        let manifest = CanonicalJSON.object([
            .init("format", .text(Self.format)), .init("agreement", .hex(agreement)), .init("engagement", .hex(engagement)),
            .init("service", .hex(service)), .init("document", .hex(digest)),
        ])
        var files = [Self.manifestName: manifest.encoded(), Self.documentName: document]
        for (folder, log) in [("engagement", engagementLog), ("service", serviceLog)] {
            files["\(folder)/checkpoint"] = Array(log.note.utf8)
            for entry in log.entries {
                files["\(folder)/\(entry.position).entry"] = entry.bytes
                files["\(folder)/\(entry.position).payload"] = entry.payload
                let proof = LogEvidence(position: entry.position, proof: entry.proof, note: log.note)
                files["\(folder)/\(entry.position).proof"] = Array(proof.text.utf8)
            }
            for (size, hashes) in log.consistency {
                files["\(folder)/\(size).consistency.json"] = CanonicalJSON.list(hashes.map { .hex($0) }).encoded()
            }
        }
        return try StoredArchive.encoded(files)
    }

    package init(archive bytes: [UInt8]) throws(EvidenceFault) {
        var files: [String: [UInt8]]
        do { files = try StoredArchive.files(bytes) } catch {
            // Names stand in the open in any ZIP archive: one without ours was never evidence, whoever packed it.
            throw error == .repacked && bytes.firstRange(of: Self.manifestName.utf8) == nil ? .notEvidence : .archive(error)
        }
        guard let manifestBytes = files.removeValue(forKey: Self.manifestName) else { throw .notEvidence }
        guard let manifest = try? CanonicalJSON(decoding: manifestBytes),
            let members = manifest.members("format", "agreement", "engagement", "service", "document"), members[0].text == Self.format
        else { throw .notEvidence }
        guard let agreement = members[1].bytes.flatMap({ RecordID($0) }), let engagement = members[2].bytes.flatMap({ SpaceID($0) }),
            let service = members[3].bytes.flatMap({ SpaceID($0) }), let digest = members[4].bytes.flatMap({ Digest($0) })
        else { throw .malformed(Self.manifestName) }
        guard let document = files.removeValue(forKey: Self.documentName) else { throw .missing(Self.documentName) }
        let engagementLog = try LogExcerpt(in: "engagement", of: &files)
        let serviceLog = try LogExcerpt(in: "service", of: &files)
        if let name = files.keys.min() { throw .unknownFile(name) }
        self.init(
            agreement: agreement, engagement: engagement, service: service, digest: digest, document: document,
            engagementLog: engagementLog, serviceLog: serviceLog)
    }
}

extension LogExcerpt {
    /// Takes the files of one folder out of those of an archive.
    fileprivate init(in folder: String, of files: inout [String: [UInt8]]) throws(EvidenceFault) {
        let checkpoint = "\(folder)/checkpoint"
        guard let noteBytes = files.removeValue(forKey: checkpoint) else { throw .missing(checkpoint) }
        guard noteBytes.count <= Limits.noteBytes, let note = String(validating: noteBytes, as: UTF8.self) else {
            throw .malformed(checkpoint)
        }
        var entries: [Held] = []
        var notes: [(name: String, note: String)] = []
        var consistency: [Int: [Digest]] = [:]
        for name in files.keys.filter({ $0.hasPrefix(folder + "/") }).sorted() {
            let parts = name.dropFirst(folder.utf8.count + 1).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[0]), number >= 0, String(number) == parts[0] else { throw .unknownFile(name) }
            if parts[1] == "consistency.json" {
                consistency[number] = try Self.hashes(files.removeValue(forKey: name) ?? [], name)
            } else if parts[1] == "entry" {
                let proofName = "\(folder)/\(number).proof"
                guard let proofBytes = files.removeValue(forKey: proofName) else { throw .missing(proofName) }
                guard let text = String(validating: proofBytes, as: UTF8.self), let proof = try? LogEvidence(parsing: text),
                    proof.position == number, proof.text.utf8.elementsEqual(proofBytes)
                else { throw .malformed(proofName) }
                notes.append((proofName, proof.note))
                entries.append(
                    Held(
                        position: number, bytes: files.removeValue(forKey: name) ?? [],
                        payload: files.removeValue(forKey: "\(folder)/\(number).payload"), proof: proof.proof))
            }
        }
        let differing = notes.filter { !$0.note.utf8.elementsEqual(note.utf8) }
        if let first = differing.first {
            // Where no proof is for it, it is the checkpoint that is another.
            throw differing.count == notes.count ? .checkpointDiffers(checkpoint) : .malformed(first.name)
        }
        self.init(note: note, entries: entries.sorted { $0.position < $1.position }, consistency: consistency)
    }

    private static func hashes(_ bytes: [UInt8], _ name: String) throws(EvidenceFault) -> [Digest] {
        guard let list = (try? CanonicalJSON(decoding: bytes))?.list, list.count <= 2 * LogProof.mostHashes else { throw .malformed(name) }
        var hashes: [Digest] = []
        for item in list {
            guard let hash = item.bytes.flatMap({ Digest($0) }) else { throw .malformed(name) }
            hashes.append(hash)
        }
        return hashes
    }
}
