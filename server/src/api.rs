//! Routes. Every handler reads: authorize, load, act, respond.

mod health;

use actix_web::web::{self, ServiceConfig};

use crate::problem::Problem;

/// Registers every route.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(web::resource("/livez").route(web::get().to(health::livez)))
        .service(web::resource("/readyz").route(web::get().to(health::readyz)))
        .default_service(web::to(|| async { Err::<String, _>(Problem::not_found()) }));
}
