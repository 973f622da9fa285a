//! A web server that serves files from memory and breaks on command.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

#[derive(Default)]
struct Behaviour {
    /// Answers until connections break in the middle of one.
    left: Option<usize>,
    /// Paths with this beginning are answered in half, and the connection stays open.
    stall: Option<String>,
    stalled: bool,
}

struct Shared {
    files: BTreeMap<String, Vec<u8>>,
    behaviour: Mutex<Behaviour>,
    changed: Condvar,
}

pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    pub(crate) fn start(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            files,
            behaviour: Mutex::default(),
            changed: Condvar::new(),
        });
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = Arc::clone(&server);
                std::thread::spawn(move || server.serve(stream));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/board", self.address)
    }

    pub(crate) fn break_after(&self, answers: usize) {
        self.shared.behaviour.lock().unwrap().left = Some(answers);
    }

    pub(crate) fn stall_on(&self, path: &str) {
        self.shared.behaviour.lock().unwrap().stall = Some(path.to_owned());
    }

    pub(crate) fn wait_for_stall(&self) {
        let behaviour = self.shared.behaviour.lock().unwrap();
        let waiting = |behaviour: &mut Behaviour| !behaviour.stalled;
        drop(self.shared.changed.wait_while(behaviour, waiting).unwrap());
    }

    pub(crate) fn mend(&self) {
        *self.shared.behaviour.lock().unwrap() = Behaviour::default();
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let mut request = String::new();
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                request += &line;
            }
            let path = request.split(' ').nth(1).unwrap();
            let path = path.trim_start_matches("/board/").to_owned();
            if self.answer(&mut stream, &path).is_none() {
                return;
            }
        }
    }

    /// `None` to end the connection.
    fn answer(&self, stream: &mut TcpStream, path: &str) -> Option<()> {
        let Some(bytes) = self.files.get(path) else {
            let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            return stream.write_all(head.as_bytes()).ok();
        };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
        stream.write_all(head.as_bytes()).ok()?;
        let mut behaviour = self.behaviour.lock().unwrap();
        let stall = behaviour.stall.as_ref();
        if stall.is_some_and(|stall| path.starts_with(stall)) {
            behaviour.stalled = true;
            drop(behaviour);
            self.changed.notify_all();
            stream.write_all(&bytes[..bytes.len() / 2]).ok()?;
            let forever = Mutex::new(());
            let guard = forever.lock().unwrap();
            drop(Condvar::new().wait(guard));
            return None;
        }
        if let Some(left) = &mut behaviour.left {
            match left.checked_sub(1) {
                Some(fewer) => *left = fewer,
                None => {
                    stream.write_all(&bytes[..bytes.len() / 2]).ok();
                    return None;
                }
            }
        }
        drop(behaviour);
        stream.write_all(bytes).ok()
    }
}
