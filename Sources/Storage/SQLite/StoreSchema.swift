/// The tables of sync.md section 9, as the migrations that lead to them.
///
/// A migration is never changed once shipped: a store of every version that was ever released must find its way here.
/// `space_id` leads every key but the registry's, as it will in PostgreSQL. A table whose rows are mostly one large blob
/// keeps its rowid: without one, rows above a quarter of a page would spill onto pages of their own.
struct StoreSchema: Sendable {
    /// "BUNT": tells a store from other SQLite files.
    static let applicationID: Int32 = 0x4255_4e54

    /// What leads from version n to n + 1, at index n.
    let migrations: [String]

    var version: Int { migrations.count }

    static let current = StoreSchema(migrations: [version1, version2, version3, version4, version5])

    private static let version1 = """
        CREATE TABLE space (
            space_id BLOB NOT NULL PRIMARY KEY CHECK (length(space_id) = 16),
            genesis BLOB NOT NULL,
            epoch INTEGER NOT NULL,
            head INTEGER NOT NULL,
            frontier BLOB NOT NULL,
            used_bytes INTEGER NOT NULL,
            checkpoint TEXT
        ) STRICT;
        CREATE TABLE rights (
            space_id BLOB NOT NULL PRIMARY KEY,
            pos INTEGER NOT NULL,
            rights BLOB NOT NULL
        ) STRICT;
        CREATE TABLE entry (
            space_id BLOB NOT NULL,
            pos INTEGER NOT NULL,
            leaf BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (space_id, pos)
        ) STRICT;
        CREATE TABLE payload (
            space_id BLOB NOT NULL,
            pos INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (space_id, pos)
        ) STRICT;
        CREATE TABLE change_id (
            space_id BLOB NOT NULL,
            cid BLOB NOT NULL,
            pos INTEGER NOT NULL,
            author INTEGER NOT NULL,
            PRIMARY KEY (space_id, cid)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE record (
            space_id BLOB NOT NULL,
            record BLOB NOT NULL,
            kind TEXT NOT NULL,
            flags INTEGER NOT NULL,
            brief BLOB NOT NULL,
            state BLOB,
            shown BLOB,
            PRIMARY KEY (space_id, record)
        ) STRICT;
        CREATE INDEX record_brief ON record (space_id, kind, record, flags, brief);
        CREATE INDEX record_conflicted ON record (space_id, record, kind, flags, brief) WHERE (flags & 2) <> 0;
        CREATE TABLE record_change (
            space_id BLOB NOT NULL,
            record BLOB NOT NULL,
            pos INTEGER NOT NULL,
            PRIMARY KEY (space_id, record, pos)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE node (
            space_id BLOB NOT NULL,
            level INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            hashes BLOB NOT NULL,
            PRIMARY KEY (space_id, level, idx)
        ) STRICT;
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            list INTEGER NOT NULL,
            space_id BLOB NOT NULL,
            cid BLOB NOT NULL,
            bytes BLOB NOT NULL,
            signature BLOB NOT NULL,
            sent BLOB NOT NULL,
            edits BLOB NOT NULL,
            payload BLOB NOT NULL,
            code TEXT,
            detail TEXT,
            UNIQUE (space_id, cid)
        ) STRICT;
        CREATE TABLE outbox_record (
            space_id BLOB NOT NULL,
            record BLOB NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (space_id, record, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE named_value (
            name TEXT NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE organisation (
            organisation BLOB NOT NULL PRIMARY KEY,
            root_key BLOB NOT NULL,
            label TEXT,
            admitted INTEGER NOT NULL,
            suspended INTEGER NOT NULL,
            quota_bytes INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE statement (
            organisation BLOB NOT NULL,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            signature BLOB NOT NULL,
            PRIMARY KEY (organisation, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE device (
            device BLOB NOT NULL PRIMARY KEY,
            organisation BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE invitation (
            invitation BLOB NOT NULL PRIMARY KEY,
            organisation BLOB NOT NULL,
            bytes BLOB NOT NULL,
            signature BLOB NOT NULL,
            expires INTEGER NOT NULL,
            used_by BLOB,
            revoked INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX invitation_organisation ON invitation (organisation);
        CREATE TABLE admission (
            digest BLOB NOT NULL PRIMARY KEY,
            label TEXT,
            expires INTEGER NOT NULL,
            used_by BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE space_reader (
            organisation BLOB NOT NULL,
            space_id BLOB NOT NULL,
            PRIMARY KEY (organisation, space_id)
        ) STRICT, WITHOUT ROWID;
        """

    /// By which version of the indexing flags and briefs were made; 0 for none, so that they are all made anew.
    private static let version2 = """
        CREATE TABLE record_indexing (
            version INTEGER NOT NULL
        ) STRICT;
        INSERT INTO record_indexing (version) VALUES (0);
        """

    /// What the server of a log has lost and this replica keeps.
    private static let version3 = """
        CREATE TABLE orphan (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id BLOB NOT NULL,
            bytes BLOB NOT NULL,
            payload BLOB,
            proof BLOB NOT NULL,
            cid BLOB,
            code TEXT
        ) STRICT;
        CREATE INDEX orphan_space ON orphan (space_id);
        """

    /// Where a store of an earlier version is kept as it was, once it has been brought up to date.
    static func formerState(of path: String, version: Int) -> String { "\(path).v\(version).bak" }

    /// Until when an organisation may read a space, in milliseconds since 1970; nothing where that is for good.
    private static let version4 = """
        ALTER TABLE space_reader ADD COLUMN ends INTEGER;
        """

    /// Where the entries that are no changes stand; what is shown of a space ahead of its log, and beside it the states that
    /// the log gives.
    private static let version5 = """
        CREATE TABLE word (
            space_id BLOB NOT NULL,
            pos INTEGER NOT NULL,
            PRIMARY KEY (space_id, pos)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO word (space_id, pos)
            SELECT space_id, pos FROM entry EXCEPT SELECT space_id, pos FROM change_id;
        CREATE TABLE lead (
            space_id BLOB NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TABLE logged_record (
            space_id BLOB NOT NULL,
            record BLOB NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (space_id, record)
        ) STRICT;
        """
}
