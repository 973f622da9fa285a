//! `hanpyo-server adopt`: lets a restored backup sign again, after comparing it with what the
//! world has seen.
//!
//! A backup is always older than the world. Before its server may sign, every log of its database
//! must be the log that is published: of the same tree, or ahead of it by entries that were
//! committed and not published yet. If a published log is ahead, signing would fork it, and the
//! mark stays, unless the operator has the missing entries taken into the database first
//! (`catch_up`).
//!
//! The data folder's own board is looked at too, but proves nothing by itself: it is as old as the
//! backup. So each log must also be found on a board that the operator names.

mod catch_up;
mod compare;
mod place;

use clap::Args;
use diesel::connection::Connection as _;
use serde_json::json;

pub use self::catch_up::CatchUpError;
pub use self::compare::Obstacle;
pub use self::place::Board;

use super::CommandError;
use crate::app::{self, StartError};
use crate::clock::{Clock, Millis, rfc3339};
use crate::config::{Config, StorageConfig};
use crate::db::connection::{self, Connection, Pragmas};
use crate::db::elections::Election;
use crate::db::{self, DbError};

#[derive(Args)]
pub(super) struct AdoptArgs {
    /// A published board to compare with: URL or folder that has `<tenant>/<election>/checkpoint`
    /// below it; as TENANT/ELECTION=PLACE the place of one log, for example of a mirror. May be
    /// repeated; every log must be found somewhere
    #[arg(
        long = "board",
        value_name = "PLACE",
        required_unless_present = "nothing_published"
    )]
    boards: Vec<Board>,
    /// No log of this installation was ever published: there is no board to compare with
    #[arg(long, conflicts_with = "boards")]
    nothing_published: bool,
    /// Take entries that a board has and this copy lacks into the database first
    #[arg(long)]
    catch_up: bool,
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
    #[error("the copy is not adopted: {}", list(.0))]
    Refused(Vec<Obstacle>),
    /// A log whose missing entries could not be taken.
    #[error("the copy is not adopted: {log} cannot catch up with {place}: {reason}")]
    CatchUp {
        /// Tenant and election.
        log: String,
        /// Where the entries are.
        place: String,
        /// Why not.
        reason: Box<CatchUpError>,
    },
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
    /// Entries that were taken into the database.
    pub caught_up: u64,
}

fn list(obstacles: &[Obstacle]) -> String {
    let lines: Vec<String> = obstacles.iter().map(|o| format!("\n  {o}")).collect();
    lines.concat()
}

pub(super) fn run(config: &Config, args: &AdoptArgs) -> Result<(), CommandError> {
    let now = Clock::system().now();
    let adopted = adopt(&config.storage, &args.boards, args.catch_up, now)?;
    if adopted.caught_up > 0 {
        println!("{} entries taken into the database", adopted.caught_up);
    }
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

/// Compares every log of the copy in `storage` with `boards` and removes the mark of a copy. With
/// `catch_up` the entries that a board has and the copy lacks are taken into the database first.
///
/// # Errors
/// [`AdoptError`]; the mark is still there then.
pub fn adopt(
    storage: &StorageConfig,
    boards: &[Board],
    catch_up: bool,
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
    let mut empty: Vec<String> = boards.iter().map(ToString::to_string).collect();
    let mut caught_up = 0;
    for (tenant, election) in db::elections::all(&mut connection).map_err(DbError::Query)? {
        let named = (tenant.as_str(), &election);
        if catch_up {
            caught_up += catch_up_log(&mut connection, named, boards, now)?;
        }
        let found = compare::compare(&mut connection, named, &own, boards)?;
        logs += usize::from(found.has_log);
        obstacles.extend(found.obstacles);
        empty.retain(|board| !found.told_of.contains(board));
    }
    // A mistyped place has nothing either.
    obstacles.extend(empty.into_iter().map(|place| Obstacle::Nothing { place }));
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
                    detail: json!({ "copied_at": rfc3339(copied_at), "logs": logs, "caught_up": caught_up }),
                };
                db::audit::record(c, &deed, now)?;
            }
            Ok(())
        })
        .map_err(DbError::Query)?;
    Ok(Adopted {
        copied_at,
        logs,
        caught_up,
    })
}

/// Takes what the newest board has of a log into the database; the number of entries.
fn catch_up_log(
    connection: &mut Connection,
    (tenant, election): (&str, &Election),
    boards: &[Board],
    now: Millis,
) -> Result<u64, AdoptError> {
    let row = db::ledgers::find(connection, election.id).map_err(DbError::Query)?;
    let Some(row) = row else {
        return Ok(0);
    };
    let Some((place, seen)) = compare::ahead((tenant, election), boards, row.size) else {
        return Ok(0);
    };
    let caught = catch_up::catch_up(connection, election, &row, (&place, &seen), now);
    caught.map_err(|reason| AdoptError::CatchUp {
        log: format!("{tenant}/{}", election.slug),
        place,
        reason: Box::new(reason),
    })
}
