//! The API on loopback: state, jobs, answers.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::rt::{System, spawn};
use actix_web::web::{self, Data, Json, JsonConfig, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use clap::Args;
use hanpyo_web_assets::Pages;
use hanpyo_web_assets::loopback::Loopback;
use hanpyo_web_assets::pages::PageError;
use rand::RngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use super::messages::{Answer, Begun};
use super::worker::{Desk, NotNow, Worker};
use crate::cli::Failure;

/// Largest request, in bytes: a passphrase and some addresses.
const LARGEST_REQUEST: usize = 1 << 16;

/// How the pages are served.
#[derive(Debug, Args)]
pub struct UiArgs {
    /// Port of 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Serve the pages in this folder instead of those in the program, while developing them
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub pages: Option<PathBuf>,
}

/// Serves `entry` (`trustee.html` or `authority.html`) and the desk's API until the program is interrupted. `more`
/// registers further routes.
///
/// # Errors
/// The port is taken, or the program has no pages.
pub fn serve<D, F>(
    worker: Worker<D>,
    arguments: &UiArgs,
    entry: &'static str,
    more: F,
) -> Result<(), Failure>
where
    D: Desk + 'static,
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let pages = match &arguments.pages {
        Some(folder) => Pages::folder(folder),
        None => Pages::local(),
    };
    if !pages.is_built() {
        return Err(Failure::input(PageError::NotBuilt));
    }
    let mut token = Zeroizing::new([0; 32]);
    OsRng.fill_bytes(&mut *token);
    let loopback = Loopback::bind(arguments.port, &token)
        .map_err(|error| Failure::input(format!("port {}: {error}", arguments.port)))?;
    println!(
        "Open this address in a browser on this computer. It is secret: who has it acts as you while this program \
         runs. Ctrl-C ends it."
    );
    // The last line, so that a program that starts this one may stop reading after it.
    println!("{}", &*loopback.url());
    let worker = Data::from(Arc::new(worker));
    System::new().block_on(async move {
        let api = move |service: &mut ServiceConfig| {
            service
                .app_data(worker.clone())
                .app_data(JsonConfig::default().limit(LARGEST_REQUEST))
                .route("/api/state", web::get().to(state::<D>))
                .route("/api/jobs", web::post().to(begin::<D>))
                .route("/api/jobs/{number}/answer", web::post().to(answer::<D>))
                .route("/api/jobs/{number}/stop", web::post().to(stop::<D>));
            more(service);
        };
        let server = loopback
            .serve(pages, entry, api)
            .map_err(Failure::refused)?;
        let handle = server.handle();
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::refused)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::refused)?;
        let ended = handle.clone();
        spawn(async move {
            interrupt.recv().await;
            ended.stop(false).await;
        });
        spawn(async move {
            terminate.recv().await;
            handle.stop(false).await;
        });
        server.await.map_err(Failure::refused)
    })
}

async fn state<D: Desk + 'static>(worker: Data<Worker<D>>) -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(worker.state())
}

async fn begin<D: Desk + 'static>(
    worker: Data<Worker<D>>,
    request: Json<D::Request>,
) -> HttpResponse {
    match worker.begin(request.into_inner()) {
        Ok(number) => HttpResponse::Accepted().json(Begun { number }),
        Err(error) => not_now(error),
    }
}

async fn answer<D: Desk + 'static>(
    worker: Data<Worker<D>>,
    number: Path<u32>,
    answer: Json<Answer>,
) -> HttpResponse {
    done(worker.answer(*number, answer.yes))
}

async fn stop<D: Desk + 'static>(worker: Data<Worker<D>>, number: Path<u32>) -> HttpResponse {
    done(worker.stop(*number))
}

fn done(outcome: Result<(), NotNow>) -> HttpResponse {
    match outcome {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => not_now(error),
    }
}

fn not_now(error: NotNow) -> HttpResponse {
    let why = match error {
        NotNow::Busy => "another job is under way",
        NotNow::NoSuchJob => "there is no such job that waits",
    };
    HttpResponse::Conflict()
        .content_type("text/plain; charset=utf-8")
        .body(why)
}
