//! What hosts may ask of a record as far as it was read.

use hanpyo_crypto::ballot::{CodePrefix, ElectionContext};
use hanpyo_crypto::ceremony::{CeremonyOutcome, Judgement};

use super::{MemoryUse, Progress, RecordChecker};
use crate::entry::{ContestResult, ElectionResult, Seconds, TrusteeNumber};
use crate::log::merkle::{Frontier, Hash};
use crate::manifest::Manifest;
use crate::record::given::CodeStatus;
use crate::record::phase::Phase;
use crate::record::report::Finding;
use crate::record::result::Decided;
use crate::record::roll::{Credential, VoterState};
use crate::record::state::Turnout;
use crate::record::tally::{self, Closed};
use crate::signature::RoleKeys;

impl RecordChecker {
    /// Entries read.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.trees.size()
    }

    /// Root of the tree of all entries read.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.trees.root()
    }

    /// The tree of all entries read.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        self.trees.frontier()
    }

    /// How far the record has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match &self.progress {
            Progress::Empty => Phase::Empty,
            Progress::Running(state) => state.phase,
            Progress::Unusable => Phase::Unusable,
        }
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        Some(&self.state()?.election.manifest)
    }

    /// mh.
    #[must_use]
    pub fn manifest_hash(&self) -> Option<[u8; 32]> {
        Some(self.state()?.election.hash)
    }

    /// Keys of the roles.
    #[must_use]
    pub fn role_keys(&self) -> Option<&RoleKeys> {
        Some(&self.state()?.election.keys)
    }

    /// What ballots are bound to: manifest hash and joint key. From the joint-key entry on.
    #[must_use]
    pub fn ballot_context(&self) -> Option<&ElectionContext> {
        self.state()?.context.as_ref()
    }

    /// The key ceremony's result, if it was sound. From the last share list on.
    #[must_use]
    pub fn ceremony(&self) -> Option<&CeremonyOutcome> {
        self.state()?.outcome()
    }

    /// Number of the ceremony attempt under way or completed.
    #[must_use]
    pub fn ceremony_attempt(&self) -> Option<u64> {
        Some(self.state()?.ceremony.attempt().number())
    }

    /// Whom complaints convicted, in all attempts so far.
    pub fn judgements(&self) -> &[Judgement] {
        self.state().map_or(&[], |state| &state.judgements)
    }

    /// Number of credentials, re-issued ones included.
    #[must_use]
    pub fn credentials(&self) -> u32 {
        self.state().map_or(0, |state| state.roll.len())
    }

    /// What the roll says of a credential.
    #[must_use]
    pub fn credential(&self, index: u32) -> Option<Credential> {
        self.state()?.roll.credential(index)
    }

    /// What became of a credential so far.
    #[must_use]
    pub fn voter(&self, index: u32) -> Option<VoterState> {
        self.state()?.roll.state(index)
    }

    /// Who took part so far.
    #[must_use]
    pub fn turnout(&self) -> Option<Turnout> {
        Some(self.state()?.turnout())
    }

    /// Voters with a counted ballot, per unit.
    #[must_use]
    pub fn counted_per_unit(&self) -> &[u64] {
        self.state().map_or(&[], |state| state.ballots.per_unit())
    }

    /// Paper votes, per unit.
    #[must_use]
    pub fn paper_per_unit(&self) -> &[u64] {
        self.state().map_or(&[], |state| state.schedule.paper())
    }

    /// Credentials of each unit.
    #[must_use]
    pub fn credentials_per_unit(&self) -> Vec<u64> {
        self.state().map_or(Vec::new(), |state| {
            state.roll.per_unit(state.election.units())
        })
    }

    /// Closing time, re-dated or as in the manifest.
    #[must_use]
    pub fn closes(&self) -> Option<Seconds> {
        Some(self.state()?.schedule.closes())
    }

    /// Hash of the asset manifest of the voting pages, amended or as in the manifest.
    #[must_use]
    pub fn assets(&self) -> Option<crate::entry::Hash> {
        self.state()?.schedule.assets()
    }

    /// What the `close` entry fixed: the tree to decrypt under, the gate, groups and sums.
    #[must_use]
    pub fn closed(&self) -> Option<&Closed> {
        self.state()?.closed.as_ref()
    }

    /// Trustees that have published proven decryptions of everything.
    #[must_use]
    pub fn decrypted_by(&self) -> Vec<TrusteeNumber> {
        let decryptions = self.state().and_then(|state| state.decryptions.as_ref());
        decryptions.map_or(Vec::new(), tally::Decryptions::proven_trustees)
    }

    /// vH at each position of each group of a contest, once t trustees have decrypted everything.
    #[must_use]
    pub fn combined(
        &self,
        contest: u16,
    ) -> Option<Vec<Vec<curve25519_dalek::ristretto::RistrettoPoint>>> {
        let state = self.state()?;
        let decryptions = state.decryptions.as_ref()?;
        decryptions.combined(contest, 0..usize::MAX, &state.recomputed()?)
    }

    /// Number of groups whose values are in the record, of the first contest whose result is not complete.
    #[must_use]
    pub fn groups_with_values(&self) -> usize {
        let decryptions = self.state().and_then(|state| state.decryptions.as_ref());
        decryptions.map_or(0, tally::Decryptions::groups_with_values)
    }

    /// Complete contest results in the record so far, the entries of each joined.
    #[must_use]
    pub fn contest_results(&self) -> &[ContestResult] {
        self.state().map_or(&[], |state| &state.results)
    }

    /// The outcome of every contest by the rules, once all contest results are there (or the count gate
    /// does not hold). What the closing entry must say.
    #[must_use]
    pub fn outcomes(&self) -> Option<Vec<Decided>> {
        self.state()?.outcomes()
    }

    /// The closing entry.
    #[must_use]
    pub fn result(&self) -> Option<&ElectionResult> {
        self.state()?.result.as_ref()
    }

    /// The first findings so far.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        self.findings.kept()
    }

    /// Whether some finding so far is not resolved by excluding the entry.
    #[must_use]
    pub fn has_fatal(&self) -> bool {
        self.findings.has_fatal()
    }

    /// Answers for the confirmation codes given, in their order.
    #[must_use]
    pub fn codes(&self) -> Vec<(CodePrefix, CodeStatus)> {
        let counted = |credential| self.voter(credential).and_then(|voter| voter.counted);
        self.watch.codes(counted)
    }

    /// Whether the ballot of each acknowledgement given is in the record so far, in their order.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<bool> {
        self.watch.acknowledged().collect()
    }

    /// How much memory the tables take.
    #[must_use]
    pub fn memory(&self) -> MemoryUse {
        self.state().map_or(
            MemoryUse {
                roll_bytes: 0,
                credentials: 0,
                duplicate_bytes: 0,
                ciphertexts: 0,
            },
            |state| MemoryUse {
                roll_bytes: state.roll.allocated_bytes(),
                credentials: state.roll.len(),
                duplicate_bytes: state.ballots.allocated_bytes(),
                ciphertexts: state.ballots.ciphertexts(),
            },
        )
    }
}
