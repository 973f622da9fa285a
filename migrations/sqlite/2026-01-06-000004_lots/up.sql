-- Drawing the order of options by lot: the server commits to a seed, people in the room add a text,
-- both together give the order.
CREATE TABLE lots (
    id           INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL,
    election_id  INTEGER NOT NULL,
    contest      INTEGER NOT NULL CHECK (contest BETWEEN 0 AND 255),
    -- JSON: the Korean titles of the options when the server committed itself.
    options      TEXT NOT NULL CHECK (json_valid(options)),
    -- From the operating system's random number generator; secret until the draw.
    seed         BLOB NOT NULL CHECK (length(seed) = 32),
    made_by      INTEGER NOT NULL REFERENCES staff (id),
    made_at      INTEGER NOT NULL,
    -- NULL until the draw.
    contribution TEXT CHECK (length(contribution) BETWEEN 1 AND 500),
    -- JSON: the old number of the option at each new place.
    drawn        TEXT CHECK (json_valid(drawn)),
    drawn_by     INTEGER REFERENCES staff (id),
    drawn_at     INTEGER,
    FOREIGN KEY (tenant_id, election_id) REFERENCES elections (tenant_id, id) ON DELETE CASCADE,
    CHECK ((contribution IS NULL) = (drawn IS NULL) AND (drawn IS NULL) = (drawn_by IS NULL)
        AND (drawn_by IS NULL) = (drawn_at IS NULL))
) STRICT;
CREATE INDEX lots_by_election ON lots (election_id, id);
