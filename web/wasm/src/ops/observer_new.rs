//! Begins to follow a record.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::record::Given;

use super::encrypt::generator;
use super::open_checkpoint::log_key;
use super::verify_receipt::confirmation_code;
use crate::failure::{ErrorCode, Failure};
use crate::observer::Observer;
use crate::state::{Object, State};
use crate::wire::{Bytes, SecretBytes};
use crate::{request, response};

request! {
    /// What to follow, and what to look for.
    ObserverNew {
        /// vkey of the log, from elsewhere than the board.
        vkey: String,
        /// At least 32 bytes of `crypto.getRandomValues`: the weights of batch verification come from it.
        seed: SecretBytes,
        /// Whether helpers will verify proofs; otherwise steps do it themselves.
        helpers: bool,
        /// Confirmation codes to look for (check 12).
        codes: Vec<String>,
        /// Acknowledgements whose ballots to look for (check 12).
        acknowledgements: Vec<Bytes>,
        /// Checkpoints of earlier visits that were compared with no tree then, from `observer_unconfirmed`.
        unconfirmed: Vec<Bytes>,
    }
}

response! {
    /// An observer.
    NewObserver {
        /// Handle of the observer.
        observer: u32,
    }
}

/// Makes an observer that has read nothing.
///
/// # Errors
/// [`ErrorCode::Vkey`], [`ErrorCode::Seed`], [`ErrorCode::ConfirmationCode`], [`ErrorCode::Acknowledgement`].
pub fn run(state: &mut State, request: ObserverNew) -> Result<NewObserver, Failure> {
    let rng = generator(&request.seed)?;
    let codes = request.codes.iter().map(|code| confirmation_code(code));
    let acknowledgement = |(number, bytes): (usize, &Bytes)| {
        let decoded = Acknowledgement::decode(bytes);
        decoded
            .map(|decoded| ((number + 1).to_string(), decoded))
            .map_err(|error| Failure::new(ErrorCode::Acknowledgement, error))
    };
    let acknowledgements = request.acknowledgements.iter().enumerate();
    let given = Given {
        codes: codes.collect::<Result<_, _>>()?,
        receipts: Vec::new(),
        acknowledgements: acknowledgements
            .map(acknowledgement)
            .collect::<Result<_, _>>()?,
    };
    let mut observer = Observer::new(log_key(&request.vkey)?, given, request.helpers, rng);
    for note in &request.unconfirmed {
        observer.keep_checkpoint(note);
    }
    Ok(NewObserver {
        observer: state.keep(Object::Observer(Box::new(observer))),
    })
}
