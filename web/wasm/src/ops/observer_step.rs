//! Goes on as far as possible.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::record::Phase;

use crate::failure::Failure;
use crate::observer::{AlarmKind, Step};
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{choice, request, response};

request! {
    /// Which observer.
    ObserverStep {
        /// Handle of the observer.
        observer: u32,
    }
}

choice! {
    /// How far the record has come.
    RecordPhase {
        /// Nothing yet.
        Empty = "empty",
        /// Key ceremony under way.
        Ceremony = "ceremony",
        /// Drills under way.
        Drill = "drill",
        /// The roll is built.
        Roll = "roll",
        /// Roll sealed, waiting for the opening.
        Sealed = "sealed",
        /// Voting.
        Voting = "voting",
        /// Closed, the encrypted tally is due.
        Closed = "closed",
        /// Trustees decrypt.
        Decrypting = "decrypting",
        /// Results are published.
        Results = "results",
        /// The result is there.
        Finished = "finished",
        /// Declared void.
        Void = "void",
        /// Manifest or joint key cannot be used.
        Unusable = "unusable",
    }
}

choice! {
    /// What two checkpoints prove.
    AlarmReason {
        /// The board shows an older tree than before: stale, or rolled back.
        RolledBack = "rolled_back",
        /// The log signed two trees of one size.
        Forked = "forked",
        /// The log signed a tree that does not extend an earlier one.
        Inconsistent = "inconsistent",
    }
}

response! {
    /// Evidence: two checkpoints that the log signed and that do not fit together. Keep both.
    ObserverAlarm {
        /// What they prove.
        reason: AlarmReason,
        /// The one seen first.
        seen: Bytes,
        /// The one seen then.
        found: Bytes,
        /// In words.
        detail: String,
        /// Of a tree that does not extend an earlier one: the root that as many entries as the earlier one has have in
        /// it, in base64.
        here: Option<String>,
        /// The consistency proof from that root to the later tree, each hash in base64.
        proof: Vec<String>,
    }
}

response! {
    /// Work for a helper.
    ProofJob {
        /// Number to answer under.
        job: u32,
        /// Ballots and posted challenges in it.
        ballots: u32,
        /// For `verifier_job`.
        bytes: Bytes,
    }
}

response! {
    /// Where the observer is, and what it waits for. With nothing to wait for, step again until it is up to date.
    ObserverState {
        /// Paths of files to hand in with `observer_provide`.
        needs: Vec<String>,
        /// Work for helpers, to be answered with `observer_vouch`.
        jobs: Vec<ProofJob>,
        /// Entries checked.
        read: Number,
        /// Entries under the newest checkpoint that extends all earlier ones.
        size: Number,
        /// Root of that tree in base64.
        root: Option<String>,
        /// Voters with a counted ballot.
        counted: Number,
        /// How far the record has come.
        phase: RecordPhase,
        /// Whether checkpoints that were seen before are still to be compared with that tree.
        comparing: bool,
        /// Whether everything under the newest checkpoint was checked.
        up_to_date: bool,
        /// Whether the record cannot be trusted.
        fatal: bool,
        /// Why no more entries are read.
        stopped: Option<String>,
        /// Evidence against the log.
        alarm: Option<ObserverAlarm>,
    }
}

/// The page's word for a phase.
#[must_use]
pub const fn phase(phase: Phase) -> RecordPhase {
    match phase {
        Phase::Empty => RecordPhase::Empty,
        Phase::Ceremony => RecordPhase::Ceremony,
        Phase::Drill => RecordPhase::Drill,
        Phase::Roll => RecordPhase::Roll,
        Phase::Sealed => RecordPhase::Sealed,
        Phase::Voting => RecordPhase::Voting,
        Phase::Closed => RecordPhase::Closed,
        Phase::Decrypting => RecordPhase::Decrypting,
        Phase::Results => RecordPhase::Results,
        Phase::Finished => RecordPhase::Finished,
        Phase::Void => RecordPhase::Void,
        Phase::Unusable => RecordPhase::Unusable,
    }
}

/// Steps.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle). What is wrong with the record is in the report.
pub fn run(state: &mut State, request: ObserverStep) -> Result<ObserverState, Failure> {
    let observer = state.observer(request.observer)?;
    let Step { needs, jobs } = observer.step();
    let checker = observer.checker();
    let tree = observer.tree();
    let alarm = observer.alarm().map(|alarm| ObserverAlarm {
        reason: match alarm.kind {
            AlarmKind::RolledBack => AlarmReason::RolledBack,
            AlarmKind::Forked => AlarmReason::Forked,
            AlarmKind::Inconsistent => AlarmReason::Inconsistent,
        },
        seen: Bytes(alarm.seen.clone()),
        found: Bytes(alarm.found.clone()),
        detail: alarm.detail.clone(),
        here: alarm.difference.as_ref().map(|one| one.root.to_base64()),
        proof: (alarm.difference.iter().flat_map(|one| &one.proof))
            .map(Hash::to_base64)
            .collect(),
    });
    let job = |job: crate::observer::Job| ProofJob {
        job: job.number,
        ballots: u32::try_from(job.ballots).unwrap_or(u32::MAX),
        bytes: Bytes(job.bytes),
    };
    Ok(ObserverState {
        needs,
        jobs: jobs.into_iter().map(job).collect(),
        read: checker.size().into(),
        size: tree.map_or(0, |(size, _)| size).into(),
        root: tree.map(|(_, root)| root.to_string()),
        counted: checker.counted_per_unit().iter().sum::<u64>().into(),
        phase: phase(checker.phase()),
        comparing: observer.is_comparing(),
        up_to_date: observer.is_up_to_date(),
        fatal: checker.has_fatal(),
        stopped: observer.stopped().map(str::to_owned),
        alarm,
    })
}
