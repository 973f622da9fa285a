DROP TABLE instance;
DROP TABLE audit;
DROP TABLE refresh_tokens;
DROP TABLE staff_sessions;
DROP TABLE staff;
DROP TABLE tenants;
