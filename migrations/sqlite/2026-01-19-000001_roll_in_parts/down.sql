-- A change that is under way leaves nothing behind.
CREATE TABLE roll_before AS SELECT * FROM roll;
DROP VIEW roll;
-- The electoral roll: the only table with personal data, with voter_codes beside it.
CREATE TABLE roll (
    id               INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL,
    election_id      INTEGER NOT NULL,
    -- What the voter types to identify; outer spaces removed.
    voter_id         TEXT NOT NULL CHECK (length(voter_id) BETWEEN 1 AND 64),
    name             TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- E-mail address or telephone number for one-time codes.
    contact          TEXT NOT NULL CHECK (length(contact) BETWEEN 3 AND 254),
    -- Numbers of a reporting unit and a ballot style of the manifest.
    unit             INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 65535),
    style            INTEGER NOT NULL CHECK (style BETWEEN 0 AND 65535),
    weight           INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 4294967295),
    -- Which credential of the roll chunks is this voter's; the authority says so.
    credential_index INTEGER CHECK (credential_index BETWEEN 0 AND 4294967295),
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id),
    UNIQUE (election_id, voter_id),
    UNIQUE (election_id, credential_index)
) STRICT;
INSERT INTO roll (id, tenant_id, election_id, voter_id, name, contact, unit, style, weight, credential_index)
SELECT id, tenant_id, election_id, voter_id, name, contact, unit, style, weight, credential_index FROM roll_before;
DROP TABLE roll_before;

DROP TABLE voter_codes;
CREATE TABLE voter_codes (
    roll_id    INTEGER NOT NULL REFERENCES roll (id) ON DELETE CASCADE,
    tenant_id  INTEGER NOT NULL,
    sent_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- HMAC-SHA256 of row, time and code under the server's key.
    code_hash  BLOB NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (roll_id, sent_at)
) STRICT, WITHOUT ROWID;

ALTER TABLE roll_requests RENAME TO roll_requests_before;
DROP INDEX roll_requests_by_election;
DROP INDEX roll_requests_by_roll;
CREATE TABLE roll_requests (
    id               INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL,
    election_id      INTEGER NOT NULL,
    roll_id          INTEGER NOT NULL REFERENCES roll (id) ON DELETE CASCADE,
    -- 'contact': another address for one-time codes, decided by a second person.
    -- 'reissue': a new credential, made by the authority with signed proposals.
    kind             TEXT NOT NULL CHECK (kind IN ('contact', 'reissue')),
    -- Personal data: the new address.
    contact          TEXT CHECK (length(contact) BETWEEN 3 AND 254),
    -- The credential to be replaced.
    credential_index INTEGER CHECK (credential_index BETWEEN 0 AND 4294967295),
    reason           TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    requested_by     INTEGER NOT NULL REFERENCES staff (id),
    requested_at     INTEGER NOT NULL,
    -- NULL while open; a re-issue is never accepted here, the log says that it happened.
    accepted         INTEGER CHECK (accepted IN (0, 1)),
    decided_by       INTEGER REFERENCES staff (id),
    decided_at       INTEGER,
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id),
    CHECK ((kind = 'contact') = (contact IS NOT NULL)),
    CHECK ((kind = 'reissue') = (credential_index IS NOT NULL)),
    CHECK ((accepted IS NULL) = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE INDEX roll_requests_by_election ON roll_requests (election_id, id);
CREATE INDEX roll_requests_by_roll ON roll_requests (roll_id);
INSERT INTO roll_requests SELECT * FROM roll_requests_before WHERE roll_id IN (SELECT id FROM roll);
DROP TABLE roll_requests_before;
DROP TABLE roll_credentials;
DROP TABLE roll_rows;
DROP TABLE roll_states;
