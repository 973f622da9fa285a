//! The trustee's side of a ceremony as states that each round consumes (docs/PROTOCOL.md section 8).
//!
//! # Security
//! States hold secrets, have no `Debug`, and are saved only inside the encrypted secret file. Save a new
//! state before publishing its message. The messages given must carry their trustees' valid signatures.

use alloc::vec::Vec;

use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::complaint::Complaint;
use super::error::{CeremonyError, Message};
use super::key_share::KeyShare;
use super::opening::{Commitment, Opening, Openings, check_count};
use super::outcome::{CeremonyOutcome, Confirmation};
use super::parameters::{Attempt, TrusteeIndex};
use super::seed::{Secrets, Seed};
use super::shares::{ShareList, share_fits};

/// Who this trustee is in which attempt, and its secrets.
pub(super) struct Identity {
    pub(super) attempt: Attempt,
    pub(super) trustee: TrusteeIndex,
    pub(super) seed: Seed,
    secrets: Secrets,
}

impl Identity {
    pub(super) fn new(
        attempt: Attempt,
        trustee: TrusteeIndex,
        seed: Seed,
    ) -> Result<Self, CeremonyError> {
        attempt.parameters().trustee(trustee.number())?;
        let secrets = Secrets::derive(&attempt, trustee, &seed);
        Ok(Self {
            attempt,
            trustee,
            seed,
            secrets,
        })
    }

    fn opening(&self) -> Opening {
        Opening::create(&self.attempt, self.trustee, &self.secrets, &self.seed)
    }

    /// An error unless the board shows `ours` at this trustee's place.
    fn check_ours<T: PartialEq>(
        &self,
        message: Message,
        published: &[T],
        ours: &T,
    ) -> Result<(), CeremonyError> {
        check_count(self.attempt.parameters(), message, published.len())?;
        if published.get(self.trustee.position()) == Some(ours) {
            return Ok(());
        }
        Err(CeremonyError::NotOurs {
            message,
            trustee: self.trustee,
        })
    }
}

/// Round 0 is done: secrets are drawn, the commitment can be published.
pub struct Committed {
    pub(super) identity: Identity,
    opening: Opening,
}

impl Committed {
    /// Begins an attempt with fresh secrets.
    ///
    /// # Errors
    /// [`CeremonyError::UnknownTrustee`] if the index is from a larger ceremony.
    pub fn begin(
        attempt: Attempt,
        trustee: TrusteeIndex,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, CeremonyError> {
        Ok(Self::resume(Identity::new(
            attempt,
            trustee,
            Seed::draw(rng),
        )?))
    }

    pub(super) fn resume(identity: Identity) -> Self {
        let opening = identity.opening();
        Self { identity, opening }
    }

    /// The message of round 0.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        self.opening
            .commitment(&self.identity.attempt, self.identity.trustee)
    }

    /// Goes on to round 1 when all n commitments are on the board; given in order of trustees.
    ///
    /// # Errors
    /// [`CeremonyError::Count`], or [`CeremonyError::NotOurs`] if the board changed this trustee's.
    pub fn open(self, commitments: &[Commitment]) -> Result<Opened, CeremonyError> {
        self.identity
            .check_ours(Message::Commitment, commitments, &self.commitment())?;
        Ok(Opened {
            identity: self.identity,
            opening: self.opening,
            commitments: commitments.to_vec(),
        })
    }
}

/// Round 1 is done: the opening can be published.
pub struct Opened {
    pub(super) identity: Identity,
    opening: Opening,
    pub(super) commitments: Vec<Commitment>,
}

impl Opened {
    /// The message of round 1.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Goes on to round 2 when all n openings are on the board; given in order of trustees, each is
    /// checked against its commitment and its proof of possession.
    ///
    /// # Errors
    /// [`CeremonyError`] naming the first trustee at fault.
    pub fn share(self, openings: Vec<Opening>) -> Result<Shared, CeremonyError> {
        self.identity
            .check_ours(Message::Opening, &openings, &self.opening)?;
        let attempt = self.identity.attempt;
        let openings = Openings::verify(attempt, &self.commitments, openings)?;
        Shared::resume(self.identity, openings)
    }
}

/// Round 2 is done: the masked shares can be published.
pub struct Shared {
    pub(super) identity: Identity,
    pub(super) openings: Openings,
    list: ShareList,
}

/// What a trustee finds in its shares.
pub enum Received {
    /// All are right.
    Confirmed(Confirmed),
    /// One is wrong.
    Complained(Complained),
}

impl Shared {
    pub(super) fn resume(identity: Identity, openings: Openings) -> Result<Self, CeremonyError> {
        let list = ShareList::create(
            &openings,
            identity.trustee,
            &identity.secrets,
            &identity.seed,
        )?;
        Ok(Self {
            identity,
            openings,
            list,
        })
    }

    /// The message of round 2.
    #[must_use]
    pub fn share_list(&self) -> &ShareList {
        &self.list
    }

    /// The verified openings of round 1.
    #[must_use]
    pub fn openings(&self) -> &Openings {
        &self.openings
    }

    /// Goes on to round 3 when all n share lists are on the board; given in order of dealers. Either all
    /// shares are right, or the first wrong one leads to a complaint, which ends the attempt.
    /// Coefficients and the transport key are destroyed in either case.
    ///
    /// # Errors
    /// [`CeremonyError`] if the lists are incomplete, out of order or not what this trustee said, or if
    /// K or a verification share is the identity.
    pub fn receive(self, lists: &[ShareList]) -> Result<Received, CeremonyError> {
        let Self {
            identity,
            openings,
            list: own,
        } = self;
        let trustee = identity.trustee;
        identity.check_ours(Message::ShareList, lists, &own)?;
        let outcome = CeremonyOutcome::compute(&openings, lists)?;
        let mut secret = identity.secrets.evaluate(trustee);
        for list in lists.iter().filter(|list| list.dealer() != trustee) {
            let nonce = list.share_for(trustee)?.nonce().point();
            let shared = Zeroizing::new((nonce * *identity.secrets.transport).compress());
            let share = list.unmask(&openings, trustee, &shared)?;
            if !share_fits(&openings, list.dealer(), trustee, &share)? {
                let complaint = Complaint::create(
                    &openings,
                    list,
                    trustee,
                    &identity.secrets.transport,
                    &mut identity.seed.rng(),
                )?;
                return Ok(Received::Complained(Complained {
                    attempt: identity.attempt,
                    complaint,
                }));
            }
            *secret += *share;
        }
        Ok(Received::Confirmed(Confirmed {
            share: KeyShare::new(trustee, secret, outcome),
        }))
    }
}

/// Round 3 is done: the confirmation can be published.
pub struct Confirmed {
    pub(super) share: KeyShare,
}

impl Confirmed {
    /// The message of round 3.
    #[must_use]
    pub fn confirmation(&self) -> Confirmation {
        self.share.outcome().confirmation(self.share.trustee())
    }

    /// Ends the ceremony when all n confirmations are on the board, in order of trustees, and agree.
    ///
    /// # Errors
    /// [`CeremonyError`] naming the first trustee that confirmed something else: the board showed
    /// trustees different things, or the trustee lies. A restart follows.
    pub fn finish(self, confirmations: &[Confirmation]) -> Result<KeyShare, CeremonyError> {
        self.share.outcome().check_confirmations(confirmations)?;
        Ok(self.share)
    }
}

/// A share was wrong: the complaint can be published, and the attempt is over for this trustee.
///
/// It holds no secret, so that no later board can make this trustee confirm an attempt in which it has
/// revealed a share.
pub struct Complained {
    pub(super) attempt: Attempt,
    pub(super) complaint: Complaint,
}

impl Complained {
    /// The attempt that failed.
    #[must_use]
    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// The complaint to publish.
    #[must_use]
    pub fn complaint(&self) -> &Complaint {
        &self.complaint
    }
}
