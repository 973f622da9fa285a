//! Thousands of spoilt samples through every decoder: none panics, what is accepted encodes to the same bytes, and
//! announced lengths allocate nothing. The same functions are fuzzed (`fuzz/README.md`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use hanpyo_testkit::decoders::{Mutator, TARGETS, Target, seeds};

/// Changed samples per decoder; `HANPYO_FUZZ_CASES` says otherwise. The record checker reads a whole record each time.
fn cases(target: &str) -> usize {
    let cases = std::env::var("HANPYO_FUZZ_CASES").map_or(4000, |cases| cases.parse().unwrap());
    if target == "record" {
        cases / 40
    } else {
        cases
    }
}

fn run(name: &str, target: Target, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| target(input)))
        .unwrap_or_else(|_| panic!("{name} fails on {}", data_encoding::HEXLOWER.encode(input)))
}

#[test]
fn samples_are_accepted() {
    for (name, target) in TARGETS {
        let samples = seeds(name);
        assert!(!samples.is_empty(), "{name} has no samples");
        for (place, sample) in samples.iter().enumerate() {
            // The record is read with one entry repeated in its place: always accepted.
            assert!(run(name, *target, sample), "{name}, sample {place}");
        }
        assert!(!run(name, *target, b""), "{name} accepts nothing");
    }
}

#[test]
fn spoilt_samples_never_panic_and_are_accepted_only_as_they_are() {
    for (name, target) in TARGETS {
        let samples = seeds(name);
        let mut mutator = Mutator::new(&samples, 1);
        let mut accepted = 0;
        let cases = cases(name);
        for _ in 0..cases {
            accepted += usize::from(run(name, *target, &mutator.next_input()));
        }
        // A mutator that spoils nothing, or everything the same way, tests nothing.
        assert!(accepted < cases, "{name} accepts whatever it is given");
    }
}

/// `HANPYO_WRITE_CORPUS=folder` writes the samples of every target for the fuzzer to begin with.
#[test]
fn samples_become_a_corpus() {
    let Some(corpus) = std::env::var_os("HANPYO_WRITE_CORPUS") else {
        return;
    };
    for (target, _) in TARGETS {
        let folder = std::path::Path::new(&corpus).join(target);
        std::fs::create_dir_all(&folder).unwrap();
        for (place, sample) in seeds(target).iter().enumerate() {
            std::fs::write(folder.join(format!("sample-{place:02}")), sample).unwrap();
        }
    }
}

/// Run by the next test in a process of its own.
#[test]
#[ignore = "needs a limit of memory to say anything"]
fn spoilt_samples_in_little_memory() {
    spoilt_samples_never_panic_and_are_accepted_only_as_they_are();
}

/// A length in a head is believed only as far as bytes follow: with 256 MiB more than the process needs, nothing is
/// short of memory.
#[test]
fn decoders_need_little_memory() {
    let program = std::env::current_exe().unwrap();
    let status = Command::new("sh")
        .args([
            "-c",
            "ulimit -v 786432 && exec \"$0\" --ignored --exact spoilt_samples_in_little_memory",
        ])
        .arg(&program)
        .env("RUST_TEST_THREADS", "1")
        .env("RAYON_NUM_THREADS", "2")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(status.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}
