import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import TestKit

/// Searches everything that reaches an organisation for what only others may know (P7).
struct Eavesdropper {
    struct Needle {
        let bytes: [UInt8]
        let what: String
    }

    /// What must not reach an organisation.
    private(set) var needles: [Firm: [Needle]] = [:]
    /// What must never reach the auditor, and what must not while nobody lets it read.
    private var auditors: (never: [Needle], shutOut: [Needle]) = ([], [])
    private(set) var searchedBytes = 0
    private(set) var findings: [String] = []

    init(_ world: FoundedWorld) {
        for firm in Firm.allCases {
            var found: [Needle] = []
            func add(_ what: String, _ bytes: [UInt8]) { found.append(Needle(bytes: bytes, what: what)) }
            for other in Firm.allCases where other != firm {
                if let home = world.homes[other] { add("the home of \(other)", home.bytes) }
                // A provider knows its customers, and they know it.
                guard firm.isCustomer, other.isCustomer else { continue }
                add("the name of \(other)", Array(other.name.utf8))
                add("words of \(other)", Array(other.mark.utf8))
                if let organisation = world.organisations[other] {
                    add("the id of \(other)", organisation.bytes)
                    add("the fingerprint of \(other)", Array(organisation.fingerprint.utf8))
                }
                if let engagement = world.engagements[other] { add("the engagement of \(other)", engagement.space.bytes) }
                for device in world.devices where device.firm == other { add("a device of \(other)", device.keys.device.bytes) }
            }
            if firm.isCustomer { add("the provider's drafts", world.service.draft.bytes) }
            needles[firm] = found
        }
        for firm in Firm.allCases {
            if let home = world.homes[firm] { auditors.never.append(Needle(bytes: home.bytes, what: "the home of \(firm)")) }
        }
        auditors.never.append(Needle(bytes: world.service.draft.bytes, what: "the provider's drafts"))
        // What one customer must not find of another, the auditor of that one must not either.
        auditors.never += (needles[.ichi] ?? []).filter { !$0.what.contains("provider") }
        auditors.shutOut = auditors.never + (needles[.ni] ?? []).filter { !$0.what.contains("provider") }
        auditors.shutOut += [
            Needle(bytes: world.service.service.bytes, what: "the service"), Needle(bytes: Array(Firm.provider.mark.utf8), what: "words"),
        ]
    }

    mutating func overhear(_ reply: Reply, byAuditorWho reads: Bool) {
        let bytes: [UInt8]
        switch reply {
        case .answer(let answer): bytes = answer
        case .error(let error): bytes = error.encoded()
        }
        searchedBytes += bytes.count
        for needle in reads ? auditors.never : auditors.shutOut where Self.contains(bytes, needle.bytes) {
            findings.append("the auditor found \(needle.what)\(reads ? "" : ", shut out")")
        }
    }

    /// A device that an organisation has since: no other customer hears of it.
    mutating func guardDevice(_ device: DeviceID, of firm: Firm) {
        for other in Firm.allCases where firm.isCustomer && other.isCustomer && other != firm {
            needles[other]?.append(Needle(bytes: device.bytes, what: "a new device of \(firm)"))
        }
    }

    /// An organisation that has come since: its provider knows it, other customers do not hear of it.
    mutating func guardOrganisation(_ founded: Founding, _ engagement: SpaceID, as firm: Firm) {
        guardSpace(founded.home, of: firm)
        guardDevice(founded.device.device, of: firm)
        for other in Firm.allCases where other.isCustomer && other != firm {
            needles[other]?.append(Needle(bytes: founded.organisation.bytes, what: "the id of \(firm)"))
            needles[other]?.append(Needle(bytes: Array(founded.organisation.fingerprint.utf8), what: "the fingerprint of \(firm)"))
            needles[other]?.append(Needle(bytes: engagement.bytes, what: "the engagement of \(firm)"))
        }
    }

    /// A space that is an organisation's own and that nobody has been invited to.
    mutating func guardSpace(_ space: SpaceID, of firm: Firm) {
        for other in Firm.allCases where other != firm {
            needles[other]?.append(Needle(bytes: space.bytes, what: "a new space of \(firm)"))
        }
    }

    mutating func overhear(_ reply: Reply, by firm: Firm) {
        switch reply {
        case .answer(let bytes): search([bytes], of: firm, "an answer")
        case .error(let error): search([error.encoded()], of: firm, "a refusal")
        }
    }

    mutating func search(_ pieces: [[UInt8]], of firm: Firm, _ place: String) {
        for piece in pieces {
            searchedBytes += piece.count
            for needle in needles[firm] ?? [] where Self.contains(piece, needle.bytes) {
                findings.append("\(firm) found \(needle.what) in \(place)")
            }
        }
    }

    static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            needle.withUnsafeBytes { needle in
                guard let wanted = needle.baseAddress, var at = bytes.baseAddress else { return false }
                var left = bytes.count - needle.count + 1
                while left > 0, let found = memchr(at, Int32(needle[0]), left) {
                    if memcmp(found, wanted, needle.count) == 0 { return true }
                    left -= at.distance(to: UnsafeRawPointer(found)) + 1
                    at = UnsafeRawPointer(found) + 1
                }
                return false
            }
        }
    }
}
