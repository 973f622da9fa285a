//! Verifies proofs for an observer.

use hanpyo_ledger::record::ProofJob;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::Bytes;
use crate::{request, response};

request! {
    /// A job.
    VerifierJob {
        /// Handle of the helper.
        verifier: u32,
        /// The job's bytes.
        job: Bytes,
    }
}

response! {
    /// What holds.
    JobDone {
        /// For `observer_vouch`: 32 bytes for each entry whose proofs and signature hold.
        statements: Bytes,
    }
}

/// Verifies.
///
/// # Errors
/// [`ErrorCode::Request`] if the job is none.
pub fn run(state: &mut State, request: VerifierJob) -> Result<JobDone, Failure> {
    let verifier = state.verifier(request.verifier)?;
    let job =
        ProofJob::decode(&request.job).map_err(|error| Failure::new(ErrorCode::Request, error))?;
    let vouched = verifier.helper.verify(&job, &mut verifier.rng);
    Ok(JobDone {
        statements: Bytes(vouched.iter().flat_map(|vouched| vouched.0).collect()),
    })
}
