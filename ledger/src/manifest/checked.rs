//! A manifest that obeys every rule, with what follows from it: made once, used by everyone who
//! reads or writes the record.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::NumberedContest;
use hanpyo_crypto::contest::ContestKind;

use super::Manifest;
use super::problem::ManifestProblem;
use crate::entry::{ContestNumber, Hash, StyleNumber};
use crate::log::key::VerifierKey;
use crate::log::policy::Policy;
use crate::signature::RoleKeys;

/// All problems of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", join(.0))]
pub struct ManifestProblems(pub Vec<ManifestProblem>);

fn join(problems: &[ManifestProblem]) -> String {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// A manifest without problems (docs/PROTOCOL.md section 10.2), parsed to the end.
#[derive(Clone, Debug)]
pub struct CheckedManifest {
    manifest: Manifest,
    hash: Hash,
    keys: RoleKeys,
    log_key: VerifierKey,
    policy: Policy,
    kinds: Vec<ContestKind>,
    styles: Vec<Vec<NumberedContest>>,
}

impl CheckedManifest {
    /// Checks a manifest.
    ///
    /// # Errors
    /// [`ManifestProblems`] lists everything that is wrong with it.
    pub fn new(manifest: Manifest) -> Result<Self, ManifestProblems> {
        let problems = manifest.problems();
        if !problems.is_empty() {
            return Err(ManifestProblems(problems));
        }
        Self::parse(manifest).map_err(|problem| ManifestProblems(vec![problem]))
    }

    /// Parses what [`Manifest::problems`] has accepted.
    fn parse(manifest: Manifest) -> Result<Self, ManifestProblem> {
        let kinds = (0..=u16::MAX)
            .map(ContestNumber::from)
            .zip(&manifest.contests)
            .map(|(contest, described)| {
                described
                    .kind()
                    .map_err(|reason| ManifestProblem::ContestKind { contest, reason })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let numbered = |contest: &ContestNumber| {
            Some(NumberedContest {
                number: u64::from(*contest),
                kind: *kinds.get(contest.position())?,
            })
        };
        let styles = manifest.styles.iter();
        let styles = styles.map(|style| style.contests.iter().filter_map(numbered).collect());
        let keys = RoleKeys::new(&manifest).map_err(|invalid| ManifestProblem::Key {
            holder: super::problem::KeyHolder::Role(invalid.role),
            reason: invalid.reason,
        })?;
        Ok(Self {
            hash: *keys.manifest_hash(),
            log_key: manifest
                .log_key()
                .map_err(|reason| ManifestProblem::LogKey { reason })?,
            policy: manifest
                .witness_policy()
                .map_err(|reason| ManifestProblem::Policy { reason })?,
            styles: styles.collect(),
            kinds,
            keys,
            manifest,
        })
    }

    /// The manifest itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Manifest hash mh.
    #[must_use]
    pub const fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Keys of the roles that sign entries.
    #[must_use]
    pub const fn keys(&self) -> &RoleKeys {
        &self.keys
    }

    /// The log's key.
    #[must_use]
    pub const fn log_key(&self) -> &VerifierKey {
        &self.log_key
    }

    /// Who must have cosigned a checkpoint.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Kinds of the contests, in order.
    #[must_use]
    pub fn kinds(&self) -> &[ContestKind] {
        &self.kinds
    }

    /// Contests of a style, in its order; none if there is no such style.
    #[must_use]
    pub fn style(&self, number: StyleNumber) -> Option<&[NumberedContest]> {
        self.styles.get(number.position()).map(Vec::as_slice)
    }
}
