//! Trustees with secret files of their own, run against a test board.

use std::path::PathBuf;

use hanpyo_crypto::ballot::ElectionContext;
use hanpyo_crypto::elgamal::JointKey;
use hanpyo_tally::role_file::RoleFile;
use hanpyo_tally::trustee::pin::PinFile;
use hanpyo_tally::trustee::run::{Ended, Part, Patience, TrusteeError, run_part};
use hanpyo_tally::trustee::state::TrusteeMemory;
use tempfile::TempDir;

use super::{TestBoard, open_secret, secret_file};

/// All trustees of an election, each with a file; none is open.
pub struct Trustees {
    pub folder: TempDir,
    pub count: usize,
}

impl Trustees {
    /// Makes the files with the keys that the manifest names.
    pub fn init(board: &TestBoard) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = board.state();
        let count = state.election.keys.trustees.len();
        for (place, key) in state.election.keys.trustees.iter().enumerate() {
            let path = folder.path().join(format!("trustee{}.age", place + 1));
            drop(secret_file::<TrusteeMemory>(&path, key));
            PinFile::beside(&path).create().unwrap();
        }
        Self { folder, count }
    }

    /// The secret file of trustee `number`, from 1.
    pub fn path(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("trustee{number}.age"))
    }

    /// Opens the secret file of trustee `number`.
    pub fn open(&self, number: usize) -> RoleFile<TrusteeMemory> {
        open_secret(&self.path(number))
    }

    /// Runs a part once, without waiting for others.
    pub fn run(&self, board: &TestBoard, number: usize, part: Part) -> Result<Ended, TrusteeError> {
        let path = self.path(number);
        let mut session = board.session(&path);
        run_part(
            part,
            &mut self.open(number),
            &mut session,
            Patience::Stop,
            &mut |_| {},
        )
    }

    /// Runs a part of all trustees, in turns, until all are done.
    pub fn run_all(&self, board: &TestBoard, part: Part) {
        for _ in 0..8 {
            let ended: Vec<_> = (1..=self.count)
                .map(|number| self.run(board, number, part).unwrap())
                .collect();
            if ended.iter().all(|ended| matches!(ended, Ended::Done(_))) {
                return;
            }
        }
        panic!("the trustees do not get through");
    }

    /// Ceremony and drill; the test election then knows the shares, so that voters can be played.
    pub fn make_key(&self, board: &TestBoard) {
        self.run_all(board, Part::Ceremony);
        self.run_all(board, Part::Drill);
        let shares: Vec<_> = (1..=self.count)
            .map(|number| self.open(number).state().share().unwrap())
            .collect();
        let mut state = board.state();
        let key = JointKey::decode(shares[0].outcome().joint_key().as_bytes()).unwrap();
        state.election.context = Some(ElectionContext::new(state.election.hash.0, key));
        state.election.shares = shares;
    }
}
