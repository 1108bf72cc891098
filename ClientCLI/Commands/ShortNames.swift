import BuntanProtocol
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// The letters by which the things of a store go, each told from every other there is in it (commands.md section 3): what
/// is printed can be typed.
///
/// The index behind them is made when the first is asked for: most output prints none.
final class ShortNames {
    private let reader: any StoreReader
    private var index: StoreIndex?

    init(_ reader: any StoreReader) { self.reader = reader }

    private func of(_ thing: NamedThing) throws -> String {
        if let index { return index.short(thing) }
        let made = try StoreIndex(reader)
        index = made
        return made.short(thing)
    }

    func of(_ record: RecordID) throws -> String { try of(.record(record)) }
    func of(_ device: DeviceID) throws -> String { try of(.device(device)) }
    func of(_ change: ChangeID) throws -> String { try of(.change(change)) }
    func of(_ space: SpaceID) throws -> String { try of(.space(space)) }
    func of(_ invitation: InvitationID) throws -> String { try of(.invitation(invitation)) }
}

/// The fewest letters that an id is spoken of by, for things that a store's index does not hold and a list tells apart itself.
func leastLetters(of bytes: [UInt8]) -> String { String(ShortID.letters(of: bytes).prefix(ShortID.leastLetters)) }

/// The change a command made, as it is spoken of.
struct WrittenChange {
    /// `nil` where nothing differed from what stood.
    let id: ChangeID?
    let short: String?
    /// The command by which it reaches others; `nil` where there is no server yet.
    let sending: String?

    /// The letters in a sentence.
    var shown: Fact { .text(short ?? "-") }
}

extension OpenStore {
    /// What a writing command says once it is done: what it worked on, and the last change it made.
    ///
    /// Whoever writes on a device that has lost its rights is told that it stays here.
    func written(_ change: ChangeID?, _ selector: Selector, _ selection: Selection?) throws -> (ReportContext, WrittenChange) {
        try store.read { reader in
            (
                try selector.context(selection, reader),
                WrittenChange(
                    id: change, short: try change.map { try reader.shortID(of: .change($0)) }, sending: try sending(reader))
            )
        }
    }

    /// The command by which what was written reaches others; says so where this device may send nothing any more.
    func sending(_ reader: any StoreReader) throws -> String? {
        if let ended = try EndedDevice(reading, times: invocation.times, reader) {
            invocation.notice(ended.phrase, ended.facts)
            return EndedDevice.next
        }
        return try reader.knownServer() == nil ? nil : "buntan sync"
    }
}
