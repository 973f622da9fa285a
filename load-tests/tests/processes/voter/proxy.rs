//! Stands between a voter and the server and cuts the connection in the middle of a cast.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What happens to a ballot that is posted.
pub(super) enum Cut {
    /// The connection ends before the server hears of it.
    Before,
    /// The server takes the ballot; its answer is thrown away.
    After,
    /// The same, but the connection stays silent until the test lets it end.
    Held {
        /// Told when the server has answered.
        answered: oneshot::Sender<()>,
        /// Awaited before the connection ends.
        release: oneshot::Receiver<()>,
    },
}

#[derive(Default)]
struct Plan {
    cuts: VecDeque<Cut>,
    posted: usize,
}

pub(super) struct Proxy {
    pub(super) address: String,
    plan: Arc<Mutex<Plan>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Before the server at `upstream` (http://host:port); the ballots posted first are cut like this, others pass.
    pub(super) async fn start(upstream: &str, cuts: Vec<Cut>) -> Self {
        let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let plan = Arc::new(Mutex::new(Plan {
            cuts: cuts.into(),
            posted: 0,
        }));
        let shared = Arc::clone(&plan);
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (upstream, plan) = (upstream.clone(), Arc::clone(&shared));
                // A connection that breaks is what this is for.
                tokio::spawn(async move { forward(client, &upstream, &plan).await.ok() });
            }
        });
        Self {
            address,
            plan,
            task,
        }
    }

    /// How many times a ballot was posted.
    pub(super) fn posted(&self) -> usize {
        self.plan.lock().unwrap().posted
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(mut client: TcpStream, upstream: &str, plan: &Mutex<Plan>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(upstream).await?;
    let (mut asked, mut answered) = ([0; 16_384], [0; 16_384]);
    let mut cut = None;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let bytes = &asked[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                if bytes.starts_with(b"POST ") && bytes.windows(14).any(|part| part == b"/ballots HTTP/") {
                    let mut plan = plan.lock().unwrap();
                    plan.posted += 1;
                    cut = plan.cuts.pop_front();
                }
                if matches!(cut, Some(Cut::Before)) {
                    return Ok(());
                }
                server.write_all(bytes).await?;
            }
            read = server.read(&mut answered) => {
                let bytes = &answered[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                match cut.take() {
                    None => client.write_all(bytes).await?,
                    Some(Cut::Held { answered, release }) => {
                        answered.send(()).unwrap();
                        release.await.unwrap();
                        return Ok(());
                    }
                    Some(Cut::Before | Cut::After) => return Ok(()),
                }
            }
        }
    }
}
