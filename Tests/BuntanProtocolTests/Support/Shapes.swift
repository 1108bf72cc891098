import BuntanProtocol

/// Random layouts of the protocol from a seed, so that a failing test can be repeated.
struct Shapes {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
    mutating func chance(_ part: Int) -> Bool { number(1...part) == 1 }
    mutating func pick<T>(_ values: [T]) -> T { values[number(0...(values.count - 1))] }
    mutating func list<T>(_ count: ClosedRange<Int>, _ make: (inout Shapes) -> T) -> [T] {
        var result: [T] = []
        for _ in 0..<number(count) { result.append(make(&self)) }
        return result
    }
    mutating func maybe<T>(_ make: (inout Shapes) -> T) -> T? { chance(2) ? make(&self) : nil }

    // MARK: parts

    mutating func bytes(_ count: ClosedRange<Int>) -> [UInt8] { list(count) { UInt8(truncatingIfNeeded: $0.next()) } }
    mutating func id<S>() -> Identifier<S> { Identifier(high: next(), low: next()) }
    mutating func fixed<S>() -> Fixed32<S> { Fixed32(word0: next(), word1: next(), word2: next(), word3: next()) }
    mutating func signature() -> Signature { Signature(bytes(64...64)) ?? Self.zeroSignature }
    mutating func count() -> Int { Int(next() >> pick([11, 20, 32, 48, 56, 60])) }
    mutating func time() -> Int64 { Int64(count()) * (chance(8) ? -1 : 1) }
    mutating func flag() -> Bool { chance(2) }

    private static let zeroSignature: Signature = {
        guard let signature = Signature([UInt8](repeating: 0, count: 64)) else { preconditionFailure("64 bytes are a signature.") }
        return signature
    }()

    mutating func text(_ count: ClosedRange<Int> = 0...40) -> String {
        let letters = ["a", "Z", "0", " ", "\"", "\\", "\n", "ü", "が", "か\u{3099}", "髙", "①", "～", "𐅑", "👩‍💻", "\u{0}", "\u{10ffff}"]
        return list(count) { $0.pick(letters) }.joined()
    }
    mutating func name() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCXYZ0189@-.~_!".utf8)
        return String(decoding: list(1...12) { $0.pick(letters) }, as: UTF8.self)
    }
    mutating func serverName() -> String { pick(["a", "sync.example.jp", "127.0.0.1:8443", "[::1]:443"]) }

    mutating func value() -> Value {
        switch number(0...5) {
        case 0: .null
        case 1: .bool(flag())
        case 2: .int(Int64(next() >> 11) * (flag() ? 1 : -1))
        case 3: .bytes(bytes(0...64))
        default: .text(text())
        }
    }
    mutating func element() -> Element { flag() ? .code(name()) : .id(bytes(16...16)) }
    mutating func cell() -> CellKey { CellKey(name(), maybe { $0.element() }) }

    // MARK: entries

    mutating func edits() -> [Edit] {
        let changes: [ChangeID] = list(1...6) { $0.id() }
        return list(1...6) { s in
            let cells = Set(s.list(1...6) { $0.cell() })
            return Edit(
                record: s.id(), kind: s.name(),
                ops: cells.sorted().map { cell in
                    let predecessors = Set(s.list(0...4) { OpID($0.pick(changes), $0.number(0...499)) })
                    return Op(cell: cell, predecessors: predecessors.sorted())
                })
        }
    }
    mutating func base() -> Base { Base(epoch: count(), size: count() + 1, root: fixed()) }
    mutating func change() -> Change {
        let content: Change.Content =
            chance(4)
            ? .sealed(SealedEdits(bytes: bytes(0...200), keyEpoch: count(), payload: fixed(), follows: Set(list(0...3) { $0.id() })))
            : .edits(edits())
        return Change(
            space: id(), device: fixed(), nonce: id(), base: base(), time: time(), schema: number(0...1_000_000), content: content,
            valuesRoot: fixed())
    }
    mutating func payload() -> Payload {
        if flag() { return .whole(seed: id(), values: list(0...8) { $0.value().encoded }) }
        return .partial(list(0...8) { $0.flag() ? .erased($0.fixed()) : .value(salt: $0.id(), $0.value().encoded) })
    }
    mutating func entry() -> Entry {
        let kind = pick([Entry.Kind.genesis, .change, .statement, .server, .salvaged])
        return Entry(
            kind: kind, received: time(), content: bytes(0...300), signature: kind == .salvaged ? nil : signature(),
            proof: kind == .salvaged || (kind == .genesis && flag()) ? bytes(0...64) : nil)
    }
    mutating func policy(sealed: Bool = false) -> Policy {
        Policy(auditNeedsBoth: flag(), isSealed: sealed, leastSchema: number(0...1_000_000))
    }
    mutating func genesis() -> Genesis {
        let type = pick(SpaceType.allCases)
        let sides: [Side] = type == .engagement ? [.provider, .customer] : [.provider]
        return Genesis(
            type: type, parties: sides.map { Party(side: $0, organisation: id(), rootKey: fixed()) },
            serverName: type != .engagement && flag() ? nil : serverName(), logKey: fixed(),
            policy: policy(sealed: type == .private && flag()),
            nonce: id(), device: fixed(), service: type == .engagement ? id() : nil,
            invitation: type == .engagement ? bytes(0...300) : nil, invitationSignature: type == .engagement ? signature() : nil)
    }
    mutating func invitation() -> Invitation {
        Invitation(
            service: id(), organisation: id(), serverName: serverName(), logKey: fixed(), policy: policy(), key: fixed(), expires: time(),
            device: fixed())
    }
    mutating func act() -> Statement.Act {
        switch number(0...11) {
        case 0: .enrol(device: fixed(), sealingKey: fixed(), capabilities: capabilities(), label: text(), proof: signature())
        case 1: .revoke(device: fixed(), compromisedAfter: maybe { $0.time() })
        case 2: .setCapabilities(device: fixed(), capabilities())
        case 3: .rotateRoot(key: fixed(), proof: signature())
        case 4: .addRecovery(key: fixed(), proof: signature())
        case 5: .restrict(device: fixed(), capabilities())
        case 6: .grantReader(id(), expires: time())
        case 7: .endReader(id())
        case 8: .endService
        case 9: .policy(leastSchema: number(0...1_000_000))
        case 10:
            .erase(
                Set(list(1...4) { s -> ChangeID in s.id() }).sorted().map { change in
                    ErasedOps(change, Set(list(1...4) { $0.number(0...499) }).sorted())
                })
        default:
            .spaceKey(
                epoch: count(),
                list(0...3) { WrappedKey(device: $0.fixed(), encapsulated: $0.bytes(32...32), ciphertext: $0.bytes(48...48)) })
        }
    }
    mutating func capabilities() -> Capabilities { Capabilities(rawValue: number(0...15)) }
    mutating func statement() -> Statement {
        let act = act()
        let number = number(1...3)
        return Statement(
            organisation: id(), space: act.isOrganisationWide ? nil : id(), number: number, previous: number == 1 ? nil : fixed(),
            signer: fixed(), act: act, time: time())
    }
    mutating func serverStatement() -> ServerStatement {
        let act: ServerStatement.Act =
            switch number(1...4) {
            case 4:
                .erase(
                    Set(list(1...4) { s -> ChangeID in s.id() }).sorted().map { change in
                        ErasedOps(change, Set(list(1...4) { $0.number(0...499) }).sorted())
                    }, reference: "order \(count())")
            case 1: .epoch(ended: count(), lastGoodSize: count(), root: fixed())
            case 2: .key(fixed())
            default: .move(serverName: serverName(), logKey: fixed())
            }
        return ServerStatement(space: id(), act: act)
    }

    // MARK: parts of messages

    mutating func signedBytes() -> SignedBytes { SignedBytes(bytes: bytes(0...100), signature: signature()) }
    mutating func carried() -> CarriedEntry { CarriedEntry(entry: bytes(0...100), payload: maybe { $0.bytes(0...100) }) }
    mutating func pushedItem() -> PushedItem {
        chance(3) ? .salvaged(carried(), proof: bytes(65...200)) : .change(signedChange())
    }
    mutating func signedChange() -> SignedChange { SignedChange(bytes: bytes(0...100), signature: signature(), payload: bytes(0...100)) }
    mutating func verdict() -> Verdict {
        switch number(0...2) {
        case 0: .accepted(position: count())
        case 1: .duplicate(position: count())
        default: .refused(pick(Code.allCases), detail: maybe { $0.text() })
        }
    }
    mutating func heldLog() -> HeldLog { HeldLog(space: id(), base: base()) }
    mutating func page() -> LogPage { LogPage(entries: list(0...4) { $0.carried() }, note: text(), more: flag()) }
    mutating func verdicts() -> VerdictsAnswer {
        VerdictsAnswer(verdicts: list(0...5) { $0.verdict() }, note: maybe { $0.text() }, page: maybe { $0.page() })
    }
    mutating func heads() -> HeadsAnswer {
        HeadsAnswer(
            heads: maybe { $0.list(0...5) { SpaceHead(space: $0.id(), epoch: $0.count(), size: $0.count()) } },
            pages: list(0...2) { s in BroughtPage(space: s.id(), page: s.page()) })
    }
}
