//! Who vouches for the checkpoint: the manifest's witness policy, and one that the user adds.

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::policy::{Accepted, Policy};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::{CheckNumber, Finding};

use crate::report::{CosignedBy, PolicyFacts};

/// The policies that a checkpoint has to keep.
pub(crate) struct Policies<'r> {
    log: &'r VerifierKey,
    /// `None` without a manifest that states one.
    manifest: Option<Policy>,
    own: Option<&'r (String, Policy)>,
}

/// What the witnesses said of the checkpoint.
#[derive(Default)]
pub(crate) struct Witnessed {
    pub(crate) findings: Vec<Finding>,
    /// When a quorum was complete.
    pub(crate) time: Option<u64>,
    pub(crate) policies: Vec<PolicyFacts>,
}

impl<'r> Policies<'r> {
    pub(crate) fn new(
        log: &'r VerifierKey,
        manifest: Option<&Manifest>,
        own: Option<&'r (String, Policy)>,
    ) -> Self {
        // One that does not parse fails check 3.
        let policy = |manifest: &Manifest| {
            let policy = manifest.witnesses.policy.as_bytes();
            Policy::parse(policy).ok()
        };
        Self {
            log,
            manifest: manifest.and_then(policy),
            own,
        }
    }

    /// The policy for receipts: the server gives them under the manifest's.
    pub(crate) fn for_receipts(&self) -> Policy {
        let log_only = || Policy::log_only(self.log.clone());
        self.manifest.clone().unwrap_or_else(log_only)
    }

    /// Checks the checkpoint against each policy.
    pub(crate) fn check(&self, checkpoint: &SignedCheckpoint) -> Witnessed {
        let mut out = Witnessed::default();
        let manifest = self.manifest.as_ref().map(|policy| (None, policy));
        let own = self.own.map(|(name, policy)| (Some(name), policy));
        for (name, policy) in manifest.into_iter().chain(own) {
            let accepted = policy.check_of(self.log, checkpoint.note().clone());
            out.policies
                .push(facts(name, policy, accepted.as_ref().ok()));
            match accepted {
                Ok(accepted) => out.time = out.time.or(accepted.quorum_time),
                Err(violation) => {
                    let of = name.map_or("the manifest", String::as_str);
                    out.findings.push(Finding::fatal(
                        CheckNumber::Log,
                        format!("witnesses of the checkpoint by the policy of {of}"),
                        "a quorum",
                        violation,
                    ));
                }
            }
        }
        out
    }
}

fn facts(name: Option<&String>, policy: &Policy, accepted: Option<&Accepted>) -> PolicyFacts {
    let cosigned = accepted.map_or(&[][..], |accepted| accepted.cosigned_by.as_slice());
    PolicyFacts {
        file: name.cloned(),
        witnesses: policy.witnesses().len(),
        quorum_required: policy.quorum().is_some(),
        accepted: accepted.is_some(),
        quorum_time: accepted.and_then(|accepted| accepted.quorum_time),
        cosigned_by: cosigned
            .iter()
            .map(|by| CosignedBy {
                name: by.name.to_string(),
                time: by.time,
            })
            .collect(),
    }
}
