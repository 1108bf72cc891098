import BuntanProtocol
import ChangeLog
import Merging
import Records

extension VectorBook {
    var values: VectorFile {
        let all: [(String, Value)] = [
            ("empty", .null), ("true", .bool(true)), ("false", .bool(false)), ("zero", .int(0)), ("the largest integer", .int(1 << 53 - 1)),
            ("the smallest integer", .int(-(1 << 53) + 1)), ("no text", .text("")), ("a text", .text("責任分担")),
            ("a text that is not composed", .text("か\u{3099}")), ("an id", .id(story.row)), ("a digest", .fixed(SHA.empty)),
            ("the longest byte string", .bytes([UInt8](repeating: 0xff, count: 64))),
        ]
        let cells = [
            CellKey("allocation"), CellKey("@life"), CellKey("providerStatement", "ja"), CellKey("providerStatement", "en"),
            CellKey("foundStatuses", "implemented"), CellKey("responsible", .record(story.row)), CellKey("responsible"),
            CellKey("responsible", "z"), CellKey("responsible", "aa"), CellKey("a"), CellKey("b"),
        ].sorted()
        let seed = Cast.nonce(0x61)
        let payloads: [JSONText] = (1...all.count).map { count in
            let values = all.prefix(count).map(\.1.encoded)
            let payload = Payload.whole(seed: seed, values: values)
            return .members([
                ("count", .number(count)), ("hex", .hex(payload.encoded())), ("valuesRoot", .hex(ValuesRoot.root(of: payload))),
            ])
        }
        let whole = Payload.whole(seed: seed, values: all.map(\.1.encoded))
        let erased = ValuesRoot.erasing([0, 7], from: whole)
        return VectorFile(
            "values", "Values, cells in their order, salts, commitments and the roots over them.",
            [
                ("values", .list(all.map { layout($0.0, "value", Array($0.1.encoded.bytes)) })),
                (
                    "cellsInOrder",
                    .list(
                        cells.map { cell in
                            layout(
                                "\(cell.field)", "cell",
                                CBORWriter.encode {
                                    $0.array(2)
                                    cell.write(to: &$0)
                                })
                        })
                ),
                (
                    "commitments",
                    .members([
                        ("seed", .hex(seed)),
                        ("salts", .list(all.indices.map { .hex(ValuesRoot.salt(seed: seed, index: $0)) })),
                        ("commitments", .list(ValuesRoot.commitments(of: whole).map { .hex($0) })),
                    ])
                ),
                ("payloads", .list(payloads)),
                (
                    "erased",
                    .members([
                        ("indices", .list([.number(0), .number(7)])), ("hex", .hex(erased.encoded())),
                        ("valuesRoot", .hex(ValuesRoot.root(of: erased))),
                    ])
                ),
            ])
    }

    var changes: VectorFile {
        VectorFile(
            "changes", "Changes as they travel: signed bytes, signature, payload. Sealed ones with the space key that opens them.",
            [
                (
                    "changes",
                    .list(
                        story.changes.map { name, change in
                            let decoded = try? Change(decoding: change.bytes)
                            let device = decoded?.device ?? PublicKey(word0: 0, word1: 0, word2: 0, word3: 0)
                            var facts: [(String, JSONText)] = [
                                ("label", .text("change")), ("key", .hex(device)), ("signer", .text(cast.name(of: device))),
                                ("signature", .hex(change.signature)), ("payload", .hex(change.payload)),
                                ("cid", .hex(decoded?.id ?? ChangeID(high: 0, low: 0))),
                            ]
                            if let decoded, case .sealed = decoded.content,
                                let (edits, payload) = try? SealedSpace.open(decoded, payload: change.payload, key: story.spaceKey)
                            {
                                facts += [
                                    ("spaceKey", .hex(Cast.digest(0x51))), ("openedEdits", .hex(EditList.encoded(edits))),
                                    ("openedPayload", .hex(payload.encoded())),
                                ]
                            }
                            return layout(name, "change", change.bytes, facts)
                        })
                )
            ])
    }

    var statements: VectorFile {
        func chain(_ name: String, _ statements: [SignedBytes]) -> JSONText {
            .members([
                ("organisation", .text(name)),
                (
                    "statements",
                    .list(
                        statements.map { statement in
                            let decoded = try? Statement(decoding: statement.bytes)
                            return signed(
                                "statement \(decoded?.number ?? 0), type \(decoded?.act.number ?? 0)", "statement-word", statement,
                                "statement",
                                by: decoded?.signer ?? cast.providerRoot.publicKey)
                        })
                ),
            ])
        }
        func own(_ log: StoryLog) -> [SignedBytes] {
            log.entries.compactMap { entry in
                guard let entry = try? Entry(decoding: entry.entry), entry.kind == .statement, let signature = entry.signature,
                    let statement = try? Statement(decoding: entry.content), statement.space != nil
                else { return nil }
                return SignedBytes(bytes: entry.content, signature: signature)
            }
        }
        return VectorFile(
            "statements", "Chains of statements: of organisations about themselves, and about one space.",
            [
                (
                    "chains",
                    .list([
                        chain("provider", story.providerStatements), chain("customer", story.customerStatements),
                        chain("provider", own(story.engagement)), chain("provider", own(story.draft)),
                    ])
                ),
                (
                    "wrappedKey",
                    .members([
                        ("space", .hex(story.draft.space)), ("keyEpoch", .number(1)), ("spaceKey", .hex(Cast.digest(0x51))),
                        ("x25519", .hex(cast.providerSealing.seed)),
                        ("enc", .hex(story.draft.rights.wrappedKey(for: cast.providerDevice.publicKey, epoch: 1)?.encapsulated ?? [])),
                        ("ciphertext", .hex(story.draft.rights.wrappedKey(for: cast.providerDevice.publicKey, epoch: 1)?.ciphertext ?? [])),
                    ])
                ),
            ])
    }

    func spaces() throws -> VectorFile {
        func log(_ log: StoryLog, _ key: SigningKey) throws -> JSONText {
            let last = log.entries.count - 1
            var members: [(String, JSONText)] = [
                ("name", .text(log.name)), ("space", .hex(log.space)),
                ("genesis", signed("genesis", "genesis", log.genesis, "genesis", by: log.rights.founder)),
            ]
            if let acceptance = log.acceptance {
                members += [
                    (
                        "acceptance",
                        signed(
                            "acceptance", "genesis", SignedBytes(bytes: log.genesis.bytes, signature: acceptance), "accept",
                            by: cast.invitationKey.publicKey)
                    )
                ]
            }
            members += [
                (
                    "entries",
                    .list(
                        log.entries.enumerated().map { position, entry in
                            layout(
                                "entry \(position)", "entry", entry.entry,
                                [
                                    ("payload", entry.payload.map { .hex($0) } ?? .null),
                                    ("leafHash", .hex(Entry.leafHash(of: entry.entry))),
                                    ("rootAfter", .hex(log.roots[position])),
                                ])
                        })
                ),
                ("origin", .text(log.rights.origin)), ("logKey", .hex(log.rights.logKey)), ("checkpoint", .text(log.note(key))),
                (
                    "inclusion",
                    .list(
                        try [0, last / 2, last].map { position in
                            let proof = try log.proof(of: position)
                            return .members([
                                ("position", .number(position)), ("hashes", .list(proof.map { .hex($0) })),
                                ("tlogProof", .text(LogEvidence(position: position, proof: proof, note: log.note(key)).text)),
                            ])
                        })
                ),
                (
                    "consistency",
                    .list(
                        try [1, 3, 4, last, last + 1].map { size in
                            .members([("from", .number(size)), ("hashes", .list(try log.consistency(from: size).map { .hex($0) }))])
                        })
                ),
            ]
            return .members(members)
        }
        let old = story.engagement
        let salvaged = Entry(
            kind: .salvaged, received: cast.start + 99_000, content: old.entries[4].entry, signature: nil,
            proof: CBORWriter.encode { w in
                w.array(4)
                w.int(4)
                w.int(old.entries.count)
                w.list((try? old.proof(of: 4)) ?? []) { $0.fixed($1) }
                w.text(old.note(cast.nextLog))
            })
        return VectorFile(
            "spaces", "Three logs from their genesis on: a service, an engagement, and drafts that begin without a server and move to one.",
            [
                ("emptyRoot", .hex(SHA.empty)),
                ("invitation", signed("invitation", "invitation-offer", story.invitation, "invitation", by: cast.providerDevice.publicKey)),
                (
                    "logs",
                    .list([
                        try log(story.service, cast.serverLog), try log(story.engagement, cast.nextLog),
                        try log(story.draft, cast.serverLog),
                    ])
                ),
                ("salvaged", layout("an entry taken over after a loss", "entry", salvaged.encoded())),
                (
                    "epochStatement",
                    signed(
                        "an epoch ends", "server-statement",
                        ServerStatement(space: old.space, act: .epoch(ended: 0, lastGoodSize: 4, root: old.roots[3])).signed(
                            by: cast.serverLog),
                        "server", by: cast.serverLog.publicKey)
                ),
            ])
    }

    var codes: VectorFile {
        let device = HandedCode.deviceRequest(
            device: cast.laptop.publicKey, sealingKey: cast.laptopSealing.publicKey,
            proof: cast.laptopKeys.enrolmentProof(for: cast.provider),
            label: "ノート")
        let all: [(String, HandedCode, [(String, JSONText)])] = [
            (
                "invitation", .invitation(seed: cast.invitationSeed, organisation: cast.provider, server: cast.server),
                [
                    ("seed", .hex(cast.invitationSeed)), ("organisation", .hex(cast.provider)), ("server", .text(cast.server)),
                    ("keySeed", .hex(Invitation.keySeed(of: cast.invitationSeed))), ("publicKey", .hex(cast.invitationKey.publicKey)),
                    ("invitationId", .hex(Invitation.id(of: cast.invitationKey.publicKey))),
                ]
            ),
            (
                "device request", device,
                [
                    ("device", .hex(cast.laptop.publicKey)), ("sealingKey", .hex(cast.laptopSealing.publicKey)),
                    ("organisation", .hex(cast.provider)), ("proof", .hex(cast.laptopKeys.enrolmentProof(for: cast.provider))),
                    ("label", .text("ノート")),
                ]
            ),
            (
                "organisation", .organisation(cast.provider, server: cast.server),
                [("organisation", .hex(cast.provider)), ("server", .text(cast.server))]
            ),
            ("admission", .admission(Cast.nonce(0x71)), [("nonce", .hex(Cast.nonce(0x71)))]),
        ]
        let good = all[0].1.text
        let slipped = "b" + good.dropFirst()
        return VectorFile(
            "codes", "Codes that people hand over, told apart by their length, and the recovery code.",
            [
                ("codes", .list(all.map { name, code, facts in .members([("name", .text(name)), ("text", .text(code.text))] + facts) })),
                (
                    "recovery",
                    .members([
                        ("seed", .hex(Cast.nonce(0x41))), ("text", .text(cast.recovery.text)), ("keySeed", .hex(cast.recovery.key.seed)),
                        ("publicKey", .hex(cast.recovery.key.publicKey)),
                    ])
                ),
                (
                    "invalid",
                    .list([
                        .members([("text", .text(slipped)), ("reason", .text("mistyped"))]),
                        .members([("text", .text(String(good.prefix { $0 != "@" }))), ("reason", .text("mistyped"))]),
                        .members([("text", .text(device.text + "@" + cast.server)), ("reason", .text("mistyped"))]),
                        .members([("text", .text("hello, world")), ("reason", .text("notACode"))]),
                    ])
                ),
            ])
    }

    var states: VectorFile {
        var row: RecordState?
        for (_, change) in story.changes.prefix(2) { row = folded(change, into: row, creator: cast.provider, enrolled: 1) }
        var position: RecordState?
        for (_, change) in story.changes[2...2] { position = folded(change, into: position, creator: cast.customer, enrolled: 3) }
        let conflicted = RecordState(
            kind: "responsibility", creator: cast.provider, seam: 9,
            cells: [
                Cell(key: .life, heads: [head(1, 0, position: 4, .bool(true))]),
                Cell(
                    key: CellKey("allocation"),
                    heads: [
                        head(1, 1, position: 4, .text("shared")), head(2, 0, position: 9, .text("customer")),
                        head(3, 0, position: nil, .null),
                    ]),
                Cell(key: CellKey("lastReviewedOn"), heads: [head(1, 2, position: 4, nil)]),
            ])
        func covered(_ name: String, _ state: RecordState?, _ record: RecordID, _ space: SpaceID) -> (JSONText, Digest?) {
            let covered = state.flatMap { CoveredRecord($0, record: record, space: space) }
            return (
                .members([
                    ("name", .text(name)), ("space", .hex(space)), ("record", .hex(record)), ("state", .hex(state?.encoded() ?? [])),
                    ("stateHash", .hex(state?.hash ?? SHA.empty)), ("bucket", .number(Int(SHA.digest(record.bytes).word0 >> 54))),
                    ("covered", covered.map { .hex($0.digest) } ?? .null),
                ]), covered?.digest
            )
        }
        let (rowText, rowDigest) = covered("the row", row, story.row, story.service.space)
        let (positionText, positionDigest) = covered("the customer's position", position, story.customerPosition, story.engagement.space)
        let (conflictText, _) = covered("a record in conflict, with an erased value and a seam", conflicted, story.row, story.service.space)
        func accepts(_ row: Digest?, _ position: Digest?) -> JSONText {
            .members([
                ("row", row.map { .hex($0) } ?? .null), ("providerPosition", position.map { .hex($0) } ?? .null),
                ("accepts", .hex(AcceptsDigest.digest(row: row, providerPosition: position))),
            ])
        }
        return VectorFile(
            "states", "Records as their ops leave them, what an agreement covers of them, and what a customer has read.",
            [
                ("records", .list([rowText, positionText, conflictText])),
                ("accepts", .list([accepts(nil, nil), accepts(rowDigest, nil), accepts(rowDigest, positionDigest)])),
            ])
    }

    private func head(_ change: UInt8, _ index: Int, position: Int?, _ value: Value?) -> Head {
        Head(
            op: OpID(ChangeID(high: UInt64(change), low: 0), index), position: position, author: Int(change) % 2 + 1,
            value: value?.encoded)
    }

    /// Where the change stands does not matter to the vectors as long as it is said: at its base's size.
    private func folded(_ change: SignedChange, into state: RecordState?, creator: OrganisationID, enrolled: Int) -> RecordState? {
        guard let checked = try? ChangeCheck.check(change), let edit = checked.change.edits?.first, let payload = checked.payload else {
            return state
        }
        var result = state ?? RecordState(kind: edit.kind, creator: creator)
        result.apply(
            edit, firstOp: 0, values: { payload[$0] },
            context: OpContext(
                change: checked.change.id, position: checked.change.base.size, author: enrolled, baseSize: checked.change.base.size))
        return result
    }
}
