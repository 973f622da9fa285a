//! Verifying whole ballots, thousands at once (docs/PROTOCOL.md sections 5 and 6).
//!
//! All equations of a chunk of ballots, each times a fresh random 128-bit weight, become one
//! multiscalar multiplication. A chunk that fails is halved until the culprits are alone. One ballot
//! is a batch of one: the same code accepts the same bytes. [`BatchVerifier::explain`] is a second,
//! slow verifier that checks one equation after the other and names the false one.
//!
//! ```
//! # use hanpyo_crypto::{ballot::*, batch::*, contest::*, elgamal::JointKey};
//! # use curve25519_dalek::{constants::RISTRETTO_BASEPOINT_POINT as G, scalar::Scalar};
//! # let mut rng = rand::rngs::OsRng;
//! # let joint_key = JointKey::decode((G * Scalar::from(7u64)).compress().as_bytes())?;
//! # let (manifest_hash, secret) = ([1; 32], Scalar::from(42u64));
//! # let credential = (G * secret).compress().to_bytes();
//! let election = ElectionContext::new(manifest_hash, joint_key);
//! let kind = ContestKind::new(Rules::ChooseOne { options: 2, blank: false })?;
//! let contests = [NumberedContest { number: 1, kind }];
//! let context = BallotContext { index: 5, credential: &credential, style: 1, contests: &contests };
//!
//! let selections = [Selection::ChooseOne(Some(0))];
//! let request = VoterRequest { secret: &secret, counter: 1, attempt: 1, selections: &selections };
//! let cast = encrypt_ballot(&election, &context, &request, &mut rng)?.cast(&mut rng);
//!
//! let ballot = SignedBallot {
//!     context,
//!     body: &cast.body,
//!     decision: Decision::Cast,
//!     signature: &cast.signature,
//! };
//! let verified = BatchVerifier::new(&election).verify_one(&ballot, &mut rng)?;
//! assert_eq!(verified.ciphertexts.len(), 2);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::vec::Vec;

mod bisect;
mod error;
mod explain;

pub use error::BallotError;

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng};

use crate::accumulator::{Accumulator, random_weight};
use crate::ballot::{BallotContext, Body, Decision, ElectionContext, Signature};
use crate::contest::Scratch;
use crate::elgamal::Ciphertext;

/// Ballots in one multiscalar multiplication; more gain little and spill out of the caches.
pub const CHUNK_BALLOTS: usize = 1024;

/// Least number of ballots worth a thread of their own.
#[cfg(feature = "parallel")]
const MIN_PARALLEL_BALLOTS: usize = 64;

/// A ballot as it stands in the log, with the context that roll and manifest give it.
#[derive(Clone, Copy, Debug)]
pub struct SignedBallot<'a> {
    /// What the ballot must be bound to.
    pub context: BallotContext<'a>,
    /// Its body.
    pub body: &'a [u8],
    /// What the signature says.
    pub decision: Decision,
    /// Its signature.
    pub signature: &'a [u8],
}

/// A ballot that is well-formed, proven and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedBallot {
    /// Counter of the body.
    pub counter: u32,
    /// All ciphertexts, decoded, contest after contest.
    pub ciphertexts: Vec<Ciphertext>,
}

/// Verifies ballots of one election.
#[derive(Clone, Copy)]
pub struct BatchVerifier<'e> {
    election: &'e ElectionContext,
    chunk: usize,
}

impl<'e> BatchVerifier<'e> {
    /// A verifier of ballots under this manifest and joint key.
    #[must_use]
    pub fn new(election: &'e ElectionContext) -> Self {
        Self {
            election,
            chunk: CHUNK_BALLOTS,
        }
    }

    /// Another number of ballots per multiscalar multiplication than [`CHUNK_BALLOTS`].
    #[must_use]
    pub fn with_chunk(self, ballots: usize) -> Self {
        Self {
            chunk: ballots.max(1),
            ..self
        }
    }

    /// Verifies ballots, in chunks and (feature `parallel`) on all threads of the current rayon pool.
    /// Returns one result per ballot, in order.
    ///
    /// `rng` must be unpredictable to whoever made the ballots: from it come the weights of the
    /// equations.
    pub fn verify(
        &self,
        ballots: &[SignedBallot<'_>],
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Vec<Result<VerifiedBallot, BallotError>> {
        #[cfg(feature = "parallel")]
        if ballots.len() >= 2 * MIN_PARALLEL_BALLOTS && rayon::current_num_threads() > 1 {
            use rayon::prelude::*;
            let even = ballots.len().div_ceil(rayon::current_num_threads());
            let chunk = even.clamp(MIN_PARALLEL_BALLOTS, self.chunk.max(MIN_PARALLEL_BALLOTS));
            let work: Vec<_> = ballots
                .chunks(chunk)
                .map(|ballots| (ballots, weight_generator(rng)))
                .collect();
            return work
                .into_par_iter()
                .flat_map_iter(|(ballots, mut rng)| self.verify_chunk(ballots, &mut rng))
                .collect();
        }
        ballots
            .chunks(self.chunk)
            .flat_map(|ballots| self.verify_chunk(ballots, &mut weight_generator(rng)))
            .collect()
    }

    /// Verifies one ballot: a batch of one.
    ///
    /// # Errors
    /// [`BallotError`], [`BallotError::ProofEquation`] if an equation is false.
    pub fn verify_one(
        &self,
        ballot: &SignedBallot<'_>,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<VerifiedBallot, BallotError> {
        let mut sum = Sum::new(self.election, core::slice::from_ref(ballot));
        let verified = sum.add(ballot, &mut weight_generator(rng))?;
        if sum.holds() {
            Ok(verified)
        } else {
            Err(BallotError::ProofEquation)
        }
    }

    fn verify_chunk(
        &self,
        ballots: &[SignedBallot<'_>],
        rng: &mut ChaCha20Rng,
    ) -> Vec<Result<VerifiedBallot, BallotError>> {
        let mut sum = Sum::new(self.election, ballots);
        let mut results: Vec<_> = ballots.iter().map(|ballot| sum.add(ballot, rng)).collect();
        if !sum.holds() {
            let suspects: Vec<_> = (ballots.iter().zip(&mut results))
                .filter(|(_, result)| result.is_ok())
                .collect();
            bisect::mark_culprits(self.election, suspects, rng);
        }
        results
    }
}

/// A fresh generator for the weights of one chunk, so that threads need not share the caller's.
fn weight_generator(rng: &mut (impl RngCore + CryptoRng)) -> ChaCha20Rng {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    ChaCha20Rng::from_seed(seed)
}

/// The equations of some ballots, summed up.
struct Sum<'e> {
    election: &'e ElectionContext,
    accumulator: Accumulator,
    scratch: Scratch,
}

impl<'e> Sum<'e> {
    /// An empty sum with room for `ballots`.
    fn new<'s, 'b: 's>(
        election: &'e ElectionContext,
        ballots: impl IntoIterator<Item = &'s SignedBallot<'b>>,
    ) -> Self {
        let terms = ballots.into_iter().map(|ballot| terms(&ballot.context));
        let terms = terms.sum::<usize>();
        Self {
            election,
            accumulator: Accumulator::with_capacity(terms + 3),
            scratch: Scratch::default(),
        }
    }

    /// Adds all equations of a ballot, or none if the ballot is malformed.
    fn add(
        &mut self,
        ballot: &SignedBallot<'_>,
        rng: &mut ChaCha20Rng,
    ) -> Result<VerifiedBallot, BallotError> {
        let added = self.add_pending(ballot, rng);
        match added {
            Ok(_) => self.accumulator.keep(),
            Err(_) => self.accumulator.discard(),
        }
        added
    }

    fn add_pending(
        &mut self,
        ballot: &SignedBallot<'_>,
        rng: &mut ChaCha20Rng,
    ) -> Result<VerifiedBallot, BallotError> {
        let SignedBallot {
            context,
            body: body_bytes,
            decision,
            signature,
        } = ballot;
        let body = BallotError::matching_body(context, body_bytes)?;
        let mut transcript = self.election.transcript(context);
        let mut ciphertexts = Vec::with_capacity(context.ciphertexts());
        for (contest, part) in context.contests.iter().zip(&body.contests) {
            let result = contest.kind.accumulate(
                contest.number,
                part.ciphertexts,
                part.proof,
                self.election.joint_key(),
                &mut transcript,
                &mut self.accumulator,
                &mut self.scratch,
                rng,
            );
            let start = result.map_err(|source| BallotError::Contest {
                contest: contest.number,
                source,
            })?;
            let (pairs, _) = self.accumulator.points_from(start).as_chunks::<2>();
            let pairs = pairs.iter().take(contest.kind.ciphertexts());
            ciphertexts.extend(pairs.map(|[r, c]| Ciphertext { r: *r, c: *c }));
        }

        let signature = Signature::replay(&mut transcript, *decision, body_bytes, signature)
            .map_err(BallotError::Signature)?;
        // weight (A + cP - zG)
        let weight = random_weight(rng);
        let start = self.accumulator.len();
        self.accumulator
            .push_encoded(&signature.commitment)
            .map_err(BallotError::Signature)?;
        self.accumulator
            .push_encoded(context.credential)
            .map_err(BallotError::Credential)?;
        self.accumulator
            .coefficients(start, 2)
            .copy_from_slice(&[weight, weight * signature.challenge]);
        self.accumulator.shared.g -= weight * signature.response;
        Ok(VerifiedBallot {
            counter: body.counter,
            ciphertexts,
        })
    }

    /// Whether all equations hold (but for a chance of 2^-128).
    fn holds(self) -> bool {
        let key = self.election.joint_key();
        let result = self.accumulator.holds(&key.generator(), &key.point());
        result.unwrap_or(false)
    }
}

/// Points of a ballot's equations: ciphertexts, commitments, A and P.
fn terms(context: &BallotContext<'_>) -> usize {
    let contests = context.contests.iter();
    2 + contests.map(|contest| contest.kind.terms()).sum::<usize>()
}

impl BallotError {
    /// Decodes a body and compares it with its context.
    fn matching_body<'b>(context: &BallotContext<'_>, bytes: &'b [u8]) -> Result<Body<'b>, Self> {
        let body = Body::decode(bytes)?;
        if body.index != context.index {
            return Err(Self::WrongCredential {
                expected: context.index,
                found: body.index,
            });
        }
        if body.contests.len() != context.contests.len() {
            return Err(Self::ContestCount {
                expected: context.contests.len(),
                found: body.contests.len(),
            });
        }
        Ok(body)
    }
}
