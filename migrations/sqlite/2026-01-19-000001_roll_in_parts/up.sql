-- Rolls change in parts, so that no other write waits for a whole file. What is half done is never seen:
-- `roll` becomes a view of what is complete, and nothing but the statements that change it reads the tables
-- beneath.

-- One row an election that ever had a voter.
CREATE TABLE roll_states (
    election_id INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    -- Which assignment of credentials holds; NULL: none.
    assignment  INTEGER CHECK (assignment >= 0),
    -- The change that is under way, at most one an election; a restart finds it here and clears up.
    -- 'import': rows of job_version are being written, or deleted again if it failed; they are hidden.
    -- 'clear': all rows are hidden and are being deleted.
    -- 'assign': credentials of job_version are being written or deleted; those of `assignment` hold.
    job         TEXT CHECK (job IN ('import', 'clear', 'assign')),
    job_version INTEGER CHECK (job_version >= 0),
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id),
    CHECK ((job IS NULL) = (job_version IS NULL))
) STRICT;

CREATE TABLE roll_rows (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    election_id INTEGER NOT NULL REFERENCES roll_states (election_id),
    -- elections.roll_version of the change that brought the row.
    version     INTEGER NOT NULL CHECK (version >= 0),
    -- What the voter types to identify; outer spaces removed.
    voter_id    TEXT NOT NULL CHECK (length(voter_id) BETWEEN 1 AND 64),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- E-mail address or telephone number for one-time codes.
    contact     TEXT NOT NULL CHECK (length(contact) BETWEEN 3 AND 254),
    -- Numbers of a reporting unit and a ballot style of the manifest.
    unit        INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 65535),
    style       INTEGER NOT NULL CHECK (style BETWEEN 0 AND 65535),
    weight      INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 4294967295),
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id),
    UNIQUE (election_id, voter_id)
) STRICT;
-- Rolls are read through in the order of their rows.
CREATE INDEX roll_rows_by_election ON roll_rows (election_id, id);

-- Which credential of the roll chunks is whose; the authority says so.
CREATE TABLE roll_credentials (
    roll_id          INTEGER NOT NULL REFERENCES roll_rows (id) ON DELETE CASCADE,
    -- elections.roll_version of the assignment.
    version          INTEGER NOT NULL CHECK (version >= 0),
    tenant_id        INTEGER NOT NULL,
    election_id      INTEGER NOT NULL REFERENCES roll_states (election_id),
    credential_index INTEGER NOT NULL CHECK (credential_index BETWEEN 0 AND 4294967295),
    PRIMARY KEY (roll_id, version),
    UNIQUE (election_id, version, credential_index)
) STRICT, WITHOUT ROWID;

INSERT INTO roll_states (election_id, tenant_id, assignment)
SELECT e.id, e.tenant_id,
    CASE WHEN EXISTS (SELECT 1 FROM roll r WHERE r.election_id = e.id AND r.credential_index IS NOT NULL) THEN e.roll_version END
FROM elections e WHERE EXISTS (SELECT 1 FROM roll r WHERE r.election_id = e.id);

INSERT INTO roll_rows (id, tenant_id, election_id, version, voter_id, name, contact, unit, style, weight)
SELECT id, tenant_id, election_id, 0, voter_id, name, contact, unit, style, weight FROM roll;

INSERT INTO roll_credentials (roll_id, version, tenant_id, election_id, credential_index)
SELECT r.id, s.assignment, r.tenant_id, r.election_id, r.credential_index
FROM roll r JOIN roll_states s ON s.election_id = r.election_id WHERE r.credential_index IS NOT NULL;

-- What refers to voters moves along, before the old table goes. Codes live for minutes, so none are carried over.
DROP TABLE voter_codes;
CREATE TABLE voter_codes (
    roll_id    INTEGER NOT NULL REFERENCES roll_rows (id) ON DELETE CASCADE,
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
    roll_id          INTEGER NOT NULL REFERENCES roll_rows (id) ON DELETE CASCADE,
    -- 'contact': another address for one-time codes, decided by a second person.
    -- 'reissue': a new credential, made by the authority with signed proposals; the commission's signature
    -- is given by a second person.
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
INSERT INTO roll_requests SELECT * FROM roll_requests_before;
DROP TABLE roll_requests_before;
DROP TABLE roll;

-- The electoral roll as everyone reads it.
CREATE VIEW roll AS
SELECT r.id, r.tenant_id, r.election_id, r.voter_id, r.name, r.contact, r.unit, r.style, r.weight,
    (SELECT c.credential_index FROM roll_credentials c WHERE c.roll_id = r.id AND c.version = s.assignment) AS credential_index
FROM roll_rows r JOIN roll_states s ON s.election_id = r.election_id
WHERE s.job IS NULL OR s.job = 'assign' OR (s.job = 'import' AND s.job_version <> r.version);
