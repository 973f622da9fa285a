//! The loopback server turns away everyone but its own pages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use actix_web::web::{self, ServiceConfig, get};
use hanpyo_web_assets::Pages;
use hanpyo_web_assets::loopback::Loopback;

fn api(service: &mut ServiceConfig) {
    service.service(web::resource("/api/hello").route(get().to(async || "hello")));
}

/// Sends a request as it is and gives status and body.
fn ask(address: &str, request: String) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    (status, body)
}

#[actix_web::test]
async fn only_its_own_pages_reach_the_api() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trustee.html"), "trustee page").unwrap();
    let loopback = Loopback::bind(0, &[7; 32]).unwrap();
    let url = loopback.url();
    let (base, token) = url.split_once("/#t=").unwrap();
    assert_eq!(token, "07".repeat(32));
    let address = base.strip_prefix("http://").unwrap().to_owned();
    assert!(address.starts_with("127.0.0.1:"));
    let server = loopback
        .serve(Pages::folder(folder.path()), "trustee.html", api)
        .unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let port = address.rsplit_once(':').unwrap().1.to_owned();
    let bearer = format!("authorization: Bearer {token}\r\n");
    let wrong = bearer.replace("07", "08");
    let own = format!("origin: http://{address}\r\n");
    let far = "origin: http://evil.example\r\n".to_owned();
    let site = |site: &str| format!("sec-fetch-site: {site}\r\n");
    let cases = [
        ("/", &*address, String::new(), 200, "trustee page"),
        (
            "/trustee.html",
            &*address,
            site("none"),
            200,
            "trustee page",
        ),
        ("/nothing", &*address, String::new(), 404, ""),
        ("/api/hello", &*address, bearer.clone(), 200, "hello"),
        (
            "/api/hello",
            &*address,
            format!("{bearer}{own}{}", site("same-origin")),
            200,
            "hello",
        ),
        ("/api/hello", &*address, String::new(), 403, "token"),
        ("/api/hello", &*address, wrong, 403, "token"),
        (
            "/api/hello",
            &*address,
            format!("{bearer}{far}"),
            403,
            "own pages",
        ),
        (
            "/api/hello",
            &*address,
            format!("{bearer}origin: null\r\n"),
            403,
            "own pages",
        ),
        (
            "/api/hello",
            &*address,
            format!("{bearer}{}", site("cross-site")),
            403,
            "own pages",
        ),
        (
            "/api/hello",
            &*address,
            format!("{bearer}{}", site("same-site")),
            403,
            "own pages",
        ),
        ("/", "evil.example", String::new(), 403, "127.0.0.1"),
        (
            "/api/hello",
            "evil.example",
            bearer.clone(),
            403,
            "127.0.0.1",
        ),
    ];
    for (path, host, headers, status, body) in cases {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n");
        let (address, shown) = (address.clone(), request.clone());
        let (found, text) = actix_web::rt::task::spawn_blocking(move || ask(&address, request))
            .await
            .unwrap();
        assert_eq!(found, status, "{shown}{text}");
        assert!(text.contains(body), "{shown}{text}");
    }
    let localhost =
        format!("GET / HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n");
    let target = address.clone();
    let answer = actix_web::rt::task::spawn_blocking(move || ask(&target, localhost));
    assert_eq!(answer.await.unwrap().0, 200);
    handle.stop(true).await;
}
