//! An election on its way through its phases.

use std::collections::BTreeMap;

use hanpyo_crypto::ballot::{BallotContext, ElectionContext, NumberedContest};
use hanpyo_crypto::ceremony::KeyShare;
use hanpyo_crypto::contest::ContestKind;
use hanpyo_crypto::credential::CredentialSecret;
use hanpyo_ledger::entry::{Entry, EntryType, Hash, Payload, RoleSigned, Signed, Void};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::RecordChecker;
use hanpyo_ledger::signature::signed_digest;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::conforms::assert_conforms;
use crate::keys::Keys;
use crate::spec::{ElectionSpec, text};

/// The credential of one voter, with its secret.
pub struct Voter {
    /// Secret s.
    pub secret: CredentialSecret,
    /// Public P, encoded.
    pub public: [u8; 32],
    /// Ballot style.
    pub style: u16,
    /// Counter of the last ballot made.
    pub counter: u32,
}

/// An election with everybody's secrets.
pub struct Election {
    /// What it was made of.
    pub spec: ElectionSpec,
    /// Everybody's signing keys.
    pub keys: Keys,
    /// The manifest.
    pub manifest: Manifest,
    /// Its hash mh.
    pub hash: Hash,
    /// The record so far.
    pub entries: Vec<Vec<u8>>,
    /// Key shares of the trustees, after the ceremony.
    pub shares: Vec<KeyShare>,
    /// What ballots are bound to, after the ceremony.
    pub context: Option<ElectionContext>,
    /// Credentials, after the roll.
    pub voters: Vec<Voter>,
    /// Voting codes as printed, in the order in which they were drawn: all of authority 1, then of authority 2.
    pub codes: Vec<String>,
    /// Plaintext of the ballot that counts, per credential: values of all its contests.
    pub plain: BTreeMap<u32, Vec<u64>>,
    /// Follows the record from the close on, to know the groups and sums.
    pub(crate) follower: Option<RecordChecker>,
    /// Everything random.
    pub rng: ChaCha20Rng,
}

impl Election {
    /// Makes all keys and publishes the manifest.
    #[must_use]
    pub fn new(spec: ElectionSpec) -> Self {
        Self::with_manifest(spec, |_| {})
    }

    /// As [`Self::new`], with a change to the manifest before it is published.
    #[must_use]
    pub fn with_manifest(spec: ElectionSpec, change: impl FnOnce(&mut Manifest)) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(spec.seed);
        let keys = Keys::generate(&spec, &mut rng);
        let mut manifest = spec.manifest(&keys);
        change(&mut manifest);
        let mut election = Self {
            hash: manifest.hash(),
            spec,
            keys,
            manifest: manifest.clone(),
            entries: Vec::new(),
            shares: Vec::new(),
            context: None,
            voters: Vec::new(),
            codes: Vec::new(),
            plain: BTreeMap::new(),
            follower: None,
            rng,
        };
        let signed = election.sign(manifest);
        election.append(signed);
        election
    }

    /// Everything that has not happened yet: ceremony, roll, opening, a random vote of every other
    /// voter, close, tally, decryption by t trustees, results.
    pub fn complete(&mut self) {
        self.set_up();
        self.open();
        self.vote_at_random(2);
        self.finish();
    }

    /// Ceremony, drill and roll.
    pub fn set_up(&mut self) {
        self.run_ceremony();
        self.publish_drills();
        self.publish_roll();
    }

    /// Close, tally, decryption by t trustees, results.
    pub fn finish(&mut self) {
        self.close();
        if self.gate_holds() {
            self.publish_tally();
            for trustee in 1..=self.spec.quorum {
                self.publish_decryptions(trustee);
            }
            self.publish_contest_results();
        }
        self.publish_result();
    }

    /// Declares the record void.
    pub fn void(&mut self) -> u64 {
        let void = self.sign(Void {
            reason: text("시험 종료"),
        });
        self.append(void)
    }

    /// Signs a payload as all roles that must.
    pub fn sign<T: Payload>(&self, payload: T) -> Signed<T> {
        let hash = if T::TYPE == EntryType::Manifest {
            // The manifest is signed under its own hash, whatever became of it.
            let unsigned = Signed {
                payload,
                signatures: Vec::new(),
            };
            let bytes = unsigned.payload_bytes();
            let hash = hanpyo_crypto::group::hash(
                hanpyo_crypto::labels::hash::MANIFEST,
                &[bytes.as_slice()],
            );
            return self.sign_under(Hash(hash), unsigned.payload);
        } else {
            self.hash
        };
        self.sign_under(hash, payload)
    }

    fn sign_under<T: Payload>(&self, hash: Hash, payload: T) -> Signed<T> {
        let roles = payload.signers().roles(self.spec.authorities);
        let mut signed = Signed {
            payload,
            signatures: Vec::new(),
        };
        let digest = signed_digest(&hash, T::TYPE, &signed.payload_bytes());
        for role in roles {
            signed.signatures.push(self.keys.of(role).sign(&digest));
        }
        signed
    }

    /// Signs an entry again after its payload was changed. Ballots and posted challenges stay as they are.
    #[must_use]
    pub fn resign(&self, entry: Entry) -> Entry {
        macro_rules! resign {
            ($($variant:ident),+ $(,)?) => {
                match entry {
                    Entry::Manifest(signed) => self.sign(signed.payload).into(),
                    $(Entry::$variant(signed) => self.sign(signed.payload).into(),)+
                    Entry::Ballot(_) | Entry::PostedChallenge(_) => entry,
                }
            };
        }
        resign!(
            CeremonyCommitment,
            CeremonyOpening,
            CeremonyShares,
            CeremonyConfirmation,
            CeremonyComplaint,
            CeremonyRestart,
            JointKey,
            Drill,
            HalfListCommitment,
            HalfListChunk,
            RollChunk,
            RollSealed,
            Revocation,
            Reissue,
            Open,
            PaperStrike,
            PaperTurnout,
            Redating,
            AssetAmendment,
            Close,
            EncryptedTally,
            PartialDecryption,
            ContestResult,
            ElectionResult,
            Void,
        )
    }

    /// Appends an entry and returns its index.
    pub fn append(&mut self, entry: impl Into<Entry>) -> u64 {
        let bytes = entry.into().encode().unwrap();
        // Benchmarks append millions.
        if cfg!(debug_assertions) {
            assert_conforms(&bytes);
        }
        self.append_bytes(bytes)
    }

    /// Appends whatever bytes.
    pub fn append_bytes(&mut self, bytes: Vec<u8>) -> u64 {
        self.entries.push(bytes);
        self.entries.len() as u64 - 1
    }

    /// Decodes an entry of the record.
    #[must_use]
    pub fn entry(&self, index: usize) -> Entry {
        Entry::decode(&self.entries[index]).unwrap()
    }

    /// The first entry for which `is_it` holds, with its index.
    #[must_use]
    pub fn find(&self, is_it: impl Fn(&Entry) -> bool) -> (usize, Entry) {
        (0..self.entries.len())
            .map(|index| (index, self.entry(index)))
            .find(|(_, entry)| is_it(entry))
            .unwrap()
    }

    /// Kinds of the contests.
    #[must_use]
    pub fn kinds(&self) -> Vec<ContestKind> {
        let kinds = self.manifest.contests.iter();
        kinds.map(|contest| contest.kind().unwrap()).collect()
    }

    /// Contests of a style.
    #[must_use]
    pub fn style(&self, style: u16) -> Vec<NumberedContest> {
        let kinds = self.kinds();
        let contests = self.manifest.styles[usize::from(style)].contests.iter();
        contests
            .map(|number| NumberedContest {
                number: (*number).into(),
                kind: kinds[number.position()],
            })
            .collect()
    }

    /// Calls `with` with the ballot context of a credential.
    pub fn with_context<R>(&self, index: u32, with: impl FnOnce(&BallotContext<'_>) -> R) -> R {
        let voter = &self.voters[index as usize];
        let contests = self.style(voter.style);
        with(&BallotContext {
            index,
            credential: &voter.public,
            style: voter.style.into(),
            contests: &contests,
        })
    }
}
