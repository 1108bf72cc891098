/// Every limit on what arrives, named once here and in PROTOCOL.md section 9.
package enum Limits {
    /// A change's signed bytes and payload together, unless it holds a document.
    package static let changeBytes = 256 * 1024
    package static let opsPerChange = 500
    package static let valueBytes = 64 * 1024
    /// A `document`, the one large value its change may hold.
    package static let documentBytes = 4 * 1024 * 1024
    package static let predecessors = 64
    package static let lifePredecessors = 2_000
    package static let headsPerCell = 32
    package static let cellsPerRecord = 1_000
    package static let headsPerRecord = 2_000
    package static let changesPerPush = 1_000
    package static let pushBytes = 4 * 1024 * 1024
    package static let pageBytes = 4 * 1024 * 1024
    package static let decompressionRatio = 20
    /// Kind, field and element names: printable ASCII.
    package static let nameBytes = 64
    package static let valueByteString = 64
    /// Arrays and maps inside one another.
    package static let nesting = 8
    package static let entriesPerPage = pageBytes / 16
    package static let statementsPerRequest = 1_000
    /// Statements that lead to a revocation, in one error.
    package static let leadingStatements = 64
    package static let statementBytes = 64 * 1024
    package static let invitationBytes = 4 * 1024
    package static let invitationsPerList = 10_000
    package static let genesisBytes = 16 * 1024
    package static let serverNameBytes = 255
    package static let labelBytes = 256
    /// What names a legal order.
    package static let referenceBytes = 256
    package static let wrappedKeysPerStatement = 500
    package static let spacesPerList = 100_000
    /// Logs whose place one request may name.
    package static let heldPerRequest = 32
    /// The entries and payloads that an answer brings beside what was asked for.
    package static let broughtBytes = 64 * 1024
    /// A checkpoint with all its signatures: a log's own keys need no more than two.
    package static let noteBytes = 4 * 1024
    /// Hashes of a path in a log's tree: no tree of less than 2⁶³ entries has a longer one.
    package static let pathHashes = 64
    /// Entries that are no changes, on the first page of a snapshot, and their bytes.
    package static let wordsPerSnapshot = 10_000
    package static let wordBytesPerSnapshot = 4 * 1024 * 1024
    /// The digests of a state digest.
    package static let stateBuckets = 1_024
    /// Epochs of a log that have ended, in one error.
    package static let endedEpochs = 1_000
    package static let detailBytes = 1024
    package static let tokenBytes = 256
    package static let announcedLimits = 1_000
    /// A push or a page of one change with a document: the largest body there is.
    package static let bodyBytes = pushBytes + documentBytes + 256 * 1024
    /// The largest body of a method that needs no session.
    package static let openBodyBytes = 2 * 1024 * 1024
    /// How long a challenge may be answered.
    package static let challengeMillis: Int64 = 60_000
    package static let sessionMillis: Int64 = 15 * 60_000

    /// An archive of evidence, and the files in it.
    package static let evidenceBytes = 128 * 1024 * 1024
    package static let evidenceFiles = 65_535
    /// A file of a bundle, and all its pages opened.
    package static let bundleBytes = 128 * 1024 * 1024
    package static let bundleOpenBytes = 128 * 1024 * 1024
    /// Spaces of key 6 of a bundle, its parts, its chains.
    package static let bundleSpaces = 10_000
    /// Changes for one space in a bundle, and those of others that a store keeps for it.
    package static let bundleChanges = 10_000

    /// What `hello` tells a client.
    package static let announced: [(name: String, limit: Int)] = [
        ("cells_per_record", cellsPerRecord), ("change_bytes", changeBytes), ("changes_per_push", changesPerPush),
        ("decompression_ratio", decompressionRatio), ("document_bytes", documentBytes), ("heads_per_cell", headsPerCell),
        ("heads_per_record", headsPerRecord), ("life_predecessors", lifePredecessors), ("ops_per_change", opsPerChange),
        ("page_bytes", pageBytes), ("predecessors", predecessors), ("push_bytes", pushBytes), ("value_bytes", valueBytes),
    ]
}
