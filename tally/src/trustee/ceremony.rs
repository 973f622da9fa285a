//! The next step of the key ceremony and the drill (docs/PROTOCOL.md section 8), without I/O.
//!
//! A step looks at what the board shows and what the secret file remembers, and says what to save and what to
//! publish, in this order. A crash between the two is harmless: the next run publishes the same bytes.

mod board;

use hanpyo_crypto::ceremony::{
    Attempt, CeremonyError, Commitment, Committed, Confirmation, DrillShare, Message, MessageError,
    Opening, Parameters, Received, ShareList, TrusteeIndex, TrusteeState,
};
use hanpyo_ledger::entry::{
    self, CeremonyCommitment, CeremonyComplaint, CeremonyConfirmation, CeremonyOpening,
    CeremonyShares, Drill, EncodedPoint, Entry, EntryError, EqualityProof, Hash, OutOfRange,
    TrusteeNumber, bounded::WrongLength,
};
use hanpyo_ledger::signature::{SignatureError, SigningKey};
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;

use super::state::{MemoryError, TrusteeMemory};

use crate::election::Election;

pub use board::CeremonyBoard;
use board::{all, has};

/// Number of the drill's proof among this file's proofs.
const DRILL_STREAM: u64 = u64::MAX;

/// Why the ceremony cannot go on.
#[derive(Debug, Error)]
pub enum StepError {
    /// The secret file does not fit the board.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// What trustees said does not hold together; a restart by the commission is needed.
    #[error("{0}; the commission must restart the ceremony")]
    Ceremony(#[from] CeremonyError),
    /// A trustee's message is malformed; a restart by the commission is needed.
    #[error("{kind} of trustee {trustee}: {source}; the commission must restart the ceremony")]
    Message {
        /// Kind of message.
        kind: Message,
        /// Whose.
        trustee: TrusteeIndex,
        /// What is wrong.
        source: MessageError,
    },
    /// The board goes back.
    #[error(
        "the board shows attempt {board} of the ceremony, this secret file has begun attempt {ours} already"
    )]
    OlderAttempt {
        /// Attempt on the board.
        board: u64,
        /// Attempt in the file.
        ours: u64,
    },
    /// The board knows this trustee, but the file does not know the attempt: an older copy was restored, or
    /// somebody else has the signing key.
    #[error(
        "the board holds messages of this trustee in attempt {attempt} that this secret file did not make; was an \
         older copy restored? the commission must restart the ceremony"
    )]
    Forgotten {
        /// The attempt.
        attempt: u64,
    },
    /// The joint key is another one.
    #[error("the joint key on the board is not the one this trustee confirmed")]
    OtherKey,
    /// The message cannot be made an entry.
    #[error("cannot make the entry: {0}")]
    Entry(String),
}

impl From<OutOfRange> for StepError {
    fn from(error: OutOfRange) -> Self {
        Self::Entry(error.to_string())
    }
}

impl From<WrongLength> for StepError {
    fn from(error: WrongLength) -> Self {
        Self::Entry(error.to_string())
    }
}

impl From<SignatureError> for StepError {
    fn from(error: SignatureError) -> Self {
        Self::Entry(error.to_string())
    }
}

impl From<EntryError> for StepError {
    fn from(error: EntryError) -> Self {
        Self::Entry(error.to_string())
    }
}

/// What to do next.
pub enum Step {
    /// Save `memory` if there is one, then publish `entry`.
    Publish {
        /// New contents of the secret file, to be on disk before `entry` leaves.
        memory: Option<TrusteeMemory>,
        /// Canonical bytes of the signed entry.
        entry: Vec<u8>,
        /// What it is, in words.
        what: String,
    },
    /// Save `memory`; nothing to publish.
    Save {
        /// New contents of the secret file.
        memory: TrusteeMemory,
        /// What happened, in words.
        what: String,
    },
    /// Others must act first.
    Wait(String),
    /// Nothing is left to do.
    Done(String),
}

impl Step {
    fn without_saving(self) -> Self {
        match self {
            Self::Publish { entry, what, .. } => Self::Publish {
                memory: None,
                entry,
                what,
            },
            other => other,
        }
    }
}

/// One trustee in one election.
pub struct Trustee<'a> {
    /// The election, accepted by the record checker.
    pub election: &'a Election,
    /// This trustee's number.
    pub number: TrusteeNumber,
    /// Its signing key.
    pub key: &'a SigningKey,
}

impl Trustee<'_> {
    /// The next step of the key ceremony.
    ///
    /// # Errors
    /// [`StepError`]; nothing may be published then.
    pub fn ceremony_step(
        &self,
        memory: &TrusteeMemory,
        board: &CeremonyBoard,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Step, StepError> {
        let pinned = memory.pin(self.election, self.number, rng)?;
        let state = pinned.ceremony()?;
        let begun = state.as_ref().map_or(0, |state| state.attempt().number());
        if begun > board.attempt {
            return Err(StepError::OlderAttempt {
                board: board.attempt,
                ours: begun,
            });
        }
        match state {
            Some(state) if begun == board.attempt => self.go_on(&pinned, state, board),
            _ if board.knows(self.number) => Err(StepError::Forgotten {
                attempt: board.attempt,
            }),
            _ => {
                let roles = &self.election.manifest.roles;
                let trustees = u64::try_from(roles.trustees.len()).unwrap_or(u64::MAX);
                let parameters = Parameters::new(u64::from(roles.quorum), trustees)?;
                let attempt = Attempt::new(self.election.hash.0, board.attempt, parameters)?;
                let state =
                    Committed::begin(attempt, parameters.trustee(self.number.into())?, rng)?;
                self.publish(&pinned, state.into())
            }
        }
    }

    /// The drill, once the joint key is on the board.
    ///
    /// # Errors
    /// [`StepError`].
    pub fn drill_step(
        &self,
        memory: &TrusteeMemory,
        board: &CeremonyBoard,
    ) -> Result<Step, StepError> {
        let share = match memory.share() {
            Err(MemoryError::NoShare) if board.joint_key.is_none() => {
                return Ok(Step::Wait("the key ceremony is not finished".to_owned()));
            }
            share => share?,
        };
        let Some((transcript, key)) = board.joint_key else {
            return Ok(Step::Wait(
                "the joint key is not on the board yet".to_owned(),
            ));
        };
        let outcome = share.outcome();
        if transcript.0 != *outcome.transcript_hash() || key.0 != *outcome.joint_key().as_bytes() {
            return Err(StepError::OtherKey);
        }
        if board
            .drills
            .get(self.number.position())
            .copied()
            .unwrap_or(false)
        {
            return Ok(Step::Done(
                "the drill is on the board: this share decrypts".to_owned(),
            ));
        }
        let mut rng = memory.proof_rng(DRILL_STREAM).ok_or(MemoryError::NoShare)?;
        let drill = DrillShare::create(&share, &mut rng);
        let payload = Drill {
            trustee: self.number,
            decryption: EncodedPoint(*drill.point().as_bytes()),
            proof: EqualityProof(drill.proof().encode()),
        };
        let entry = Entry::from(self.election.keys.sign(payload, &[self.key])?).encode()?;
        Ok(Step::Publish {
            memory: None,
            entry,
            what: "the decryption drill".to_owned(),
        })
    }

    /// Publishes the message of the state in the file if the board does not show it, or goes to the next round.
    fn go_on(
        &self,
        memory: &TrusteeMemory,
        state: TrusteeState,
        board: &CeremonyBoard,
    ) -> Result<Step, StepError> {
        let published = match &state {
            TrusteeState::Committed(_) => has(&board.commitments, self.number),
            TrusteeState::Opened(_) => has(&board.openings, self.number),
            TrusteeState::Shared(_) => has(&board.lists, self.number),
            TrusteeState::Confirmed(_) => has(&board.confirmations, self.number),
            TrusteeState::Complained(_) => board.complaint.is_some(),
            TrusteeState::KeyShare(_) => true,
        };
        if let (Some((complainant, accused)), None) = (board.complaint, board.joint_key) {
            return Ok(Step::Wait(format!(
                "a restart: trustee {complainant} complained about trustee {accused}"
            )));
        }
        if !published {
            // Saved before, maybe published, but not on the board yet: the same bytes once more.
            return self.publish(memory, state).map(Step::without_saving);
        }
        let parameters = state.attempt().parameters();
        match state {
            TrusteeState::Committed(state) => match all(&board.commitments) {
                Err(missing) => Ok(wait("commitments", &missing)),
                Ok(hashes) => {
                    let commitments: Vec<_> =
                        hashes.iter().map(|hash| Commitment(hash.0)).collect();
                    self.publish(memory, state.open(&commitments)?.into())
                }
            },
            TrusteeState::Opened(state) => match all(&board.openings) {
                Err(missing) => Ok(wait("openings", &missing)),
                Ok(openings) => {
                    let decode = |(trustee, bytes): (TrusteeIndex, &Vec<u8>)| {
                        Opening::decode(parameters, bytes)
                            .map_err(message(Message::Opening, trustee))
                    };
                    let openings = parameters
                        .all()
                        .zip(openings)
                        .map(decode)
                        .collect::<Result<_, _>>()?;
                    self.publish(memory, state.share(openings)?.into())
                }
            },
            TrusteeState::Shared(state) => match all(&board.lists) {
                Err(missing) => Ok(wait("share lists", &missing)),
                Ok(lists) => {
                    let decode = |(trustee, bytes): (TrusteeIndex, &Vec<u8>)| {
                        ShareList::decode(parameters, trustee, bytes)
                            .map_err(message(Message::ShareList, trustee))
                    };
                    let lists = parameters
                        .all()
                        .zip(lists)
                        .map(decode)
                        .collect::<Result<Vec<_>, _>>()?;
                    let state = match state.receive(&lists)? {
                        Received::Confirmed(state) => state.into(),
                        Received::Complained(state) => state.into(),
                    };
                    self.publish(memory, state)
                }
            },
            TrusteeState::Confirmed(state) => match all(&board.confirmations) {
                Err(missing) => Ok(wait("confirmations", &missing)),
                Ok(confirmed) => {
                    let confirmations: Vec<_> = parameters
                        .all()
                        .zip(confirmed)
                        .map(|(trustee, (transcript, key))| Confirmation {
                            attempt: board.attempt,
                            trustee,
                            transcript_hash: transcript.0,
                            joint_key: key.0,
                        })
                        .collect();
                    let share = state.finish(&confirmations)?;
                    Ok(Step::Save {
                        memory: memory.with_ceremony(&share.into()),
                        what: "all trustees confirmed; the key share is saved, the transport key is destroyed"
                            .to_owned(),
                    })
                }
            },
            TrusteeState::Complained(_) => {
                Ok(Step::Wait("a restart after the complaint".to_owned()))
            }
            TrusteeState::KeyShare(share) => match board.joint_key {
                None => Ok(Step::Wait(
                    "the joint key to appear on the board".to_owned(),
                )),
                Some((transcript, key)) => {
                    let outcome = share.outcome();
                    if transcript.0 != *outcome.transcript_hash()
                        || key.0 != *outcome.joint_key().as_bytes()
                    {
                        return Err(StepError::OtherKey);
                    }
                    Ok(Step::Done(format!(
                        "the key ceremony is finished; joint key {key}"
                    )))
                }
            },
        }
    }

    /// The message of a state, with the state to save first.
    fn publish(&self, memory: &TrusteeMemory, state: TrusteeState) -> Result<Step, StepError> {
        let number = state.attempt().number();
        let attempt = entry::Attempt::try_from(number)?;
        let (keys, key, trustee) = (&self.election.keys, &[self.key], self.number);
        let (entry, what) = match &state {
            TrusteeState::Committed(state) => {
                let hash = Hash(state.commitment().0);
                let payload = CeremonyCommitment {
                    attempt,
                    trustee,
                    hash,
                };
                (Entry::from(keys.sign(payload, key)?), "the commitment")
            }
            TrusteeState::Opened(state) => {
                let opening = state.opening().as_bytes().to_vec().try_into()?;
                let payload = CeremonyOpening {
                    attempt,
                    trustee,
                    opening,
                };
                (Entry::from(keys.sign(payload, key)?), "the opening")
            }
            TrusteeState::Shared(state) => {
                let shares = state.share_list().as_bytes().to_vec().try_into()?;
                let payload = CeremonyShares {
                    attempt,
                    trustee,
                    shares,
                };
                (
                    Entry::from(keys.sign(payload, key)?),
                    "the shares for the other trustees",
                )
            }
            TrusteeState::Confirmed(state) => {
                let confirmation = state.confirmation();
                let payload = CeremonyConfirmation {
                    attempt,
                    trustee,
                    transcript: Hash(confirmation.transcript_hash),
                    joint_key_point: EncodedPoint(confirmation.joint_key),
                };
                (Entry::from(keys.sign(payload, key)?), "the confirmation")
            }
            TrusteeState::Complained(state) => {
                let complaint = state.complaint();
                let payload = CeremonyComplaint {
                    attempt,
                    complainant: trustee,
                    accused: TrusteeNumber::try_from(complaint.accused().number())?,
                    shared: EncodedPoint(*complaint.shared().as_bytes()),
                    proof: EqualityProof(complaint.proof().encode()),
                };
                (
                    Entry::from(keys.sign(payload, key)?),
                    "a complaint with its proof",
                )
            }
            TrusteeState::KeyShare(_) => return Ok(Step::Wait("nothing to publish".to_owned())),
        };
        Ok(Step::Publish {
            memory: Some(memory.with_ceremony(&state)),
            entry: entry.encode()?,
            what: format!("attempt {number}: {what}"),
        })
    }
}

fn wait(what: &str, missing: &[usize]) -> Step {
    let numbers: Vec<_> = missing.iter().map(ToString::to_string).collect();
    Step::Wait(format!("{what} of trustees {}", numbers.join(", ")))
}

fn message(kind: Message, trustee: TrusteeIndex) -> impl FnOnce(MessageError) -> StepError {
    move |source| StepError::Message {
        kind,
        trustee,
        source,
    }
}
