//! A small real board for the tests: entries are checked by the record checker before they are taken, signed
//! checkpoints and tiles are served over HTTP, proposals are completed with the commission's key.

pub mod http;
pub mod pages;
pub mod programs;
pub mod trustees;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use hanpyo_ledger::entry::{EncodedPoint, Entry, Hash, JointKey};
use hanpyo_ledger::log::writer::TileWriter;
use hanpyo_ledger::record::{Options, Phase, RecordChecker};
use hanpyo_ledger::signature::{Proposal, Role, RoleKeys, SigningKey};
use hanpyo_tally::api::{Api, Retry};
use hanpyo_tally::board::Board;
use hanpyo_tally::cli::BoardPlace;
use hanpyo_tally::role_file::{RoleFile, RoleState};
use hanpyo_tally::secret_file::Passphrase;
use hanpyo_tally::session::Session;
use hanpyo_testkit::{Election, ElectionSpec, checkpoint};
use rand::rngs::OsRng;
use tempfile::TempDir;

/// A passphrase for all secret files of the tests.
pub const PASSPHRASE: &str = "only for these tests";

/// Voting times in the past, so that clocks agree that it is over.
pub fn past(spec: ElectionSpec) -> ElectionSpec {
    ElectionSpec {
        opens: 1_700_000_000,
        closes: 1_700_043_200,
        ..spec
    }
}

/// What the board is told to do wrong.
#[derive(Default)]
pub struct Faults {
    /// Requests answered 503.
    pub busy: u32,
    /// Posts carried out whose answer is lost.
    pub lost_answers: u32,
    /// Proposals that may wait for signatures.
    pub most_proposals: Option<usize>,
}

/// The board's state.
pub struct State {
    /// Everything, with everybody's keys.
    pub election: Election,
    /// Proposals with the signatures they have.
    pub proposals: Vec<Proposal>,
    /// What to do wrong.
    pub faults: Faults,
    /// Whether staff approve proposals at once.
    pub approves: bool,
    /// When witnesses cosign; as soon as the grace is over if nothing is said.
    pub cosigned_at: Option<u64>,
    folder: PathBuf,
    published: usize,
    writer: TileWriter,
    checker: Option<RecordChecker>,
}

/// Why an entry is not taken.
pub struct Refused {
    pub status: u16,
    pub reason: String,
}

impl State {
    /// Writes the tiles and the checkpoint of all entries to the folder.
    pub fn publish(&mut self) {
        if self.election.entries.len() < self.published {
            self.writer = TileWriter::new();
            self.published = 0;
            self.checker = None;
        }
        let (writer, batch) = self
            .writer
            .append(&self.election.entries[self.published..])
            .unwrap();
        for file in batch.files {
            let path = self.folder.join(file.tile.path());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.bytes).unwrap();
        }
        self.writer = writer;
        self.published = self.election.entries.len();
        let spec = &self.election.spec;
        let signed = checkpoint(
            &self.election,
            self.cosigned_at.unwrap_or(spec.closes + spec.grace),
        );
        let next = self.folder.join(".checkpoint");
        fs::write(&next, signed.to_bytes()).unwrap();
        fs::rename(next, self.folder.join("checkpoint")).unwrap();
    }

    /// Writes a shorter or different record than before.
    pub fn republish(&mut self) {
        self.checker = None;
        self.writer = TileWriter::new();
        self.published = 0;
        self.publish();
    }

    /// A checker that has read all entries.
    pub fn follow(&mut self) -> &RecordChecker {
        let new = || RecordChecker::new(Options::default(), &mut OsRng);
        let checker = self.checker.get_or_insert_with(new);
        let from = usize::try_from(checker.size()).unwrap();
        let entries = &self.election.entries;
        checker.push(&entries[from..], entries).unwrap();
        checker
    }

    /// Takes a signed entry if the record checker has no objection.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(u64, bool), Refused> {
        if let Some(index) = self
            .election
            .entries
            .iter()
            .position(|entry| entry == bytes)
        {
            return Ok((index as u64, false));
        }
        let earlier = self.election.entries.clone();
        let candidate = self.follow().check_candidate(bytes, &earlier);
        if let Err(rejection) = candidate {
            let reason = rejection.to_string();
            let status = if reason.contains("check 2") { 409 } else { 422 };
            return Err(Refused { status, reason });
        }
        let index = self.election.append_bytes(bytes.to_vec());
        self.add_joint_key();
        Ok((index, true))
    }

    /// Staff sign what waits for the commission alone.
    pub fn approve_waiting(&mut self) {
        let keys = RoleKeys::new(&self.election.manifest).unwrap();
        let mut proposals = std::mem::take(&mut self.proposals);
        for proposal in &mut proposals {
            if proposal.missing() == [Role::Commission] {
                let commission = &self.election.keys.commission;
                proposal.sign(&keys, Role::Commission, commission).unwrap();
                let entry = proposal.complete().unwrap().encode().unwrap();
                assert!(self.take(&entry).is_ok());
            }
        }
        self.proposals = proposals;
        self.publish();
    }

    /// The commission's entry once all trustees have confirmed.
    fn add_joint_key(&mut self) {
        if self.follow().phase() != Phase::Ceremony {
            return;
        }
        let Some(outcome) = self.follow().ceremony().cloned() else {
            return;
        };
        let points = outcome.verification_shares().iter();
        let shares: Vec<_> = points
            .map(|point| EncodedPoint(*point.as_bytes()))
            .collect();
        let entry = self.election.sign(JointKey {
            attempt: outcome.attempt().number().try_into().unwrap(),
            transcript: Hash(*outcome.transcript_hash()),
            joint_key_point: EncodedPoint(*outcome.joint_key().as_bytes()),
            shares: shares.try_into().unwrap(),
        });
        let bytes = Entry::from(entry).encode().unwrap();
        let earlier = self.election.entries.clone();
        if self
            .election
            .follow()
            .check_candidate(&bytes, &earlier)
            .is_ok()
        {
            self.election.append_bytes(bytes);
        }
    }
}

/// A board in a folder and on the web.
pub struct TestBoard {
    pub state: Arc<Mutex<State>>,
    pub folder: TempDir,
    pub url: String,
    pub vkey: String,
}

impl TestBoard {
    /// Publishes an election as far as it has come and serves it until the test ends.
    pub fn serve(election: Election) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vkey = election.keys.log.verifier_key().to_string();
        let mut state = State {
            election,
            proposals: Vec::new(),
            faults: Faults::default(),
            approves: true,
            cosigned_at: None,
            folder: folder.path().to_owned(),
            published: 0,
            writer: TileWriter::new(),
            checker: None,
        };
        state.publish();
        let state = Arc::new(Mutex::new(state));
        let url = http::serve(Arc::clone(&state), folder.path());
        Self {
            state,
            folder,
            url,
            vkey,
        }
    }

    /// The state, to look at or to act as commission or attacker.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes the election and publishes it.
    pub fn with<R>(&self, change: impl FnOnce(&mut Election) -> R) -> R {
        let mut state = self.state();
        let result = change(&mut state.election);
        state.publish();
        result
    }

    /// A reader of the board over HTTP.
    pub fn board(&self) -> Board {
        let place = BoardPlace::Url(self.url.parse().unwrap());
        Board::new(&place, &self.vkey, &mut OsRng).unwrap()
    }

    /// A reader of the folder.
    pub fn folder_board(&self) -> Board {
        let place = BoardPlace::Folder(self.folder.path().to_owned());
        Board::new(&place, &self.vkey, &mut OsRng).unwrap()
    }

    /// A session whose reader demands what was verified with this secret file before.
    pub fn session(&self, secret: &Path) -> Session {
        let mut board = self.board();
        board.keep_halves();
        board.remember_beside(secret).unwrap();
        let api = self.url.replace(
            "/board/kit/election-1/",
            "/api/v1/tenants/kit/elections/election-1/",
        );
        let patience = Retry {
            attempts: 8,
            pause: std::time::Duration::from_millis(5),
            longest: std::time::Duration::from_millis(20),
        };
        let api = Api::with_retry(api.parse().unwrap(), patience);
        Session::new(board, api, std::time::Duration::from_millis(5))
    }
}

/// A secret file with one of the test election's keys.
pub fn secret_file<State: RoleState>(path: &Path, key: &SigningKey) -> RoleFile<State> {
    let key = SigningKey::from_seed(&key.to_seed());
    RoleFile::create_for_test(path, &Passphrase::new(PASSPHRASE), key).unwrap()
}

/// Opens a secret file of the tests.
pub fn open_secret<State: RoleState>(path: &Path) -> RoleFile<State> {
    RoleFile::open(path, &Passphrase::new(PASSPHRASE)).unwrap()
}
