//! What prover and verifier absorb before anything else.

use merlin::Transcript;

use crate::labels::message;

use super::kind::ContestKind;
use super::statement::Weights;

/// Steps 1 and 2 of section 5.4 but for drawing the weights.
pub(super) fn absorb_contest(
    transcript: &mut Transcript,
    kind: &ContestKind,
    number: u64,
    ciphertexts: &[u8],
) {
    transcript.append_u64(message::CONTEST, number);
    transcript.append_message(message::PARAMETERS, &kind.parameter_bytes());
    transcript.append_message(message::CIPHERTEXTS, ciphertexts);
}

/// Number of weights of step 2.
pub(super) fn weight_count(kind: &ContestKind) -> usize {
    Weights::count(kind.rules(), kind.options(), kind.ciphertexts())
}
