DROP TABLE proposals;
DROP TABLE nonce_points;
DROP TABLE credential_states;
DROP TABLE entries;
DROP TABLE ledgers;
