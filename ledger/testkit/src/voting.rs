//! Voters and the commission from open to close.

use hanpyo_crypto::ballot::{PreparedBallot, VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::{
    AssetAmendment, BallotEntry, BodyBytes, Close, Hash, Open, PaperStrike, PaperTurnout,
    PostedChallenge, Redating, Seconds, Signature,
};

use crate::election::Election;
use crate::plain::random_selections;
use crate::spec::{list, text};

impl Election {
    /// Opens on time.
    pub fn open(&mut self) -> u64 {
        self.open_at(self.spec.opens)
    }

    /// Opens at a stated time.
    pub fn open_at(&mut self, time: u64) -> u64 {
        let entry = self.sign(Open {
            time: Seconds::new(time),
        });
        self.append(entry)
    }

    /// Encrypts a ballot with the credential's next counter.
    pub fn prepare(&mut self, credential: u32, selections: &[Selection]) -> PreparedBallot {
        let voter = &mut self.voters[credential as usize];
        voter.counter += 1;
        let counter = voter.counter;
        self.prepare_with(credential, counter, selections)
    }

    /// Encrypts a ballot with a counter of one's choice.
    pub fn prepare_with(
        &mut self,
        credential: u32,
        counter: u32,
        selections: &[Selection],
    ) -> PreparedBallot {
        let mut rng = self.rng.clone();
        let prepared = self.with_context(credential, |context| {
            let request = VoterRequest {
                secret: self.voters[credential as usize].secret.scalar(),
                counter,
                attempt: u64::from(counter),
                selections,
            };
            let election = self.context.as_ref().unwrap();
            encrypt_ballot(election, context, &request, &mut rng).unwrap()
        });
        self.rng = rng;
        prepared
    }

    /// A cast ballot, not appended.
    pub fn ballot(&mut self, credential: u32, selections: &[Selection]) -> BallotEntry {
        let prepared = self.prepare(credential, selections);
        prepared.cast(&mut self.rng).try_into().unwrap()
    }

    /// Casts a ballot; returns its entry.
    pub fn vote(&mut self, credential: u32, selections: &[Selection]) -> u64 {
        let ballot = self.ballot(credential, selections);
        let values = self.plaintext(credential, selections);
        if self.spec.revoting || !self.plain.contains_key(&credential) {
            self.plain.insert(credential, values);
        }
        self.append(hanpyo_ledger::entry::Entry::Ballot(ballot))
    }

    /// A random vote of every `step`-th voter.
    pub fn vote_at_random(&mut self, step: usize) {
        let voters = u32::try_from(self.voters.len()).unwrap();
        for credential in (0..voters).step_by(step) {
            let selections = random_selections(self, credential);
            self.vote(credential, &selections);
        }
    }

    /// A challenged ballot, not appended.
    pub fn challenged(&mut self, credential: u32, selections: &[Selection]) -> PostedChallenge {
        let prepared = self.prepare(credential, selections);
        let challenged = prepared.challenge(&mut self.rng);
        PostedChallenge {
            body: BodyBytes::new(challenged.body.clone()).unwrap(),
            signature: Signature(challenged.signature),
            opening: minicbor::decode(&challenged.opening.encode()).unwrap(),
        }
    }

    /// Posts a challenged ballot.
    pub fn challenge(&mut self, credential: u32, selections: &[Selection]) -> u64 {
        let challenge = self.challenged(credential, selections);
        self.append(hanpyo_ledger::entry::Entry::PostedChallenge(challenge))
    }

    /// Strikes a voter who votes on paper.
    pub fn strike(&mut self, credential: u32) -> u64 {
        let entry = self.sign(PaperStrike {
            credential: credential.into(),
        });
        self.append(entry)
    }

    /// States the paper votes so far.
    pub fn paper_turnout(&mut self, per_unit: Vec<u64>) -> u64 {
        let entry = self.sign(PaperTurnout {
            per_unit: list(per_unit),
        });
        self.append(entry)
    }

    /// Paper votes per unit if the voters of these credentials are all who voted on paper.
    #[must_use]
    pub fn paper_of(&self, credentials: &[usize]) -> Vec<u64> {
        let mut per_unit = vec![0; self.spec.units.len()];
        for credential in credentials {
            per_unit[usize::from(self.spec.voters[*credential].unit)] += 1;
        }
        per_unit
    }

    /// Moves the closing time.
    pub fn redate(&mut self, closes: u64) -> u64 {
        self.spec.closes = closes;
        let entry = self.sign(Redating {
            closes: Seconds::new(closes),
            reason: text("연장"),
        });
        self.append(entry)
    }

    /// Announces changed voting pages.
    pub fn amend_assets(&mut self, hash: [u8; 32]) -> u64 {
        let entry = self.sign(AssetAmendment {
            assets: Hash(hash),
            reason: text("수정"),
        });
        self.append(entry)
    }

    /// Closes as soon as the grace is over.
    pub fn close(&mut self) -> u64 {
        self.close_at(self.spec.closes + self.spec.grace)
    }

    /// Closes at a stated time.
    pub fn close_at(&mut self, time: u64) -> u64 {
        let entry = self.sign(Close {
            time: Seconds::new(time),
        });
        self.append(entry)
    }
}
