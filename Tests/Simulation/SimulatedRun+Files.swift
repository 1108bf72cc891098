import BuntanProtocol
import ChangeLog
import Replica
import Storage
import TestKit

/// Replicas that hand files to one another, whether or not any of them reaches the server.
extension SimulatedRun {
    /// A file under way, for anybody of the organisation that it is for.
    struct File {
        let bytes: [UInt8]
        let from: String
        let to: Firm
    }

    /// Has a replica write a file for another organisation, or for other devices of its own.
    func writeFile(by writer: Participant) throws {
        let firms = Set(participants.map(\.firm)).filter { $0 == writer.firm || $0.isCustomer != writer.firm.isCustomer }.sorted {
            $0.rawValue < $1.rawValue
        }
        let to = firms[below(firms.count)]
        guard let organisation = world.organisations[to], try writer.store.read({ try $0.identity().home }) != nil else { return }
        let draft = try sabotage.bundle(by: writer, for: organisation, whole: below(4) == 0)
        let bytes = draft.bundle.encoded(.none)
        eavesdropper.search([bytes], of: to, "a file of \(writer.name)")
        say(
            "\(writer.name) writes a file for \(to): \(draft.bundle.parts.map { "\($0.space) \($0.from?.size ?? 0)+\($0.entries.count) \($0.changes.count)" })"
        )
        files.append(File(bytes: bytes, from: writer.name, to: to))
    }

    /// Has somebody apply a file, which may be old, be applied twice, or follow on one that was never applied.
    func applyFile() throws {
        guard !files.isEmpty else { return }
        let index = below(files.count)
        let file = below(3) == 0 ? files[index] : files.remove(at: index)
        // A device whose enrolment came to nothing never syncs, and what it was given by file would be all that it ever has.
        let readers = try participants.filter { reader in
            try reader.firm == file.to && reader.name != file.from
                && (!reader.isNew || server.store.read { try $0.organisation(ofDevice: reader.keys.device) != nil })
        }
        guard !readers.isEmpty else { return }
        let reader = readers[below(readers.count)]
        note(.tookFile, "\(reader.name) takes one of \(file.from)")
        var outcome: BundleOutcome?
        try founding(reader, "applies a file of \(file.from)") {
            outcome = try reader.workspace.apply(LogBundle(decoding: file.bytes, .none))
        }
        guard let outcome else { return }
        say(
            "  took \(outcome.reached.map { "\($0.from)-\($0.to)" }), kept \(outcome.kept), known \(outcome.known), refused \(outcome.refused.map { "\($0.code) \($0.detail ?? "")" }), gaps \(outcome.missing.map { "\($0.held)-\($0.offered)" })"
        )
        try fileEngagement(of: reader)
        try OwnWrites(reader, chronicle).findings.forEach { chronicle.find(.monotonicView, $0) }
    }
}
