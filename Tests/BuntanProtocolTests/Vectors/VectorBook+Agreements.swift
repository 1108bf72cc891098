import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records

/// What parties sign (section 15): a release, a document over its rows and positions, a signature.
extension VectorBook {
    func agreements() throws -> VectorFile {
        let records = try agreedRecords()
        let release = CanonicalJSON.list(
            records.filter { $0.covered.space == story.service.space }.map {
                .list([.hex($0.covered.record), .text($0.covered.kind), .hex($0.digest)])
            }
        ).encoded()
        let excepted = RowKey(framework: "iso27017-2015", controlId: "12.1.2")
        let whole = document(release: SHA.digest(release), records, keys: nil, except: [], from: nil, to: nil)
        let part = document(
            release: SHA.digest(release), records, keys: [["iso27017-2015", "12."]],
            except: [
                excepted.responsibility(in: story.service.space), excepted.position(of: .provider, in: story.engagement.space),
                excepted.position(of: .customer, in: story.engagement.space),
            ],
            from: CalendarDate(year: 2026, month: 4, day: 1), to: CalendarDate(year: 2027, month: 3, day: 31))
        func printed(_ name: String, _ bytes: [UInt8]) -> JSONText {
            .members([("name", .text(name)), ("text", .text(String(decoding: bytes, as: UTF8.self))), ("digest", .hex(SHA.digest(bytes)))])
        }
        return VectorFile(
            "agreements", "A release, documents over it, and a party's signature under a document.",
            [
                ("releases", .list([printed("the rows of the service", release)])),
                (
                    "documents",
                    .list([
                        printed("the whole matrix, without bounds", whole.encoded()),
                        printed("one clause, an exception, a year", part.encoded()),
                    ])
                ),
                ("signatures", .list([signature(under: Array("{}".utf8)), signature(under: part.encoded())])),
            ])
    }

    /// The row as the service's log leaves it, and a position of either side on it.
    private func agreedRecords() throws -> [SettledRecord] {
        let (service, engagement) = (story.service.space, story.engagement.space)
        let row = RowKey(framework: "iso27017-2015", controlId: "12.3.1")
        func settled(_ cells: [(CellKey, Value)], _ kind: String, _ record: RecordID, _ space: SpaceID) throws -> SettledRecord {
            let all = [(.life, .bool(true))] + row.fields.map { (CellKey($0.field), $0.value) } + cells
            let state = RecordState(
                kind: kind, creator: cast.provider,
                cells: all.sorted { $0.0 < $1.0 }.map { key, value in
                    Cell(
                        key: key, heads: [Head(op: OpID(ChangeID(high: 1, low: 1), 0), position: 4, author: 1, value: value.encoded)])
                })
            return try SettledRecord(state, record: record, space: space, schema: .current, publication: .none)
        }
        func position(_ side: Side, _ cells: [(CellKey, Value)]) throws -> SettledRecord {
            try settled(
                [(CellKey("side"), .text(side.name))] + cells, "responsibility-position", row.position(of: side, in: engagement), engagement
            )
        }
        let published = try settled(
            [
                (CellKey("allocation"), .text("shared")), (CellKey("providerStatement", "ja"), .text("毎日バックアップを取得し、30日間保管する。")),
                (CellKey("customerAction", "en"), .null), (CellKey("foundStatuses", "implemented"), .bool(true)),
                (CellKey("foundStatuses", "planned"), .bool(false)),
            ], "responsibility", row.responsibility(in: service), service)
        let accepts = AcceptsDigest.digest(row: published.digest, providerPosition: nil)
        return [
            published, try position(.provider, [(CellKey("allocation"), .text("shared"))]),
            try position(
                .customer,
                [
                    (CellKey("allocation"), .text("shared")), (CellKey("accepts"), .fixed(accepts)),
                    (CellKey("customerStatement", "en"), .text("We keep \"a copy\"\nin 東京.")),
                ]),
        ]
    }

    private func document(
        release: Digest, _ records: [SettledRecord], keys: [[String]]?, except: Set<RecordID>, from: CalendarDate?, to: CalendarDate?
    ) -> AgreementDocument {
        AgreementDocument(
            agreement: .timeOrdered(millis: cast.start, random: Cast.nonce(0x81)), engagement: story.engagement.space,
            service: story.service.space, provider: cast.provider, customer: cast.customer,
            release: .init(record: .timeOrdered(millis: cast.start, random: Cast.nonce(0x82)), digest: release),
            validFrom: from, validTo: to, terms: .init(timeZone: "Asia/Tokyo"),
            scope: ScopePart.matrix(service: story.service.space, engagement: story.engagement.space, keys: keys), except: except,
            records: records)
    }

    private func signature(under document: [UInt8]) -> JSONText {
        let words = AgreementWords(
            document: SHA.digest(document), organisation: story.words.organisation, name: story.words.name, title: story.words.title,
            views: story.words.views)
        return .members([
            ("document", .text(String(decoding: document, as: UTF8.self))), ("documentDigest", .hex(words.document)),
            ("organisation", .hex(words.organisation)), ("name", .text(words.name)), ("title", .text(words.title)),
            (
                "views",
                .list(
                    words.views.sorted { $0.key < $1.key }.map { space, base in
                        .members([
                            ("space", .hex(space)), ("epoch", .number(base.epoch)), ("size", .number(base.size)), ("root", .hex(base.root)),
                        ])
                    })
            ), ("hex", .hex(words.encoded())), ("label", .text("agreement")), ("key", .hex(cast.customerDevice.publicKey)),
            ("signature", .hex(words.signed(by: cast.customerDevice))),
        ])
    }
}
