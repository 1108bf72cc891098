import Foundation
import Wording

/// What a look at store, keys, clock and server has found: facts, from which `Diagnosis` makes lines.
struct DoctorFacts: Sendable {
    enum Store: Sendable {
        case none
        case sound(entries: Int, version: Int)
        case newer(found: Int, known: Int)
        case damaged(String)
        /// The process that holds it, where it is known.
        case locked(Int?)
        case readOnly
        /// A setting of the engine is not what a promise rests on.
        case notDurable(name: String, found: String, expected: String)
    }

    enum Keys: Sendable {
        case sealed
        case unsealed
        case openToOthers(path: String, mode: String)
        case missing(path: String)
        /// The file holds another device's keys than the store's.
        case foreign(path: String)
    }

    enum Device: Sendable {
        case enrolled(label: String, capabilities: String)
        case revoked(on: String, by: String)
        /// By the server's bare word.
        case disowned
    }

    enum Server: Sendable {
        case none
        case answers(milliseconds: Int, version: Int)
        case unreachable(Fact)
        case notBuntan
        case older(found: Int, needed: Int)
        case newer(found: Int, known: Int)
    }

    enum Certificate: Sendable {
        case valid(until: String)
        case endsSoon(on: String)
        case bad(Fact)
        /// The connection is not encrypted.
        case plain
    }

    /// The last day of a certificate is told this long before it comes.
    static let certificateNoticeDays = 21
    /// A clock that is off by more misleads those who read its times.
    static let clockToleranceSeconds = 60
    static let leastFreeMiB = 200
    /// Changes that wait longer than this are worth a word.
    static let outboxDays = 7

    var path: String
    var version: String
    var store = Store.none
    var freeMiB: Int?
    var keys: Keys?
    var device: Device?
    var address: String?
    /// Whether the store could be asked for its server.
    var isServerKnown = false
    var server: Server?
    /// Seconds by which this machine's clock is ahead of the server's.
    var clockSeconds: Int?
    var certificate: Certificate?
    /// The proxy by which the server is reached, if it is by one.
    var proxy: String?
    /// Spaces whose history contradicted what was seen, with where the proof lies.
    var contradictions: [(space: String, evidence: String)] = []
    /// Spaces whose log lacks what the organisation has said and the server has taken.
    var forgotten: [String] = []
    /// Spaces whose server has shown entries without values that no other entry erases, with how many.
    var withheld: [(space: String, entries: Int)] = []
    /// Spaces of which the server had less than was seen before, at the last sync.
    var fellBack: [String] = []
    /// Changes in the logs that this device cannot open yet.
    var unread = 0
    /// Entries behind what is shown that have not been verified.
    var unverified = 0
    /// Spaces whose records the server was asked for by their digest and that hold the same log, and those whose differ.
    var compared: Int?
    var unlike: [String] = []
    var entries = 0
    var pending = 0
    var refused = 0
    /// The day of the oldest change that waits, and whether it waits for long.
    var oldestPending: (day: String, isOld: Bool)?
    var confirmed = 0
    var unconfirmed: [(name: String, handle: String)] = []
    var settingsFaults: [(path: String, fault: SettingsFile.Fault)] = []
}
