//! Proofs and signatures of a run of ballots and posted challenges, in large batches.

use hanpyo_crypto::ballot::{BallotContext, Decision, ElectionContext};
use hanpyo_crypto::batch::{BatchVerifier, SignedBallot};
use hanpyo_crypto::elgamal::{CIPHERTEXT_BYTES, Ciphertext};
use rand_core::{CryptoRng, RngCore};

use crate::entry::{BallotRef, Entry, Signature};
use crate::record::election::Election;
use crate::record::helper::{Vouched, VouchedSet};
use crate::record::prepare::{Content, Prepared};
use crate::record::roll::Roll;

/// The decoded ciphertexts of a ballot that is well-formed, proven and signed, or what is wrong with it.
/// Empty for entries that are no ballots, and where sums are not wanted from trusted ballots.
pub(crate) type Proven = Result<Vec<Ciphertext>, String>;

/// What stands in an entry that a credential signed.
struct Signed<'a> {
    index: u32,
    body: &'a [u8],
    decision: Decision,
    signature: &'a [u8; Signature::LENGTH],
}

impl<'a> Signed<'a> {
    fn of(prepared: &'a Prepared<'_>) -> Option<Self> {
        match &prepared.content {
            Content::Ballot(Ok(ballot)) => Some(Self {
                index: ballot.body.index,
                body: ballot.body_bytes,
                decision: Decision::Cast,
                signature: ballot.signature,
            }),
            Content::Other(entry) => match entry.as_ref() {
                Entry::PostedChallenge(challenge) => Some(Self {
                    index: challenge.body.credential().get(),
                    body: challenge.body.as_bytes(),
                    decision: Decision::Challenge,
                    signature: challenge.signature.as_bytes(),
                }),
                _ => None,
            },
            Content::Ballot(Err(_)) | Content::BadChallenge(_) | Content::Bad(_) => None,
        }
    }
}

impl Prepared<'_> {
    /// Index of the credential that signed the entry, if one did.
    pub(crate) fn credential(&self) -> Option<u32> {
        Signed::of(self).map(|signed| signed.index)
    }
}

/// Ciphertexts of a ballot, contest after contest, without a look at its proofs.
pub(super) fn ciphertexts(ballot: &BallotRef<'_>) -> Option<Vec<Ciphertext>> {
    let contests = ballot.body.contests.iter();
    contests
        .flat_map(|contest| contest.ciphertexts.as_chunks::<CIPHERTEXT_BYTES>().0)
        .map(|bytes| Ciphertext::decode(bytes).ok())
        .collect()
}

/// Verifies every ballot and posted challenge of a run during which no credential is added. One result
/// per entry. What a helper vouched for is only decoded.
///
/// With `verify` `None` the ballots are trusted: their ciphertexts are decoded if `sums` are wanted,
/// and nothing is verified.
pub(crate) fn prove_all(
    election: &Election,
    verify: Option<(&ElectionContext, &VouchedSet)>,
    sums: bool,
    roll: &Roll,
    run: &[Prepared<'_>],
    rng: &mut (impl RngCore + CryptoRng),
) -> Vec<Proven> {
    let Some((context, vouched)) = verify else {
        return trust_all(sums, run);
    };
    let mut results: Vec<Proven> = Vec::with_capacity(run.len());
    let mut listed = Vec::with_capacity(run.len());
    for prepared in run {
        let mut result = Ok(Vec::new());
        let mut unverified = None;
        if let Some(index) = prepared.credential() {
            let found = roll
                .point_and_style(index)
                .and_then(|(point, style)| Some((point, style, election.style(style)?)));
            match found {
                // A credential that is not there is reported when the entry is judged.
                None => result = Err(format!("credential {index} has no ballot style")),
                Some((point, style, contests)) => {
                    let is_vouched =
                        || vouched.contains(&Vouched::new(context, &prepared.leaf, point, style));
                    if !vouched.is_empty() && is_vouched() {
                        result = trust(sums, prepared);
                    } else {
                        unverified = Some((prepared, point, style, contests));
                    }
                }
            }
        }
        results.push(result);
        listed.push(unverified);
    }
    let verified = verify_listed(context, listed.into_iter(), rng);
    for (result, verified) in results.iter_mut().zip(verified) {
        if let Some(verified) = verified {
            *result = verified;
        }
    }
    results
}

/// Verifies entries of voters, each with what the roll says of its credential; `None` where there is nothing to
/// verify.
pub(crate) fn verify_listed<'a>(
    context: &ElectionContext,
    listed: impl Iterator<
        Item = Option<(
            &'a Prepared<'a>,
            &'a [u8; 32],
            u16,
            &'a [hanpyo_crypto::ballot::NumberedContest],
        )>,
    >,
    rng: &mut (impl RngCore + CryptoRng),
) -> Vec<Option<Proven>> {
    let mut results = Vec::new();
    let mut ballots = Vec::new();
    let mut places = Vec::new();
    for listed in listed {
        let ballot = listed.and_then(|(prepared, credential, style, contests)| {
            let signed = Signed::of(prepared)?;
            Some(SignedBallot {
                context: BallotContext {
                    index: signed.index,
                    credential,
                    style: u64::from(style),
                    contests,
                },
                body: signed.body,
                decision: signed.decision,
                signature: signed.signature,
            })
        });
        if let Some(ballot) = ballot {
            places.push(results.len());
            ballots.push(ballot);
        }
        results.push(None);
    }
    let verified = BatchVerifier::new(context).verify(&ballots, rng);
    for (place, verified) in places.into_iter().zip(verified) {
        if let Some(result) = results.get_mut(place) {
            *result = Some(
                verified
                    .map(|verified| verified.ciphertexts)
                    .map_err(|error| error.to_string()),
            );
        }
    }
    results
}

/// Takes an entry without a look at its proofs.
fn trust(sums: bool, prepared: &Prepared<'_>) -> Proven {
    match &prepared.content {
        Content::Ballot(Ok(ballot)) if sums => ciphertexts(ballot)
            .ok_or_else(|| "a ciphertext is no pair of permitted points".to_owned()),
        _ => Ok(Vec::new()),
    }
}

fn trust_all(sums: bool, run: &[Prepared<'_>]) -> Vec<Proven> {
    let one = |prepared: &Prepared<'_>| trust(sums, prepared);
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        run.par_iter().with_min_len(64).map(one).collect()
    }
    #[cfg(not(feature = "parallel"))]
    run.iter().map(one).collect()
}
