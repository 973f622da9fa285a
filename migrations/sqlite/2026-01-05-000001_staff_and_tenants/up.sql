-- Tenants, staff and the audit trail. Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE tenants (
    id         INTEGER PRIMARY KEY,
    -- Part of every path and of the board's origin; never changed.
    slug       TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 63),
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    id            INTEGER PRIMARY KEY,
    tenant_id     INTEGER NOT NULL REFERENCES tenants (id),
    -- Lower case; unique within its tenant.
    login         TEXT NOT NULL CHECK (length(login) BETWEEN 1 AND 64),
    -- argon2id in PHC string format.
    password_hash TEXT NOT NULL CHECK (length(password_hash) BETWEEN 60 AND 200),
    -- Sorted role names separated by one space.
    roles         TEXT NOT NULL CHECK (length(roles) <= 200),
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    UNIQUE (tenant_id, login)
) STRICT;

-- One log-in with all the refresh tokens that followed from it.
CREATE TABLE staff_sessions (
    -- 16 random bytes, the `sid` of access tokens.
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL,
    -- No refresh beyond this.
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX staff_sessions_by_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_by_expiry ON staff_sessions (expires_at);

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token.
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    session_id BLOB NOT NULL REFERENCES staff_sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    -- Set by the refresh that consumed it; a second use revokes the session.
    used_at    INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Who did what, when, to what. Never holds voters' data.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenants (id),
    at          INTEGER NOT NULL,
    -- NULL: the system itself, for example `hanpyo-server init`.
    actor_id    INTEGER REFERENCES staff (id),
    action      TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    target      TEXT NOT NULL CHECK (length(target) <= 200),
    -- Slug of the election concerned, if any.
    election    TEXT CHECK (length(election) <= 63),
    -- JSON object.
    detail      TEXT NOT NULL CHECK (json_valid(detail) AND length(detail) <= 4000)
) STRICT;
CREATE INDEX audit_by_tenant ON audit (tenant_id, id);

CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'audit is append-only'); END;

-- This database itself: exactly one row.
CREATE TABLE instance (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    created_at INTEGER NOT NULL,
    -- Set in the copy that `hanpyo-server backup` makes, never in a database that has only been
    -- served. A copy may be older than what the world has seen of the logs, so a server that
    -- finds it must not sign checkpoints before an operator has compared them.
    copied_at  INTEGER
) STRICT;
