import BuntanProtocol

/// Who may speak for the parties of a log, told from its genesis and statements by the letter of section 10 of PROTOCOL.md,
/// without any of the code that keeps chains.
struct ReferenceAuthority {
    private struct Organisation {
        var root: PublicKey
        var recovery: PublicKey?
        var capabilities: [DeviceID: Capabilities] = [:]
        var revoked: Set<DeviceID> = []
    }

    private var organisations: [OrganisationID: Organisation] = [:]
    /// Who made each record: nobody else may write it.
    private var owners: [RecordID: OrganisationID] = [:]
    /// From when on a device that was revoked may have been in other hands, in milliseconds since 1970.
    private(set) var doubts: [DeviceID: Int64] = [:]
    /// Words in the log that nobody had the right to say.
    private(set) var findings: [String] = []

    init(_ genesis: Genesis?) {
        for party in genesis?.parties ?? [] { organisations[party.organisation] = Organisation(root: party.rootKey) }
    }

    /// What a device may do at the end of the log.
    func rights(of device: DeviceID, _ organisation: OrganisationID) -> Capabilities {
        isRevoked(device) ? [] : organisations[organisation]?.capabilities[device] ?? []
    }

    func isRevoked(_ device: DeviceID) -> Bool { organisations.values.contains { $0.revoked.contains(device) } }

    /// Takes the next change of the log.
    ///
    /// - Parameter isSalvaged: whether it was let in before, in an epoch that has ended, by rights that may have ended since.
    mutating func take(_ records: [RecordID], by device: DeviceID, of organisation: OrganisationID, isSalvaged: Bool, at position: Int) {
        let author = organisations[organisation]
        if !isSalvaged, author?.capabilities[device]?.contains(.write) != true || author?.revoked.contains(device) == true {
            findings.append("the change at \(position) is by a device that had no right to write then")
        }
        for record in records where owners.updateValue(owners[record] ?? organisation, forKey: record) ?? organisation != organisation {
            findings.append("the change at \(position) writes \(record), which is another's")
        }
    }

    /// Takes the next statement of the log.
    mutating func take(_ statement: Statement, at position: Int) {
        guard var speaker = organisations[statement.organisation] else {
            return findings.append("the statement at \(position) is by no party")
        }
        let isRoot = statement.signer == speaker.root
        let isAdmin = !speaker.revoked.contains(statement.signer) && speaker.capabilities[statement.signer]?.contains(.admin) == true
        let isAllowed =
            switch statement.act {
            case .rotateRoot: isRoot || statement.signer == speaker.recovery
            case .addRecovery: statement.signer == speaker.recovery ?? speaker.root
            default: isRoot || isAdmin
            }
        if !isAllowed { findings.append("the statement at \(position) is by a key that spoke for nobody then") }
        switch statement.act {
        case .enrol(let device, _, let capabilities, _, _): speaker.capabilities[device] = capabilities
        case .setCapabilities(let device, let capabilities): speaker.capabilities[device] = capabilities
        case .revoke(let device, let compromisedAfter):
            speaker.revoked.insert(device)
            doubts[device] = compromisedAfter ?? doubts[device]
        case .rotateRoot(let key, _): speaker.root = key
        case .addRecovery(let key, _): speaker.recovery = key
        default: break
        }
        organisations[statement.organisation] = speaker
    }
}
