//! Verification of a batch of submissions of one election.

use hanpyo_crypto::ballot::{
    BallotContext, Body, Decision as VoterDecision, ElectionContext, OpeningError,
};
use hanpyo_crypto::batch::{BallotError, BatchVerifier, SignedBallot};
use hanpyo_crypto::elgamal::CIPHERTEXT_BYTES;
use hanpyo_ledger::entry::{BallotRef, Entry, EntryError, EntryType, PostedChallenge, StyleNumber};
use hanpyo_ledger::record::{Credential, VoterState};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::queue::{CastError, Item, Kind, Verified};
use crate::db::ballots::{NoncePrefix, Submission};
use crate::sequencer::Ledger;

/// Why a submission proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum InvalidBallot {
    /// Bytes that are no such entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// Another entry.
    #[error("a {0} entry where a ballot or posted challenge is expected")]
    OtherEntry(EntryType),
    /// There is nothing to encrypt to yet.
    #[error("the election has no joint key yet")]
    NoJointKey,
    /// The roll has no such credential.
    #[error("credential {0} is not in the roll")]
    UnknownCredential(u32),
    /// The roll names a style that the manifest does not have.
    #[error("there is no ballot style {0}")]
    UnknownStyle(u16),
    /// Proofs or signature.
    #[error(transparent)]
    Ballot(#[from] BallotError),
    /// The opening of a posted challenge.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// It was not looked at.
    #[error("it was not verified")]
    NotVerified,
}

/// A decoded submission.
enum Content<'a> {
    Ballot(BallotRef<'a>),
    Challenge(Box<PostedChallenge>),
}

impl Content<'_> {
    fn body(&self) -> &[u8] {
        match self {
            Self::Ballot(ballot) => ballot.body_bytes,
            Self::Challenge(challenge) => challenge.body.as_bytes(),
        }
    }

    fn signature(&self) -> &[u8] {
        match self {
            Self::Ballot(ballot) => ballot.signature,
            Self::Challenge(challenge) => &challenge.signature.0,
        }
    }

    fn decision(&self) -> VoterDecision {
        match self {
            Self::Ballot(_) => VoterDecision::Cast,
            Self::Challenge(_) => VoterDecision::Challenge,
        }
    }
}

/// Answers those that prove nothing and gives the others for their transaction.
///
/// A ballot that the record would exclude anyway is not verified but goes on: the transaction
/// answers it, with the old acknowledgement if it is an old one.
pub(super) fn verify(items: Vec<Item>) -> Option<Verified> {
    let ledger = items.first().map(|item| item.ledger.clone())?;
    let judged = match ledger.ballot_context() {
        Some(context) => judge(&ledger, &context, &items),
        None => items
            .iter()
            .map(|_| Err(InvalidBallot::NoJointKey))
            .collect(),
    };
    let mut verified = Verified {
        ledger,
        submissions: Vec::with_capacity(items.len()),
        replies: Vec::with_capacity(items.len()),
    };
    for (item, judged) in items.into_iter().zip(judged) {
        match judged {
            Ok((proven, nonce_points)) => {
                verified.submissions.push(Submission {
                    kind: item.kind.number(),
                    code: item.code,
                    credential_index: item.credential,
                    counter: item.counter,
                    bytes: item.bytes,
                    nonce_points,
                    proven,
                });
                verified.replies.push(item.reply);
            }
            Err(reason) => drop(item.reply.send(Err(CastError::Invalid(reason)))),
        }
    }
    (!verified.replies.is_empty()).then_some(verified)
}

/// Whether each is proven (or not worth proving), with its nonce points; or why it proves nothing.
type Judged = Result<(bool, Vec<NoncePrefix>), InvalidBallot>;

/// A submission that is worth proving.
struct Candidate<'a> {
    place: usize,
    content: Content<'a>,
    context: BallotContext<'a>,
}

fn judge(ledger: &Ledger, election: &ElectionContext, items: &[Item]) -> Vec<Judged> {
    let voters = voters(ledger, items);
    let revoting = ledger.manifest().manifest().counting.revoting;
    let mut judged: Vec<Judged> = Vec::with_capacity(items.len());
    let mut candidates = Vec::with_capacity(items.len());
    for (place, (item, voter)) in items.iter().zip(&voters).enumerate() {
        let prepared = voter
            .as_ref()
            .ok_or(InvalidBallot::UnknownCredential(item.credential))
            .and_then(|(credential, state)| {
                Ok((decode(item)?, context(ledger, item, credential)?, state))
            });
        judged.push(match prepared {
            Err(reason) => Err(reason),
            Ok((_, _, state)) if is_hopeless(item, state, revoting) => Ok((false, Vec::new())),
            Ok((content, context, _)) => {
                candidates.push(Candidate {
                    place,
                    content,
                    context,
                });
                // Until it is proven.
                Err(InvalidBallot::NotVerified)
            }
        });
    }
    let ballots: Vec<SignedBallot<'_>> = candidates
        .iter()
        .map(|candidate| SignedBallot {
            context: candidate.context,
            body: candidate.content.body(),
            decision: candidate.content.decision(),
            signature: candidate.content.signature(),
        })
        .collect();
    let mut rng = StdRng::from_entropy();
    let results = BatchVerifier::new(election).verify(&ballots, &mut rng);
    for (candidate, result) in candidates.iter().zip(results) {
        let proven = result
            .map_err(InvalidBallot::from)
            .and_then(|_| check_opening(election, candidate))
            .map(|()| (true, nonce_points(&candidate.content)));
        if let Some(judged) = judged.get_mut(candidate.place) {
            *judged = proven;
        }
    }
    judged
}

/// What the record knows of the credentials, read in one short go.
fn voters(ledger: &Ledger, items: &[Item]) -> Vec<Option<(Credential, VoterState)>> {
    let record = ledger.record();
    let checker = record.checker();
    items
        .iter()
        .map(|item| {
            Some((
                checker.credential(item.credential)?,
                checker.voter(item.credential)?,
            ))
        })
        .collect()
}

/// Whether the record says already that it cannot count.
fn is_hopeless(item: &Item, state: &VoterState, revoting: bool) -> bool {
    item.kind == Kind::Ballot
        && (state.revoked
            || state.struck
            || (state.counted.is_some() && !revoting)
            || item.counter <= state.counter)
}

fn context<'a>(
    ledger: &'a Ledger,
    item: &Item,
    credential: &'a Credential,
) -> Result<BallotContext<'a>, InvalidBallot> {
    let style = credential.style;
    let contests = ledger.manifest().style(StyleNumber::from(style));
    Ok(BallotContext {
        index: item.credential,
        credential: &credential.point,
        style: style.into(),
        contests: contests.ok_or(InvalidBallot::UnknownStyle(style))?,
    })
}

fn decode(item: &Item) -> Result<Content<'_>, InvalidBallot> {
    match item.kind {
        Kind::Ballot => Ok(Content::Ballot(BallotRef::decode(&item.bytes)?)),
        Kind::Challenge => match Entry::decode(&item.bytes)? {
            Entry::PostedChallenge(challenge) => Ok(Content::Challenge(Box::new(challenge))),
            other => Err(InvalidBallot::OtherEntry(other.entry_type())),
        },
    }
}

fn check_opening(
    election: &ElectionContext,
    candidate: &Candidate<'_>,
) -> Result<(), InvalidBallot> {
    let Content::Challenge(challenge) = &candidate.content else {
        return Ok(());
    };
    challenge
        .opening()?
        .check(election, &candidate.context, challenge.body.as_bytes())?;
    Ok(())
}

/// The first bytes of R of every ciphertext of a ballot; challenges may share theirs.
fn nonce_points(content: &Content<'_>) -> Vec<NoncePrefix> {
    let Content::Ballot(ballot) = content else {
        return Vec::new();
    };
    points_of(&ballot.body)
}

/// The first bytes of R of every ciphertext of a body.
pub(crate) fn points_of(body: &Body<'_>) -> Vec<NoncePrefix> {
    let ciphertexts = body
        .contests
        .iter()
        .flat_map(|contest| contest.ciphertexts.as_chunks::<CIPHERTEXT_BYTES>().0);
    ciphertexts
        .filter_map(|ciphertext| ciphertext.first_chunk().copied())
        .collect()
}
