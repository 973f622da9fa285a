//! Mirrors: complete, resumed after any interruption, never taken in by a log that changes its story.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::source::{SourceError, StoreSource, TileSource};
use hanpyo_testkit::{Election, ElectionSpec, checkpoint};
use hanpyo_verify::error::CannotRun;
use hanpyo_verify::mirror::{Mirrored, Misbehaviour, Outcome, mirror};
use indicatif::ProgressBar;
use support::{COSIGNED, files, finished, key, program, publish, stderr, stdout, write};
use tempfile::TempDir;

#[path = "support/server.rs"]
mod server;

static RECORD: LazyLock<Election> = LazyLock::new(|| finished(600));

/// The record when it had `size` entries.
fn earlier(size: usize) -> MemoryStore {
    let mut election = Election::new(ElectionSpec::yes_no(600));
    election.entries = RECORD.entries[..size].to_vec();
    publish(&election)
}

fn run<S: TileSource + Sync>(source: &S, folder: &Path) -> Result<Outcome, CannotRun> {
    mirror(source, 2, folder, None, &ProgressBar::hidden())
}

fn mirrored<S: TileSource + Sync>(source: &S, folder: &Path) -> Mirrored {
    match run(source, folder).unwrap() {
        Outcome::Mirrored(mirrored) => mirrored,
        Outcome::Misbehaved(misbehaviour) => panic!("{misbehaviour}"),
    }
}

fn misbehaviour<S: TileSource + Sync>(source: &S, folder: &Path) -> Misbehaviour {
    match run(source, folder).unwrap() {
        Outcome::Mirrored(mirrored) => panic!("{mirrored}"),
        Outcome::Misbehaved(misbehaviour) => misbehaviour,
    }
}

/// All files below a folder but the store's own.
fn on_disk(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn list(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            let below = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if below == ".tmp" {
                continue;
            }
            if path.is_dir() {
                list(root, &path, out);
            } else {
                out.insert(below, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    list(folder, folder, &mut out);
    out
}

#[test]
fn a_mirror_is_the_record_and_nothing_else() {
    let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
    let first = mirrored(&StoreSource(&store), folder.path());
    assert_eq!((first.had, first.replaced), (0, 0));
    assert_eq!(first.size, RECORD.entries.len() as u64);
    assert!(first.key_from_record);
    assert_eq!(on_disk(folder.path()), store.files());
    // Again: nothing is fetched, nothing changes.
    let again = mirrored(&StoreSource(&store), folder.path());
    assert_eq!((again.had, again.fetched), (first.size, 0));
    assert!(!again.key_from_record);
    assert_eq!(on_disk(folder.path()), store.files());
}

#[test]
fn a_mirror_follows_a_growing_log() {
    let folder = TempDir::new().unwrap();
    for size in [1, 100, 255, 256, 257, 300, 513, RECORD.entries.len()] {
        let store = earlier(size);
        let mirrored = mirrored(&StoreSource(&store), folder.path());
        assert_eq!(mirrored.size, size as u64);
        assert_eq!(on_disk(folder.path()), store.files(), "size {size}");
    }
}

#[test]
fn a_folder_that_was_copied_by_other_means_is_continued() {
    let folder = TempDir::new().unwrap();
    write(&earlier(300), folder.path());
    let store = publish(&RECORD);
    let mirrored = mirrored(&StoreSource(&store), folder.path());
    assert_eq!(mirrored.had, 300);
    assert_eq!(on_disk(folder.path()), store.files());
}

/// Fails for good after so many files.
struct Interrupted<'s> {
    store: &'s MemoryStore,
    left: AtomicUsize,
}

impl TileSource for Interrupted<'_> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let take = |left: usize| left.checked_sub(1);
        if self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
            .is_err()
        {
            return Err(SourceError::Failed {
                path: path.to_owned(),
                reason: "unplugged".into(),
            });
        }
        StoreSource(self.store).fetch(path, limit)
    }
}

#[test]
fn an_interruption_anywhere_is_made_up_for() {
    let store = publish(&RECORD);
    let start = earlier(300);
    let mut interruptions = 0;
    for files in 0.. {
        let folder = TempDir::new().unwrap();
        // Half of the runs begin with a mirror of an earlier size.
        if files % 2 == 1 {
            mirrored(&StoreSource(&start), folder.path());
        }
        let source = Interrupted {
            store: &store,
            left: AtomicUsize::new(files),
        };
        let done = match run(&source, folder.path()) {
            Ok(Outcome::Mirrored(_)) => true,
            Ok(Outcome::Misbehaved(misbehaviour)) => panic!("{misbehaviour}"),
            Err(error) => {
                assert!(matches!(error, CannotRun::Source(_)), "{error}");
                interruptions += 1;
                // A checkpoint stands only over a whole record.
                let there = on_disk(folder.path());
                if there.contains_key("checkpoint") {
                    for (path, bytes) in start.files() {
                        assert_eq!(there[&path], bytes, "{path}");
                    }
                }
                false
            }
        };
        mirrored(&StoreSource(&store), folder.path());
        assert_eq!(on_disk(folder.path()), store.files(), "after {files} files");
        if done {
            break;
        }
    }
    assert!(interruptions > 6, "{interruptions}");
}

#[test]
fn what_an_earlier_run_fetched_is_not_fetched_again() {
    let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
    let source = Interrupted {
        store: &store,
        // The checkpoint, the vkey, two hash tiles, then bundles.
        left: AtomicUsize::new(5),
    };
    run(&source, folder.path()).unwrap_err();
    // The bundles that arrived are put in place when their window is complete.
    let bundle = "tile/entries/000";
    std::fs::create_dir_all(folder.path().join("tile/entries")).unwrap();
    std::fs::write(folder.path().join(bundle), &store.files()[bundle]).unwrap();
    let mirrored = mirrored(&StoreSource(&store), folder.path());
    assert_eq!((mirrored.fetched, mirrored.replaced), (2, 0));
}

#[test]
fn spoilt_files_of_an_unfinished_mirror_are_replaced() {
    let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
    mirrored(&StoreSource(&store), folder.path());
    for path in ["tile/entries/001", "tile/0/000", "tile/1/000.p/2"] {
        std::fs::write(folder.path().join(path), b"spoilt").unwrap();
    }
    std::fs::rename(
        folder.path().join("checkpoint"),
        folder.path().join("checkpoint.pending"),
    )
    .unwrap();
    let again = mirrored(&StoreSource(&store), folder.path());
    assert_eq!((again.fetched, again.replaced), (1, 3));
    assert_eq!(on_disk(folder.path()), store.files());
}

#[test]
fn a_file_that_was_not_signed_is_not_taken_over() {
    for path in ["tile/entries/001", "tile/1/000.p/2"] {
        let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
        store.tamper(path, |bytes| bytes[40] ^= 1);
        let found = misbehaviour(&StoreSource(&store), folder.path());
        assert!(matches!(found, Misbehaviour::File(_)), "{found}");
        assert!(!on_disk(folder.path()).contains_key("checkpoint"));
        assert!(!on_disk(folder.path()).contains_key(path));
    }
    let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
    store.tamper("checkpoint", |bytes| bytes[20] ^= 1);
    let found = misbehaviour(&StoreSource(&store), folder.path());
    assert!(matches!(found, Misbehaviour::Checkpoint(_)), "{found}");
}

/// A record of the same log whose entry `place` is another one.
fn fork(place: usize, size: usize) -> MemoryStore {
    let mut election = Election::new(ElectionSpec::yes_no(600));
    election.entries = RECORD.entries[..size].to_vec();
    election.entries[place] = RECORD.entries[place - 1].clone();
    let store = files(&election.entries, &checkpoint(&election, COSIGNED));
    store.overwrite("vkey", format!("{}\n", key(&election)).into_bytes());
    store
}

/// The folder is as it was, and both checkpoints are kept.
fn assert_evidence(folder: &Path, before: &MemoryStore, shown: &MemoryStore) {
    let there = on_disk(folder);
    for (path, bytes) in before.files() {
        assert_eq!(there[&path], bytes, "{path}");
    }
    let evidence: Vec<_> = there
        .iter()
        .filter(|(path, _)| path.starts_with("evidence/checkpoint-"))
        .map(|(_, bytes)| bytes)
        .collect();
    for store in [before, shown] {
        assert!(evidence.contains(&&store.files()["checkpoint"]));
    }
}

#[test]
fn forks_and_rollbacks_are_noticed_and_kept() {
    let size = RECORD.entries.len();
    let whole = publish(&RECORD);
    for (before, shown, is_fork) in [
        // Same size, other tree; larger and smaller trees that differ in the past.
        (earlier(400), fork(100, 400), true),
        (earlier(400), fork(100, size), true),
        (publish(&RECORD), fork(100, 400), true),
        // An old state of the same tree.
        (publish(&RECORD), earlier(400), false),
    ] {
        let folder = TempDir::new().unwrap();
        mirrored(&StoreSource(&before), folder.path());
        let found = misbehaviour(&StoreSource(&shown), folder.path());
        match found {
            Misbehaviour::Forked { .. } => assert!(is_fork),
            Misbehaviour::RolledBack { .. } => assert!(!is_fork),
            other => panic!("{other}"),
        }
        assert_evidence(folder.path(), &before, &shown);
        // Once the log shows the honest history again, the mirror goes on; the evidence stays.
        mirrored(&StoreSource(&whole), folder.path());
        assert!(
            on_disk(folder.path())
                .keys()
                .any(|path| path.starts_with("evidence/"))
        );
    }
}

#[test]
fn a_fork_is_noticed_even_if_the_first_copy_was_never_finished() {
    let (whole, folder) = (publish(&RECORD), TempDir::new().unwrap());
    let source = Interrupted {
        store: &whole,
        left: AtomicUsize::new(6),
    };
    run(&source, folder.path()).unwrap_err();
    assert!(!on_disk(folder.path()).contains_key("checkpoint"));
    let forked = fork(100, RECORD.entries.len());
    let found = misbehaviour(&StoreSource(&forked), folder.path());
    assert!(matches!(found, Misbehaviour::Forked { .. }), "{found}");
}

#[test]
fn folders_of_other_logs_and_of_other_things_are_left_alone() {
    let (store, folder) = (publish(&RECORD), TempDir::new().unwrap());
    mirrored(&StoreSource(&store), folder.path());
    let mut other = Election::new(ElectionSpec {
        seed: 5,
        ..ElectionSpec::yes_no(3)
    });
    other.complete();
    let before = on_disk(folder.path());
    let result = mirror(
        &StoreSource(&publish(&other)),
        1,
        folder.path(),
        Some(key(&other)),
        &ProgressBar::hidden(),
    );
    let error = result.unwrap_err().to_string();
    assert!(error.contains("mirrors"), "{error}");
    assert_eq!(on_disk(folder.path()), before);

    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("thesis.doc"), "precious").unwrap();
    let error = run(&StoreSource(&store), folder.path())
        .unwrap_err()
        .to_string();
    assert!(error.contains("thesis.doc"), "{error}");
    assert_eq!(on_disk(folder.path()).len(), 1);
}

#[test]
fn over_http_with_connections_that_break() {
    let store = publish(&RECORD);
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("mirror");
    let place = place.to_str().unwrap();
    // Every connection is closed in the middle of the answer once six files are out.
    let server = server::Server::start(store.files());
    server.break_after(6);
    let output = program(&["fetch", &server.url(), place]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(!Path::new(place).join("checkpoint").exists());
    server.mend();
    let vkey = key(&RECORD).to_string();
    let output = program(&["fetch", &server.url(), place, "--vkey", &vkey]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(on_disk(Path::new(place)), store.files());
    // And verified from there as from the server.
    for record in [place, server.url().as_str()] {
        let output = program(&[record, "--vkey", &vkey]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    }
}

#[test]
fn a_killed_program_loses_nothing() {
    let store = publish(&RECORD);
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("mirror");
    let server = server::Server::start(store.files());
    // Bundles never end: the program waits for them when it is killed.
    server.stall_on("tile/entries/");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_hanpyo-verify"))
        .args(["fetch", &server.url(), place.to_str().unwrap()])
        .spawn()
        .unwrap();
    server.wait_for_stall();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.join("checkpoint.pending").exists());
    assert!(!place.join("checkpoint").exists());
    server.mend();
    let output = program(&["fetch", &server.url(), place.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(on_disk(&place), store.files());
}
