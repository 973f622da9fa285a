//! What the public pages read beyond phase, turnout and results (those are in `ledger_api`). No
//! log-in; nothing here is secret, and what matters can be checked against the board.
//!
//! | module | what it is |
//! |---|---|
//! | `list`, `listing` | public elections of the server and of a tenant; staff leaves some out |
//! | [`events`] | the entries of roles, read once and kept: what the others are made of |
//! | `assets` | the voting pages announced, and their amendments |
//! | `timeline` | what happened, with times |
//! | `trustees` | who has done which step of ceremony, drill and decryption |
//! | `booth` | the entries that a voter's device checks, and their receipts |

pub(crate) mod assets;
pub(crate) mod booth;
pub mod events;
pub(crate) mod list;
pub(crate) mod listing;
pub(crate) mod timeline;
pub(crate) mod trustees;

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig, get, put};

use crate::api::paths::ElectionPath;
use crate::problem::Problem;
use crate::sequencer::Ledger;
use crate::state::AppState;

/// Registers the routes; before those of elections, whose scope would take them.
pub fn routes(service: &mut ServiceConfig) {
    let resource =
        |path: &str| web::resource(format!("/tenants/{{tenant}}/elections/{{election}}{path}"));
    service
        .service(web::resource("/elections").route(get().to(list::all)))
        .service(
            web::resource("/tenants/{tenant}/public-elections").route(get().to(list::of_tenant)),
        )
        .service(
            resource("/listing")
                .route(get().to(listing::show))
                .route(put().to(listing::change)),
        )
        .service(resource("/timeline").route(get().to(timeline::timeline)))
        .service(resource("/trustees").route(get().to(trustees::trustees)))
        .service(resource("/booth").route(get().to(booth::booth)))
        .service(resource("/entries/{index:\\d+}").route(get().to(booth::entry)))
        .service(resource("/entries/{index:\\d+}/receipt").route(get().to(booth::receipt)));
}

/// The ledger in the path. Elections without a published manifest are not public.
fn ledger(state: &AppState, path: &ElectionPath) -> Result<Arc<Ledger>, Problem> {
    state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)
}
