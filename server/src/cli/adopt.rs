//! `hanpyo-server adopt`: lets a restored backup sign again, after comparing it with what the
//! world has seen.
//!
//! A backup is always older than the world. Before its server may sign, every log of its database
//! must be the log that is published: of the same tree, or ahead of it by entries that were
//! committed and not published yet. If a published log is ahead, signing would fork it, and the
//! mark stays.
//!
//! The data folder's own board is looked at too, but proves nothing by itself: it is as old as the
//! backup. So each log must also be found on a board that the operator names.

mod compare;
mod place;

use clap::Args;
use diesel::connection::Connection as _;
use serde_json::json;

pub use self::compare::Obstacle;
pub use self::place::Board;

use super::CommandError;
use crate::app::{self, StartError};
use crate::clock::{Clock, Millis, rfc3339};
use crate::config::{Config, StorageConfig};
use crate::db::connection::{self, Pragmas};
use crate::db::{self, DbError};

#[derive(Args)]
pub(super) struct AdoptArgs {
    /// A published board to compare with: URL or folder that has `<tenant>/<election>/checkpoint`
    /// below it; as TENANT/ELECTION=PLACE the place of one log, for example of a mirror. May be
    /// repeated; every log must be found somewhere
    #[arg(long = "board", value_name = "PLACE", required = true)]
    boards: Vec<Board>,
}

/// Why a copy was not adopted. Its mark is still there.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// Nothing to adopt.
    #[error("this data folder is no backup copy: nothing to adopt")]
    NoCopy,
    /// A server runs on the folder, or it is none.
    #[error(transparent)]
    Folder(#[from] StartError),
    /// Logs that must not be signed.
    #[error("nothing was changed: {}", list(.0))]
    Refused(Vec<Obstacle>),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A copy that may sign from now on.
#[derive(Debug)]
pub struct Adopted {
    /// When it was copied.
    pub copied_at: Millis,
    /// Logs that were compared.
    pub logs: usize,
}

fn list(obstacles: &[Obstacle]) -> String {
    let lines: Vec<String> = obstacles.iter().map(|o| format!("\n  {o}")).collect();
    lines.concat()
}

pub(super) fn run(config: &Config, args: &AdoptArgs) -> Result<(), CommandError> {
    let adopted = adopt(&config.storage, &args.boards, Clock::system().now())?;
    println!(
        "{} log(s) compared; the copy of {} may sign from now on",
        adopted.logs,
        rfc3339(adopted.copied_at)
    );
    println!(
        "ballots that were acknowledged after the copy and never published are not in it: voters \
         hold the acknowledgements that show it"
    );
    println!("the folder it was copied from must never be served again");
    Ok(())
}

/// Compares every log of the copy in `storage` with `boards` and removes the mark of a copy.
///
/// # Errors
/// [`AdoptError`]; the mark is still there then.
pub fn adopt(
    storage: &StorageConfig,
    boards: &[Board],
    now: Millis,
) -> Result<Adopted, AdoptError> {
    let _lock = app::lock(storage)?;
    let pragmas = Pragmas {
        busy_timeout_ms: storage.busy_timeout_ms,
        read_only: false,
    };
    let url = connection::url_of_existing(&storage.database())?;
    let mut connection = connection::establish(&url, pragmas)?;
    db::migrations::apply(&mut connection)?;
    let copied_at = db::tenants::copied_at(&mut connection).map_err(DbError::Query)?;
    let copied_at = copied_at.ok_or(AdoptError::NoCopy)?;

    let own = Board::folder(storage.board_dir());
    let mut logs = 0;
    let mut obstacles = Vec::new();
    for (tenant, election) in db::elections::all(&mut connection).map_err(DbError::Query)? {
        let found = compare::compare(&mut connection, (&tenant, &election), &own, boards)?;
        logs += usize::from(found.has_log);
        obstacles.extend(found.obstacles);
    }
    if !obstacles.is_empty() {
        return Err(AdoptError::Refused(obstacles));
    }
    connection
        .transaction(|c| {
            db::tenants::clear_copied(c)?;
            for tenant in db::tenants::list(c)? {
                let deed = db::audit::Deed {
                    tenant: tenant.id,
                    actor: None,
                    action: "instance.adopt",
                    target: "instance".into(),
                    election: None,
                    detail: json!({ "copied_at": rfc3339(copied_at), "logs": logs }),
                };
                db::audit::record(c, &deed, now)?;
            }
            Ok(())
        })
        .map_err(DbError::Query)?;
    Ok(Adopted { copied_at, logs })
}
