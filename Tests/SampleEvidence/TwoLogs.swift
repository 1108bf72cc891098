import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import TestKit

/// A log as its keeper could make it, honest or not: whatever is appended stands there.
struct TestLog {
    let space: SpaceID
    let key: SigningKey
    private(set) var entries: [(bytes: [UInt8], payload: [UInt8]?)] = []
    private var leaves: [Digest] = []
    private var frontier = LogFrontier()

    init(genesis: Entry, key: SigningKey) {
        space = Genesis.space(of: genesis.content)
        self.key = key
        append(genesis)
    }

    var base: Base { Base(epoch: 0, size: entries.count, root: frontier.root) }
    var origin: String { Checkpoint.origin(server: "sync.example", space: space, epoch: 0) }
    var note: String { Checkpoint(origin: origin, size: entries.count, root: frontier.root).signed(by: key) }

    @discardableResult
    mutating func append(_ entry: Entry, payload: [UInt8]? = nil) -> Int {
        let bytes = entry.encoded()
        entries.append((bytes, payload))
        leaves.append(Entry.leafHash(of: bytes))
        frontier.append(Entry.leafHash(of: bytes))
        return entries.count - 1
    }

    mutating func append(_ statement: SignedBytes, received: Int64 = 1) {
        append(Entry(kind: .statement, received: received, content: statement.bytes, signature: statement.signature))
    }

    /// A change that makes one record.
    @discardableResult
    mutating func make(_ record: RecordID, _ kind: String, _ cells: [CellKey: Value], by key: SigningKey, received: Int64) throws -> Int {
        var random = SeededRandom(seed: UInt64(entries.count))
        var all = cells
        all[.life] = .bool(true)
        let sorted = all.sorted { $0.key < $1.key }
        let edit = Edit(record: record, kind: kind, ops: sorted.map { Op(cell: $0.key, predecessors: []) })
        let signed = try ChangeAuthor(space: space, key: key).change(
            edits: [edit], values: sorted.map(\.value.encoded), base: base, time: received, schema: 1, random: &random)
        return append(
            Entry(kind: .change, received: received, content: signed.bytes, signature: signed.signature), payload: signed.payload)
    }

    /// Entries with their proofs, under a checkpoint over all there is.
    func excerpt(_ positions: [Int], sizes: [Int]) throws -> LogExcerpt {
        let tiles = Dictionary(try LogTiles.appending(leaves, toLogOf: 0) { _ in nil }) { first, _ in first }
        return LogExcerpt(
            note: note,
            entries: try positions.map { position in
                LogExcerpt.Held(
                    position: position, bytes: entries[position].bytes, payload: entries[position].payload,
                    proof: try LogTiles.inclusionProof(position: position, size: entries.count) { tiles[$0] })
            },
            consistency: Dictionary(
                try sizes.filter { $0 < entries.count }.map {
                    ($0, try LogTiles.consistencyProof(from: $0, to: entries.count) { tiles[$0] })
                }
            ) { first, _ in first })
    }
}

/// An agreement that both parties have signed, in two logs made for a test, with a hook before each step.
struct TwoLogs {
    struct Plan {
        /// The device that signs the invitation, given the customer: one of the provider's, if it is to count.
        var inviter: (FoundedOrganisation) -> SigningKey? = { _ in nil }
        /// Changes the document before it is signed.
        var document: (AgreementDocument) -> AgreementDocument = { $0 }
        /// The release's document, and the digest that the agreement names.
        var manifest: ([(RecordID, Digest)]) -> [(RecordID, Digest)] = { $0 }
        var named: (Digest) -> Digest = { $0 }
        /// Changes the customer's signature before it is written.
        var signature: (PartySignature, TwoLogs) -> PartySignature = { signature, _ in signature }
        /// The customer's signing device, if it is another than the one that writes.
        var signer: (TwoLogs) -> SigningKey = { $0.customer.device.signing }
        /// Who writes the customer's signature into the log.
        var writer: (TwoLogs) -> SigningKey = { $0.customer.device.signing }
        /// Changes the provider's signature before it is written; `nil` where it writes none.
        var ours: (PartySignature) -> PartySignature? = { $0 }
        /// What happens in the engagement's log before and after the signatures.
        var before: (inout TwoLogs) throws -> Void = { _ in }
        var after: (inout TwoLogs) throws -> Void = { _ in }
    }

    let provider: FoundedOrganisation
    let customer: FoundedOrganisation
    /// The customer's other device, enrolled only where a test says so.
    let other: DeviceKeys
    var customerChain: OrganisationChain
    let logKey: SigningKey
    var service: TestLog
    var engagement: TestLog
    private(set) var document: AgreementDocument
    private(set) var words: [Int] = []
    private(set) var release = 0
    private(set) var views: [SpaceID: Base] = [:]

    /// The row that is covered, under the id that its key gives in the service's space.
    let row: RecordID
    static let day = CalendarDate(canonical: "2026-12-15")

    init(_ plan: Plan = Plan()) throws {
        var random = SeededRandom(seed: 7)
        provider = try FoundedOrganisation(label: "office", time: 1, random: &random)
        customer = try FoundedOrganisation(label: "desk", time: 1, random: &random)
        other = DeviceKeys(random: &random)
        customerChain = customer.chain
        logKey = SigningKey(seed: random.seed())
        let founded = try Self.genesis(provider, customer, inviter: plan.inviter(customer) ?? provider.device.signing, logKey, &random)
        service = founded.service
        engagement = founded.engagement
        for statement in provider.statements {
            service.append(statement)
            engagement.append(statement)
        }
        for statement in customer.statements { engagement.append(statement) }

        let key: [(String, Value)] = [("framework", .text("f")), ("controlId", .text("A-1")), ("itemKey", .text("main"))]
        let own = key + [("side", .text("customer"))]
        row = .natural(space: service.space, kind: "responsibility", key: key.map(\.1))
        let position = RecordID.natural(space: engagement.space, kind: "responsibility-position", key: own.map(\.1))
        let covered = [
            Self.covered(row, service.space, "responsibility", key + [("allocation", .text("shared"))]),
            Self.covered(
                position, engagement.space, "responsibility-position",
                own + [("allocation", .text("shared")), ("accepts", .bytes([UInt8](repeating: 9, count: 32)))]),
        ]
        let settled = try covered.map { try Self.settled($0) }
        let manifest = plan.manifest([(row, covered[0].digest)])
        let text = String(
            decoding: CanonicalJSON.list(manifest.map { .list([.hex($0), .text("responsibility"), .hex($1)]) }).encoded(), as: UTF8.self)
        let releaseID = RecordID.timeOrdered(millis: 2, random: Nonce(high: 3, low: 4))
        release = try service.make(
            releaseID, "release", [CellKey("label"): .text("2026.1"), CellKey("document"): .text(text)], by: provider.device.signing,
            received: 10)
        document = plan.document(
            AgreementDocument(
                agreement: RecordID.timeOrdered(millis: 3, random: Nonce(high: 5, low: 6)), engagement: engagement.space,
                service: service.space, provider: provider.organisation, customer: customer.organisation,
                release: .init(record: releaseID, digest: plan.named(SHA.digest(Array(text.utf8)))),
                validFrom: CalendarDate(canonical: "2026-12-01"), validTo: CalendarDate(canonical: "2027-11-30"),
                terms: .init(timeZone: "Asia/Tokyo"), scope: ScopePart.matrix(service: service.space, engagement: engagement.space),
                except: [], records: settled))
        try plan.before(&self)
        views = [service.space: service.base, engagement.space: engagement.base]
        let digest = SHA.digest(document.encoded())
        let theirs = plan.signature(
            sign(digest, customer.organisation, "Hanako Yamada", plan.signer(self), number: 1), self)
        words.append(
            try engagement.make(theirs.record, PartySignature.kind, theirs.cells, by: plan.writer(self), received: 100))
        if let ours = plan.ours(sign(digest, provider.organisation, "Ichiro Sato", provider.device.signing, number: 2)) {
            words.append(
                try engagement.make(ours.record, PartySignature.kind, ours.cells, by: provider.device.signing, received: 200))
        }
        try plan.after(&self)
        // Something follows, so that views and checkpoint differ.
        try service.make(
            RecordID.timeOrdered(millis: 9, random: Nonce(high: 9, low: 9)), "release-withdrawal", [CellKey("release"): .id(releaseID)],
            by: provider.device.signing, received: 300)
    }

    func sign(_ digest: Digest, _ organisation: OrganisationID, _ name: String, _ key: SigningKey, number: UInt64) -> PartySignature {
        PartySignature(
            record: RecordID.timeOrdered(millis: 4, random: Nonce(high: number, low: number)), of: document, digest: digest,
            organisation: organisation, name: name, title: "Manager", views: views, key: key)
    }

    /// The provider's next word about itself.
    func providerWord(_ act: Statement.Act) -> SignedBytes {
        StatementAuthor(organisation: provider.organisation, key: provider.root).sign(act, after: provider.chain.head, time: 50)
    }

    /// A word of the customer about itself, in the engagement's log.
    mutating func customerSays(_ act: Statement.Act) throws {
        let statement = StatementAuthor(organisation: customer.organisation, key: customer.root).sign(
            act, after: customerChain.head, time: 50)
        try customerChain.append(statement)
        engagement.append(statement, received: 50)
    }

    mutating func enrolOther(_ capabilities: Capabilities) throws {
        try customerSays(.enrolling(other, in: customer.organisation, capabilities: capabilities, label: "laptop"))
    }

    func evidence() throws -> Evidence {
        let statements = engagement.entries.indices.filter { engagement.entries[$0].payload == nil }
        let bytes = document.encoded()
        let served = service.entries.indices.filter { service.entries[$0].payload == nil } + [release]
        return Evidence(
            agreement: document.agreement, engagement: engagement.space, service: service.space, digest: SHA.digest(bytes), document: bytes,
            engagementLog: try engagement.excerpt((statements + words + ends).sorted(), sizes: [views[engagement.space]?.size ?? 0]),
            serviceLog: try service.excerpt(served.sorted(), sizes: [views[service.space]?.size ?? 0]))
    }

    /// Ends that stand behind the signatures.
    var ends: [Int] = []

    func report(trusted: Set<OrganisationID>? = nil, on day: CalendarDate? = nil) throws -> EvidenceReport {
        try Self.report(evidence(), trusted: trusted ?? [provider.organisation, customer.organisation], on: day)
    }

    static func report(_ evidence: Evidence, trusted: Set<OrganisationID> = [], on day: CalendarDate? = nil) throws -> EvidenceReport {
        guard let day = day ?? Self.day else { preconditionFailure("the calendar has that day") }
        return EvidenceCheck.report(on: evidence, trusted: trusted) { _ in day }
    }

    // MARK: parts

    private static func genesis(
        _ provider: FoundedOrganisation, _ customer: FoundedOrganisation, inviter: SigningKey, _ logKey: SigningKey,
        _ random: inout SeededRandom
    ) throws -> (service: TestLog, engagement: TestLog) {
        let own = Genesis(
            type: .service, parties: [Party(side: .provider, organisation: provider.organisation, rootKey: provider.root.publicKey)],
            serverName: "sync.example", logKey: logKey.publicKey, policy: Policy(), nonce: random.nonce(), device: provider.device.device
        ).signed(by: provider.device.signing)
        let service = TestLog(genesis: Entry(kind: .genesis, received: 1, content: own.bytes, signature: own.signature), key: logKey)
        let invited = Invitation.key(of: random.nonce())
        let invitation = Invitation(
            service: service.space, organisation: provider.organisation, serverName: "sync.example", logKey: logKey.publicKey,
            policy: Policy(), key: invited.publicKey, expires: 9_000, device: inviter.publicKey
        ).signed(by: inviter)
        let genesis = Genesis(
            type: .engagement,
            parties: [
                Party(side: .provider, organisation: provider.organisation, rootKey: provider.root.publicKey),
                Party(side: .customer, organisation: customer.organisation, rootKey: customer.root.publicKey),
            ], serverName: "sync.example", logKey: logKey.publicKey, policy: Policy(), nonce: random.nonce(),
            device: customer.device.device, service: service.space, invitation: invitation.bytes, invitationSignature: invitation.signature
        ).signed(by: customer.device.signing)
        let entry = Entry(
            kind: .genesis, received: 2, content: genesis.bytes, signature: genesis.signature,
            proof: Genesis.acceptance(of: genesis.bytes, with: invited).bytes)
        return (service, TestLog(genesis: entry, key: logKey))
    }

    static func covered(_ record: RecordID, _ space: SpaceID, _ kind: String, _ cells: [(String, Value)]) -> CoveredRecord {
        CoveredRecord(
            space: space, record: record, kind: kind,
            cells: cells.map { CoveredCell(key: CellKey($0.0), value: $0.1.encoded) }.sorted { $0.key < $1.key })
    }

    /// The settled record that a covered one is of.
    static func settled(_ covered: CoveredRecord) throws -> SettledRecord {
        try SettledRecord(state(covered), record: covered.record, space: covered.space, schema: .current, publication: .none)
    }

    static func state(_ covered: CoveredRecord) -> RecordState {
        var state = RecordState(kind: covered.kind, creator: OrganisationID(high: 1, low: 1))
        let cells = [CoveredCell(key: .life, value: .true)] + covered.cells
        state.apply(
            Edit(record: covered.record, kind: covered.kind, ops: cells.map { Op(cell: $0.key, predecessors: []) }), firstOp: 0,
            values: { cells[$0].value }, context: OpContext(change: ChangeID(high: 1, low: 1), position: 5, author: 1, baseSize: 5))
        return state
    }
}
