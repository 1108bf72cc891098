import BuntanProtocol
import ChangeLog
import Replica
import Syncing
import Wire
import Wording

/// What is wrong with a bundle, in words.
enum BundleWords {
    static func failure(_ fault: BundleFault, _ file: String, _ names: [SpaceID: String]) -> CommandFailure {
        let place = CommandFailure.Place(file: file)
        func space(_ id: SpaceID) -> Fact { .text(names[id] ?? String(id.hex.prefix(8))) }
        func invalid(_ finding: BundlePhrases, _ facts: Facts = [:]) -> CommandFailure {
            CommandFailure(.bundleInvalid, ["file": .text(file), "finding": .word(finding, facts)], place: place)
        }
        switch fault {
        case .forOther(let organisation):
            return CommandFailure(
                .bundleForOther, ["file": .text(file), "fingerprint": .text(organisation.fingerprint)], place: place)
        case .foreign: return invalid(.findsForeign)
        case .contradicts(let id, let size): return invalid(.findsOther, ["space": space(id), "entry": .number(size)])
        case .page(let fault):
            let (id, entry): (SpaceID, Fact) =
                switch fault {
                case .missingEntry(let id, let position), .invalidEntry(let id, let position, _): (id, .number(position))
                case .rootMismatch(let id, let size, _, _), .fellBack(let id, _, let size): (id, .number(size))
                case .notTheGenesis(let id): (id, .number(0))
                case .snapshotDiffers(let id, let size, _): (id, .number(size))
                case .badCheckpoint(let id), .badSnapshot(let id, _), .notForThisReader(let id): (id, .text("-"))
                }
            return invalid(.findsPage, ["space": space(id), "entry": entry])
        case .change(let refusal): return invalid(.findsChange, ["reason": reason(refusal)])
        case .chain(let refusal): return invalid(.findsChain, ["reason": reason(refusal)])
        case .tooMany(let id): return invalid(.findsMany, ["space": space(id)])
        }
    }

    static func reason(_ refusal: Refusal) -> Fact {
        RefusalPhrases(rawValue: refusal.code.rawValue).map { Fact.word($0) } ?? .text(refusal.code.rawValue)
    }
}

extension PiecePacking {
    /// Pieces as bodies of requests are packed: coding 1 is a frame of zstd.
    static let compressed = PiecePacking(
        pack: { piece in
            let body = WireBody(packing: piece, as: .zstd)
            return (body.coding == .zstd ? 1 : 0, body.bytes)
        },
        unpack: { coding, bytes, most in
            guard most > 0 else { return nil }
            let limits = BodyLimits(bytes: min(most, BodyLimits.protocolBody.bytes), ratio: BodyLimits.protocolBody.ratio)
            do { return try WireBody(bytes: bytes, coding: coding == 1 ? .zstd : .identity).message(within: limits) } catch { return nil }
        })
}

extension StoreDirectory {
    /// What an organisation is called here; its fingerprint where nobody knows it.
    func name(of organisation: OrganisationID, _ language: Language) -> String {
        let name =
            organisation == identity.organisation
            ? ownName : engagements.first { $0.counterpart == organisation }?.counterpartName ?? [:]
        return name.spoken(language.rawValue) ?? organisation.fingerprint
    }

    func party(_ organisation: OrganisationID) -> JSONValue {
        let name =
            organisation == identity.organisation
            ? ownName : engagements.first { $0.counterpart == organisation }?.counterpartName ?? [:]
        return [
            "fingerprint": .text(organisation.fingerprint), "name": name.languagesJSON,
            "isOwn": .bool(organisation == identity.organisation),
        ]
    }
}
