//! `hanpyo-server fsck`: checks a data folder and lists everything that is wrong with it.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::CommandError;
use crate::auth::Keys;
use crate::clock::rfc3339;
use crate::config::Config;
use crate::db::connection::{self, Connection, Pragmas};
use crate::db::{DbError, migrations, tenants};

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    text: String,
}

pub(super) fn run(config: &Config) -> Result<(), CommandError> {
    let problems = check(config);
    for problem in &problems {
        println!("problem: {problem}");
    }
    match problems.len() {
        0 => {
            println!("no problems found");
            Ok(())
        }
        n => Err(format!("{n} problem(s) found").into()),
    }
}

/// Everything that is wrong with the data folder of `config`.
fn check(config: &Config) -> Vec<String> {
    let storage = &config.storage;
    let mut problems = Vec::new();
    for dir in [storage.board_dir(), storage.keys_dir(), storage.spool_dir()] {
        if !dir.is_dir() {
            problems.push(format!("folder {} is missing", dir.display()));
        }
    }
    if let Err(error) = Keys::load(&storage.keys_dir()) {
        problems.push(error.to_string());
    }
    let pragmas = Pragmas {
        busy_timeout_ms: storage.busy_timeout_ms,
        read_only: true,
    };
    let findings = connection::url_of_existing(&storage.database())
        .and_then(|url| connection::establish(&url, pragmas))
        .and_then(|mut connection| check_database(&mut connection));
    match findings {
        Ok(findings) => problems.extend(findings),
        Err(error) => problems.push(error.to_string()),
    }
    problems
}

fn check_database(connection: &mut Connection) -> Result<Vec<String>, DbError> {
    let mut problems: Vec<String> =
        diesel::sql_query("SELECT integrity_check AS text FROM pragma_integrity_check")
            .load::<Finding>(connection)?
            .into_iter()
            .filter(|finding| finding.text != "ok")
            .map(|finding| format!("database: {}", finding.text))
            .collect();
    problems.extend(
        diesel::sql_query(
            "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to a missing row of ' || parent AS text
             FROM pragma_foreign_key_check",
        )
        .load::<Finding>(connection)?
        .into_iter()
        .map(|finding| format!("database: {}", finding.text)),
    );
    match migrations::pending(connection)? {
        0 => {}
        n => problems.push(format!(
            "database: {n} migration(s) not applied; `serve` applies them"
        )),
    }
    if let Some(at) = tenants::copied_at(connection)? {
        problems.push(format!(
            "database: this is a backup copied at {}; nothing is signed from it until `hanpyo-server \
             adopt` has compared it with what was published",
            rfc3339(at)
        ));
    }
    Ok(problems)
}
