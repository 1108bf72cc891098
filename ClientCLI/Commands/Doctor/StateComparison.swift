import BuntanProtocol
import ChangeLog
import ClientTransport
import Foundation
import Replica
import Storage
import StorageSQLite

/// Asks a server for the digests of the records it has, and compares them with those of a sound store (sync.md section 7).
///
/// It writes nothing and asks for no passphrase: where the keys are sealed and the last session is over, nothing is compared.
struct StateComparison: Sendable {
    struct Found: Sendable {
        /// Spaces of which both hold the same log.
        var compared = 0
        /// What those are called whose records differ.
        var unlike: [String] = []
    }

    let store: SQLiteStore
    let layout: StoreLayout

    func found(at link: ServerLink) async throws -> Found? {
        let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: openKeys())
        let (spaces, names, last) = try store.read { reader in
            (try workspace.comparable(reader), try StoreDirectory(reader).spaceNames, try workspace.lastToken(reader))
        }
        guard !spaces.isEmpty, let token = try await session(of: workspace, at: link) ?? last else { return nil }
        var found = Found()
        for space in spaces {
            let answer: DigestRequest.Answer
            do { answer = try await link.ask(DigestRequest(space: space), token: token) } catch SyncFault.refused {
                // One that it cannot tell now is no finding: what keeps it from that is said by a sync.
                continue
            }
            guard let differing = try store.read({ try workspace.differing(from: answer, in: space, $0) }) else { continue }
            found.compared += 1
            if differing > 0 { found.unlike.append(names[space] ?? space.hex) }
        }
        return found
    }

    private func openKeys() -> DeviceKeys? {
        do {
            let file = try KeyStorage.read(layout.deviceKey)
            return file.isSealed ? nil : try file.openDevice(passphrase: nil)
        } catch {
            // What is wrong with keys has a line of its own in the same report.
            return nil
        }
    }

    private func session(of workspace: Workspace, at link: ServerLink) async throws -> [UInt8]? {
        guard let keys = workspace.keys else { return nil }
        do {
            let challenge = try await link.ask(ChallengeRequest(device: keys.device))
            return try await link.ask(try workspace.signIn(nonce: challenge.nonce)).token
        } catch SyncFault.refused {
            // A device that it does not know, or no longer, has nothing to compare.
            return nil
        }
    }
}
