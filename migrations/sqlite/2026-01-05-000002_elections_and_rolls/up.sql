-- Elections up to their approval, electoral rolls and one-time codes.
-- Every table carries its tenant, so that one can be split off, and row-level security needs no join.

CREATE TABLE elections (
    id            INTEGER PRIMARY KEY,
    tenant_id     INTEGER NOT NULL REFERENCES tenants (id),
    -- Part of the board's origin; never changed.
    slug          TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 63),
    -- Name of the log, `<host>/<tenant>/<election>`, and the server's keys for it.
    origin        TEXT NOT NULL UNIQUE CHECK (length(origin) BETWEEN 5 AND 255),
    keys_folder   TEXT NOT NULL CHECK (length(keys_folder) BETWEEN 1 AND 64),
    log_vkey      TEXT NOT NULL CHECK (length(log_vkey) BETWEEN 1 AND 512),
    -- In hex.
    acknowledgement_key TEXT NOT NULL CHECK (length(acknowledgement_key) = 64),
    commission_key TEXT NOT NULL CHECK (length(commission_key) = 64),
    title_ko      TEXT NOT NULL CHECK (length(title_ko) BETWEEN 1 AND 4096),
    title_en      TEXT NOT NULL CHECK (length(title_en) <= 4096),
    -- JSON manifest draft.
    draft         TEXT NOT NULL CHECK (json_valid(draft) AND length(draft) <= 16777216),
    -- After 'approved' the phase is what the ledger says.
    state         TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'approved')),
    -- Grows with every change of draft or state: the ETag.
    version       INTEGER NOT NULL CHECK (version >= 1),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    submitted_by  INTEGER REFERENCES staff (id),
    submitted_at  INTEGER,
    approved_by   INTEGER REFERENCES staff (id),
    approved_at   INTEGER,
    -- The frozen manifest: payload bytes of entry 0, and its hash mh.
    manifest      BLOB,
    manifest_hash BLOB CHECK (length(manifest_hash) = 32),
    -- Set when the roll is sealed on the ledger: roll and assignment stand still from then on.
    roll_sealed_at INTEGER,
    UNIQUE (tenant_id, slug),
    UNIQUE (tenant_id, id),
    CHECK ((state = 'draft') = (submitted_by IS NULL)),
    CHECK ((state = 'approved') = (approved_by IS NOT NULL AND manifest IS NOT NULL AND manifest_hash IS NOT NULL))
) STRICT;

-- Everyone who wrote a part of the draft: none of them may approve it.
CREATE TABLE election_editors (
    election_id INTEGER NOT NULL REFERENCES elections (id) ON DELETE CASCADE,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    PRIMARY KEY (election_id, staff_id)
) STRICT, WITHOUT ROWID;

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

-- The newest one-time code of each voter who asked for one.
CREATE TABLE voter_codes (
    roll_id       INTEGER PRIMARY KEY REFERENCES roll (id) ON DELETE CASCADE,
    tenant_id     INTEGER NOT NULL,
    -- HMAC-SHA256 of row, time and code under the server's key; NULL once used or given up.
    code_hash     BLOB CHECK (length(code_hash) = 32),
    sent_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    attempts_left INTEGER NOT NULL CHECK (attempts_left >= 0),
    -- Codes sent since `hour_began`: the limit on messages to one person.
    hour_began    INTEGER NOT NULL,
    sent_in_hour  INTEGER NOT NULL
) STRICT;
