//! Checks on another device what a challenged ballot says.

use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::voter::OpenedBallot;

use super::encrypt::selection_schema;
use super::verify_receipt::confirmation_code;
use crate::failure::Failure;
use crate::state::State;
use crate::wire::{Bytes, Schema, Types};
use crate::{request, response, union};

request! {
    /// What the first device showed.
    CheckOpening {
        /// Handle of the election.
        election: u32,
        /// The confirmation code that it showed before the voter decided.
        code: String,
        /// The opening.
        opening: Bytes,
    }
}

union! {
    /// Marks in one contest.
    OpenedSelection {
        /// One option, or blank.
        ChooseOne = "choose_one" { option: Option<u32> },
        /// The options marked.
        Choose = "choose" { options: Vec<u32> },
        /// A score for every option.
        Score = "score" { scores: Vec<Option<u32>> },
        /// The options ranked.
        Rank = "rank" { options: Vec<u32> },
    }
}

/// A selection, of the same TypeScript type as in a request.
pub struct Shown(OpenedSelection);

impl minicbor::Encode<()> for Shown {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl Schema for Shown {
    fn typescript(types: &mut Types) -> String {
        selection_schema(types)
    }
}

response! {
    /// What a challenged ballot says.
    CheckedOpening {
        /// Its whole confirmation code.
        full_code: String,
        /// Ballot style; its contests are those of the selections.
        style: u32,
        /// Index of the credential.
        index: u32,
        /// One selection per contest of the style, in its order.
        selections: Vec<Shown>,
    }
}

/// Encrypts again and compares with the code.
///
/// # Errors
/// [`ErrorCode::Opening`](crate::failure::ErrorCode::Opening), `OpeningMismatch`, `Style`, `ConfirmationCode`.
pub fn run(state: &mut State, request: CheckOpening) -> Result<CheckedOpening, Failure> {
    let election = state.election(request.election)?;
    let code = confirmation_code(&request.code)?;
    let opened = OpenedBallot::decode(&request.opening)?.check(election, &code)?;
    Ok(CheckedOpening {
        full_code: opened.code.full(),
        style: opened.style.get().into(),
        index: opened.index.get(),
        selections: opened.selections.iter().map(shown).collect(),
    })
}

fn shown(selection: &Selection) -> Shown {
    let number = |option: &usize| u32::try_from(*option).unwrap_or(u32::MAX);
    let numbers = |options: &[usize]| options.iter().map(number).collect();
    Shown(match selection {
        Selection::ChooseOne(option) => OpenedSelection::ChooseOne {
            option: option.as_ref().map(number),
        },
        Selection::Choose(options) => OpenedSelection::Choose {
            options: numbers(options),
        },
        Selection::Rank(options) => OpenedSelection::Rank {
            options: numbers(options),
        },
        Selection::Score(scores) => OpenedSelection::Score {
            scores: scores.clone(),
        },
    })
}
