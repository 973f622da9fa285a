//! Routes under `/api/v1`. Every handler reads: authorize, load, act, respond.

mod auth;
mod elections;
mod etag;
mod health;
mod me;
mod openapi;
pub(crate) mod paths;
pub(crate) mod roll;
mod spool;
mod staff;
mod tenants;
pub(crate) mod view;
mod voter;

use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig, delete, get, patch, post, put};

pub use openapi::openapi_json;

use crate::problem::Problem;

/// Registers every route.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(web::resource("/livez").route(get().to(health::livez)))
        .service(web::resource("/readyz").route(get().to(health::readyz)))
        .configure(crate::board::routes)
        .service(
            web::scope("/api/v1")
                .wrap(
                    DefaultHeaders::new()
                        .add(("cache-control", "no-store"))
                        .add(("x-content-type-options", "nosniff")),
                )
                .configure(v1),
        )
        .default_service(web::to(crate::pages::serve));
}

fn v1(service: &mut ServiceConfig) {
    service
        .configure(voter::routes)
        .configure(crate::public_api::routes)
        .configure(crate::voters_api::routes)
        .configure(crate::lots_api::routes)
        .configure(crate::objections_api::routes)
        .configure(crate::ledger_api::routes)
        .service(web::resource("/auth/login").route(post().to(auth::login)))
        .service(web::resource("/auth/refresh").route(post().to(auth::refresh)))
        .service(web::resource("/auth/logout").route(post().to(auth::logout)))
        .service(web::resource("/auth/me").route(get().to(me::me)))
        .service(web::resource("/auth/password").route(post().to(auth::change_password)))
        .service(
            web::resource("/tenants")
                .route(get().to(tenants::list))
                .route(post().to(tenants::create)),
        )
        .service(web::resource("/tenants/{tenant}").route(get().to(tenants::show)))
        .service(web::resource("/tenants/{tenant}/audit").route(get().to(tenants::audit)))
        .service(
            web::resource("/tenants/{tenant}/staff")
                .route(get().to(staff::list))
                .route(post().to(staff::create)),
        )
        .service(web::resource("/tenants/{tenant}/staff/{staff}").route(patch().to(staff::change)))
        .service(
            web::resource("/tenants/{tenant}/elections")
                .route(get().to(elections::drafts::list))
                .route(post().to(elections::drafts::create)),
        )
        .service(
            web::scope("/tenants/{tenant}/elections/{election}")
                .service(
                    web::resource("")
                        .route(get().to(elections::drafts::show))
                        .route(put().to(elections::drafts::edit))
                        .route(delete().to(elections::drafts::remove)),
                )
                .service(web::resource("/submit").route(post().to(elections::review::submit)))
                .service(web::resource("/return").route(post().to(elections::review::send_back)))
                .service(web::resource("/approve").route(post().to(elections::review::approve)))
                .service(web::resource("/audit").route(get().to(elections::audit)))
                .service(
                    web::resource("/roll")
                        .route(get().to(roll::show))
                        .route(post().to(roll::import))
                        .route(delete().to(roll::clear)),
                )
                .service(
                    web::resource("/roll/assignment")
                        .route(put().to(roll::assign))
                        .route(delete().to(roll::unassign)),
                )
                .default_service(web::to(nothing_here)),
        );
}

async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::not_found())
}
