//! Routes under `/api/v1`. Every handler reads: authorize, load, act, respond.

mod auth;
mod health;
mod paths;
mod staff;
mod tenants;
mod view;

use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig, get, patch, post};

use crate::problem::Problem;

/// Registers every route.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(web::resource("/livez").route(get().to(health::livez)))
        .service(web::resource("/readyz").route(get().to(health::readyz)))
        .service(
            web::scope("/api/v1")
                .wrap(
                    DefaultHeaders::new()
                        .add(("cache-control", "no-store"))
                        .add(("x-content-type-options", "nosniff")),
                )
                .configure(v1),
        )
        .default_service(web::to(nothing_here));
}

fn v1(service: &mut ServiceConfig) {
    service
        .service(web::resource("/auth/login").route(post().to(auth::login)))
        .service(web::resource("/auth/refresh").route(post().to(auth::refresh)))
        .service(web::resource("/auth/logout").route(post().to(auth::logout)))
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
        .service(web::resource("/tenants/{tenant}/staff/{staff}").route(patch().to(staff::change)));
}

async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::not_found())
}
