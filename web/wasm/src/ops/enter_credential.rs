//! From voting codes to a credential.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use hanpyo_ledger::entry::{CredentialIndex, StyleNumber};
use hanpyo_ledger::voter::{credential_secret, find_in_roll};

use super::open_election::entries;
use crate::failure::{ErrorCode, Failure};
use crate::state::{Credential, Object, State};
use crate::wire::{Bytes, Secret};
use crate::{request, response};

request! {
    /// A voter's codes and place.
    EnterCredential {
        /// Handle of the election.
        election: u32,
        /// One voting code of each authority, in their order.
        codes: Vec<Secret>,
        /// Index of the voter's credential, from the voter's session or personal link.
        index: u32,
        /// Ballot style, from the session; where the roll is given, the roll's is required to be this.
        style: Option<u32>,
        /// Entry bundles with the roll chunk that holds the index, and for a re-issued credential its
        /// re-issue and the chunk of the revoked one. Signatures are verified.
        roll: Option<Vec<Bytes>>,
    }
}

response! {
    /// A credential ready to vote.
    EnteredCredential {
        /// Handle of the credential.
        credential: u32,
        /// Its public part.
        public: Bytes,
        /// Its ballot style.
        style: u32,
        /// Whether the authorities' roll was seen to have this credential and style at the index.
        in_roll: bool,
        /// Public weight, if the roll was given.
        weight: Option<u32>,
        /// Reporting unit, if the roll was given.
        unit: Option<u32>,
    }
}

/// Derives the secret and compares its public part with the roll's.
///
/// # Errors
/// Those of a mistyped code, [`ErrorCode::CodeCount`], [`ErrorCode::OtherCredential`], [`ErrorCode::Style`],
/// [`ErrorCode::NotInRoll`], [`ErrorCode::BadRoll`], [`ErrorCode::Signature`].
pub fn run(state: &mut State, request: EnterCredential) -> Result<EnteredCredential, Failure> {
    let election = Arc::clone(state.election(request.election)?);
    let secret = credential_secret(&election, &request.codes)?;
    let public = secret.public().compress();
    let index = CredentialIndex::from(request.index);
    let place = match &request.roll {
        Some(bundles) => {
            let entries = bundles.iter().flat_map(|bundle| entries(bundle));
            Some(find_in_roll(&election, index, entries)?)
        }
        None => None,
    };
    if let Some(place) = &place
        && place.credential.as_bytes() != public.as_bytes()
    {
        let detail = format_args!("the codes are not those of credential {index}");
        return Err(Failure::new(ErrorCode::OtherCredential, detail));
    }
    let style = match (request.style, &place) {
        (Some(given), Some(place)) if u64::from(given) != u64::from(place.style) => {
            return Err(Failure {
                expected: Some(place.style.to_string()),
                found: Some(given.to_string()),
                ..Failure::new(ErrorCode::Style, "the roll says another ballot style")
            });
        }
        (_, Some(place)) => place.style,
        (Some(given), None) => StyleNumber::try_from(u64::from(given))
            .map_err(|error| Failure::new(ErrorCode::Style, error))?,
        (None, None) => {
            let detail = "neither a ballot style nor the roll is given";
            return Err(Failure::new(ErrorCode::Style, detail));
        }
    };
    if election.style(style).is_none() {
        let detail = format_args!("the manifest has no ballot style {style}");
        return Err(Failure::new(ErrorCode::Style, detail));
    }
    let credential = Credential {
        election,
        secret,
        index,
        style,
    };
    Ok(EnteredCredential {
        credential: state.keep(Object::Credential(Box::new(credential))),
        public: public.as_bytes().into(),
        style: style.get().into(),
        in_roll: place.is_some(),
        weight: place.as_ref().map(|place| place.weight.get()),
        unit: place.as_ref().map(|place| place.unit.get().into()),
    })
}
