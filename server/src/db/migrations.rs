//! Migrations, built into the program.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::DbError;
use super::connection::Connection;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");

/// Applies what is missing.
///
/// # Errors
/// A migration fails, or the database has one that this program does not know (it is newer).
pub fn apply(connection: &mut Connection) -> Result<(), DbError> {
    refuse_newer(connection)?;
    let applied = connection
        .run_pending_migrations(MIGRATIONS)
        .map_err(fail)?;
    for version in applied {
        tracing::info!(migration.version = %version, "migration applied");
    }
    Ok(())
}

/// Reverts everything; used to test that each migration can be undone.
///
/// # Errors
/// A migration cannot be reverted.
pub fn revert_all(connection: &mut Connection) -> Result<(), DbError> {
    connection.revert_all_migrations(MIGRATIONS).map_err(fail)?;
    Ok(())
}

/// Number of migrations that are not applied yet.
///
/// # Errors
/// The table of migrations cannot be read.
pub fn pending(connection: &mut Connection) -> Result<usize, DbError> {
    Ok(connection
        .pending_migrations(MIGRATIONS)
        .map_err(fail)?
        .len())
}

/// An older program on a newer database would write rows the newer one does not expect.
fn refuse_newer(connection: &mut Connection) -> Result<(), DbError> {
    let applied = connection.applied_migrations().map_err(fail)?;
    let known: Vec<String> =
        diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&MIGRATIONS)
            .map_err(fail)?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect();
    match applied
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version))
    {
        None => Ok(()),
        Some(version) => Err(DbError::Migration(format!(
            "the database has migration {version}, which this program does not know: it belongs to a newer version"
        ))),
    }
}

#[allow(clippy::needless_pass_by_value)] // as map_err hands it over
fn fail(error: Box<dyn std::error::Error + Send + Sync>) -> DbError {
    DbError::Migration(error.to_string())
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;
    use diesel::sql_types::{BigInt, Nullable, Text};
    use diesel::{QueryableByName, RunQueryDsl as _};

    use super::super::connection::{Pragmas, establish};
    use super::*;

    #[derive(QueryableByName)]
    struct Definition {
        #[diesel(sql_type = Text)]
        sql: String,
    }

    fn schema(connection: &mut Connection) -> Vec<String> {
        diesel::sql_query(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name",
        )
        .load::<Definition>(connection)
        .unwrap()
        .into_iter()
        .map(|d| d.sql)
        .collect()
    }

    fn database() -> Connection {
        establish(
            ":memory:",
            Pragmas {
                busy_timeout_ms: 100,
                read_only: false,
            },
        )
        .unwrap()
    }

    #[test]
    fn up_down_up_gives_the_same_schema() {
        let mut connection = database();
        apply(&mut connection).unwrap();
        assert_eq!(pending(&mut connection).unwrap(), 0);
        let first = schema(&mut connection);
        assert!(!first.is_empty());
        revert_all(&mut connection).unwrap();
        assert_eq!(schema(&mut connection), Vec::<String>::new());
        apply(&mut connection).unwrap();
        assert_eq!(schema(&mut connection), first);
    }

    /// Reverts this migration and those after it.
    fn revert_to(connection: &mut Connection, version: &str) {
        let applied = |connection: &mut Connection| {
            let all = connection.applied_migrations().unwrap();
            all.iter().any(|found| found.to_string() == version)
        };
        while applied(connection) {
            connection.revert_last_migration(MIGRATIONS).unwrap();
        }
    }

    #[derive(QueryableByName, Debug, PartialEq)]
    struct Voter {
        #[diesel(sql_type = Text)]
        voter_id: String,
        #[diesel(sql_type = Nullable<BigInt>)]
        credential_index: Option<i64>,
    }

    #[test]
    fn a_roll_goes_into_parts_and_back() {
        let mut connection = database();
        apply(&mut connection).unwrap();
        revert_to(&mut connection, "20260119000001");
        let (hash, key) = ("h".repeat(60), "a".repeat(64));
        connection
            .batch_execute(&format!(
                "INSERT INTO tenants VALUES (1, 'a', 'a', 0);
                 INSERT INTO staff (id, tenant_id, login, password_hash, roles, created_at) VALUES (1, 1, 'x', '{hash}', '', 0);
                 INSERT INTO elections (id, tenant_id, slug, origin, keys_folder, log_vkey, acknowledgement_key,
                     commission_key, title_ko, title_en, draft, state, version, created_at, updated_at, roll_version)
                 VALUES (1, 1, 'e', 'a/b/c', 'k', 'v', '{key}', '{key}', 't', '', '{{}}', 'draft', 1, 0, 0, 4);
                 INSERT INTO roll VALUES (1, 1, 1, 'v1', 'n', 'c@d.e', 0, 0, 1, 7), (2, 1, 1, 'v2', 'n', 'c@d.e', 0, 0, 1, NULL);
                 INSERT INTO roll_requests VALUES (1, 1, 1, 1, 'reissue', NULL, 7, 'r', 1, 0, NULL, NULL, NULL);"
            ))
            .unwrap();
        let voters = |connection: &mut Connection| {
            let sql = "SELECT r.voter_id, r.credential_index FROM roll r
                LEFT JOIN roll_requests q ON q.roll_id = r.id ORDER BY q.id DESC, r.id";
            diesel::sql_query(sql).load::<Voter>(connection).unwrap()
        };
        let before = voters(&mut connection);
        assert_eq!(before.len(), 2);
        apply(&mut connection).unwrap();
        assert_eq!(voters(&mut connection), before);
        revert_to(&mut connection, "20260119000001");
        assert_eq!(voters(&mut connection), before);
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = database();
        apply(&mut connection).unwrap();
        for sql in schema(&mut connection) {
            if sql.starts_with("CREATE TABLE") {
                assert!(
                    sql.trim_end().ends_with("STRICT") || sql.contains(") STRICT,"),
                    "{sql}"
                );
            }
        }
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = database();
        apply(&mut connection).unwrap();
        diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231')")
            .execute(&mut connection)
            .unwrap();
        let error = apply(&mut connection).unwrap_err().to_string();
        assert!(error.contains("29991231"), "{error}");
    }
}
