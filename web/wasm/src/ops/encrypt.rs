//! Encrypts a ballot.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_crypto::contest;
use hanpyo_ledger::voter::{Voter, prepare};
use minicbor::decode::Error;
use minicbor::{Decode, Decoder};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::failure::{ErrorCode, Failure};
use crate::state::{Ballot, Object, State};
use crate::wire::{Number, Schema, SecretBytes, Types, map_len, required, set, wrong};
use crate::{request, response};

/// Least randomness, in bytes.
pub const SEED_BYTES: usize = 32;

request! {
    /// A voter's marks.
    Encrypt {
        /// Handle of the credential.
        credential: u32,
        /// One selection per contest of the style, in its order.
        selections: Vec<Selection>,
        /// Above the counter of every earlier cast ballot of the credential: the time in seconds will do.
        counter: u32,
        /// A number not used before with this credential: the time in finer units will do.
        attempt: Number,
        /// At least 32 bytes of `crypto.getRandomValues`.
        seed: SecretBytes,
    }
}

response! {
    /// An encrypted ballot, undecided.
    EncryptedBallot {
        /// Handle of the ballot.
        ballot: u32,
        /// Confirmation code, to be shown before the decision.
        code: String,
        /// The whole code, for a QR code.
        full_code: String,
    }
}

/// A voter's marks in one contest.
///
/// # Security
/// Wiped when dropped, without `Debug`.
pub struct Selection(contest::Selection);

/// The TypeScript name of [`Selection`], in requests and responses.
pub(super) fn selection_schema(types: &mut Types) -> String {
    types.declare("Selection", |_| {
        "/** A voter's marks in one contest; options are numbered from 0. */\n\
         export type Selection =\n\
         \x20 /** One option, or null for blank. */\n\
         \x20 | { kind: 'choose_one'; option: number | null }\n\
         \x20 /** The options marked. */\n\
         \x20 | { kind: 'choose'; options: number[] }\n\
         \x20 /** A score for every option, null where it stays unanswered. */\n\
         \x20 | { kind: 'score'; scores: (number | null)[] }\n\
         \x20 /** The options ranked, most preferred first. */\n\
         \x20 | { kind: 'rank'; options: number[] };\n\n"
            .to_owned()
    });
    "Selection".to_owned()
}

impl Schema for Selection {
    fn typescript(types: &mut Types) -> String {
        selection_schema(types)
    }
}

impl From<contest::Selection> for Selection {
    fn from(selection: contest::Selection) -> Self {
        Self(selection)
    }
}

impl<'b> Decode<'b, ()> for Selection {
    fn decode(d: &mut Decoder<'b>, _: &mut ()) -> Result<Self, Error> {
        let (mut kind, mut option, mut options, mut scores) = (None, None, None, None);
        for _ in 0..map_len(d)? {
            match d.str()? {
                "kind" => set(&mut kind, d.str()?, "kind")?,
                "option" => set(&mut option, d.decode::<Option<u32>>()?, "option")?,
                "options" => set(&mut options, d.decode::<Vec<u32>>()?, "options")?,
                "scores" => set(&mut scores, d.decode::<Vec<Option<u32>>>()?, "scores")?,
                other => return Err(wrong(format_args!("there is no field {other}"))),
            }
        }
        let place = |option: u32| usize::try_from(option).unwrap_or(usize::MAX);
        let places = |options: Vec<u32>| options.into_iter().map(place).collect();
        let selection = match (required(kind, "kind")?, option, options, scores) {
            ("choose_one", Some(option), None, None) => {
                contest::Selection::ChooseOne(option.map(place))
            }
            ("choose", None, Some(options), None) => contest::Selection::Choose(places(options)),
            ("rank", None, Some(options), None) => contest::Selection::Rank(places(options)),
            ("score", None, None, Some(scores)) => contest::Selection::Score(scores),
            (kind, ..) => {
                return Err(wrong(format_args!(
                    "a selection of kind {kind} has other fields"
                )));
            }
        };
        Ok(Self(selection))
    }
}

/// Encrypts and proves; shows the confirmation code.
///
/// # Errors
/// [`ErrorCode::Selection`], [`ErrorCode::Seed`], [`ErrorCode::Handle`], [`ErrorCode::Encryption`].
pub fn run(state: &mut State, request: Encrypt) -> Result<EncryptedBallot, Failure> {
    let mut rng = generator(&request.seed)?;
    let credential = state.credential(request.credential)?;
    let style = credential.style;
    let voter = Voter {
        index: credential.index,
        style,
        secret: &credential.secret,
    };
    let selections: Vec<_> = request.selections.into_iter().map(|s| s.0).collect();
    let counters = (request.counter, request.attempt.get());
    let prepared = prepare(
        &credential.election,
        &voter,
        counters,
        &selections,
        &mut rng,
    )?;
    let code = prepared.confirmation_code();
    let ballot = Ballot {
        prepared,
        style,
        rng,
    };
    Ok(EncryptedBallot {
        ballot: state.keep(Object::Ballot(Box::new(ballot))),
        code: code.to_string(),
        full_code: code.full(),
    })
}

/// A generator from the page's randomness.
///
/// # Errors
/// [`ErrorCode::Seed`] if there is too little.
pub fn generator(seed: &SecretBytes) -> Result<ChaCha20Rng, Failure> {
    let seed = seed.as_slice();
    if seed.len() < SEED_BYTES {
        return Err(Failure::new(
            ErrorCode::Seed,
            format_args!(
                "{} bytes of randomness, {SEED_BYTES} are needed",
                seed.len()
            ),
        ));
    }
    let seed = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(seed)));
    Ok(ChaCha20Rng::from_seed(*seed))
}
