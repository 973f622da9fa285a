//! What a voter's device learns from the board before it encrypts anything, and how it checks it.

use std::path::PathBuf;

use hanpyo_crypto::contest::ContestKind;
use hanpyo_ledger::entry::{CredentialIndex, StyleNumber};
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::reader::{Record, RecordError};
use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tree::ReadError;
use hanpyo_ledger::manifest::CheckedManifest;
use hanpyo_ledger::record::{EntrySource, Finding, Options, Phase, RecordChecker, SourceError};
use hanpyo_ledger::voter::{PrepareError, VotingElection};
use rand::rngs::OsRng;

/// An election that may be voted in: manifest, ceremony and roll are checked (checks 1 to 5), so the joint key is
/// the one that all trustees signed.
pub struct Election {
    voting: VotingElection,
    checker: RecordChecker,
}

/// Whose a credential is, as the sealed roll says.
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
    /// The roll is not sealed yet.
    #[error("the election is not ready: its record is at {0:?}")]
    NotReady(Phase),
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

/// Nothing before the opening needs an earlier entry.
struct NoEarlierEntries;

impl EntrySource for NoEarlierEntries {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        Err(SourceError {
            index,
            reason: "a voter keeps no entries".to_owned(),
        })
    }
}

impl Election {
    /// Reads the board (a URL or a folder) up to the sealed roll and checks it.
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
        let mut checker = RecordChecker::new(
            Options {
                keep_sums: false,
                ..Options::default()
            },
            &mut OsRng,
        );
        'reading: for bundle in record.tree().bundles(0) {
            for (_, entry) in bundle?.entries() {
                checker.push(&[entry], &NoEarlierEntries)?;
                if checker.phase() >= Phase::Sealed {
                    break 'reading;
                }
            }
        }
        if let Some(finding) = checker.findings().first() {
            return Err(ElectionError::Check(finding.clone()));
        }
        let not_ready = ElectionError::NotReady(checker.phase());
        if checker.phase() < Phase::Sealed {
            return Err(not_ready);
        }
        let context = checker.ballot_context().cloned().ok_or(not_ready)?;
        let manifest = checker
            .manifest()
            .cloned()
            .ok_or_else(|| ElectionError::Manifest("missing".to_owned()))?;
        let manifest = CheckedManifest::new(manifest)
            .map_err(|problems| ElectionError::Manifest(problems.to_string()))?;
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

    /// A credential in the sealed roll.
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
