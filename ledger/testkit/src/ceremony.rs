//! The trustees' part before the opening.

use hanpyo_crypto::ballot::ElectionContext;
use hanpyo_crypto::ceremony::{
    Attempt, Committed, Confirmed, DrillShare, Opened, Parameters, Received, ShareList, Shared,
};
use hanpyo_crypto::elgamal::JointKey as EncryptionKey;
use hanpyo_ledger::entry::{
    CeremonyCommitment, CeremonyConfirmation, CeremonyOpening, CeremonyShares, Drill, EncodedPoint,
    EqualityProof, Hash, JointKey, TrusteeNumber,
};

use crate::election::Election;
use crate::spec::list;

pub(crate) fn trustee(place: usize) -> TrusteeNumber {
    TrusteeNumber::try_from(place + 1).unwrap()
}

/// A ceremony in which all have published their share lists.
pub struct Dealt {
    /// The trustees, who have not read the lists.
    pub shared: Vec<Shared>,
    /// The lists as published.
    pub lists: Vec<ShareList>,
}

impl Election {
    /// Quorum and number of trustees.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        Parameters::new(self.spec.quorum, self.spec.trustees as u64).unwrap()
    }

    /// Runs the first attempt of the ceremony, up to the joint key.
    pub fn run_ceremony(&mut self) {
        self.run_attempt(1);
    }

    /// Runs an attempt of the ceremony, up to the joint key.
    pub fn run_attempt(&mut self, number: u64) {
        let Dealt { shared, lists } = self.deal(number, |_, _| {});
        let number = number.try_into().unwrap();
        let confirmed: Vec<Confirmed> = shared
            .into_iter()
            .map(|state| match state.receive(&lists).unwrap() {
                Received::Confirmed(confirmed) => confirmed,
                Received::Complained(_) => panic!("all shares are right"),
            })
            .collect();
        let confirmations: Vec<_> = confirmed.iter().map(Confirmed::confirmation).collect();
        for (place, confirmation) in confirmations.iter().enumerate() {
            let entry = self.sign(CeremonyConfirmation {
                attempt: number,
                trustee: trustee(place),
                transcript: Hash(confirmation.transcript_hash),
                joint_key_point: EncodedPoint(confirmation.joint_key),
            });
            self.append(entry);
        }
        self.shares = confirmed
            .into_iter()
            .map(|state| state.finish(&confirmations).unwrap())
            .collect();
        let outcome = self.shares[0].outcome().clone();
        let shares = outcome.verification_shares().iter();
        let entry = self.sign(JointKey {
            attempt: number,
            transcript: Hash(*outcome.transcript_hash()),
            joint_key_point: EncodedPoint(*outcome.joint_key().as_bytes()),
            shares: list(
                shares
                    .map(|share| EncodedPoint(*share.as_bytes()))
                    .collect(),
            ),
        });
        self.append(entry);
        let key = EncryptionKey::decode(outcome.joint_key().as_bytes()).unwrap();
        self.context = Some(ElectionContext::new(self.hash.0, key));
    }

    /// Runs an attempt up to the share lists, which `change` may falsify before they are published.
    pub fn deal(
        &mut self,
        number: u64,
        change: impl FnOnce(Parameters, &mut [ShareList]),
    ) -> Dealt {
        let parameters = self.parameters();
        let attempt = Attempt::new(self.hash.0, number, parameters).unwrap();
        let number = number.try_into().unwrap();
        let committed: Vec<Committed> = parameters
            .all()
            .map(|trustee| Committed::begin(attempt, trustee, &mut self.rng).unwrap())
            .collect();
        let commitments: Vec<_> = committed.iter().map(Committed::commitment).collect();
        for (place, commitment) in commitments.iter().enumerate() {
            let entry = self.sign(CeremonyCommitment {
                attempt: number,
                trustee: trustee(place),
                hash: Hash(commitment.0),
            });
            self.append(entry);
        }
        let opened: Vec<Opened> = committed
            .into_iter()
            .map(|state| state.open(&commitments).unwrap())
            .collect();
        let openings: Vec<_> = opened.iter().map(|state| state.opening().clone()).collect();
        for (place, opening) in openings.iter().enumerate() {
            let entry = self.sign(CeremonyOpening {
                attempt: number,
                trustee: trustee(place),
                opening: opening.as_bytes().to_vec().try_into().unwrap(),
            });
            self.append(entry);
        }
        let shared: Vec<Shared> = opened
            .into_iter()
            .map(|state| state.share(openings.clone()).unwrap())
            .collect();
        let mut lists: Vec<_> = shared
            .iter()
            .map(|state| state.share_list().clone())
            .collect();
        change(parameters, &mut lists);
        for (place, shares) in lists.iter().enumerate() {
            let entry = self.sign(CeremonyShares {
                attempt: number,
                trustee: trustee(place),
                shares: shares.as_bytes().to_vec().try_into().unwrap(),
            });
            self.append(entry);
        }
        Dealt { shared, lists }
    }

    /// Every trustee shows that its share works.
    pub fn publish_drills(&mut self) {
        for place in 0..self.shares.len() {
            let drill = DrillShare::create(&self.shares[place], &mut self.rng);
            let entry = self.sign(Drill {
                trustee: trustee(place),
                decryption: EncodedPoint(*drill.point().as_bytes()),
                proof: EqualityProof(drill.proof().encode()),
            });
            self.append(entry);
        }
    }
}
