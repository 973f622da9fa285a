//! Checkpoints: the newest that extends all earlier ones, who vouches for it, and evidence if one does not.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::log::checkpoint::{CheckpointError, SignedCheckpoint};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::merkle::{Frontier, Hash, NodeId, NodeReader};
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::tree::{ReadError, Tree};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::{CheckNumber, Finding, RecordChecker, TrustedTree};

use super::board::{ReadStop, stop};
use super::files::Files;
use super::unconfirmed::{Kept, Unconfirmed};

/// What a checkpoint was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The one that is known.
    Same,
    /// Of a larger tree; steps will show whether it extends the known one.
    Newer,
    /// Of a smaller tree than was shown before.
    Older,
    /// Of another tree of the same size: the log showed two.
    Forked,
}

/// What two checkpoints prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmKind {
    /// The board shows an older tree than before: stale, or rolled back.
    RolledBack,
    /// The log signed two trees of one size.
    Forked,
    /// The log signed a tree that does not extend an earlier one.
    Inconsistent,
}

/// Two checkpoints that the log signed and that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What they prove.
    pub kind: AlarmKind,
    /// The one seen first, as signed.
    pub seen: Vec<u8>,
    /// The one seen then, as signed.
    pub found: Vec<u8>,
    /// In words.
    pub detail: String,
    /// That the later tree does not extend the earlier one, as anybody can verify; none where the checkpoints alone
    /// prove everything.
    pub difference: Option<Difference>,
}

/// The newest tree.
struct Newest {
    checkpoint: SignedCheckpoint,
    tree: Tree<Files>,
}

/// The log so far.
#[derive(Default)]
pub(super) struct Followed {
    newest: Option<Newest>,
    /// Seen, and not shown yet to extend the newest.
    pending: Option<SignedCheckpoint>,
    unconfirmed: Unconfirmed,
    /// Whether the board shows less than it did: files of the newest tree may not be there.
    behind: bool,
    policy: Option<Policy>,
    alarm: Option<Alarm>,
    /// What is wrong with checkpoints that nothing is read under.
    findings: Vec<Finding>,
}

/// What came of a checkpoint.
#[derive(Default)]
pub(super) struct Advanced {
    /// What is wrong with it.
    pub(super) findings: Vec<Finding>,
    /// Why nothing can be read under it.
    pub(super) fatal: Option<Finding>,
}

/// The first entries of a tree are others than somebody saw. Whoever has the tree's checkpoint can verify that:
/// the proof is a consistency proof (RFC 9162, 2.1.4) from `root` to the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Root of as many entries here.
    pub root: Hash,
    /// Hashes of the consistency proof; none between trees of one size.
    pub proof: Vec<Hash>,
}

/// Compares the first `size` entries of the tree with a root. What is read is checked against the tree's own root
/// first, so that a spoilt file stops the comparison and never makes a difference.
pub(super) fn compare(
    tree: &Tree<Files>,
    size: u64,
    root: &Hash,
) -> Result<Option<Difference>, ReadStop> {
    if size == tree.size() {
        return Ok((*root != tree.root()).then(|| Difference {
            root: tree.root(),
            proof: Vec::new(),
        }));
    }
    let here = first_root(tree, size).map_err(stop)?;
    if here == *root {
        return Ok(None);
    }
    let proof = tree.consistency_proof(size).map_err(stop)?;
    Ok(Some(Difference { root: here, proof }))
}

/// Root of the first `size` entries.
fn first_root(tree: &Tree<Files>, size: u64) -> Result<Hash, ReadError> {
    let mut nodes = Vec::new();
    let mut start = 0_u64;
    // The perfect subtrees, largest first.
    for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
        nodes.push(NodeId {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: start >> level,
        });
        start += 1 << level;
    }
    Ok(Frontier::from_subtrees(size, tree.read_nodes(&nodes)?)?.root())
}

impl Followed {
    /// Takes a checkpoint of an earlier visit that was not compared with any tree then. It is compared as soon as there
    /// is a tree; nothing is read under it. What the log did not sign proves nothing and is left out.
    pub(super) fn keep(&mut self, note: &[u8], key: &VerifierKey) {
        if let Ok(signed) = SignedCheckpoint::open(note, key) {
            self.unconfirmed.add(signed, Kept::default());
        }
    }

    pub(super) fn see(&mut self, note: &[u8], key: &VerifierKey) -> Result<Seen, CheckpointError> {
        let found = SignedCheckpoint::open(note, key)?;
        let now = found.checkpoint().clone();
        let front = self.pending.as_ref();
        let front = front.or(self.newest.as_ref().map(|newest| &newest.checkpoint));
        let front = front.cloned();
        let before = front.as_ref().map(SignedCheckpoint::checkpoint);
        if before.is_some_and(|before| before.size == now.size && before.root == now.root) {
            self.behind = false;
            return Ok(Seen::Same);
        }
        let seen = match before {
            Some(before) if now.size < before.size => Seen::Older,
            Some(before) if now.size == before.size => Seen::Forked,
            Some(_) | None => Seen::Newer,
        };
        // What was seen and never compared accuses the log as what was compared does.
        let newest = self.newest.as_ref().map(|newest| &newest.checkpoint);
        let known = newest.into_iter().chain(&self.pending);
        let known: Vec<_> = known.chain(self.unconfirmed.iter()).cloned().collect();
        for other in known {
            let other_tree = other.checkpoint();
            let kind = if other_tree.size > now.size {
                AlarmKind::RolledBack
            } else if other_tree.size == now.size && other_tree.root != now.root {
                self.unconfirmed.refute(other_tree.size, &other_tree.root);
                AlarmKind::Forked
            } else {
                continue;
            };
            let detail = format!(
                "the log showed {} entries with root {}, after {} entries with root {}",
                now.size, now.root, other_tree.size, other_tree.root
            );
            if kind == AlarmKind::Forked {
                let (what, expected) = ("checkpoint", "the tree shown before");
                let finding = Finding::fatal(CheckNumber::Log, what, expected, &detail);
                self.add_finding(finding);
            }
            self.raise(kind, other, &found, detail, None);
        }
        self.behind = seen == Seen::Older;
        if seen == Seen::Newer {
            self.unconfirmed.remove(now.size, &now.root);
            if let Some(replaced) = self.pending.replace(found) {
                self.unconfirmed.add(replaced, Kept::default());
            }
        } else {
            let refuted = seen == Seen::Forked;
            self.unconfirmed.add(
                found,
                Kept {
                    refuted,
                    after: true,
                },
            );
        }
        Ok(seen)
    }

    /// Compares what was never compared with the newest tree, as far as it goes and files are there.
    ///
    /// # Errors
    /// What is wrong with a file that is needed for it.
    pub(super) fn confirm(&mut self) -> Result<(), Box<Finding>> {
        let Some(newest) = self.newest.take() else {
            return Ok(());
        };
        let outcome = self.confirm_under(&newest);
        self.newest = Some(newest);
        outcome
    }

    fn confirm_under(&mut self, newest: &Newest) -> Result<(), Box<Finding>> {
        for (other, after) in self.comparable(newest.tree.size()) {
            let (size, root) = (other.checkpoint().size, other.checkpoint().root);
            let difference = match compare(&newest.tree, size, &root) {
                // Asks for the files of the others as well.
                Err(ReadStop::Missing) => continue,
                Err(ReadStop::Wrong(finding)) => return Err(finding),
                Ok(None) => {
                    self.unconfirmed.remove(size, &root);
                    continue;
                }
                Ok(Some(difference)) => difference,
            };
            self.unconfirmed.refute(size, &root);
            let here = newest.tree.size();
            let detail = if size == here {
                format!("the log signed two trees of {size} entries")
            } else {
                format!("the tree of {here} entries does not extend the one of {size} entries")
            };
            let what = format!("root of the first {size} entries");
            self.add_finding(Finding::fatal(CheckNumber::Log, what, root, &detail));
            let (kind, difference) = if size == here {
                (AlarmKind::Forked, None)
            } else {
                (AlarmKind::Inconsistent, Some(difference))
            };
            let (seen, found) = if after {
                (newest.checkpoint.clone(), other)
            } else {
                (other, newest.checkpoint.clone())
            };
            self.raise(kind, seen, &found, detail, difference);
        }
        Ok(())
    }

    /// What is to be compared with a tree of this size, and whether it was seen after a larger one.
    fn comparable(&self, size: u64) -> Vec<(SignedCheckpoint, bool)> {
        if self.behind {
            return Vec::new();
        }
        self.unconfirmed.open(size).collect()
    }

    /// Whether something is still to be compared with the newest tree.
    pub(super) fn is_comparing(&self) -> bool {
        let newest = self.newest.as_ref();
        newest.is_some_and(|newest| !self.comparable(newest.tree.size()).is_empty())
    }

    /// Signed by the log, and not known to belong to the newest tree: in the order in which they were seen.
    pub(super) fn unconfirmed(&self) -> impl Iterator<Item = &SignedCheckpoint> {
        self.unconfirmed.iter().chain(&self.pending)
    }

    /// Number of checkpoints that there was no room for.
    pub(super) const fn dropped(&self) -> u64 {
        self.unconfirmed.dropped()
    }

    /// Takes what was found since.
    pub(super) fn take_findings(&mut self) -> Vec<Finding> {
        core::mem::take(&mut self.findings)
    }

    fn add_finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn raise(
        &mut self,
        kind: AlarmKind,
        seen: SignedCheckpoint,
        found: &SignedCheckpoint,
        detail: String,
        difference: Option<Difference>,
    ) {
        // The first evidence is kept; a fork outweighs what may be a stale copy.
        let kept = self.alarm.as_ref().is_some_and(|alarm| {
            alarm.kind != AlarmKind::RolledBack || kind == AlarmKind::RolledBack
        });
        if !kept {
            self.alarm = Some(Alarm {
                kind,
                seen: seen.note().to_string().into_bytes(),
                found: found.note().to_string().into_bytes(),
                detail,
                difference,
            });
        }
    }

    pub(super) fn alarm(&self) -> Option<&Alarm> {
        self.alarm.as_ref()
    }

    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    pub(super) fn tree(&self) -> Option<&Tree<Files>> {
        self.newest.as_ref().map(|newest| &newest.tree)
    }

    /// Makes the pending checkpoint the newest, if its files are there and it extends the one before.
    pub(super) fn advance(
        &mut self,
        files: &Files,
        key: &VerifierKey,
        checker: &mut RecordChecker,
    ) -> Advanced {
        let Some(pending) = self.pending.clone() else {
            return Advanced::default();
        };
        let (size, root) = (pending.checkpoint().size, pending.checkpoint().root);
        let tree = match Tree::load(files.clone(), size, root).map_err(stop) {
            Ok(tree) => tree,
            Err(ReadStop::Missing) => return Advanced::default(),
            Err(ReadStop::Wrong(finding)) => {
                return self.refuse(*finding);
            }
        };
        let before = self.newest.as_ref().map(|newest| newest.checkpoint.clone());
        if let Some(before) = before {
            let (seen, seen_root) = (before.checkpoint().size, before.checkpoint().root);
            match compare(&tree, seen, &seen_root) {
                Err(ReadStop::Missing) => return Advanced::default(),
                Err(ReadStop::Wrong(finding)) => return self.refuse(*finding),
                Ok(None) => {}
                Ok(Some(difference)) => {
                    let detail = format!(
                        "the tree of {size} entries does not extend the one of {seen} entries"
                    );
                    let kind = AlarmKind::Inconsistent;
                    self.raise(kind, before, &pending, detail.clone(), Some(difference));
                    let what = format!("root of the first {seen} entries");
                    let finding = Finding::fatal(CheckNumber::Log, what, seen_root, detail);
                    return self.refuse(finding);
                }
            }
        }
        let mut findings = Vec::new();
        if self.policy.is_none() && size > 0 {
            match first_manifest(&tree) {
                Err(ReadStop::Missing) => return Advanced::default(),
                Err(ReadStop::Wrong(finding)) => {
                    return self.refuse(*finding);
                }
                Ok(manifest) => {
                    let named = manifest.as_ref().map_or(Ok(()), |m| m.require_log(key));
                    findings.extend(named.err().map(Finding::from));
                    self.policy = Some(policy(key, manifest.as_ref()));
                }
            }
        }
        let mut time = None;
        if let Some(policy) = &self.policy {
            match policy.check_of(key, pending.note().clone()) {
                Ok(accepted) => time = accepted.quorum_time,
                Err(violation) => findings.push(Finding::fatal(
                    CheckNumber::Log,
                    "witnesses of the checkpoint by the policy of the manifest",
                    "a quorum",
                    violation,
                )),
            }
        }
        let trusted = TrustedTree {
            size,
            root,
            quorum_time: time,
        };
        // Larger than the one before, of which no more entries than it has were read.
        if let Err(late) = checker.expect(trusted) {
            findings.push(Finding::fatal(CheckNumber::Log, "tree", size, late));
        }
        self.pending = None;
        self.newest = Some(Newest {
            checkpoint: pending,
            tree,
        });
        Advanced {
            findings,
            fatal: None,
        }
    }

    /// Nothing can be read under this checkpoint. It was signed all the same: it stays to be compared.
    fn refuse(&mut self, finding: Finding) -> Advanced {
        if let Some(refused) = self.pending.take() {
            self.unconfirmed.add(refused, Kept::default());
        }
        Advanced {
            findings: Vec::new(),
            fatal: Some(finding),
        }
    }
}

/// The manifest in entry 0; none if the entry is no manifest, which check 2 says.
fn first_manifest(tree: &Tree<Files>) -> Result<Option<Manifest>, ReadStop> {
    let bundle = tree.bundle(0).map_err(stop)?;
    let first = bundle.entries().next();
    Ok(first.and_then(|(_, entry)| match Entry::decode(entry) {
        Ok(Entry::Manifest(signed)) => Some(signed.payload),
        _ => None,
    }))
}

/// The manifest's witness policy; one that does not parse fails check 3.
fn policy(key: &VerifierKey, manifest: Option<&Manifest>) -> Policy {
    let policy = manifest.map(|manifest| manifest.witnesses.policy.as_bytes());
    let policy = policy.and_then(|policy| Policy::parse(policy).ok());
    policy.unwrap_or_else(|| Policy::log_only(key.clone()))
}
