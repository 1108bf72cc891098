import Foundation
import Replica
import Storage
import Wording

/// That this device's rights have ended, or that the server says so: what is written here reaches nobody, and its work goes on
/// on another device.
struct EndedDevice: Sendable {
    let phrase: StatusPhrases
    let facts: Facts

    /// What scripts are told: `revoked`, or `disowned` where only the server says so.
    var name: String { phrase == .deviceRevoked ? "revoked" : "disowned" }

    /// `nil` for a device of which neither is known.
    init?(_ workspace: Workspace, times: TimeDisplay, _ reader: any StoreReader) throws {
        if let revocation = try workspace.ownRevocation(reader) {
            phrase = .deviceRevoked
            facts = [
                "date": .text(times.day(Date(milliseconds: revocation.time)).text),
                "label": .text(revocation.label ?? revocation.signer.shownKey),
            ]
        } else if try workspace.isDisowned(reader) {
            (phrase, facts) = (.deviceDisowned, [:])
        } else {
            return nil
        }
    }

    /// What saves the work that has not been sent.
    static let next = "buntan outbox export FILE"
}
