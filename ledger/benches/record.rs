//! Speed and memory of the record checker, as JSON lines `{"name": number}`. Entries are in memory; reading
//! from disk is measured with `hanpyo-verify`.
//!
//! | name | what is measured |
//! |---|---|
//! | `record_check_ballots_per_s` | everything: decode, hash, proofs, signatures, duplicates, sums |
//! | `record_replay_ballots_per_s` | the same without proofs, as a server replays its own log with sums |
//! | `record_apply_ballots_per_s` | without proofs and sums: decode, hash, apply |
//! | `record_roll_rows_per_s` | roll chunks |
//! | `record_bytes_per_voter` | memory of the roll |
//! | `record_bytes_per_ciphertext` | memory for finding duplicates |
//!
//! `.._cpu_us` beside each is the processor time of all threads for one, which a busy machine does not
//! change.
//!
//! Arguments: `--ballots N`, `--voters N` (at least as many).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::cast_precision_loss)]

use std::time::Instant;

use hanpyo_ledger::record::{Options, RecordChecker};
use hanpyo_testkit::{Election, ElectionSpec};
use rand::rngs::OsRng;

/// Entries handed over at a time.
const PUSHED: usize = 16_384;

fn argument(name: &str, default: usize) -> usize {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|argument| argument == name);
    place.map_or(default, |place| arguments[place + 1].parse().unwrap())
}

fn print(name: &str, number: f64) {
    println!("{{\"{name}\": {number:.1}}}");
}

/// Seconds of processor time that this process has used (Linux; elsewhere 0).
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|f| f.parse::<f64>().ok());
    // utime and stime, in ticks of 10 ms.
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// Prints how many a second, and the processor time for one.
fn print_speed(name: &str, count: f64, (seconds, processor): (f64, f64)) {
    print(&format!("{name}_per_s"), count / seconds);
    print(&format!("{name}_cpu_us"), 1e6 * processor / count);
}

/// Reads a whole record and gives the time and processor time spent on the entries from `from` on.
fn read(entries: &[Vec<u8>], from: usize, options: Options) -> (RecordChecker, (f64, f64)) {
    let mut checker = RecordChecker::new(options, &mut OsRng);
    for chunk in entries[..from].chunks(PUSHED) {
        checker.push(chunk, &entries).unwrap();
    }
    let (start, processor) = (Instant::now(), processor_seconds());
    for chunk in entries[from..].chunks(PUSHED) {
        checker.push(chunk, &entries).unwrap();
    }
    let seconds = (
        start.elapsed().as_secs_f64(),
        processor_seconds() - processor,
    );
    assert!(checker.findings().is_empty());
    (checker, seconds)
}

fn main() {
    let ballots = argument("--ballots", 20_000);
    let voters = argument("--voters", 1_000_000).max(ballots);
    let mut election = Election::new(ElectionSpec::yes_no(voters));
    election.run_ceremony();
    election.publish_drills();
    let before_roll = election.entries.len();
    election.publish_roll();
    let options = |verify_ballots, keep_sums| Options {
        verify_ballots,
        keep_sums,
        ..Options::default()
    };
    let (checker, seconds) = read(&election.entries, before_roll, options(true, true));
    print_speed("record_roll_rows", voters as f64, seconds);
    let memory = checker.memory();
    print(
        "record_bytes_per_voter",
        memory.roll_bytes as f64 / voters as f64,
    );

    election.open();
    let before_ballots = election.entries.len();
    election.vote_at_random(voters / ballots);
    let ballots = (election.entries.len() - before_ballots) as f64;
    for (name, verify, sums) in [
        ("record_check_ballots", true, true),
        ("record_replay_ballots", false, true),
        ("record_apply_ballots", false, false),
    ] {
        let options = options(verify, sums);
        let (checker, seconds) = read(&election.entries, before_ballots, options);
        print_speed(name, ballots, seconds);
        if verify {
            let memory = checker.memory();
            let bytes = memory.duplicate_bytes as f64 / memory.ciphertexts as f64;
            print("record_bytes_per_ciphertext", bytes);
        }
    }
}
