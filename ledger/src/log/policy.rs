//! Who must have cosigned: C2SP tlog-policy.
//!
//! ```text
//! log <vkey> [<url>]
//! witness <name> <vkey> [<url>]
//! group <name> <k|any|all> <name>...
//! quorum <name|none>
//! ```
//! A checkpoint is accepted when one of the logs signed it and the quorum's witnesses
//! cosigned it. Every name joins at most one group, so a witness counts in one way only.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

mod parse;

use core::fmt;

use super::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use super::key::VerifierKey;
use super::note::{Note, Verified, VerifyError};

pub use parse::{MAX_POLICY_ITEMS, PolicyError, PolicyErrorKind};

/// A name or URL of a policy file: opaque bytes without space, tab or control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyName(Vec<u8>);

impl PolicyName {
    /// The bytes; usually UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

/// A log whose checkpoints the policy accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key (type 01); the name is the origin.
    pub key: VerifierKey,
    /// Where to read it.
    pub url: Option<PolicyName>,
}

/// A witness that the quorum may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within this policy.
    pub name: PolicyName,
    /// Its key (type 04).
    pub key: VerifierKey,
    /// Where to submit checkpoints.
    pub url: Option<PolicyName>,
}

/// A witness or a group, by its position in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// Position among the witnesses.
    Witness(usize),
    /// Position among the groups.
    Group(usize),
}

/// At least `threshold` of the members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name within this policy.
    pub name: PolicyName,
    /// Members needed, 1 up to all.
    pub threshold: usize,
    /// Witnesses and earlier groups.
    pub members: Vec<Member>,
}

/// Logs, witnesses, groups and the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// One witness's cosignature on an accepted checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignedBy {
    /// The witness's name in the policy.
    pub name: PolicyName,
    /// Seconds since 1970; the earliest if it cosigned more than once.
    pub time: u64,
}

/// A checkpoint that the policy accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What was signed.
    pub checkpoint: SignedCheckpoint,
    /// The policy's witnesses that cosigned it, in the policy's order.
    pub cosigned_by: Vec<CosignedBy>,
    /// When the quorum was complete: the earliest time by which enough of the witnesses had
    /// cosigned. `None` with quorum `none`: then no time is evidenced.
    pub quorum_time: Option<u64>,
}

/// Why a checkpoint is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyViolation {
    /// No log of the policy signed it, or a known key's signature is bad.
    #[error("{0}")]
    Signature(#[from] VerifyError),
    /// Signed, but not a checkpoint of the log that signed it.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// The policy names no log.
    #[error("the policy names no log")]
    NoLog,
    /// Too few witnesses.
    #[error("the quorum {quorum} is not met by the cosignatures of {}", list(.cosigned_by))]
    Quorum {
        /// The quorum's name.
        quorum: PolicyName,
        /// Witnesses of the policy that did cosign.
        cosigned_by: Vec<PolicyName>,
    },
}

fn list(names: &[PolicyName]) -> String {
    if names.is_empty() {
        return "nobody".to_owned();
    }
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(", ")
}

impl Policy {
    /// The policy that accepts the checkpoints of one log without any witness.
    #[must_use]
    pub fn log_only(key: VerifierKey) -> Self {
        Self {
            logs: vec![PolicyLog { key, url: None }],
            witnesses: Vec::new(),
            groups: Vec::new(),
            quorum: None,
        }
    }

    /// The logs.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// The groups; members refer to witnesses and earlier groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whom the quorum needs; `None` is `quorum none`.
    #[must_use]
    pub const fn quorum(&self) -> Option<Member> {
        self.quorum
    }

    /// Checks a note against the policy's own logs.
    ///
    /// # Errors
    /// [`PolicyViolation`].
    pub fn check(&self, note: Note) -> Result<Accepted, PolicyViolation> {
        let keys = self.logs.iter().map(|log| &log.key);
        if self.logs.is_empty() {
            return Err(PolicyViolation::NoLog);
        }
        let signed = note.verify(keys)?;
        let origin = Checkpoint::parse(note.text())?.origin;
        let by_origin = signed.iter().find(|signed| *signed.key.name() == origin);
        match by_origin.or(signed.first()).map(|signed| signed.key) {
            Some(log) => self.check_of(log, note),
            None => Err(PolicyViolation::NoLog),
        }
    }

    /// Checks a note against one log, which need not be among the policy's.
    ///
    /// # Errors
    /// [`PolicyViolation`].
    pub fn check_of(&self, log: &VerifierKey, note: Note) -> Result<Accepted, PolicyViolation> {
        let checkpoint = SignedCheckpoint::verify(note, log)?;
        let cosigned = self.cosignatures(checkpoint.note())?;
        let cosigned_by: Vec<CosignedBy> = self
            .witnesses
            .iter()
            .zip(&cosigned)
            .filter_map(|(witness, time)| {
                let name = witness.name.clone();
                time.map(|time| CosignedBy { name, time })
            })
            .collect();
        let Some(quorum) = self.quorum else {
            return Ok(Accepted {
                checkpoint,
                cosigned_by,
                quorum_time: None,
            });
        };
        let mut times: Vec<u64> = cosigned.iter().flatten().copied().collect();
        times.sort_unstable();
        let reached = times.into_iter().find(|limit| {
            let by_then: Vec<bool> = cosigned
                .iter()
                .map(|time| time.is_some_and(|time| time <= *limit))
                .collect();
            self.is_met(quorum, &by_then)
        });
        match reached {
            Some(time) => Ok(Accepted {
                checkpoint,
                cosigned_by,
                quorum_time: Some(time),
            }),
            None => Err(PolicyViolation::Quorum {
                quorum: self.name_of(quorum).clone(),
                cosigned_by: cosigned_by.into_iter().map(|by| by.name).collect(),
            }),
        }
    }

    /// For each witness, the earliest time at which it cosigned the note.
    fn cosignatures(&self, note: &Note) -> Result<Vec<Option<u64>>, PolicyViolation> {
        let keys = self.witnesses.iter().map(|witness| &witness.key);
        let verified = match note.verify(keys) {
            Ok(verified) => verified,
            Err(VerifyError::NoKnownKey { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let earliest = |witness: &PolicyWitness| {
            verified
                .iter()
                .filter(|Verified { key, .. }| **key == witness.key)
                .filter_map(|verified| verified.time)
                .min()
        };
        Ok(self.witnesses.iter().map(earliest).collect())
    }

    /// Whether `member` counts as having witnessed, given who cosigned.
    fn is_met(&self, member: Member, cosigned: &[bool]) -> bool {
        // Groups only refer to earlier ones, so one pass in order settles them all.
        let mut met: Vec<bool> = Vec::with_capacity(self.groups.len());
        let settled = |member: &Member, met: &[bool]| match member {
            Member::Witness(at) => cosigned.get(*at).copied().unwrap_or(false),
            Member::Group(at) => met.get(*at).copied().unwrap_or(false),
        };
        for group in &self.groups {
            let count = group.members.iter().filter(|m| settled(m, &met)).count();
            met.push(count >= group.threshold);
        }
        settled(&member, &met)
    }

    fn name_of(&self, member: Member) -> &PolicyName {
        const NOBODY: &PolicyName = &PolicyName(Vec::new());
        let name = match member {
            Member::Witness(at) => self.witnesses.get(at).map(|witness| &witness.name),
            Member::Group(at) => self.groups.get(at).map(|group| &group.name),
        };
        name.unwrap_or(NOBODY)
    }

    /// The policy as a file, without comments: one line an item, quorum last.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = |words: &[&[u8]]| {
            out.extend_from_slice(&words.join(&b' '));
            out.push(b'\n');
        };
        for PolicyLog { key, url } in &self.logs {
            let key = key.to_string();
            let mut words: Vec<&[u8]> = vec![b"log", key.as_bytes()];
            words.extend(url.as_ref().map(PolicyName::as_bytes));
            line(&words);
        }
        for PolicyWitness { name, key, url } in &self.witnesses {
            let key = key.to_string();
            let mut words: Vec<&[u8]> = vec![b"witness", name.as_bytes(), key.as_bytes()];
            words.extend(url.as_ref().map(PolicyName::as_bytes));
            line(&words);
        }
        for group in &self.groups {
            let threshold = group.threshold.to_string();
            let mut words: Vec<&[u8]> = vec![b"group", group.name.as_bytes(), threshold.as_bytes()];
            words.extend(group.members.iter().map(|m| self.name_of(*m).as_bytes()));
            line(&words);
        }
        let quorum = self.quorum.map(|member| self.name_of(member).as_bytes());
        line(&[b"quorum", quorum.unwrap_or(b"none")]);
        out
    }
}
