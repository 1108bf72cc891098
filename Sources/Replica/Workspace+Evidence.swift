package import Agreements
package import BuntanProtocol
import ChangeLog
import Records
package import Storage
import Syncing

extension Workspace {
    /// Puts together everything by which others can check an agreement without server or store.
    package func evidence(
        of agreement: RecordID, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> Evidence {
        try requireVerified([engagement.space, engagement.service], reader)
        guard let content = try agreementCases(of: engagement, reader).first(where: { $0.content.head.agreement == agreement })?.content,
            let document = try document(of: agreement, in: engagement, reader)
        else { throw AgreementFault.unknownAgreement }
        let sent = content.signatures.filter { $0.signature.place != nil }
        let signatures = sent.map(\.signature)
        // What a signature that counts for nothing was made on need not be shown.
        let counted = sent.filter(\.standing.counts).map(\.signature)
        guard !signatures.isEmpty else { throw AgreementFault.notSent(agreement) }
        let words = signatures.compactMap(\.place?.position) + content.endings.compactMap(\.place?.position)
        // What each party calls itself: the change with which it came.
        let parties = Side.allCases.map {
            RecordID.natural(space: engagement.space, kind: "party", key: [.id(content.head.organisation($0))])
        }
        var history = try RecordHistory(of: engagement.space, reader)
        let names = try parties.flatMap { party in
            // One that names its organisation no more, since that was erased, tells nothing.
            try reader.history(of: party, in: engagement.space).prefix(1).filter { position in
                try history.made(at: position)?.records.contains { $0.record == party && $0["org"] != nil } ?? false
            }
        }
        let release = try reader.history(of: content.head.release.record, in: engagement.service).prefix(1)
        return Evidence(
            agreement: agreement, engagement: engagement.space, service: engagement.service, digest: content.digest,
            document: document.encoded(),
            engagementLog: try excerpt(
                of: engagement.space, changes: Set(words + names), views: counted.compactMap { $0.views[engagement.space] },
                reader),
            serviceLog: try excerpt(
                of: engagement.service, changes: Set(release), views: counted.compactMap { $0.views[engagement.service] },
                reader))
    }

    /// The genesis, the statements and the server's words of a log, with these changes, each with its proof.
    private func excerpt(of space: SpaceID, changes: Set<Int>, views: [Base], _ reader: any StoreReader) throws -> LogExcerpt {
        guard let standing = try reader.standing(of: space), let note = try reader.checkpoint(of: space) else {
            throw WorkspaceFault.unknownSpace(space)
        }
        let size = (try? Checkpoint(parsing: SignedNote(parsing: note).text).size) ?? standing.size
        let tile = try reader.source(of: space).tile
        var entries: [LogExcerpt.Held] = []
        var position = 0
        while position < size {
            let page = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes)
            guard let last = page.last else { throw LogFault.missingEntry(space: space, position: position) }
            for stored in page where stored.position < size {
                let isChange = stored.payload != nil
                guard !isChange || changes.contains(stored.position) else { continue }
                entries.append(
                    LogExcerpt.Held(
                        position: stored.position, bytes: stored.bytes, payload: stored.payload,
                        proof: try LogTiles.inclusionProof(position: stored.position, size: size, tile: tile)))
            }
            position = last.position + 1
        }
        var consistency: [Int: [Digest]] = [:]
        // With what an ended epoch has lost nothing can be compared.
        for earlier in Set(views.filter { !standing.rights.isLost($0) }.map(\.size)) where earlier < size {
            consistency[earlier] = try LogTiles.consistencyProof(from: earlier, to: size, tile: tile)
        }
        return LogExcerpt(note: note, entries: entries, consistency: consistency)
    }
}
