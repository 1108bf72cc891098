import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import Wording

/// Lists the devices with their rights.
struct DevicesCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "devices", abstract: CommandPhrases.devices.spoken)
    }

    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (listed, context, own, shorts) = try open.store.read { reader in
            let listed = try ListedDevice.all(reader)
            let names = ShortNames(reader)
            let shorts = try !invocation.printsItems ? [:] : Dictionary(listed.map { ($0.id, try names.of($0.id)) }) { first, _ in first }
            return (listed, try selector.context(nil, reader), try reader.identity().device, shorts)
        }
        let items = listed.map { device -> JSONValue in
            .identified(
                Hexadecimal.text(device.id.bytes), short: shorts[device.id] ?? "", ("label", .text(device.label)),
                ("isThis", .bool(device.id == own)),
                ("capabilities", .list(device.capabilities.list.map { .text($0) })),
                ("since", .text(Timestamp.rfc3339(milliseconds: device.since))),
                ("revoked", .text(orNull: device.revoked.map { Timestamp.rfc3339(milliseconds: $0) })))
        }
        let times = invocation.times
        let fields = ["id", "short", "label", "isThis", "capabilities", "since", "revoked"]
        try invocation.print(
            .list("devices/1", context, fields: fields, items) { page in
                if listed.isEmpty { return page.say(StartPhrases.devicesNone) }
                var table = Table(columns: [
                    Column(.headKey, in: page.language), Column(.headName, in: page.language, fit: .cut),
                    Column(.headRights, in: page.language), Column(.headBegan, in: page.language), Column(.headState, in: page.language),
                ])
                for device in listed {
                    let since = times.day(Date(timeIntervalSince1970: Double(device.since) / 1000)).text
                    let state = device.revoked.map {
                        StartPhrases.deviceIsRevoked.text(
                            in: page.language, ["date": .text(times.day(Date(timeIntervalSince1970: Double($0) / 1000)).text)])
                    }
                    table.rows.append([
                        Span(device.id.shownKey), Span(device.label), Span(device.capabilities.shown(page.language)), Span(since),
                        Span(state ?? (device.id == own ? StartPhrases.deviceThis.text(in: page.language) : "")),
                    ])
                }
                page.table(table)
            })
        return invocation.status(ofListWith: listed.count)
    }
}

/// A device as the organisation's own statements tell of it.
struct ListedDevice: Sendable {
    let id: DeviceID
    var label: String
    var capabilities: Capabilities
    let since: Int64
    var revoked: Int64?

    /// Every device that was ever enrolled, oldest first.
    static func all(_ reader: any StoreReader) throws -> [ListedDevice] {
        var devices: [ListedDevice] = []
        for statement in try statements(reader) {
            switch statement.act {
            case .enrol(let device, _, let capabilities, let label, _):
                devices.append(ListedDevice(id: device, label: label, capabilities: capabilities, since: statement.time))
            case .revoke(let device, _):
                for index in devices.indices where devices[index].id == device {
                    devices[index].revoked = devices[index].revoked ?? statement.time
                    devices[index].capabilities = []
                }
            case .setCapabilities(let device, let capabilities):
                for index in devices.indices where devices[index].id == device { devices[index].capabilities = capabilities }
            default: break
            }
        }
        return devices
    }

    /// The organisation's own statements: kept where it was founded, else read from the log of its own records.
    private static func statements(_ reader: any StoreReader) throws -> [Statement] {
        let own = try reader.ownChain()
        if !own.isEmpty { return try own.map { try Statement(decoding: $0.bytes) } }
        let identity = try reader.identity()
        guard let home = identity.home, let standing = try reader.standing(of: home) else { return [] }
        var found: [Statement] = []
        var position = 0
        while position < standing.size {
            for stored in try reader.entries(of: home, from: position, maxBytes: Limits.pageBytes) {
                position = stored.position + 1
                let entry = try Entry(decoding: stored.bytes).unwrapped()
                guard entry.kind == .statement else { continue }
                let statement = try Statement(decoding: entry.content)
                if statement.organisation == identity.organisation, statement.space == nil { found.append(statement) }
            }
        }
        return found
    }
}
