//! Messages through a mail relay: a small SMTP server of our own on a free port.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::support::{MEALS, TestServer};

/// What the relay got, and how often it still refuses a recipient for the moment.
#[derive(Default)]
struct Relay {
    mails: Mutex<Vec<(String, String)>>,
    refusals: Mutex<u32>,
}

async fn serve(relay: Arc<Relay>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let relay = relay.clone();
        tokio::spawn(async move { talk(&relay, stream).await.ok() });
    }
}

async fn talk(relay: &Relay, stream: TcpStream) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 relay ESMTP\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap() {
            "EHLO" => "250 relay\r\n",
            "RCPT" => {
                let mut refusals = relay.refusals.lock().unwrap();
                recipient = line;
                if *refusals > 0 {
                    *refusals -= 1;
                    "451 try again later\r\n"
                } else {
                    "250 ok\r\n"
                }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                relay.mails.lock().unwrap().push((recipient.clone(), text));
                "250 taken\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        writer.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

#[actix_web::test]
async fn a_code_goes_through_the_relay_and_a_passing_refusal_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let relay = Arc::new(Relay {
        refusals: Mutex::new(1),
        ..Relay::default()
    });
    tokio::spawn(serve(relay.clone(), listener));
    let server = TestServer::start_with(&[
        ("outbox.kind", "smtp"),
        ("outbox.smtp.host", "127.0.0.1"),
        ("outbox.smtp.port", &port),
        ("outbox.smtp.encryption", "none"),
        ("outbox.smtp.from", "한표 <vote@example.org>"),
    ])
    .await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    // A telephone number cannot be reached by mail; that keeps no one else from being.
    for voter in ["v3", "v1"] {
        let body = json!({ "voter_id": voter });
        anyone
            .post(&format!("{MEALS}/voter/identify"), &body)
            .await
            .expect(202);
    }
    let begun = std::time::Instant::now();
    while relay.mails.lock().unwrap().is_empty() {
        assert!(begun.elapsed().as_secs() < 20, "no mail came");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let _folder = server.stop().await;
    let mails = relay.mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "RCPT TO:<one@example.org>");
    assert_eq!(*relay.refusals.lock().unwrap(), 0);
    assert!(
        mails[0].1.contains("\nTo: one@example.org\n"),
        "{}",
        mails[0].1
    );
    assert!(mails[0].1.contains("<vote@example.org>"), "{}", mails[0].1);
}
