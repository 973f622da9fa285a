//! The operations, one a file. Those of an election are called by every page, those of a record by the observer's.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

pub mod cast;
pub mod challenge;
pub mod check_opening;
pub mod check_voting_code;
pub mod destroy;
pub mod encrypt;
pub mod enter_credential;
pub mod open_checkpoint;
pub mod open_election;
pub mod read_manifest;
pub mod verify_acknowledgement;
pub mod verify_receipt;

#[cfg(feature = "observer")]
pub mod observer_checkpoint;
#[cfg(feature = "observer")]
pub mod observer_compare;
#[cfg(feature = "observer")]
pub mod observer_events;
#[cfg(feature = "observer")]
pub mod observer_new;
#[cfg(feature = "observer")]
pub mod observer_provide;
#[cfg(feature = "observer")]
pub mod observer_report;
#[cfg(feature = "observer")]
pub mod observer_results;
#[cfg(feature = "observer")]
pub mod observer_step;
#[cfg(feature = "observer")]
pub mod observer_unconfirmed;
#[cfg(feature = "observer")]
pub mod observer_vouch;
#[cfg(feature = "observer")]
pub mod observer_words;
#[cfg(feature = "observer")]
pub mod verifier_job;
#[cfg(feature = "observer")]
pub mod verifier_new;
#[cfg(feature = "observer")]
pub mod verifier_setup;

use minicbor::Encode;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::{self, Schema, Types};

/// Runs one operation on an encoded request: `[0, response]` or `[1, failure]`.
fn answer<Q, A>(
    state: &mut State,
    bytes: &[u8],
    run: impl FnOnce(&mut State, Q) -> Result<A, Failure>,
) -> Vec<u8>
where
    Q: for<'b> minicbor::Decode<'b, ()>,
    A: Encode<()>,
{
    let answer = wire::decode(bytes)
        .map_err(|error| Failure::new(ErrorCode::Request, error))
        .and_then(|request| run(state, request));
    match answer {
        Ok(answer) => wire::encode(&(0_u8, answer)),
        Err(failure) => wire::encode(&(1_u8, failure)),
    }
}

/// An operation as TypeScript knows it.
struct Description {
    number: u32,
    name: &'static str,
    about: &'static str,
    request: String,
    response: String,
}

macro_rules! operations {
    ($($(#[doc = $about:expr])* $(#[cfg($feature:meta)])? $number:literal => $module:ident;)+) => {
        /// Runs the operation of a number on an encoded request.
        #[must_use]
        pub fn dispatch(state: &mut State, number: u32, request: &[u8]) -> Vec<u8> {
            match number {
                $($(#[cfg($feature)])? $number => answer(state, request, $module::run),)+
                _ => {
                    let unknown = format_args!("there is no operation {number} in this module");
                    wire::encode(&(1_u8, Failure::new(ErrorCode::Request, unknown)))
                }
            }
        }

        fn descriptions(types: &mut Types) -> Vec<Description> {
            vec![$(
                $(#[cfg($feature)])?
                describe($number, stringify!($module), concat!($($about),*), types, $module::run),
            )+]
        }
    };
}

fn describe<Q: Schema, A: Schema>(
    number: u32,
    name: &'static str,
    about: &'static str,
    types: &mut Types,
    _: fn(&mut State, Q) -> Result<A, Failure>,
) -> Description {
    Description {
        number,
        name,
        about,
        request: Q::typescript(types),
        response: A::typescript(types),
    }
}

operations! {
    /// Reads a manifest entry, refusing any but the expected one.
    1 => read_manifest;
    /// Opens an election for voting: its manifest, and the joint key that every trustee signed.
    2 => open_election;
    /// Checks a voting code as far as its check symbol tells.
    3 => check_voting_code;
    /// Turns voting codes into a credential, and compares it with the roll where its entries are given.
    4 => enter_credential;
    /// Encrypts a ballot.
    5 => encrypt;
    /// Casts an encrypted ballot: gives the entry to send. Its handle is used up.
    6 => cast;
    /// Opens an encrypted ballot instead of casting it. Its handle is used up.
    7 => challenge;
    /// Checks on another device what a challenged ballot says.
    8 => check_opening;
    /// Verifies that the server promised to record a ballot.
    9 => verify_acknowledgement;
    /// Verifies that a ballot is in the log.
    10 => verify_receipt;
    /// Verifies the log's signature of a checkpoint.
    11 => open_checkpoint;
    /// Destroys what a handle stands for, wiping its secrets.
    12 => destroy;
    /// Begins to follow a record.
    #[cfg(feature = "observer")] 20 => observer_new;
    /// Takes a checkpoint that the board shows.
    #[cfg(feature = "observer")] 21 => observer_checkpoint;
    /// Takes files that a step asked for.
    #[cfg(feature = "observer")] 22 => observer_provide;
    /// Goes on as far as possible; at most about a thousand entries are checked.
    #[cfg(feature = "observer")] 23 => observer_step;
    /// Takes a helper's answer.
    #[cfg(feature = "observer")] 24 => observer_vouch;
    /// The numbered checks so far.
    #[cfg(feature = "observer")] 25 => observer_report;
    /// What happened in the record, ballots left out.
    #[cfg(feature = "observer")] 26 => observer_events;
    /// Turnout and results so far.
    #[cfg(feature = "observer")] 27 => observer_results;
    /// Compares a root from elsewhere.
    #[cfg(feature = "observer")] 28 => observer_compare;
    /// Checkpoints that are still to be compared.
    #[cfg(feature = "observer")] 33 => observer_unconfirmed;
    /// What helpers need to know, once there is a joint key.
    #[cfg(feature = "observer")] 29 => verifier_setup;
    /// Makes a helper, in a worker of its own.
    #[cfg(feature = "observer")] 30 => verifier_new;
    /// Verifies proofs for an observer.
    #[cfg(feature = "observer")] 31 => verifier_job;
    /// Spells a root as words.
    #[cfg(feature = "observer")] 32 => observer_words;
}

/// `web/src/wasm/messages.ts`.
#[must_use]
pub fn typescript() -> String {
    let mut types = Types::default();
    let operations = descriptions(&mut types);
    Failure::typescript(&mut types);
    let mut text = String::from(
        "// Made by `cargo test -p hanpyo-wasm` (BLESS=1 writes it) from the types in web/wasm. Do not edit.\n\n",
    );
    text += &types.text();
    text += "/** Requests and responses of the operations. */\nexport interface Operations {\n";
    for operation in &operations {
        let Description {
            name,
            about,
            request,
            response,
            ..
        } = operation;
        text += &wire::comment(&[about], "  ");
        text += &format!("  {name}: {{ request: {request}; response: {response} }};\n");
    }
    text += "}\n\n/** Numbers of the operations. */\nexport const operationNumbers = {\n";
    for Description { name, number, .. } in &operations {
        text += &format!("  {name}: {number},\n");
    }
    text += "} as const satisfies Record<keyof Operations, number>;\n";
    text
}
