//! A web server on loopback for the programs of trustees and authorities: their own pages, from the
//! binary, with an API that only those pages reach.
//!
//! # Security
//! Other programs and web sites on the same machine are kept out:
//! - it listens on 127.0.0.1 only;
//! - requests must name it by that address (`Host`), so no site can point its name at it;
//! - `Origin` and `Sec-Fetch-Site`, where browsers send them, must say that its own page asks;
//! - everything but the pages needs the token that stands in the fragment of the address which the
//!   program shows: a fragment is never sent, so it is in no log and no referrer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderMap, HeaderName, IF_NONE_MATCH, ORIGIN,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer};
use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::answer::{Answer, PageRequest, Status};
use crate::pages::{PageError, Pages};

/// Below it everything needs the token.
pub const API: &str = "/api/";
/// Tells where a request comes from; browsers do not let pages set it.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A loopback server that is bound, but does not serve yet.
pub struct Loopback {
    listener: TcpListener,
    port: u16,
    token: Zeroizing<String>,
}

/// What requests are held against.
struct Gate {
    port: u16,
    token: Zeroizing<String>,
}

impl Loopback {
    /// Binds `port` of 127.0.0.1; 0 takes a free one. `token` is 32 random bytes.
    ///
    /// # Errors
    /// The port is taken.
    pub fn bind(port: u16, token: &[u8; 32]) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Self {
            port: listener.local_addr()?.port(),
            listener,
            token: Zeroizing::new(HEXLOWER.encode(token)),
        })
    }

    /// The address to open, with the token in its fragment.
    #[must_use]
    pub fn url(&self) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "http://127.0.0.1:{}/#t={}",
            self.port, &*self.token
        ))
    }

    /// Serves `pages` with `entry` (for example `trustee.html`) at `/`, and the routes that `api`
    /// registers, which must lie below [`API`]. Ends when the server's handle stops it.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub fn serve<F>(self, pages: Pages, entry: &'static str, api: F) -> io::Result<Server>
    where
        F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let pages = Data::new(pages);
        let gate = Arc::new(Gate {
            port: self.port,
            token: self.token,
        });
        let app = move || {
            let gate = Arc::clone(&gate);
            App::new()
                .app_data(pages.clone())
                .wrap(from_fn(move |request, next| {
                    guard(Arc::clone(&gate), request, next)
                }))
                .configure(api.clone())
                .default_service(web::to(
                    move |pages: Data<Pages>, request: HttpRequest| async move {
                        page(&pages, entry, &request)
                    },
                ))
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        Ok(server.listen(self.listener)?.run())
    }
}

impl Gate {
    /// Why a request is turned away, if it is.
    fn refusal(&self, headers: &HeaderMap, path: &str) -> Option<&'static str> {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().ok());
        let port = self.port;
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let named = |host: &str| hosts.iter().any(|own| own == host);
        if !text(&HOST).flatten().is_some_and(named) {
            return Some("this server is only reached as 127.0.0.1");
        }
        let own = |origin: &str| origin.strip_prefix("http://").is_some_and(named);
        if text(&ORIGIN).is_some_and(|origin| !origin.is_some_and(own)) {
            return Some("only this server's own pages may ask");
        }
        let same = |site: Option<&str>| matches!(site, Some("same-origin" | "none"));
        if text(&FETCH_SITE).is_some_and(|site| !same(site)) {
            return Some("only this server's own pages may ask");
        }
        if !path.starts_with(API) {
            return None;
        }
        let sent = text(&AUTHORIZATION).flatten();
        let sent = sent.and_then(|value| value.strip_prefix("Bearer "));
        let right = |sent: &str| bool::from(sent.as_bytes().ct_eq(self.token.as_bytes()));
        if sent.is_some_and(right) {
            None
        } else {
            Some("the token of the address that the program showed is missing")
        }
    }
}

async fn guard(
    gate: Arc<Gate>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match gate.refusal(request.headers(), request.path()) {
        None => Ok(next.call(request).await?.map_into_boxed_body()),
        Some(reason) => {
            let refused = HttpResponse::Forbidden()
                .content_type("text/plain; charset=utf-8")
                .body(reason);
            Ok(request.into_response(refused))
        }
    }
}

fn page(pages: &Pages, entry: &str, request: &HttpRequest) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return HttpResponse::NotFound().finish();
    }
    let header = |name| request.headers().get(name)?.to_str().ok();
    let own = format!("/{entry}");
    let wanted = PageRequest {
        path: if request.path() == "/" {
            &own
        } else {
            request.path()
        },
        accept_encoding: header(ACCEPT_ENCODING),
        if_none_match: header(IF_NONE_MATCH),
        https: false,
    };
    match Answer::find(pages, &wanted) {
        Ok(Some(answer)) => {
            let status = match answer.status {
                Status::Ok => StatusCode::OK,
                Status::NotModified => StatusCode::NOT_MODIFIED,
            };
            let mut response = HttpResponse::build(status);
            for (name, value) in answer.headers {
                response.insert_header((name, value.into_owned()));
            }
            response.body(answer.body.into_owned())
        }
        Ok(None) if pages.is_built() => HttpResponse::NotFound().finish(),
        Ok(None) => HttpResponse::ServiceUnavailable().body(PageError::NotBuilt.to_string()),
        Err(error) => HttpResponse::ServiceUnavailable().body(error.to_string()),
    }
}
