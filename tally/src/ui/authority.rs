//! The authority's desk: the commands of `hanpyo-authority` behind its pages.

pub mod messages;

use std::path::{Path, PathBuf};

use actix_web::web::{Data, Payload, PayloadConfig, ServiceConfig, put, resource};
use actix_web::{HttpRequest, HttpResponse};
use hanpyo_ledger::record::Phase;
use url::Url;

use self::messages::{
    AuthorityRequest, AuthorityView, FileView, ProposalView, RollView, UnitVoters,
};
use super::board::Place;
use super::messages::{Refusal, RefusalCode};
use super::schema::Secret;
use super::trustee::secret_view;
use super::worker::{Desk, Ended, JobHandle};
use crate::api::ProposalState;
use crate::authority::issue::{ASSIGNMENT, CREDENTIALS, HALVES, LETTERS, ORDER};
use crate::authority::run::{self, Issue, ReissueState, Secrets, Uploaded};
use crate::board::{Board, Seen};
use crate::cli::Failure;
use crate::files::{self, Existing};
use crate::secret_file::Passphrase;
use crate::session::Session;
use rand::rngs::OsRng;

type Job = JobHandle<AuthorityView>;

/// Largest roll that pages hand over, in bytes.
const LARGEST_ROLL: usize = 1 << 30;

/// Where the page's files go: the roll, and the other authority's order.
#[derive(Clone)]
pub struct RollFiles {
    roll: PathBuf,
    order: PathBuf,
}

/// An authority with its secret file, its folder and the board.
pub struct AuthorityDesk {
    secret: PathBuf,
    place: Option<Place>,
    out: PathBuf,
    booth: Option<Url>,
    file: Option<Secrets>,
    session: Option<Session>,
    roll: Option<RollView>,
    must_reopen: bool,
    proposals: Vec<ProposalView>,
}

impl AuthorityDesk {
    /// A desk with a locked file, or none yet.
    #[must_use]
    pub fn new(secret: PathBuf, place: Option<Place>, out: PathBuf, booth: Option<Url>) -> Self {
        Self {
            secret,
            place,
            out,
            booth,
            file: None,
            session: None,
            roll: None,
            must_reopen: false,
            proposals: Vec::new(),
        }
    }

    /// Where files from the page go.
    #[must_use]
    pub fn roll_files(&self) -> RollFiles {
        RollFiles {
            roll: self.out.join("roll.csv"),
            order: self.out.join("order-of-the-first.csv"),
        }
    }

    fn create(&mut self, passphrase: &Secret, again: &Secret) -> Result<Ended, Refusal> {
        if **passphrase != **again {
            let detail = "the two passphrases differ";
            return Err(Refusal::new(RefusalCode::PassphrasesDiffer, detail));
        }
        let passphrase = Passphrase::new(passphrase);
        // It was read back once by the program; now the person must open it as well.
        drop(Secrets::create(&self.secret, &passphrase, &mut OsRng)?);
        self.must_reopen = true;
        Ok(Ended::Done)
    }

    fn open(&mut self, passphrase: &Secret) -> Result<Ended, Refusal> {
        self.file = None;
        self.file = Some(Secrets::open(&self.secret, &Passphrase::new(passphrase))?);
        self.must_reopen = false;
        Ok(Ended::Done)
    }

    /// The open file and a board read to its end.
    fn at_board(&mut self, job: &Job) -> Result<(&mut Secrets, &mut Session), Refusal> {
        let session = match self.session.take() {
            Some(mut session) => {
                session.refresh().map_err(Refusal::from)?;
                session
            }
            None => {
                let none = || Refusal::new(RefusalCode::BadAddress, "no board was named");
                let place = self.place.as_ref().ok_or_else(none)?;
                place.read(&self.secret, job, Board::keep_halves)?
            }
        };
        let session = self.session.insert(session);
        let locked = || Refusal::new(RefusalCode::NotOpen, "the secret file is locked");
        Ok((self.file.as_mut().ok_or_else(locked)?, session))
    }

    fn read_roll(&mut self, job: &Job) -> Result<Ended, Refusal> {
        self.roll = None;
        let files = self.roll_files();
        let out = self.out.clone();
        let (file, session) = self.at_board(job)?;
        let board = &session.board;
        let voters = files.issue(&out, None).read_roll(file, board);
        let voters = voters.map_err(|failure| match failure {
            Failure::Input(error) => Refusal::new(RefusalCode::BadRoll, error),
            refused @ Failure::Refused(_) => refused.into(),
        })?;
        let units = &board.election()?.manifest.units;
        let mut per_unit = vec![0_u64; units.len()];
        for voter in voters.roll.voters() {
            if let Some(count) = per_unit.get_mut(usize::from(voter.unit)) {
                *count += 1;
            }
        }
        self.roll = Some(RollView {
            voters: voters.roll.len() as u64,
            units: (units.iter().zip(per_unit))
                .map(|(unit, voters)| UnitVoters {
                    unit: (&unit.title).into(),
                    voters,
                })
                .collect(),
        });
        Ok(Ended::Done)
    }

    fn issue(&mut self, job: &Job) -> Result<Ended, Refusal> {
        let (files, out, booth) = (self.roll_files(), self.out.clone(), self.booth.clone());
        let (file, session) = self.at_board(job)?;
        let issue = files.issue(&out, booth);
        let issued = issue.run(file, &session.board, &mut |what, done, total| {
            job.progress(what, done, total);
        })?;
        job.say(&format!("{} codes issued", issued.voters));
        Ok(Ended::Done)
    }

    fn upload(&mut self, job: &Job) -> Result<Ended, Refusal> {
        let out = self.out.clone();
        let (file, session) = self.at_board(job)?;
        let mut report = |what, done, total| job.progress(what, done, total);
        let (voters, uploaded) = run::upload(file, session, &out, &mut report)?;
        match uploaded {
            Uploaded::Sealed => Ok(Ended::Done),
            Uploaded::Proposed(state) => {
                self.signed("seal", None, None, state);
                Ok(Ended::Done)
            }
            Uploaded::Waiting { there } => {
                job.say(&format!("{there} of {voters} credentials are on the board"));
                Ok(Ended::Later)
            }
        }
    }

    fn revoke(&mut self, index: u32, reason: String, job: &Job) -> Result<Ended, Refusal> {
        let (file, session) = self.at_board(job)?;
        let state = run::revoke(file, session, index, reason)?;
        self.signed("revocation", Some(index), None, state);
        Ok(Ended::Done)
    }

    fn reissue(&mut self, index: u32, job: &Job) -> Result<Ended, Refusal> {
        let (out, booth) = (self.out.clone(), self.booth.clone());
        let (file, session) = self.at_board(job)?;
        match run::reissue(file, session, &out, index, booth)? {
            ReissueState::Waiting(what) => {
                job.say(&format!("waiting for {what}"));
                Ok(Ended::Later)
            }
            ReissueState::Proposed { new, state, files } => {
                job.say(&format!("written: {}", files.join(", ")));
                self.signed("reissue", Some(index), Some(new), state);
                Ok(Ended::Done)
            }
        }
    }

    /// Remembers what was signed; the same proposal signed again replaces what was known of it.
    fn signed(
        &mut self,
        what: &str,
        credential: Option<u32>,
        new: Option<u32>,
        state: ProposalState,
    ) {
        self.proposals.retain(|known| known.id != state.id);
        self.proposals.push(ProposalView {
            what: what.to_owned(),
            credential,
            new,
            id: state.id,
            missing: state.missing,
            index: state.index,
        });
    }
}

impl RollFiles {
    fn issue<'a>(&'a self, out: &'a Path, booth: Option<Url>) -> Issue<'a> {
        Issue {
            roll: &self.roll,
            order: self.order.exists().then_some(self.order.as_path()),
            out,
            booth,
        }
    }
}

impl Desk for AuthorityDesk {
    type Request = AuthorityRequest;
    type View = AuthorityView;

    fn kind(request: &AuthorityRequest) -> &'static str {
        request.kind()
    }

    fn view(&self) -> AuthorityView {
        let file = self.file.as_ref();
        let board = self.session.as_ref().map(|session| &session.board);
        let files = self.roll_files();
        let out = std::path::absolute(&self.out).unwrap_or_else(|_| self.out.clone());
        AuthorityView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            secret: secret_view(
                &self.secret,
                file.map(|file| file.key().verifying_key().to_string()),
                self.must_reopen,
            ),
            board: self.place.as_ref().map(|place| {
                place.view(board, |election| {
                    Some(election.authority(file?.key()).ok()?.get())
                })
            }),
            has_key: board.is_some_and(|board| board.checker().phase() >= Phase::Roll),
            out: out.display().to_string(),
            roll_chosen: files.roll.exists(),
            order_chosen: files.order.exists(),
            roll: self.roll.clone(),
            issued: file.and_then(|file| Some(file.state().issue.as_ref()?.voters())),
            files: written(&self.out),
            uploaded: board.map_or(0, |board| board.checker().credentials()),
            proposals: (self.proposals.iter())
                .map(|proposal| placed(proposal, board.map(Board::seen)))
                .collect(),
        }
    }

    fn carry_out(&mut self, request: AuthorityRequest, job: &Job) -> Result<Ended, Refusal> {
        match request {
            AuthorityRequest::Create { passphrase, again } => self.create(&passphrase, &again),
            AuthorityRequest::Open { passphrase } => self.open(&passphrase),
            AuthorityRequest::Close {} => {
                self.file = None;
                Ok(Ended::Done)
            }
            AuthorityRequest::Connect { board, vkey, api } => {
                self.place = Some(Place::parse(board, vkey, api)?);
                self.session = None;
                self.at_board(job).map(|_| Ended::Done)
            }
            AuthorityRequest::Read {} => self.at_board(job).map(|_| Ended::Done),
            AuthorityRequest::Roll {} => self.read_roll(job),
            AuthorityRequest::Issue {} => self.issue(job),
            AuthorityRequest::Commit {} => {
                let out = self.out.clone();
                let (file, session) = self.at_board(job)?;
                run::commit(file, session, &out)?;
                Ok(Ended::Done)
            }
            AuthorityRequest::OpenHalves {} => {
                let out = self.out.clone();
                let (file, session) = self.at_board(job)?;
                let mut report = |what, done, total| job.progress(what, done, total);
                run::open_halves(file, session, &out, &mut report)?;
                Ok(Ended::Done)
            }
            AuthorityRequest::Upload {} => self.upload(job),
            AuthorityRequest::Revoke { index, reason } => self.revoke(index, reason, job),
            AuthorityRequest::Reissue { index } => self.reissue(index, job),
        }
    }
}

/// What was signed, as the board has it now: others sign after this program has asked for it.
fn placed(proposal: &ProposalView, seen: Option<&Seen>) -> ProposalView {
    let index = seen.and_then(|seen| match (proposal.credential, proposal.new) {
        (None, _) => seen.sealed,
        (Some(credential), None) => seen.revoked.get(&credential).copied(),
        (Some(_), Some(new)) => seen.reissued.get(&new).copied(),
    });
    match index {
        None => proposal.clone(),
        Some(index) => ProposalView {
            missing: Vec::new(),
            index: Some(index),
            ..proposal.clone()
        },
    }
}

/// Files of the issue that are in the folder; all but the signed credentials say something about voters.
fn written(out: &Path) -> Vec<FileView> {
    [LETTERS, ASSIGNMENT, ORDER, HALVES, CREDENTIALS]
        .into_iter()
        .filter(|name| out.join(name).exists())
        .map(|name| FileView {
            name: name.to_owned(),
            secret: name != CREDENTIALS,
        })
        .collect()
}

/// Routes by which the page hands over the roll and the other authority's order, as they are.
pub fn routes(service: &mut ServiceConfig, files: &RollFiles) {
    service
        .app_data(Data::new(files.clone()))
        .service(
            resource("/api/roll")
                .app_data(PayloadConfig::new(LARGEST_ROLL))
                .route(put().to(
                    async |files: Data<RollFiles>, _: HttpRequest, body: Payload| {
                        keep(&files.roll, body).await
                    },
                )),
        )
        .service(
            resource("/api/order")
                .app_data(PayloadConfig::new(LARGEST_ROLL))
                .route(put().to(
                    async |files: Data<RollFiles>, _: HttpRequest, body: Payload| {
                        keep(&files.order, body).await
                    },
                )),
        );
}

/// Puts a file from the page into the folder, in place of an earlier one.
async fn keep(path: &Path, body: Payload) -> HttpResponse {
    let Ok(body) = body.to_bytes_limited(LARGEST_ROLL).await else {
        return HttpResponse::PayloadTooLarge().finish();
    };
    let Ok(bytes) = body else {
        return HttpResponse::BadRequest().finish();
    };
    let written = files::create_folder(files::folder_of(path))
        .and_then(|()| files::write(path, &bytes, Existing::Replace));
    match written {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => HttpResponse::InternalServerError()
            .content_type("text/plain; charset=utf-8")
            .body(error.to_string()),
    }
}
