import BuntanProtocol
import ChangeLog
import Records

/// One small history from which most vectors are taken: a provider, its service and drafts, a customer, one row.
struct Story {
    let cast = Cast()
    let providerStatements: [SignedBytes]
    let customerStatements: [SignedBytes]
    let invitation: SignedBytes
    let service: StoryLog
    let draft: StoryLog
    let engagement: StoryLog
    let spaceKey: SpaceKey
    let changes: [(name: String, change: SignedChange)]
    let row: RecordID
    let providerPosition: RecordID
    let customerPosition: RecordID
    let words: AgreementWords

    /// The space key of the draft space as it was wrapped for the provider's device: HPKE draws a key of its own, so this was
    /// made once.
    private static let wrapped = (
        enc: "af2ca246f2203d84a868096811f509d986912628b60f3f2354d3d843dada8112",
        ciphertext: "9c070e664b450a2ae91e316ae7d495f663077f9838960333254a8c66bc396549a84163c5728170891b089818edf8be4b"
    )

    init() throws {
        let cast = self.cast
        let start = cast.start

        // The organisations' own statements.
        var chain = OrganisationChain(foundingRoot: cast.providerRoot.publicKey)
        func say(_ act: Statement.Act, _ key: SigningKey, _ chain: inout OrganisationChain) throws -> SignedBytes {
            let statement = StatementAuthor(organisation: chain.organisation, key: key).sign(
                act, after: chain.head, time: start + Int64(chain.head.number))
            try chain.append(statement)
            return statement
        }
        providerStatements = [
            try say(.enrolling(cast.providerKeys, in: cast.provider, capabilities: .all, label: "desk"), cast.providerRoot, &chain),
            try say(.addingRecovery(cast.recovery.key, to: cast.provider), cast.providerRoot, &chain),
            try say(
                .enrolling(cast.laptopKeys, in: cast.provider, capabilities: [.read, .write], label: "ノート"), cast.providerDevice, &chain),
            try say(.setCapabilities(device: cast.laptop.publicKey, .read), cast.providerDevice, &chain),
            try say(.revoke(device: cast.laptop.publicKey, compromisedAfter: start + 500), cast.providerDevice, &chain),
            try say(.rotatingRoot(to: cast.nextRoot, of: cast.provider), cast.recovery.key, &chain),
        ]
        var customerChain = OrganisationChain(foundingRoot: cast.customerRoot.publicKey)
        customerStatements = [
            try say(.enrolling(cast.customerKeys, in: cast.customer, capabilities: .all, label: "窓口"), cast.customerRoot, &customerChain)
        ]

        // The service space: the row as published, then reworded.
        let provider = Party(side: .provider, organisation: cast.provider, rootKey: cast.providerRoot.publicKey)
        let customer = Party(side: .customer, organisation: cast.customer, rootKey: cast.customerRoot.publicKey)
        var service = try StoryLog(
            "service",
            Genesis(
                type: .service, parties: [provider], serverName: cast.server, logKey: cast.serverLog.publicKey, policy: Policy(),
                nonce: Cast.nonce(1), device: cast.providerDevice.publicKey
            ).signed(by: cast.providerDevice), start: start)
        for statement in providerStatements.prefix(3) { try service.say(statement) }
        let key: [(String, Value)] = [
            ("framework", .text("iso27017-2015")), ("controlId", .text("12.3.1")), ("itemKey", .text("main")),
        ]
        row = RecordID.natural(space: service.space, kind: "responsibility", key: key.map(\.1))
        var changes: [(String, SignedChange)] = []
        func write(
            _ name: String, in log: inout StoryLog, by device: SigningKey, nonce: UInt8, _ record: RecordID, _ kind: String,
            _ cells: [(CellKey, Value, [OpID])], key spaceKey: SpaceKey? = nil
        ) throws -> ChangeID {
            var random = FixedRandom(byte: nonce)
            let change = try ChangeAuthor(space: log.space, key: device, spaceKey: spaceKey).change(
                edits: [Edit(record: record, kind: kind, ops: cells.map { Op(cell: $0.0, predecessors: $0.2) })],
                values: cells.map(\.1.encoded),
                base: log.base, time: start + Int64(nonce), schema: 1, nonce: Cast.nonce(nonce), seed: Cast.nonce(nonce | 0x80),
                random: &random)
            try log.write(change)
            changes.append((name, change))
            return Change.id(device: device.publicKey, nonce: Cast.nonce(nonce))
        }
        func creating(_ rest: [(CellKey, Value)], extra: [(String, Value)] = []) -> [(CellKey, Value, [OpID])] {
            ([(.life, .bool(true))] + (key + extra).map { (CellKey($0.0), $0.1) } + rest).map { ($0.0, $0.1, []) }
        }
        let published = try write(
            "a row is published", in: &service, by: cast.providerDevice, nonce: 0x11, row, "responsibility",
            creating([
                (CellKey("allocation"), .text("provider")), (CellKey("providerStatement", "ja"), .text("毎日バックアップを取得する。")),
                (CellKey("customerAction", "en"), .text("None.")), (CellKey("foundStatuses", "implemented"), .bool(true)),
            ]))
        _ = try write(
            "a text is changed and another cleared", in: &service, by: cast.providerDevice, nonce: 0x12, row, "responsibility",
            [
                (CellKey("providerStatement", "ja"), .text("毎日バックアップを取得し、30日間保管する。"), [OpID(published, 5)]),
                (CellKey("customerAction", "en"), .null, [OpID(published, 6)]),
            ])
        self.service = service

        // The engagement, by invitation: both sides write positions.
        let offer = Invitation(
            service: service.space, organisation: cast.provider, serverName: cast.server, logKey: cast.serverLog.publicKey,
            policy: Policy(),
            key: cast.invitationKey.publicKey, expires: start + 30 * 86_400_000, device: cast.providerDevice.publicKey)
        invitation = offer.signed(by: cast.providerDevice)
        let genesis = Genesis(
            type: .engagement, parties: [provider, customer], serverName: cast.server, logKey: cast.serverLog.publicKey, policy: Policy(),
            nonce: Cast.nonce(2), device: cast.customerDevice.publicKey, service: service.space, invitation: invitation.bytes,
            invitationSignature: invitation.signature
        ).signed(by: cast.customerDevice)
        var engagement = try StoryLog(
            "engagement", genesis, acceptance: Genesis.acceptance(of: genesis.bytes, with: cast.invitationKey), start: start)
        for statement in providerStatements.prefix(2) { try engagement.say(statement) }
        for statement in customerStatements { try engagement.say(statement) }
        let kind = "responsibility-position"
        providerPosition = RecordID.natural(space: engagement.space, kind: kind, key: key.map(\.1) + [.text("provider")])
        customerPosition = RecordID.natural(space: engagement.space, kind: kind, key: key.map(\.1) + [.text("customer")])
        let proposed = try write(
            "a customer proposes", in: &engagement, by: cast.customerDevice, nonce: 0x13, customerPosition, kind,
            creating([(CellKey("allocation"), .text("shared"))], extra: [("side", .text("customer"))]))
        _ = try write(
            "the customer withdraws its position", in: &engagement, by: cast.customerDevice, nonce: 0x14, customerPosition, kind,
            [(.life, .bool(false), (0...5).map { OpID(proposed, $0) })])
        let own = StatementAuthor(organisation: cast.provider, key: cast.providerDevice)
        for act in [
            Statement.Act.restrict(device: cast.providerDevice.publicKey, .all),
            .grantReader(OrganisationID(high: 7, low: 7), expires: start + 86_400_000),
            .endReader(OrganisationID(high: 7, low: 7)), .policy(leastSchema: 2), .erase([ErasedOps(proposed, [0, 5])]), .endService,
        ] {
            try engagement.say(
                own.sign(act, after: engagement.rights.head(ofOwnChain: cast.provider), about: engagement.space, time: start + 900))
        }
        try engagement.say(server: ServerStatement(space: engagement.space, act: .key(cast.nextLog.publicKey)).signed(by: cast.serverLog))
        self.engagement = engagement
        words = AgreementWords(
            document: SHA.digest(Array("{}".utf8)), organisation: cast.customer, name: "山田 花子", title: "情報セキュリティ責任者",
            views: [service.space: service.base, engagement.space: engagement.base])

        // The drafts: sealed, begun without a server, moved to one later.
        let spaceKey = SpaceKey(epoch: 1, key: Cast.digest(0x51))
        self.spaceKey = spaceKey
        var draft = try StoryLog(
            "draft",
            Genesis(
                type: .private, parties: [provider], serverName: nil, logKey: cast.ownLog.publicKey,
                policy: Policy(isSealed: true), nonce: Cast.nonce(3), device: cast.providerDevice.publicKey
            ).signed(by: cast.providerDevice), start: start)
        for statement in providerStatements.prefix(2) { try draft.say(statement) }
        let wrapped = WrappedKey(
            device: cast.providerDevice.publicKey, encapsulated: Hexadecimal.bytes(Self.wrapped.enc) ?? [],
            ciphertext: Hexadecimal.bytes(Self.wrapped.ciphertext) ?? [])
        try draft.say(own.sign(.spaceKey(epoch: 1, [wrapped]), after: .start, about: draft.space, time: start + 901))
        let drafted = try write(
            "a sealed draft", in: &draft, by: cast.providerDevice, nonce: 0x15,
            RecordID.natural(space: draft.space, kind: "cloud-service", key: []), "cloud-service",
            [
                (.life, .bool(true), []), (CellKey("deploymentModel"), .text("public"), []),
                (CellKey("name", "en"), .text("Example Cloud"), []),
            ], key: spaceKey)
        _ = try write(
            "a sealed draft goes on", in: &draft, by: cast.providerDevice, nonce: 0x16,
            RecordID.natural(space: draft.space, kind: "cloud-service", key: []), "cloud-service",
            [(CellKey("deploymentModel"), .text("community"), [OpID(drafted, 1)])], key: spaceKey)
        try draft.say(
            server: ServerStatement(space: draft.space, act: .move(serverName: cast.server, logKey: cast.serverLog.publicKey)).signed(
                by: cast.ownLog))
        self.draft = draft
        self.changes = changes
    }
}
