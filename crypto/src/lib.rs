//! The voting cryptography of Hanpyo (docs/PROTOCOL.md sections 2 to 9): pure mathematics, no I/O,
//! no clock, no global randomness.
//!
//! | module | what it holds | section |
//! |---|---|---|
//! | [`group`], [`labels`], [`transcript`] | points and scalars in their one encoding, every label, hashing and merlin | 2, 4 |
//! | [`elgamal`], [`dlog`] | encryption in the exponent, sums, and the way back to a number | 3 |
//! | [`contest`] | what may be marked, and the proof that a vector encrypts that and nothing else | 5 |
//! | [`range`] | aggregated range proofs for scores, in batches | 5.3 |
//! | [`ballot`] | whole ballots: encrypt, cast or challenge, open | 6 |
//! | [`batch`] | verify ballots, thousands at once, and name the bad ones | 5, 6 |
//! | [`credential`] | voting codes and the key pairs that follow from them | 7 |
//! | [`ceremony`] | the trustees' joint key: commit, open, share, confirm, complain, drill | 8 |
//! | [`equality`] | proofs of equal logarithms | 8.1 |
//! | [`decryption`] | t trustees open a sum | 9.3 |
//!
//! `accumulator` and `membership` are what the proofs of a batch share: one sum of weighted equations.
//!
//! # A whole election
//!
//! Two of three trustees open the sum of three votes; nobody opens a vote.
//!
//! ```
//! use hanpyo_crypto::ballot::{
//!     BallotContext, Decision, ElectionContext, NumberedContest, VoterRequest, encrypt_ballot,
//! };
//! use hanpyo_crypto::batch::{BatchVerifier, SignedBallot};
//! use hanpyo_crypto::ceremony::{Attempt, Committed, Confirmed, KeyShare, Parameters, Received};
//! use hanpyo_crypto::contest::{ContestKind, Rules, Selection};
//! use hanpyo_crypto::credential::{Authority, CredentialDerivation, VotingCode};
//! use hanpyo_crypto::decryption::{
//!     Claim, ClosedTree, Combination, PartialDecryption, SumPosition, verify_all,
//! };
//! use hanpyo_crypto::dlog::DiscreteLog;
//! use hanpyo_crypto::elgamal::{Ciphertext, JointKey};
//! use hanpyo_crypto::group;
//!
//! let mut rng = rand::rngs::OsRng;
//! let manifest_hash = [7; 32];
//!
//! // Ceremony. Every line is a round: what all trustees published in the one before goes into the next.
//! let parameters = Parameters::new(2, 3)?;
//! let attempt = Attempt::new(manifest_hash, 1, parameters)?;
//! let committed = parameters.all().map(|trustee| Committed::begin(attempt, trustee, &mut rng));
//! let committed = committed.collect::<Result<Vec<_>, _>>()?;
//! let commitments: Vec<_> = committed.iter().map(Committed::commitment).collect();
//! let opened = committed.into_iter().map(|state| state.open(&commitments));
//! let opened = opened.collect::<Result<Vec<_>, _>>()?;
//! let openings: Vec<_> = opened.iter().map(|state| state.opening().clone()).collect();
//! let shared = opened.into_iter().map(|state| state.share(openings.clone()));
//! let shared = shared.collect::<Result<Vec<_>, _>>()?;
//! let lists: Vec<_> = shared.iter().map(|state| state.share_list().clone()).collect();
//! let mut confirmed = Vec::new();
//! for state in shared {
//!     match state.receive(&lists)? {
//!         Received::Confirmed(state) => confirmed.push(state),
//!         Received::Complained(state) => panic!("{:?} is accused", state.complaint().accused()),
//!     }
//! }
//! let confirmations: Vec<_> = confirmed.iter().map(Confirmed::confirmation).collect();
//! let shares = confirmed.into_iter().map(|state| state.finish(&confirmations));
//! let shares: Vec<KeyShare> = shares.collect::<Result<_, _>>()?;
//! let outcome = shares[0].outcome();
//!
//! // Each of three voters derives a credential from a code; the roll lists its public part.
//! let election = ElectionContext::new(manifest_hash, JointKey::decode(outcome.joint_key().as_bytes())?);
//! let key = election.joint_key().encoded();
//! let derivation = CredentialDerivation::new(&manifest_hash, &key, Authority::Sole);
//! let secrets = (0..3).map(|_| derivation.secret(&VotingCode::generate(&mut rng)));
//! let secrets = secrets.collect::<Result<Vec<_>, _>>()?;
//! let roll: Vec<[u8; 32]> = secrets.iter().map(|s| s.public().compress().to_bytes()).collect();
//!
//! // They choose the first option, the second, the second.
//! let kind = ContestKind::new(Rules::ChooseOne { options: 2, blank: false })?;
//! let contests = [NumberedContest { number: 0, kind }];
//! let context = |index: u32, credential| BallotContext { index, credential, style: 0, contests: &contests };
//! let mut cast = Vec::new();
//! for (index, (choice, (secret, public))) in (0..).zip([0, 1, 1].iter().zip(secrets.iter().zip(&roll))) {
//!     let selections = [Selection::ChooseOne(Some(*choice))];
//!     let request = VoterRequest { secret: secret.scalar(), counter: 1, attempt: 1, selections: &selections };
//!     cast.push(encrypt_ballot(&election, &context(index, public), &request, &mut rng)?.cast(&mut rng));
//! }
//!
//! // Anyone verifies all ballots at once and adds up the ciphertexts.
//! let signed = (0..).zip(cast.iter().zip(&roll)).map(|(index, (ballot, public))| SignedBallot {
//!     context: context(index, public),
//!     body: &ballot.body,
//!     decision: Decision::Cast,
//!     signature: &ballot.signature,
//! });
//! let signed: Vec<_> = signed.collect();
//! let mut sums = [Ciphertext::zero(); 2];
//! for verified in BatchVerifier::new(&election).verify(&signed, &mut rng) {
//!     for (sum, ciphertext) in sums.iter_mut().zip(&verified?.ciphertexts) {
//!         sum.add_weighted(ciphertext, 1);
//!     }
//! }
//!
//! // The first and the third trustee decrypt the sums, with proofs that anyone checks.
//! let tree = ClosedTree { root: [9; 32], size: 1000 };
//! let log = DiscreteLog::new(group::value_generator(), 3)?;
//! let mut counts = Vec::new();
//! for (position, sum) in (0..).zip(&sums) {
//!     let at = SumPosition { contest: 0, group: 0, position };
//!     let partials = [&shares[0], &shares[2]]
//!         .map(|share| (share.trustee(), PartialDecryption::create(share, &tree, at, sum, &mut rng)));
//!     let claims = partials.each_ref().map(|(trustee, partial)| Claim { trustee: *trustee, at, sum, partial });
//!     verify_all(outcome, &tree, &claims)?;
//!     let combination = Combination::new(parameters, &partials.map(|(trustee, _)| trustee))?;
//!     let given = partials.each_ref().map(|(trustee, partial)| (*trustee, partial));
//!     counts.push(log.solve(&combination.decrypt(sum, &given)?)?);
//! }
//! assert_eq!(counts, [1, 2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![no_std]
// Verification, left out, leaves what only it uses.
#![cfg_attr(not(feature = "full"), allow(dead_code))]

extern crate alloc;
#[cfg(any(test, feature = "full"))]
extern crate std;

mod accumulator;
pub mod ballot;
#[cfg(feature = "full")]
pub mod batch;
pub mod ceremony;
pub mod contest;
pub mod credential;
pub mod decryption;
pub mod dlog;
pub mod elgamal;
pub mod equality;
pub mod group;
pub mod labels;
mod membership;
pub mod range;
pub mod transcript;
