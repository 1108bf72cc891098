import BuntanProtocol
import ChangeLog
import Testing

@Suite("Rights under random statements")
struct RightsPropertyTests {
    /// One party with devices in every state.
    private struct Speaker {
        var organisation: Organisation
        var devices: [DeviceKeys]
    }

    @Test(
        "Refused statements change nothing, positions are remembered, bytes are read back, and nobody gains what nobody held",
        arguments: 1...12 as ClosedRange<UInt64>)
    func randomStatements(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var speakers = try [101, 202].map { (number: UInt64) in
            let organisation = try Organisation(number + seed)
            return Speaker(organisation: organisation, devices: [organisation.admin])
        }
        let parts = EngagementGenesis(provider: speakers[0].organisation, customer: speakers[1].organisation)
        var log = try parts.log()
        let start = log
        var accepted: [SignedBytes] = []
        var snapshots: [Int: [DeviceID: Capabilities]] = [:]
        var refusals = 0
        func everybody() -> [DeviceKeys] { speakers.flatMap(\.devices) }

        for step in 0..<120 {
            snapshots[log.position] = Dictionary(
                uniqueKeysWithValues: everybody().map { ($0.device, log.rights.capabilities(of: $0.device)) })
            let index = Int.random(in: 0...1, using: &random)
            let capabilities = Capabilities(rawValue: Int.random(in: 0...15, using: &random))
            let all = everybody()
            let target = all[Int.random(in: 0..<all.count, using: &random)]
            let signer = all[Int.random(in: 0..<all.count, using: &random)].signing
            let key = Int.random(in: 0..<5, using: &random) == 0 ? speakers[index].organisation.root : signer
            let id = speakers[index].organisation.id
            let new = DeviceKeys(random: &random)
            let statement: SignedBytes
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let act = Statement.Act.enrolling(new, in: id, capabilities: capabilities, label: "\(step)")
                statement = speakers[index].organisation.draft(act, by: key)
            case 2: statement = speakers[index].organisation.draft(.setCapabilities(device: target.device, capabilities), by: key)
            case 3: statement = speakers[index].organisation.draft(.revoke(device: target.device, compromisedAfter: nil), by: key)
            case 4: statement = log.draft(.restrict(device: target.device, capabilities), of: speakers[index].organisation, by: key)
            default:
                let act = Statement.Act.enrolling(target, in: id, capabilities: capabilities, label: "again")
                statement = speakers[index].organisation.draft(act, by: key)
            }
            let before = log.rights
            do {
                try log.append(statement)
                accepted.append(statement)
                if before.holds(statement) { Issue.record("a statement was taken twice") }
                if case .enrol(let device, _, _, _, _)? = try? Statement(decoding: statement.bytes).act, device == new.device {
                    speakers[index].devices.append(new)
                }
                if try Statement(decoding: statement.bytes).space == nil { try speakers[index].organisation.chain.append(statement) }
                let isRoot = key.publicKey == speakers[index].organisation.root.publicKey
                for keys in all where !isRoot {
                    let gained = log.rights.capabilities(of: keys.device).subtracting(before.capabilities(of: keys.device))
                    let held = speakers[index].organisation.chain.devices[key.publicKey]?.capabilities ?? []
                    // A device that takes admin from itself held it when it spoke.
                    let holding = held.union(before.capabilities(of: key.publicKey))
                    #expect(holding.isSuperset(of: gained), "seed \(seed) step \(step)")
                    if !gained.isEmpty { #expect(log.rights.organisation(of: keys.device) == id, "seed \(seed) step \(step)") }
                }
            } catch {
                refusals += 1
                #expect(log.rights == before, "seed \(seed) step \(step)")
            }
        }
        #expect(accepted.count > 5 && refusals > 5, "seed \(seed): \(accepted.count) accepted, \(refusals) refused")
        for (position, capabilities) in snapshots {
            for (device, held) in capabilities {
                #expect(log.rights.capabilities(of: device, at: position) == held, "seed \(seed) position \(position)")
            }
        }
        let bytes = log.rights.encoded()
        #expect(try SpaceRights(decoding: bytes) == log.rights)
        #expect(try SpaceRights(decoding: bytes).encoded() == bytes)
        for cut in stride(from: 0, to: bytes.count, by: 97) {
            #expect(throws: DecodingFault.self) { try SpaceRights(decoding: Array(bytes[..<cut])) }
        }
        var again = start
        try again.append(accepted)
        #expect(again.rights == log.rights)
        // Taken up from bytes at any point, the rest leads to the same.
        var half = start
        for (index, statement) in accepted.enumerated() {
            if index == accepted.count / 2 { half.rights = try SpaceRights(decoding: half.rights.encoded()) }
            try half.append(statement)
        }
        #expect(half.rights == log.rights)
    }
}
