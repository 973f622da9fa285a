//! The trustee's steps carried out against a board: save first, then publish, then look again.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hanpyo_ledger::entry::Seconds;
use hanpyo_ledger::record::Phase;
use rand::rngs::OsRng;
use thiserror::Error;

use super::ceremony::{CeremonyBoard, Step, StepError, Trustee};
use super::decrypt::{self, Authorised, DecryptError, RecordError, Refusal, Times, authorise};
use super::pin::PinFile;
use super::state::TrusteeMemory;
use crate::board::{Board, BoardError};
use crate::checks::{Progress, UP_TO_CEREMONY, UP_TO_CHALLENGES};
use crate::election::NotInManifest;
use crate::role_file::{RoleFile, RoleFileError};
use crate::secret_file::Passphrase;
use crate::session::{Session, SessionError};

/// How often the same step may be published without the board showing it.
const ATTEMPTS: u32 = 5;

/// Why a trustee's program stops.
#[derive(Debug, Error)]
pub enum TrusteeError {
    /// Board or server.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The manifest does not name this key.
    #[error(transparent)]
    Key(#[from] NotInManifest),
    /// The ceremony cannot go on.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The secret file cannot be saved; nothing was published.
    #[error(transparent)]
    File(#[from] RoleFileError),
    /// Decryption is refused.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The release cannot be recorded; nothing was released.
    #[error("nothing was released: {0}")]
    Record(#[from] RecordError),
    /// Partial decryptions cannot be made.
    #[error(transparent)]
    Decrypt(#[from] DecryptError),
    /// The person said no.
    #[error("not confirmed, nothing was released")]
    NotConfirmed,
}

impl From<BoardError> for TrusteeError {
    fn from(error: BoardError) -> Self {
        Self::Session(error.into())
    }
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything is done.
    Done(String),
    /// Others must act first; run again later.
    Waiting(String),
}

/// Which steps to carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key ceremony.
    Ceremony,
    /// The drill.
    Drill,
}

/// Makes a trustee's secret file, and beside it the file that says what the key was used for.
///
/// # Errors
/// [`TrusteeError`]; a secret file that is there stays as it is.
pub fn create(
    path: &Path,
    passphrase: &Passphrase,
) -> Result<RoleFile<TrusteeMemory>, TrusteeError> {
    let file = RoleFile::create(path, passphrase, &mut OsRng)?;
    PinFile::beside(path).create().map_err(RecordError::from)?;
    Ok(file)
}

/// Whether to wait for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Stop when others must act.
    Stop,
    /// Wait for them.
    Follow,
}

/// Carries out every step of the ceremony or the drill that is due. `say` hears each one in words.
///
/// # Errors
/// [`TrusteeError`].
pub fn run_part(
    part: Part,
    file: &mut RoleFile<TrusteeMemory>,
    session: &mut Session,
    patience: Patience,
    say: &mut dyn FnMut(&str),
) -> Result<Ended, TrusteeError> {
    session.refresh()?;
    let (mut last, mut repeated) = (String::new(), 0);
    loop {
        match next_step(part, file, &session.board)? {
            Step::Publish {
                memory,
                entry,
                what,
            } => {
                repeated = if what == last { repeated + 1 } else { 0 };
                if repeated >= ATTEMPTS {
                    return Err(SessionError::Stuck(what).into());
                }
                if let Some(memory) = memory {
                    file.save(memory)?;
                }
                session.publish(&entry)?;
                say(&format!("published {what}"));
                last = what;
            }
            Step::Save { memory, what } => {
                file.save(memory)?;
                say(&what);
            }
            Step::Wait(what) if patience == Patience::Stop => return Ok(Ended::Waiting(what)),
            Step::Wait(what) => {
                let waiting = format!("waiting for {what}");
                if waiting != last {
                    say(&waiting);
                    last = waiting;
                }
                session.wait()?;
            }
            Step::Done(what) => return Ok(Ended::Done(what)),
        }
    }
}

fn next_step(
    part: Part,
    file: &RoleFile<TrusteeMemory>,
    board: &Board,
) -> Result<Step, TrusteeError> {
    board.require(UP_TO_CEREMONY, Progress::Growing)?;
    let election = board.election()?;
    let trustee = Trustee {
        election,
        number: election.trustee(file.key())?,
        key: file.key(),
    };
    let ceremony: &CeremonyBoard = board.seen().ceremony().ok_or(BoardError::Empty)?;
    Ok(match part {
        Part::Ceremony => trustee.ceremony_step(file.state(), ceremony, &mut OsRng)?,
        Part::Drill => trustee.drill_step(file.state(), ceremony)?,
    })
}

/// Follows the board and verifies it; returns at the close, or at once if not asked to wait. `say` hears how far it is.
///
/// # Errors
/// [`TrusteeError`] with the first check that fails.
pub fn follow(
    board: &mut Board,
    patience: Patience,
    pause: Duration,
    say: &mut dyn FnMut(&Board),
) -> Result<Ended, TrusteeError> {
    loop {
        board.refresh(&mut |_, _| {})?;
        board.require(UP_TO_CHALLENGES, Progress::Growing)?;
        say(board);
        match board.checker().phase() {
            Phase::Void => return Ok(Ended::Done("the election was declared void".to_owned())),
            phase if phase >= Phase::Closed => {
                return Ok(Ended::Done("voting is closed".to_owned()));
            }
            _ if patience == Patience::Stop => {
                return Ok(Ended::Waiting("the close of voting".to_owned()));
            }
            _ => std::thread::sleep(pause),
        }
    }
}

/// What a trustee agrees to.
pub struct Consent<'a> {
    /// Decrypt although entries were excluded from the count.
    pub accept_excluded: bool,
    /// Wait for the close and the encrypted tally.
    pub patience: Patience,
    /// Shows what will be decrypted and asks; false stops everything.
    pub confirm: &'a mut dyn FnMut(&Board, &Authorised<'_>) -> bool,
}

/// Decrypts the count, if everything in docs/PROTOCOL.md section 9.3 holds.
///
/// # Errors
/// [`TrusteeError::Refused`] with the reason; nothing is recorded or released then.
pub fn run_decrypt(
    file: &mut RoleFile<TrusteeMemory>,
    session: &mut Session,
    consent: &mut Consent<'_>,
    say: &mut dyn FnMut(&str),
) -> Result<Ended, TrusteeError> {
    session.refresh()?;
    let pins = PinFile::beside(file.path());
    let mut said = false;
    loop {
        if is_over(&session.board, file)? {
            let what = "enough trustees have decrypted, this share is not needed; it was not used";
            return Ok(Ended::Done(what.to_owned()));
        }
        match attempt(file, &pins, &session.board, consent) {
            Ok(entries) if entries.is_empty() => {
                return Ok(Ended::Done(
                    "all partial decryptions are on the board".to_owned(),
                ));
            }
            Ok(entries) => {
                say(&format!(
                    "publishing {} entries of partial decryptions",
                    entries.len()
                ));
                session.publish_all(&entries)?;
                // Confirmed and recorded: whatever was not taken yet is sent again without asking.
                publish_rest(file, &pins, session, consent.accept_excluded)?;
            }
            Err(TrusteeError::Refused(Refusal::NotClosed | Refusal::TallyIncomplete))
                if consent.patience == Patience::Follow =>
            {
                if !said {
                    say("waiting for the close and the encrypted tally");
                    said = true;
                }
                session.wait()?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether results are there and this share was never used: then it stays unused.
fn is_over(board: &Board, file: &RoleFile<TrusteeMemory>) -> Result<bool, TrusteeError> {
    let number = board.election()?.trustee(file.key())?;
    let results = matches!(board.checker().phase(), Phase::Results | Phase::Finished);
    let closed = board.checker().closed();
    let counted = closed.is_some_and(|closed| closed.gate_holds);
    let unused =
        file.state().released().is_none() && board.seen().partials_of(number.get()).is_empty();
    Ok(results && counted && unused)
}

fn publish_rest(
    file: &mut RoleFile<TrusteeMemory>,
    pins: &PinFile,
    session: &mut Session,
    accept_excluded: bool,
) -> Result<(), TrusteeError> {
    for _ in 0..ATTEMPTS {
        let mut again = Consent {
            accept_excluded,
            patience: Patience::Stop,
            confirm: &mut |_, _| true,
        };
        let entries = attempt(file, pins, &session.board, &mut again)?;
        if entries.is_empty() {
            return Ok(());
        }
        session.publish_all(&entries)?;
    }
    Err(SessionError::Stuck("partial decryptions are not on the board".to_owned()).into())
}

/// Authorises, asks, records; returns the entries that the board does not show.
fn attempt(
    file: &mut RoleFile<TrusteeMemory>,
    pins: &PinFile,
    board: &Board,
    consent: &mut Consent<'_>,
) -> Result<Vec<Vec<u8>>, TrusteeError> {
    let election = board.election()?;
    let number = election.trustee(file.key())?;
    let report = board.report();
    let checker = board.checker();
    let view = decrypt::Board {
        report: &report,
        closed: checker.closed(),
        tally_complete: checker.phase() >= Phase::Decrypting,
        void: checker.phase() == Phase::Void,
        outcome: checker.ceremony(),
        turnout: checker.turnout().ok_or(BoardError::Empty)?,
        times: Times {
            closes: checker.closes().map_or(u64::MAX, Seconds::get),
            grace: election.manifest.schedule.grace_seconds.get().into(),
            close: board.seen().close_time.unwrap_or_default(),
            opened: board.seen().opened,
        },
    };
    let authorised = {
        let trustee = Trustee {
            election,
            number,
            key: file.key(),
        };
        authorise(
            &trustee,
            file.state(),
            pins,
            &view,
            now(),
            consent.accept_excluded,
        )?
    };
    let published = board.seen().partials_of(number.get());
    let groups: usize = authorised.groups().iter().sum();
    if file.state().released() == Some(authorised.tree) && published.len() >= groups {
        return Ok(Vec::new());
    }
    if !(consent.confirm)(board, &authorised) {
        return Err(TrusteeError::NotConfirmed);
    }
    let recorded = authorised.record(file, pins)?;
    let trustee = Trustee {
        election,
        number,
        key: file.key(),
    };
    Ok(recorded.entries(&trustee, file.state(), &published)?)
}

/// This computer's clock, in seconds since 1970 UTC; 0 if it is before that.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
