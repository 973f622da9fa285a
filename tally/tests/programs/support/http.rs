//! The board's files and the posting API over HTTP/1.1, one request a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use hanpyo_ledger::entry::Hash;
use hanpyo_ledger::signature::{Proposal, Role, RoleKeys};
use sha2::Digest;

use super::{Refused, State};

/// Serves until the process ends; returns the board's URL.
pub fn serve(state: Arc<Mutex<State>>, folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (state, folder) = (Arc::clone(&state), folder.clone());
            std::thread::spawn(move || {
                // A client that goes away is its own business.
                drop(answer(stream, &state, &folder));
            });
        }
    });
    format!("http://{address}/board/kit/election-1/")
}

struct Answer {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

fn json(status: u16, body: String) -> Answer {
    Answer {
        status,
        kind: "application/json",
        body: body.into_bytes(),
    }
}

fn problem(refused: &Refused) -> Answer {
    let detail = refused.reason.replace(['"', '\\', '\n'], " ");
    let body =
        format!("{{\"type\":\"about:blank\",\"title\":\"Refused\",\"detail\":\"{detail}\"}}");
    Answer {
        status: refused.status,
        kind: "application/problem+json",
        body: body.into_bytes(),
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>, folder: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = request.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let Some(answer) = route(method, path, &body, state, folder) else {
        return Ok(()); // the answer is lost
    };
    let mut stream = reader.into_inner();
    let Answer { status, kind, body } = answer;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nretry-after: 0\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    stream.flush()
}

fn route(
    method: &str,
    path: &str,
    body: &[u8],
    state: &Mutex<State>,
    folder: &Path,
) -> Option<Answer> {
    if let Some(file) = path.strip_prefix("/board/kit/election-1/") {
        // Under the lock: a reader never sees half a publication of a fork.
        let _state = state.lock().unwrap();
        return Some(match std::fs::read(folder.join(file)) {
            Ok(body) => Answer {
                status: 200,
                kind: "application/octet-stream",
                body,
            },
            Err(_) => problem(&Refused {
                status: 404,
                reason: file.to_owned(),
            }),
        });
    }
    let mut state = state.lock().unwrap();
    if state.faults.busy > 0 {
        state.faults.busy -= 1;
        return Some(problem(&Refused {
            status: 503,
            reason: "busy".to_owned(),
        }));
    }
    let answer = match (
        method,
        path.strip_prefix("/api/v1/tenants/kit/elections/election-1/"),
    ) {
        ("POST", Some("entries")) => match state.take(body) {
            Ok((index, new)) => json(
                if new { 201 } else { 200 },
                format!("{{\"index\":{index}}}"),
            ),
            Err(refused) => problem(&refused),
        },
        ("POST", Some("entries/bundle")) => bundle(&mut state, body),
        ("POST", Some("proposals")) => propose(&mut state, body),
        _ => problem(&Refused {
            status: 404,
            reason: path.to_owned(),
        }),
    };
    state.publish();
    if method == "POST" && state.faults.lost_answers > 0 {
        state.faults.lost_answers -= 1;
        return None;
    }
    Some(answer)
}

/// All or nothing.
fn bundle(state: &mut State, mut body: &[u8]) -> Answer {
    let before = state.election.entries.len();
    let mut taken = 0;
    while let Some((length, rest)) = body.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let outcome = match rest.get(..length) {
            Some(entry) if !state.election.entries.iter().any(|other| other == entry) => {
                state.take(entry)
            }
            Some(_) => Err(Refused {
                status: 409,
                reason: "already there".to_owned(),
            }),
            None => Err(Refused {
                status: 400,
                reason: "cut".to_owned(),
            }),
        };
        if let Err(refused) = outcome {
            // The follower has read what was taken; a real server works on a copy.
            assert_eq!(
                state.election.entries.len(),
                before,
                "a test posts whole good bundles"
            );
            return problem(&refused);
        }
        taken += 1;
        body = &rest[length..];
    }
    json(201, format!("{{\"first\":{before},\"count\":{taken}}}"))
}

/// Merges signatures; with all but the commission's it is signed and appended.
fn propose(state: &mut State, body: &[u8]) -> Answer {
    let keys = RoleKeys::new(&state.election.manifest).unwrap();
    let mut proposal = match Proposal::decode(body, &keys) {
        Ok(proposal) => proposal,
        Err(error) => {
            return problem(&Refused {
                status: 422,
                reason: error.to_string(),
            });
        }
    };
    let same = |known: &Proposal| {
        known.entry_type() == proposal.entry_type()
            && known.payload_bytes() == proposal.payload_bytes()
    };
    let known = state.proposals.iter().position(same);
    let open = state
        .proposals
        .iter()
        .filter(|known| !known.missing().is_empty());
    if known.is_none()
        && state
            .faults
            .most_proposals
            .is_some_and(|most| open.count() >= most)
    {
        let body = br#"{"type":"urn:hanpyo:problem:too-many-proposals","title":"Too many"}"#;
        let kind = "application/problem+json";
        return Answer {
            status: 409,
            kind,
            body: body.to_vec(),
        };
    }
    if let Some(place) = known {
        proposal.merge(&state.proposals.remove(place)).unwrap();
    }
    if proposal.missing() == [Role::Commission] && state.approves {
        proposal
            .sign(&keys, Role::Commission, &state.election.keys.commission)
            .unwrap();
    }
    state.proposals.push(proposal.clone());
    let id = Hash(sha2::Sha256::digest(proposal.payload_bytes()).into());
    let missing: Vec<_> = proposal
        .missing()
        .iter()
        .map(|role| format!("\"{role}\""))
        .collect();
    let mut index = "null".to_owned();
    if missing.is_empty() {
        match state.take(&proposal.complete().unwrap().encode().unwrap()) {
            Ok((at, _)) => index = at.to_string(),
            Err(refused) => return problem(&refused),
        }
    }
    json(
        200,
        format!(
            "{{\"id\":\"{id}\",\"missing\":[{}],\"index\":{index}}}",
            missing.join(",")
        ),
    )
}
