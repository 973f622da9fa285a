-- Invitations and reminders; never codes.
CREATE TABLE message_runs (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    election_id INTEGER NOT NULL,
    -- 'invitation': all voters with a credential; 'reminder': those who have not voted.
    kind        TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder')),
    -- NULL: all units.
    unit        INTEGER CHECK (unit BETWEEN 0 AND 65535),
    subject     TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    -- With its placeholders.
    text        TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    -- Recipients when it began; fewer get a reminder if some vote meanwhile.
    recipients  INTEGER NOT NULL CHECK (recipients >= 0),
    sent        INTEGER NOT NULL CHECK (sent >= 0),
    -- Identifier of the last voter written to; a run that was interrupted goes on after it.
    cursor      TEXT CHECK (length(cursor) <= 64),
    started_by  INTEGER NOT NULL REFERENCES staff (id),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id)
) STRICT;
CREATE INDEX message_runs_by_election ON message_runs (election_id, id);

-- What observers object to, in public.
CREATE TABLE objections (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    election_id INTEGER NOT NULL,
    -- From 1 in each election.
    number      INTEGER NOT NULL CHECK (number >= 1),
    at          INTEGER NOT NULL,
    text        TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    -- How the observer signs, if at all; public.
    name        TEXT CHECK (length(name) BETWEEN 1 AND 200),
    -- SHA-256 of evidence that the observer keeps.
    evidence    BLOB CHECK (length(evidence) = 32),
    -- Entry of the log that it is about.
    log_index   INTEGER CHECK (log_index >= 0),
    -- Personal data: how staff reaches the observer; never public.
    contact     TEXT CHECK (length(contact) BETWEEN 3 AND 254),
    -- Why the text is not shown, if it is not.
    withheld    TEXT CHECK (length(withheld) BETWEEN 1 AND 500),
    UNIQUE (election_id, number),
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id)
) STRICT;

CREATE TABLE objection_replies (
    id           INTEGER PRIMARY KEY,
    objection_id INTEGER NOT NULL REFERENCES objections (id) ON DELETE CASCADE,
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    at           INTEGER NOT NULL,
    text         TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000)
) STRICT;
CREATE INDEX objection_replies_by_objection ON objection_replies (objection_id, id);
