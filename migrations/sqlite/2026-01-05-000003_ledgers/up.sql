-- The ledgers: the trusted state of every election's log, its entries, and what decides whether a
-- ballot is taken. Storage (the board's files) is checked against these rows, never the other way.

-- One row an election whose manifest is published. Every change to the log is a compare-and-swap
-- of this row: it names size and root that it was made from.
CREATE TABLE ledgers (
    election_id INTEGER PRIMARY KEY REFERENCES elections (id),
    tenant_id   INTEGER NOT NULL REFERENCES tenants (id),
    created_at  INTEGER NOT NULL,
    -- Number of entries in the log.
    size        INTEGER NOT NULL CHECK (size >= 0),
    -- Merkle tree root over them.
    root        BLOB NOT NULL CHECK (length(root) = 32),
    -- Roots of the maximal perfect subtrees, with the size: what appending needs.
    frontier    BLOB NOT NULL CHECK (length(frontier) <= 2100),
    -- Where the record stands, as the API names it.
    phase       TEXT NOT NULL CHECK (length(phase) BETWEEN 1 AND 16),
    -- 1 while ballots are taken. Set to 0 before the last ballots are sequenced and the record is
    -- closed, so that none can become durable after that.
    accepting   INTEGER NOT NULL CHECK (accepting IN (0, 1))
) STRICT;

-- Every entry, durable here before anyone is told of it.
CREATE TABLE entries (
    id               INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL,
    election_id      INTEGER NOT NULL REFERENCES ledgers (election_id),
    -- Entry type of docs/protocol.cddl.
    kind             INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 28),
    -- Ballots and posted challenges: the confirmation code, a hash of manifest and body. Others: the
    -- hash of the entry as a leaf of the tree. One body or entry occurs once.
    code             BLOB NOT NULL CHECK (length(code) = 32),
    -- Ballots and posted challenges only.
    credential_index INTEGER CHECK (credential_index BETWEEN 0 AND 4294967295),
    bytes            BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 65535),
    -- Ballots: when the acknowledgement says that it will be in the log, in seconds.
    deadline         INTEGER,
    -- Position in the log; NULL until it is sequenced.
    log_index        INTEGER CHECK (log_index >= 0),
    CHECK (deadline IS NULL OR kind = 17),
    UNIQUE (election_id, code),
    UNIQUE (election_id, log_index)
) STRICT;
CREATE INDEX entries_pending ON entries (election_id, id) WHERE log_index IS NULL;

-- What became of a credential; no row means nothing did. Decides double voting.
CREATE TABLE credential_states (
    election_id      INTEGER NOT NULL REFERENCES ledgers (election_id),
    credential_index INTEGER NOT NULL CHECK (credential_index BETWEEN 0 AND 4294967295),
    -- Counter of the last ballot taken; 0 before the first.
    counter          INTEGER NOT NULL CHECK (counter BETWEEN 0 AND 4294967295),
    revoked          INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    struck           INTEGER NOT NULL CHECK (struck IN (0, 1)),
    -- Posted challenges taken.
    challenges       INTEGER NOT NULL CHECK (challenges BETWEEN 0 AND 5),
    PRIMARY KEY (election_id, credential_index)
) STRICT, WITHOUT ROWID;

-- The first 16 bytes of every ciphertext of every ballot taken: a copied ciphertext is refused.
CREATE TABLE nonce_points (
    election_id INTEGER NOT NULL REFERENCES ledgers (election_id),
    point       BLOB NOT NULL CHECK (length(point) = 16),
    PRIMARY KEY (election_id, point)
) STRICT, WITHOUT ROWID;

-- Entries on their way to all their signatures.
CREATE TABLE proposals (
    election_id INTEGER NOT NULL REFERENCES ledgers (election_id),
    -- SHA-256 of type and payload.
    id          BLOB NOT NULL CHECK (length(id) = 32),
    tenant_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 28),
    -- [type, payload, [signature / null ...]]
    bytes       BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 65535),
    created_at  INTEGER NOT NULL,
    -- Position in the log once it became an entry.
    log_index   INTEGER CHECK (log_index >= 0),
    PRIMARY KEY (election_id, id)
) STRICT, WITHOUT ROWID;
