//! The trustee's desk: the commands of `hanpyo-trustee` behind its pages.

pub mod messages;

use std::path::{Path, PathBuf};

use self::messages::{CeremonyView, TrusteeProgress, TrusteeRequest, TrusteeView};
use super::board::{PAUSE, Place};
use super::messages::{Refusal, RefusalCode, SecretState, SecretView};
use super::schema::Secret;
use super::worker::{Desk, Ended, JobHandle};
use crate::board::Board;
use crate::role_file::RoleFile;
use crate::secret_file::Passphrase;
use crate::session::Session;
use crate::trustee::preflight::{PreflightCheck, preflight};
use crate::trustee::run::{self, Consent, Part, Patience, run_decrypt, run_part};
use crate::trustee::state::TrusteeMemory;
use crate::trustee::sums::{DecryptionView, decryption};

type Job = JobHandle<TrusteeView>;

/// A trustee with its secret file and the board.
pub struct TrusteeDesk {
    secret: PathBuf,
    place: Option<Place>,
    file: Option<RoleFile<TrusteeMemory>>,
    session: Option<Session>,
    preflight: Option<Vec<PreflightCheck>>,
    must_reopen: bool,
}

impl TrusteeDesk {
    /// A desk with a locked file, or none yet.
    #[must_use]
    pub fn new(secret: PathBuf, place: Option<Place>) -> Self {
        Self {
            secret,
            place,
            file: None,
            session: None,
            preflight: None,
            must_reopen: false,
        }
    }

    fn create(&mut self, passphrase: &Secret, again: &Secret) -> Result<Ended, Refusal> {
        if **passphrase != **again {
            let detail = "the two passphrases differ";
            return Err(Refusal::new(RefusalCode::PassphrasesDiffer, detail));
        }
        let passphrase = Passphrase::new(passphrase);
        // It was read back once by the program; now the person must open it as well.
        drop(run::create(&self.secret, &passphrase)?);
        self.must_reopen = true;
        Ok(Ended::Done)
    }

    fn open(&mut self, passphrase: &Secret) -> Result<Ended, Refusal> {
        self.file = None;
        self.file = Some(RoleFile::open(&self.secret, &Passphrase::new(passphrase))?);
        self.must_reopen = false;
        Ok(Ended::Done)
    }

    fn place(&self) -> Result<&Place, Refusal> {
        let none = || Refusal::new(RefusalCode::BadAddress, "no board was named");
        self.place.as_ref().ok_or_else(none)
    }

    /// The open file and a board read to its end: all of it the first time and whenever `anew`.
    fn at_board(
        &mut self,
        job: &Job,
        anew: bool,
    ) -> Result<(&mut RoleFile<TrusteeMemory>, &mut Session), Refusal> {
        if anew {
            self.session = None;
        }
        let session = match self.session.take() {
            Some(mut session) => {
                session.refresh().map_err(Refusal::from)?;
                session
            }
            None => self.place()?.read(&self.secret, job, |_| {})?,
        };
        let session = self.session.insert(session);
        let locked = || Refusal::new(RefusalCode::NotOpen, "the secret file is locked");
        Ok((self.file.as_mut().ok_or_else(locked)?, session))
    }

    fn preflight(&mut self, job: &Job) -> Result<Ended, Refusal> {
        self.preflight = None;
        self.at_board(job, true)?;
        if let (Some(file), Some(session), Some(place)) = (&self.file, &self.session, &self.place) {
            self.preflight = Some(preflight(file, &session.board, &place.board.place()?));
        }
        Ok(Ended::Done)
    }

    /// Every step that is due, until the part is over or the person stops it.
    fn part(&mut self, part: Part, job: &Job) -> Result<Ended, Refusal> {
        let mut anew = true;
        loop {
            let (file, session) = self.at_board(job, anew)?;
            anew = false;
            let mut say = |line: &str| job.say(line);
            match run_part(part, file, session, Patience::Stop, &mut say)? {
                run::Ended::Done(what) => {
                    job.say(&what);
                    break;
                }
                run::Ended::Waiting(what) => job.say(&format!("waiting for {what}")),
            }
            job.show(self.view());
            if !job.wait(PAUSE) {
                return Ok(Ended::Stopped);
            }
        }
        if part == Part::Ceremony {
            // The share was read back by the program; the person opens it once more before it matters.
            self.file = None;
            self.must_reopen = true;
        }
        Ok(Ended::Done)
    }

    fn follow(&mut self, job: &Job) -> Result<Ended, Refusal> {
        let (_, session) = self.at_board(job, false)?;
        let ended = run::follow(&mut session.board, Patience::Stop, PAUSE, &mut |_| {})?;
        Ok(match ended {
            run::Ended::Done(_) => Ended::Done,
            run::Ended::Waiting(_) => Ended::Later,
        })
    }

    fn decrypt(&mut self, accept_excluded: bool, job: &Job) -> Result<Ended, Refusal> {
        let before = self.view();
        // Everything is verified and added up anew.
        let (file, session) = self.at_board(job, true)?;
        let mut failed = None;
        let mut confirm =
            |board: &Board, authorised: &crate::trustee::decrypt::Authorised<'_>| match decryption(
                board, authorised,
            ) {
                Ok(shown) => job.ask(asking(&before, shown)),
                Err(error) => {
                    failed = Some(error);
                    false
                }
            };
        let mut consent = Consent {
            accept_excluded,
            patience: Patience::Stop,
            confirm: &mut confirm,
        };
        let ended = run_decrypt(file, session, &mut consent, &mut |line| job.say(line));
        if let Some(error) = failed {
            return Err(error.into());
        }
        match ended? {
            run::Ended::Done(what) => {
                job.say(&what);
                Ok(Ended::Done)
            }
            run::Ended::Waiting(what) => {
                job.say(&what);
                Ok(Ended::Later)
            }
        }
    }
}

/// What is shown while the program asks: the rest stays as it was.
fn asking(before: &TrusteeView, shown: DecryptionView) -> TrusteeView {
    TrusteeView {
        decryption: Some(shown),
        ..before.clone()
    }
}

impl Desk for TrusteeDesk {
    type Request = TrusteeRequest;
    type View = TrusteeView;

    fn kind(request: &TrusteeRequest) -> &'static str {
        request.kind()
    }

    fn view(&self) -> TrusteeView {
        let file = self.file.as_ref();
        let board = self.session.as_ref().map(|session| &session.board);
        TrusteeView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            secret: secret_view(
                &self.secret,
                file.map(|file| file.key().verifying_key().to_string()),
                self.must_reopen,
            ),
            has_share: file.is_some_and(|file| file.state().share().is_ok()),
            released: file.is_some_and(|file| file.state().released().is_some()),
            board: self.place.as_ref().map(|place| {
                place.view(board, |election| {
                    Some(election.trustee(file?.key()).ok()?.get())
                })
            }),
            ceremony: board.and_then(ceremony_view),
            preflight: self.preflight.clone(),
            decryption: None,
        }
    }

    fn carry_out(&mut self, request: TrusteeRequest, job: &Job) -> Result<Ended, Refusal> {
        match request {
            TrusteeRequest::Create { passphrase, again } => self.create(&passphrase, &again),
            TrusteeRequest::Open { passphrase } => self.open(&passphrase),
            TrusteeRequest::Close {} => {
                self.file = None;
                Ok(Ended::Done)
            }
            TrusteeRequest::Connect { board, vkey, api } => {
                self.place = Some(Place::parse(board, vkey, api)?);
                (self.session, self.preflight) = (None, None);
                self.preflight(job)
            }
            TrusteeRequest::Preflight {} => self.preflight(job),
            TrusteeRequest::Ceremony {} => self.part(Part::Ceremony, job),
            TrusteeRequest::Drill {} => self.part(Part::Drill, job),
            TrusteeRequest::Follow {} => self.follow(job),
            TrusteeRequest::Decrypt { accept_excluded } => self.decrypt(accept_excluded, job),
        }
    }
}

/// What pages show of a secret file: its path, and its public key while it is open.
#[must_use]
pub fn secret_view(path: &Path, key: Option<String>, must_reopen: bool) -> SecretView {
    let state = match (&key, path.exists()) {
        (Some(_), _) => SecretState::Open,
        (None, true) => SecretState::Closed,
        (None, false) => SecretState::Missing,
    };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    SecretView {
        path: absolute.display().to_string(),
        state,
        key,
        must_reopen,
    }
}

fn ceremony_view(board: &Board) -> Option<CeremonyView> {
    let ceremony = board.seen().ceremony()?;
    let officers = &board.election().ok()?.manifest.roles.trustees;
    let trustees = (1_u8..).zip(officers).map(|(number, officer)| {
        let rounds = ceremony.rounds_of(usize::from(number) - 1);
        TrusteeProgress {
            number,
            name: officer.name.as_str().to_owned(),
            commitment: rounds.commitment,
            opening: rounds.opening,
            shares: rounds.shares,
            confirmation: rounds.confirmation,
            drill: rounds.drill,
            decryption: !board.seen().partials_of(number).is_empty(),
        }
    });
    let complaint = ceremony.complaint();
    Some(CeremonyView {
        attempt: ceremony.attempt(),
        trustees: trustees.collect(),
        complainant: complaint.map(|(complainant, _)| complainant.get()),
        accused: complaint.map(|(_, accused)| accused.get()),
        joint_key: ceremony.joint_key().map(|key| key.to_string()),
    })
}
