//! Revocation, re-issue and strike, from the seal to the close (docs/PROTOCOL.md sections 10.3 and 10.4).

use std::collections::HashMap;

use hanpyo_crypto::group;

use super::half_lists::{HalfListHash, add_halves};
use super::{Credential, Roll, VoterState, wrong};
use crate::entry::{
    AuthorityNumber, CredentialIndex, HalfListChunk, HalfListCommitment, Hash, PaperStrike,
    Reissue, Revocation, Subject,
};
use crate::record::election::Election;
use crate::record::sink::Sink;

/// Halves of the new credential of one re-issue.
#[derive(Clone, Copy, Default)]
struct Halves {
    committed: [Option<Hash>; 2],
    points: [Option<[u8; 32]>; 2],
}

impl Halves {
    fn committed(&self, authority: AuthorityNumber) -> Option<Hash> {
        self.committed.get(authority.position()).copied().flatten()
    }

    fn point(&self, authority: AuthorityNumber) -> Option<[u8; 32]> {
        self.points.get(authority.position()).copied().flatten()
    }

    fn sum(&self) -> Option<[u8; 32]> {
        let [Some(one), Some(two)] = &self.points else {
            return None;
        };
        add_halves(one, two)
    }
}

/// Half lists of re-issues under way, by revoked index.
#[derive(Default)]
pub(crate) struct Changes {
    halves: HashMap<CredentialIndex, Halves>,
}

/// The state of a credential that is there, or a refusal.
fn known(roll: &Roll, index: CredentialIndex, out: &mut Sink) -> Option<VoterState> {
    let state = roll.state(index.get());
    if state.is_none() {
        out.refuse(wrong(
            "credential index",
            format_args!("below {}", roll.len()),
            index,
        ));
    }
    state
}

/// A credential that can still be revoked or struck: neither was done, and no ballot of it counts.
fn check_untouched(roll: &Roll, index: CredentialIndex, out: &mut Sink) {
    let Some(state) = known(roll, index, out) else {
        return;
    };
    let what = format!("credential {index}");
    if let Some(entry) = state.counted {
        let found = format!("entry {entry} counts");
        out.refuse(wrong(what, "without a counted ballot", found));
    } else if state.revoked {
        out.refuse(wrong(what, "not revoked", "revoked before"));
    } else if state.struck {
        out.refuse(wrong(what, "not struck", "struck before"));
    }
}

/// A credential that was revoked and has no successor.
fn check_replaceable(roll: &Roll, index: CredentialIndex, out: &mut Sink) {
    let Some(state) = known(roll, index, out) else {
        return;
    };
    let what = format!("credential {index} to be re-issued");
    if !state.revoked {
        out.refuse(wrong(what, "revoked", "not revoked"));
    } else if state.reissued {
        out.refuse(wrong(what, "not yet re-issued", "re-issued before"));
    }
}

impl Changes {
    pub(crate) fn check_revocation(entry: &Revocation, roll: &Roll, out: &mut Sink) {
        check_untouched(roll, entry.credential, out);
    }

    pub(crate) fn check_strike(entry: &PaperStrike, roll: &Roll, out: &mut Sink) {
        check_untouched(roll, entry.credential, out);
    }

    /// The revoked index of a half list, if two authorities re-issue it.
    fn subject(
        election: &Election,
        subject: Subject,
        roll: &Roll,
        out: &mut Sink,
    ) -> Option<CredentialIndex> {
        let Subject::Reissue(revoked) = subject else {
            out.out_of_place("half list", "that of a re-issue", "the roll's");
            return None;
        };
        if !election.has_two_authorities() {
            out.out_of_place("half list", "none: there is one authority", "a half list");
            return None;
        }
        check_replaceable(roll, revoked, out);
        Some(revoked).filter(|_| !out.is_refused())
    }

    pub(crate) fn check_commitment(
        &self,
        election: &Election,
        entry: &HalfListCommitment,
        roll: &Roll,
        out: &mut Sink,
    ) {
        let Some(revoked) = Self::subject(election, entry.subject, roll, out) else {
            return;
        };
        let halves = self.halves.get(&revoked).copied().unwrap_or_default();
        if halves.committed(entry.authority).is_some() {
            let found = format!("a second one of authority {}", entry.authority);
            out.refuse(wrong("half-list commitments of one authority", 1, found));
        }
    }

    pub(crate) fn commit(&mut self, entry: &HalfListCommitment) {
        if let Subject::Reissue(revoked) = entry.subject
            && let halves = self.halves.entry(revoked).or_default()
            && let Some(committed) = halves.committed.get_mut(entry.authority.position())
        {
            *committed = Some(entry.hash);
        }
    }

    pub(crate) fn check_half(
        &self,
        election: &Election,
        entry: &HalfListChunk,
        roll: &Roll,
        out: &mut Sink,
    ) {
        let Some(revoked) = Self::subject(election, entry.subject, roll, out) else {
            return;
        };
        let halves = self.halves.get(&revoked).copied().unwrap_or_default();
        if halves.committed.contains(&None) {
            let expected = "after both authorities committed to theirs";
            out.refuse(wrong("half list", expected, "before"));
            return;
        }
        if halves.point(entry.authority).is_some() {
            let found = format!("a second one of authority {}", entry.authority);
            out.refuse(wrong("half lists of one authority", 1, found));
        }
        if entry.first != CredentialIndex::MIN || entry.points.len() != 32 {
            let found = format!("{} bytes from index {}", entry.points.len(), entry.first);
            out.refuse(wrong(
                "half list of a re-issue",
                "one point, index 0",
                found,
            ));
        }
        let mut hash = HalfListHash::new(&election.hash, entry.authority, entry.subject);
        hash.add(&entry.points);
        let (expected, found) = (halves.committed(entry.authority), hash.finish());
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            let what = format!("hash of the half list of authority {}", entry.authority);
            out.note(wrong(what, expected, found));
        }
    }

    pub(crate) fn add_half(&mut self, entry: &HalfListChunk) {
        if let Subject::Reissue(revoked) = entry.subject
            && let halves = self.halves.entry(revoked).or_default()
            && let Some(point) = halves.points.get_mut(entry.authority.position())
        {
            *point = entry.points.first_chunk().copied();
        }
    }

    pub(crate) fn check_reissue(
        &self,
        election: &Election,
        entry: &Reissue,
        roll: &Roll,
        out: &mut Sink,
    ) {
        check_replaceable(roll, entry.revoked, out);
        if entry.new.get() != roll.len() || roll.len() == u32::MAX {
            out.refuse(wrong("index of the new credential", roll.len(), entry.new));
        }
        let point = entry.credential.as_bytes();
        if group::decode_point(point).is_err() {
            let expected = "a canonical point, not the identity";
            out.note(wrong("new public credential", expected, entry.credential));
        }
        if let Some(other) = roll.find(point) {
            let found = format!("that of credential {other}");
            out.note(wrong(
                "new public credential",
                "distinct from all others",
                found,
            ));
        }
        if election.has_two_authorities() {
            let halves = self.halves.get(&entry.revoked).copied().unwrap_or_default();
            if halves.sum() != Some(*point) {
                let expected = "the sum of two half lists for this re-issue";
                out.note(wrong("new public credential", expected, entry.credential));
            }
        }
    }

    pub(crate) fn reissue(&mut self, entry: &Reissue, roll: &mut Roll) {
        self.halves.remove(&entry.revoked);
        if let Some(old) = roll.credential(entry.revoked.get()) {
            roll.reissue(entry.revoked.get());
            roll.push(Credential {
                point: *entry.credential.as_bytes(),
                ..old
            });
        }
    }
}
