import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// A word about a device that another device's words have overtaken, with the command that says it once more.
struct UnsaidWord {
    private let name: String
    private let phrase: SyncPhrases
    private let device: DeviceID
    private let label: String
    let command: String

    /// Those of some acts that are about devices.
    static func all(_ acts: [Statement.Act], _ open: OpenStore) throws -> [UnsaidWord] {
        guard !acts.isEmpty else { return [] }
        let devices = try open.store.read { try ListedDevice.all($0) }
        return acts.compactMap { UnsaidWord($0, devices, open.invocation.times) }
    }

    private init?(_ act: Statement.Act, _ devices: [ListedDevice], _ times: TimeDisplay) {
        /// The label of a device, and what names it in a command: no other has the same.
        func named(_ device: DeviceID) -> (label: String, word: String) {
            let label = devices.first { $0.id == device }?.label ?? device.shownKey
            return (label, RetypedFlags.quoted(devices.count { $0.label == label } > 1 ? device.shownKey : label))
        }
        switch act {
        case .revoke(let id, let compromisedAfter):
            let (shown, word) = named(id)
            (name, phrase, device, label) = ("revoke", .revocationLost, id, shown)
            let day = compromisedAfter.map { times.day(Date(timeIntervalSince1970: Double($0) / 1_000)).text }
            command = "buntan device revoke \(word)" + (day.map { " --compromised-after \($0)" } ?? "")
        case .setCapabilities(let id, let capabilities):
            let (shown, word) = named(id)
            (name, phrase, device, label) = ("set", .rightsLost, id, shown)
            command = "buntan device set \(word) --caps \(capabilities.list.joined(separator: ","))"
        case .enrol(let id, let sealingKey, let capabilities, let shown, let proof):
            (name, phrase, device, label) = ("enrol", .enrolmentLost, id, shown)
            let code = HandedCode.deviceRequest(device: id, sealingKey: sealingKey, proof: proof, label: shown).text
            command = "buntan device add \(code) --caps \(capabilities.list.joined(separator: ","))"
        case .rotateRoot, .addRecovery, .restrict, .grantReader, .endReader, .endService, .policy, .erase, .spaceKey: return nil
        }
    }

    var member: JSONValue {
        ["act": .text(name), "device": .text(device.hex), "label": .text(label), "command": .text(command)]
    }

    func tell(_ invocation: Invocation) { invocation.notice(phrase, ["label": .text(label), "command": .text(command)]) }
}

extension SyncRun {
    /// Tells what has to be said once more; it has been told then.
    func tell(_ acts: [Statement.Act], _ workspace: Workspace) throws {
        guard !acts.isEmpty else { return }
        for word in try UnsaidWord.all(acts, open) { word.tell(open.invocation) }
        try open.store.write { try workspace.forgetUnsaid($0) }
    }

    /// Requires that what was just said for the organisation is among its words after a sync, and tells of others that are not.
    ///
    /// - Parameter count: how many words there were before.
    func require(_ act: Statement.Act, after count: Int, about label: String, _ workspace: Workspace) throws {
        let (isSaid, unsaid) = try open.store.read { (try workspace.holds(act, after: count, $0), try workspace.unsaid($0)) }
        let command = isSaid ? nil : try UnsaidWord.all([act], open).first?.command
        try tell(unsaid.filter { $0 != act }, workspace)
        guard !isSaid else { return }
        try open.store.write { try workspace.forgetUnsaid($0) }
        throw CommandFailure(.deviceOutspoken, ["label": .text(label)], next: command)
    }
}
