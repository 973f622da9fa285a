//! How fast the program checks a record in files (in the page cache, after a first run that reads them), how much memory that takes, and how many bytes a
//! ballot takes in the record. `cargo bench -p hanpyo-verify --bench record` prints one JSON object of
//! names and numbers a line; `BALLOTS=n` changes the size of the record, `THREADS=n` the threads.
//!
//! The record, a yes/no election in which everybody votes, is made once by each build of this program and kept in
//! `target/bench-records`, so that it is never one of an earlier format.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hanpyo_crypto::ballot::{VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::{BallotEntry, Entry};
use hanpyo_ledger::log::writer::TileWriter;
use hanpyo_testkit::{Election, ElectionSpec, checkpoint};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sha2::{Digest, Sha256};

/// Bytes and number of everything that ballots add to the record.
const FACTS: &str = "facts";

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let number = |name, default| {
        let set = std::env::var(name).ok();
        set.map_or(default, |set| set.parse().expect("a number"))
    };
    let ballots: usize = number("BALLOTS", 50_000);
    let threads: usize = number("THREADS", 2);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("../bench-records")
        .join(format!("yes-no-{ballots}"))
        .join(this_build());
    if !folder.join(FACTS).is_file() {
        // Records of earlier builds are of no use any more.
        let earlier = folder.parent().unwrap();
        if earlier.exists() {
            std::fs::remove_dir_all(earlier).unwrap();
        }
        make(ballots, &folder);
    }
    let facts = std::fs::read_to_string(folder.join(FACTS)).unwrap();
    let bytes: f64 = facts.trim().parse().unwrap();
    // The second run reads from the page cache, as the first may or may not.
    run(&folder, threads);
    let (time, peak) = run(&folder, threads);
    print(
        "record_verify_ballots_per_s",
        ballots as f64 / time.as_secs_f64(),
    );
    print("record_verify_peak_mib", peak);
    print("record_bytes_per_ballot", bytes / ballots as f64);
}

/// A hash of this program, which holds everything that makes the record.
fn this_build() -> String {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    data_encoding::HEXLOWER.encode(&Sha256::digest(program)[..8])
}

fn print(name: &str, number: f64) {
    println!("{{\"{name}\": {number:.1}}}");
}

/// Runs the program and gives the time it took and the most memory it had, in MiB.
fn run(folder: &Path, threads: usize) -> (Duration, f64) {
    let vkey = std::fs::read_to_string(folder.join("vkey")).unwrap();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hanpyo-verify"))
        .arg(folder)
        .args(["--vkey", vkey.trim(), "--threads", &threads.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The high-water mark of resident memory only grows, so the last look has it.
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0.0;
    loop {
        if let Ok(status) = std::fs::read_to_string(&status)
            && let Some(line) = status.lines().find(|line| line.starts_with("VmHWM:"))
        {
            let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
            peak = kib / 1024.0;
        }
        if let Some(exit) = child.try_wait().unwrap() {
            assert!(exit.success(), "the record does not pass");
            return (start.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Makes and publishes the record.
fn make(ballots: usize, folder: &Path) {
    eprintln!(
        "making a record of {ballots} ballots in {}",
        folder.display()
    );
    let mut election = Election::new(ElectionSpec::yes_no(ballots));
    election.set_up();
    election.open();
    let before = election.entries.len();
    let cast: Vec<(Vec<u8>, Vec<u64>)> = (0..u32::try_from(ballots).unwrap())
        .into_par_iter()
        .map(|credential| cast(&election, credential))
        .collect();
    for (credential, (entry, plain)) in (0..).zip(cast) {
        election.append_bytes(entry);
        election.plain.insert(credential, plain);
    }
    let after = election.entries.len();
    election.finish();
    std::fs::create_dir_all(folder).unwrap();
    let (_, batch) = TileWriter::new().append(&election.entries).unwrap();
    for file in batch.files {
        let path = folder.join(file.tile.path());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.bytes).unwrap();
    }
    let log = election.keys.log.verifier_key();
    std::fs::write(folder.join("vkey"), format!("{log}\n")).unwrap();
    std::fs::write(
        folder.join("checkpoint"),
        checkpoint(&election, 0).to_bytes(),
    )
    .unwrap();
    // What ballots add: their entries with lengths in bundles, and hash tiles over them.
    let entries: usize = election.entries[before..after]
        .iter()
        .map(|e| 2 + e.len())
        .sum();
    let hashes = |count: usize| 32 * (count + count / 256 + count / 65_536);
    let bytes = entries + hashes(after) - hashes(before);
    std::fs::write(folder.join(FACTS), format!("{bytes}\n")).unwrap();
}

/// A random vote and its plaintext.
fn cast(election: &Election, credential: u32) -> (Vec<u8>, Vec<u64>) {
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from(credential));
    let choice = usize::try_from(credential % 2).unwrap();
    let selections = [Selection::ChooseOne(Some(choice))];
    let voter = &election.voters[usize::try_from(credential).unwrap()];
    let prepared = election.with_context(credential, |context| {
        let request = VoterRequest {
            secret: voter.secret.scalar(),
            counter: 1,
            attempt: 1,
            selections: &selections,
        };
        let bound = election.context.as_ref().unwrap();
        encrypt_ballot(bound, context, &request, &mut rng).unwrap()
    });
    let ballot: BallotEntry = prepared.cast(&mut rng).try_into().unwrap();
    let plain = election.plaintext(credential, &selections);
    (Entry::Ballot(ballot).encode().unwrap(), plain)
}
