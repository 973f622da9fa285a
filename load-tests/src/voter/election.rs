//! What a voter's device learns from the board before it encrypts anything, and how it checks it.
//!
//! The whole record is read, up to a checkpoint that the manifest's witnesses cosigned: credentials are re-issued
//! while voting goes on. The proofs of other voters' ballots are left to the verifiers.

use std::path::PathBuf;

use hanpyo_crypto::contest::ContestKind;
use hanpyo_ledger::entry::{CredentialIndex, StyleNumber};
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::policy::PolicyViolation;
use hanpyo_ledger::log::reader::{Record, RecordError};
use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tree::{Bundle, ReadError};
use hanpyo_ledger::manifest::{CheckedManifest, OtherLog};
use hanpyo_ledger::record::{
    CheckNumber, Finding, Options, Phase, RecordChecker, SourceError, TooLate, TrustedTree,
};
use hanpyo_ledger::voter::{PrepareError, VotingElection};
use rand::rngs::OsRng;

/// An election that may be voted in: manifest, ceremony and roll are checked (checks 1 to 5), so the joint key is
/// the one that all trustees signed.
pub struct Election {
    voting: VotingElection,
    checker: RecordChecker,
}

/// Whose a credential is, as the sealed roll and the re-issues since then say.
#[derive(Clone, Copy, Debug)]
pub struct RollCredential {
    /// Its index.
    pub index: CredentialIndex,
    /// Public credential P.
    pub point: [u8; 32],
    /// Its ballot style.
    pub style: StyleNumber,
}

/// Why an election cannot be voted in.
#[derive(Debug, thiserror::Error)]
pub enum ElectionError {
    /// The board cannot be read or is not what was signed.
    #[error("board: {0}")]
    Record(#[from] RecordError),
    /// An entry bundle cannot be read.
    #[error("board: {0}")]
    Read(#[from] ReadError),
    /// An earlier entry could not be read again.
    #[error("board: {0}")]
    Source(#[from] SourceError),
    /// A check failed.
    #[error("the record fails {0}")]
    Check(Finding),
    /// The checkpoint is of another length than what was read.
    #[error("board: {0}")]
    Checkpoint(#[from] TooLate),
    /// The manifest names another log.
    #[error(transparent)]
    OtherLog(#[from] OtherLog),
    /// Too few witnesses have cosigned the checkpoint.
    #[error("the latest checkpoint is not acceptable yet: {0}")]
    Witnesses(#[from] PolicyViolation),
    /// The roll is not sealed yet.
    #[error("the election is not ready: its record is at {0:?}")]
    NotReady(Phase),
    /// There is nothing to vote in any more.
    #[error("the election was declared void")]
    Void,
    /// Entry 0 is no usable manifest.
    #[error("the manifest cannot be used: {0}")]
    Manifest(String),
    /// Another election than the voter's letter names.
    #[error(
        "this is not the election of the letter: manifest hash {found}, the letter says {expected}"
    )]
    OtherManifest {
        /// From the letter.
        expected: String,
        /// On the board.
        found: String,
    },
}

/// Bundles of 256 entries read before they are checked together.
const BUNDLES_AT_ONCE: usize = 32;

/// What a ballot rests on: log, order, manifest, joint key, roll. A ballot of somebody else that does not count, or a
/// time that is wrong, is no reason not to vote.
const RESTS_ON: [CheckNumber; 5] = [
    CheckNumber::Log,
    CheckNumber::Order,
    CheckNumber::Manifest,
    CheckNumber::Ceremony,
    CheckNumber::Roll,
];

impl Election {
    /// Reads the board (a URL or a folder) and checks it as far as a ballot rests on it.
    ///
    /// # Errors
    /// [`ElectionError`].
    pub fn load(
        board: &str,
        log: &VerifierKey,
        manifest_hash: Option<&str>,
    ) -> Result<Self, ElectionError> {
        if board.starts_with("http://") || board.starts_with("https://") {
            Self::read(
                HttpSource::new(board, HttpConfig::default()),
                log,
                manifest_hash,
            )
        } else {
            Self::read(FolderSource::new(PathBuf::from(board)), log, manifest_hash)
        }
    }

    fn read<S: TileSource + Clone>(
        source: S,
        log: &VerifierKey,
        manifest_hash: Option<&str>,
    ) -> Result<Self, ElectionError> {
        let record = Record::open(source, log)?;
        let options = Options {
            verify_ballots: false,
            keep_sums: false,
            ..Options::default()
        };
        let mut checker = RecordChecker::new(options, &mut OsRng);
        let tree = record.tree();
        checker.expect(TrustedTree {
            size: tree.size(),
            root: tree.root(),
            quorum_time: None,
        })?;
        let mut bundles = tree.bundles(0);
        loop {
            let some = bundles.by_ref().take(BUNDLES_AT_ONCE);
            let some = some.collect::<Result<Vec<_>, _>>()?;
            if some.is_empty() {
                break;
            }
            let entries = some
                .iter()
                .flat_map(Bundle::entries)
                .map(|(_, entry)| entry);
            checker.push(&entries.collect::<Vec<_>>(), tree)?;
        }
        let report = checker.report();
        if let Some(finding) = report
            .findings()
            .find(|finding| RESTS_ON.contains(&finding.check))
        {
            return Err(ElectionError::Check(finding.clone()));
        }
        let not_ready = ElectionError::NotReady(checker.phase());
        match checker.phase() {
            Phase::Void => return Err(ElectionError::Void),
            Phase::Unusable => return Err(not_ready),
            phase if phase < Phase::Sealed => return Err(not_ready),
            _ => {}
        }
        let context = checker.ballot_context().cloned().ok_or(not_ready)?;
        let manifest = checker
            .manifest()
            .cloned()
            .ok_or_else(|| ElectionError::Manifest("missing".to_owned()))?;
        let manifest = CheckedManifest::new(manifest)
            .map_err(|problems| ElectionError::Manifest(problems.to_string()))?;
        // The manifest's log, and as many of its witnesses as it asks for: nobody is then shown a board of their own.
        manifest.manifest().require_log(log)?;
        let note = record.checkpoint().note().clone();
        manifest.policy().check_of(log, note)?;
        let found = manifest.hash().to_string();
        if let Some(expected) =
            manifest_hash.filter(|expected| !expected.eq_ignore_ascii_case(&found))
        {
            return Err(ElectionError::OtherManifest {
                expected: expected.to_owned(),
                found,
            });
        }
        Ok(Self {
            voting: VotingElection::checked(manifest, context),
            checker,
        })
    }

    /// What ballots are encrypted for.
    #[must_use]
    pub const fn voting(&self) -> &VotingElection {
        &self.voting
    }

    /// A credential in the sealed roll, or re-issued since.
    #[must_use]
    pub fn credential(&self, index: u32) -> Option<RollCredential> {
        let credential = self.checker.credential(index)?;
        Some(RollCredential {
            index: index.into(),
            point: credential.point,
            style: StyleNumber::from(credential.style),
        })
    }

    /// Kinds of a style's contests, in their order.
    ///
    /// # Errors
    /// [`PrepareError::NoStyle`].
    pub fn kinds(&self, style: StyleNumber) -> Result<Vec<ContestKind>, PrepareError> {
        let contests = self
            .voting
            .style(style)
            .ok_or(PrepareError::NoStyle(style))?;
        Ok(contests.iter().map(|contest| contest.kind).collect())
    }
}
