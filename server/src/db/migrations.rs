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
    use diesel::sql_types::Text;
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
