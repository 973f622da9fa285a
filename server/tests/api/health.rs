//! Liveness, readiness, stop.

use hanpyo_server::app::{self, StartError};
use hanpyo_server::clock::Clock;

use super::support::TestServer;

#[actix_web::test]
async fn alive_and_ready_until_stopped() {
    let server = TestServer::start().await;
    let client = server.anonymous();
    for path in ["/livez", "/readyz"] {
        let answer = client.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (200, "ok\n"),
            "{path}"
        );
    }
    let address = server.running.address;
    let _dir = server.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[actix_web::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let server = TestServer::start().await;
    let second = app::start(server.config.clone(), Clock::system());
    assert!(matches!(second.err(), Some(StartError::Locked(_))));
    let config = server.config.clone();
    let _dir = server.stop().await;
    app::start(config, Clock::system()).unwrap().stop().await;
}

#[actix_web::test]
async fn no_data_folder_is_made_by_serving() {
    let dir = tempfile::tempdir().unwrap();
    let server = TestServer::start().await;
    let mut config = server.config.clone();
    config.storage.data_dir = dir.path().join("absent");
    let error = app::start(config, Clock::system())
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("hanpyo-server init"), "{error}");
    assert!(!dir.path().join("absent").exists());
}
