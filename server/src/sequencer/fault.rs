//! Faults on command, in debug builds only: the process kills itself at a named step.
//!
//! `HANPYO_STOP_AT=<step>:<n>` sends the process SIGKILL when it comes to that step for the n-th
//! time (1 if left out). Tests of crashes start the server as a child with it. Release builds have
//! no such code. The steps, in the order of their effects:
//!
//! | step | what has happened |
//! |---|---|
//! | `taken` | a batch of ballots is durable, nobody was told |
//! | `sequencing` | a batch has its order, nothing is committed |
//! | `sequenced` | entries and state are committed, no tile is written |
//! | `tile` | a tile more is written |
//! | `tiles` | all tiles are written |
//! | `cosigned` | cosignatures are there |
//! | `checkpoint` | the checkpoint is replaced, nobody was told |
//! | `pruning` | everyone was told, partial tiles that full ones replaced are there |
//! | `stopped-accepting` | no more ballots are taken, the last ones are not sequenced |
//! | `roll-part` | a part more of an imported roll or of an assignment is durable |
//! | `roll-written` | all parts are durable, the change is not valid |
//! | `roll-deleted` | a part more of what a change hides is deleted |

#[cfg(debug_assertions)]
mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Plan {
        step: String,
        left: AtomicUsize,
    }

    static PLAN: LazyLock<Option<Plan>> = LazyLock::new(|| {
        let text = std::env::var("HANPYO_STOP_AT").ok()?;
        let (step, count) = text.split_once(':').unwrap_or((&text, "1"));
        Some(Plan {
            step: step.to_owned(),
            left: AtomicUsize::new(count.parse().ok()?),
        })
    });

    pub(super) fn planned(step: &str) -> bool {
        PLAN.as_ref().is_some_and(|plan| plan.step == step)
    }

    pub(super) fn reach(step: &str) {
        let Some(plan) = PLAN.as_ref().filter(|plan| plan.step == step) else {
            return;
        };
        if plan.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let pid = std::process::id().to_string();
            // A real signal: nothing of this process runs after it.
            let status = std::process::Command::new("kill")
                .args(["-KILL", &pid])
                .status();
            tracing::error!(status = ?status, "could not kill this process at step {step}");
            std::process::abort();
        }
    }
}

/// The process came to `step`.
#[inline]
pub(crate) fn reach(step: &str) {
    #[cfg(debug_assertions)]
    armed::reach(step);
    #[cfg(not(debug_assertions))]
    let _ = step;
}

/// Whether the process is to die at `step`.
#[inline]
pub(crate) fn is_planned(step: &str) -> bool {
    #[cfg(debug_assertions)]
    return armed::planned(step);
    #[cfg(not(debug_assertions))]
    {
        let _ = step;
        false
    }
}
