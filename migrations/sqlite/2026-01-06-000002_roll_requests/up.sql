-- What staff asks for about one voter once the roll is sealed.
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
