//! The authority's commands, carried out against a secret file, a folder and a board. The command line and the pages
//! call them; both say where things are and how progress is shown.

use std::fs::File;
use std::path::Path;

use hanpyo_ledger::entry::{AuthorityNumber, Reason};
use hanpyo_ledger::record::Phase;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use url::Url;

use super::changes::{self, Reissued};
use super::codes::CodeBook;
use super::issue::{self, Issuing};
use super::letters;
use super::order;
use super::roll::{Roll, RollLimits};
use super::state::{AuthorityState, salt};
use super::upload::{self, Uploader};
use crate::api::ProposalState;
use crate::board::Board;
use crate::cli::Failure;
use crate::election::{Election, KeyedElection};
use crate::files;
use crate::role_file::RoleFile;
use crate::session::Session;
use crate::ui::messages::Counted;

/// An authority's secret file.
pub type Secrets = RoleFile<AuthorityState>;

/// Hears how far a command is: what is counted, how many, of how many.
pub type Report<'a> = &'a mut dyn FnMut(Counted, u64, u64);

/// Who votes.
pub struct Voters {
    /// The roll.
    pub roll: Roll,
    /// Credential index of each voter, if the other authority drew the order.
    order: Option<Vec<u32>>,
    /// Hash of both.
    hash: [u8; 32],
}

/// From a roll to voting codes.
pub struct Issue<'a> {
    /// The electoral roll.
    pub roll: &'a Path,
    /// Second of two authorities: the first one's `order.csv`.
    pub order: Option<&'a Path>,
    /// Folder for the files.
    pub out: &'a Path,
    /// Address of the voting page; if left out, that of the run before, or as the manifest's origin says.
    pub booth: Option<Url>,
}

/// What was issued.
pub struct Issued {
    /// Number of voters.
    pub voters: u32,
    /// Names of the files written.
    pub files: Vec<&'static str>,
}

impl Issue<'_> {
    /// Reads roll and order, and refuses what does not fit the election or this authority.
    ///
    /// # Errors
    /// [`Failure`] with file and row.
    pub fn read_roll(&self, file: &Secrets, board: &Board) -> Result<Voters, Failure> {
        let election = board.election().map_err(Failure::refused)?;
        let second = is_second(file, election)?;
        if second != self.order.is_some() {
            return Err(Failure::input(if second {
                "this is the second authority: --order names the order.csv of the first"
            } else {
                "--order is only for the second of two authorities"
            }));
        }
        let limits = limits(election);
        let roll = Roll::read(open_csv(self.roll)?, limits).map_err(in_file(self.roll))?;
        let Some(path) = self.order else {
            let hash = roll.hash();
            return Ok(Voters {
                roll,
                order: None,
                hash,
            });
        };
        let (ordered, indices) =
            Roll::read_order(open_csv(path)?, limits).map_err(in_file(path))?;
        roll.same_voters(&ordered).map_err(|difference| {
            Failure::input(format!(
                "{} and {} differ: {difference}",
                self.roll.display(),
                path.display()
            ))
        })?;
        let mut hash = Sha256::new_with_prefix(ordered.hash());
        for index in &indices {
            hash.update(index.to_le_bytes());
        }
        Ok(Voters {
            roll: ordered,
            order: Some(indices),
            hash: hash.finalize().into(),
        })
    }

    /// Checks manifest and joint key on the board, draws a code for every voter and writes the files.
    ///
    /// # Errors
    /// [`Failure`]; run again with the same roll to go on, with the same codes.
    pub fn run(
        self,
        file: &mut Secrets,
        board: &Board,
        report: Report<'_>,
    ) -> Result<Issued, Failure> {
        let keyed = board.keyed_election().map_err(Failure::refused)?;
        let election = keyed.election;
        let number = election.authority(file.key()).map_err(Failure::refused)?;
        let authorities = election.keys.authorities();
        let Voters {
            roll,
            order: given,
            hash,
        } = self.read_roll(file, board)?;
        let voters = u32::try_from(roll.len()).map_err(Failure::input)?;
        let issued = file
            .state()
            .issue(&keyed, hash, voters, &mut OsRng)
            .map_err(Failure::refused)?;
        if file.state().issue.is_none() && board.checker().credentials() > 0 {
            return Err(Failure::refused(
                "the board has a roll already, which this secret file did not issue",
            ));
        }
        let booth = booth(self.booth, issued.booth(), &keyed)?;
        let issued = issued.with_booth(booth.as_str());
        if file.state().issue.is_none() {
            // On disk before the first code is anywhere: whatever happens, nobody gets two codes.
            let state = AuthorityState {
                issue: Some(issued.clone()),
                ..file.state().clone()
            };
            file.save(state).map_err(Failure::input)?;
        }
        let order = given.unwrap_or_else(|| order::permutation(issued.order_seed(), voters));
        let codes = code_book(&keyed, issued.code_seed(), number, authorities);
        files::create_folder(self.out)?;
        let _lock = files::Lock::beside(&self.out.join(issue::LETTERS))?;
        let issuing = Issuing {
            roll: &roll,
            order: &order,
            codes: &codes,
            authority: number,
            manifest: &election.hash,
            keys: &election.keys,
            key: file.key(),
            fingerprint: &election.fingerprint(),
            booth: &booth,
        };
        let files = write(&issuing, self.out, u64::from(voters), authorities, report)?;
        let known = file.state().issue.as_ref().and_then(|issue| issue.booth());
        if known != Some(booth.as_str()) {
            // The letters have another address than those of the run before, which are gone.
            let state = AuthorityState {
                issue: Some(issued),
                ..file.state().clone()
            };
            file.save(state).map_err(Failure::input)?;
        }
        Ok(Issued { voters, files })
    }
}

fn write(
    issuing: &Issuing<'_>,
    out: &Path,
    voters: u64,
    authorities: usize,
    report: Report<'_>,
) -> Result<Vec<&'static str>, Failure> {
    let mut done = 0;
    report(Counted::Codes, done, voters);
    issuing
        .write_letters(out, &mut |more| {
            done += more;
            report(Counted::Codes, done, voters);
        })
        .map_err(Failure::input)?;
    let mut done = 0;
    report(Counted::Credentials, done, voters);
    let mut count = |more| {
        done += more;
        report(Counted::Credentials, done, voters);
    };
    let mut written = vec![issue::LETTERS];
    if authorities == 2 {
        issuing
            .write_halves(out, &mut count)
            .map_err(Failure::input)?;
        issuing.write_order(out).map_err(Failure::input)?;
        written.extend([issue::HALVES, issue::ORDER]);
    } else {
        issuing
            .write_credentials(out, &mut count)
            .map_err(Failure::input)?;
        written.push(issue::CREDENTIALS);
    }
    if authorities < 2 || issuing.authority == AuthorityNumber::MIN {
        issuing.write_assignment(out).map_err(Failure::input)?;
        written.push(issue::ASSIGNMENT);
    }
    Ok(written)
}

/// Two authorities: publishes the commitment to this half list.
///
/// # Errors
/// [`Failure`].
pub fn commit(
    file: &Secrets,
    session: &mut Session,
    out: &Path,
) -> Result<AuthorityNumber, Failure> {
    let points = halves(out)?;
    let who = uploader(file, session)?;
    upload::commit_halves(&points, who, session).map_err(Failure::refused)?;
    Ok(who.number)
}

/// Two authorities: publishes this half list, after both have committed.
///
/// # Errors
/// [`Failure`].
pub fn open_halves(
    file: &Secrets,
    session: &mut Session,
    out: &Path,
    report: Report<'_>,
) -> Result<AuthorityNumber, Failure> {
    let points = halves(out)?;
    let who = uploader(file, session)?;
    let all = points.len() as u64 / 32;
    let mut done = |done| report(Counted::Uploaded, done, all);
    upload::open_halves(&points, who, session, &mut done).map_err(Failure::refused)?;
    Ok(who.number)
}

/// How far the roll is.
pub enum Uploaded {
    /// It is on the board and sealed.
    Sealed,
    /// Its seal is signed by this authority.
    Proposed(ProposalState),
    /// The other authority must sign first.
    Waiting {
        /// Credentials on the board.
        there: u32,
    },
}

/// Brings the roll to the board and signs its seal. Gives the number of voters as well.
///
/// # Errors
/// [`Failure`]; run again to go on.
pub fn upload(
    file: &Secrets,
    session: &mut Session,
    out: &Path,
    report: Report<'_>,
) -> Result<(u32, Uploaded), Failure> {
    let who = uploader(file, session)?;
    let (authorities, units, limits, voters) = {
        let keyed = session.board.keyed_election().map_err(Failure::refused)?;
        let issued = file.state().issued(&keyed).map_err(Failure::refused)?;
        (
            keyed.election.keys.authorities(),
            keyed.election.manifest.units.len(),
            limits(keyed.election),
            issued.voters(),
        )
    };
    report(Counted::Uploaded, 0, u64::from(voters));
    let mut done = |credentials| report(Counted::Uploaded, credentials, u64::from(voters));
    let seal = if authorities == 2 {
        let path = out.join(issue::ORDER);
        let (roll, order) = Roll::read_order(open_csv(&path)?, limits).map_err(in_file(&path))?;
        let points = halves(out)?;
        upload::propose_chunks(&roll, &order, &points, who, session, &mut done)
            .map_err(Failure::refused)?;
        upload::seal_of_roll(&roll, units).map_err(Failure::refused)?
    } else {
        let path = out.join(issue::CREDENTIALS);
        upload::upload_bundle(&path, session, &mut done).map_err(Failure::refused)?;
        upload::seal_of_bundle(&path, units).map_err(Failure::refused)?
    };
    session.refresh().map_err(Failure::refused)?;
    let there = session.board.checker().credentials();
    if there < voters {
        return Ok((voters, Uploaded::Waiting { there }));
    }
    let state = upload::propose_seal(seal, who, session).map_err(Failure::refused)?;
    Ok((voters, state.map_or(Uploaded::Sealed, Uploaded::Proposed)))
}

/// Signs the revocation of a credential.
///
/// # Errors
/// [`Failure`].
pub fn revoke(
    file: &Secrets,
    session: &mut Session,
    index: u32,
    reason: String,
) -> Result<ProposalState, Failure> {
    let reason =
        Reason::new(reason).map_err(|error| Failure::input(format!("--reason: {error}")))?;
    let who = uploader(file, session)?;
    changes::revoke(index, reason, who, session).map_err(Failure::refused)
}

/// How a re-issue went.
pub enum ReissueState {
    /// The other authority must act; run again later.
    Waiting(&'static str),
    /// Signed, the letter written.
    Proposed {
        /// The new index.
        new: u32,
        /// Who has not signed.
        state: ProposalState,
        /// Names of the files written.
        files: Vec<String>,
    },
}

/// Draws a new code for the voter of a revoked credential, signs its re-issue and writes the letter.
///
/// # Errors
/// [`Failure`].
pub fn reissue(
    file: &mut Secrets,
    session: &mut Session,
    out: &Path,
    index: u32,
    booth_url: Option<Url>,
) -> Result<ReissueState, Failure> {
    let voter = letters::voter_of(out, index).map_err(Failure::input)?;
    match changes::reissue(index, file, session).map_err(Failure::refused)? {
        Reissued::Waiting(what) => Ok(ReissueState::Waiting(what)),
        Reissued::Proposed { code, new, state } => {
            let keyed = session.board.keyed_election().map_err(Failure::refused)?;
            let number = keyed
                .election
                .authority(file.key())
                .map_err(Failure::refused)?;
            let book =
                changes::reissue_book(&keyed, &code, number, keyed.election.keys.authorities());
            let known = file.state().issued(&keyed).ok().and_then(|i| i.booth());
            let letter = letters::Reissue {
                voter: &voter,
                revoked: index,
                new,
                code: &book.code(0),
                authority: number,
                election: keyed.election,
                booth: &booth(booth_url, known, &keyed)?,
            };
            let files = letter.write(out).map_err(Failure::input)?;
            Ok(ReissueState::Proposed { new, state, files })
        }
    }
}

/// Refuses unless the election is over on the board: only then are codes destroyed.
///
/// # Errors
/// [`Failure`].
pub fn may_purge(board: &Board) -> Result<(), Failure> {
    match board.checker().phase() {
        Phase::Finished | Phase::Void => Ok(()),
        _ => Err(Failure::refused("the election is not over on the board")),
    }
}

/// Destroys the codes in the secret file and in the folder; gives the names of the files removed.
///
/// # Errors
/// [`Failure`].
pub fn purge(file: &mut Secrets, out: &Path) -> Result<Vec<String>, Failure> {
    let removed = letters::remove_all(out)?;
    let state = file.state().purged();
    file.save(state).map_err(Failure::input)?;
    Ok(removed)
}

fn is_second(file: &Secrets, election: &Election) -> Result<bool, Failure> {
    let number = election.authority(file.key()).map_err(Failure::refused)?;
    Ok(election.keys.authorities() == 2 && number.get() == 2)
}

fn limits(election: &Election) -> RollLimits {
    RollLimits {
        styles: election.manifest.styles.len(),
        units: election.manifest.units.len(),
    }
}

fn uploader<'a>(file: &'a Secrets, session: &Session) -> Result<Uploader<'a>, Failure> {
    let election = session.board.election().map_err(Failure::refused)?;
    let number = election.authority(file.key()).map_err(Failure::refused)?;
    Ok(Uploader {
        number,
        key: file.key(),
    })
}

fn open_csv(path: &Path) -> Result<File, Failure> {
    File::open(path)
        .map_err(|error| Failure::input(format!("cannot open {}: {error}", path.display())))
}

fn in_file<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Failure {
    move |error| Failure::input(format!("{}: {error}", path.display()))
}

fn code_book(
    keyed: &KeyedElection<'_>,
    seed: &[u8; 32],
    number: AuthorityNumber,
    authorities: usize,
) -> CodeBook {
    let key = curve25519_dalek::ristretto::CompressedRistretto(*keyed.joint_key.as_bytes());
    CodeBook::new(
        seed,
        &keyed.election.hash.0,
        &key,
        salt(number, authorities),
    )
}

/// The voting page: as given, or as in the letters made before, or `https://HOST/e/TENANT/ELECTION/vote` of the manifest's origin.
fn booth(
    given: Option<Url>,
    known: Option<&str>,
    keyed: &KeyedElection<'_>,
) -> Result<Url, Failure> {
    if let Some(url) = given {
        if url.fragment().is_some() || !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::input(format!(
                "{url}: not an http(s) address without a fragment"
            )));
        }
        return Ok(url);
    }
    if let Some(known) = known {
        return Url::parse(known)
            .map_err(|error| Failure::input(format!("voting page in the secret file: {error}")));
    }
    let origin = keyed.election.manifest.origin.as_str();
    let address = origin
        .split_once('/')
        .map(|(host, path)| format!("https://{host}/e/{path}/vote"));
    address
        .and_then(|address| Url::parse(&address).ok())
        .ok_or_else(|| {
            Failure::input(format!(
                "no address follows from the origin {origin}; use --booth URL"
            ))
        })
}

fn halves(out: &Path) -> Result<Vec<u8>, Failure> {
    let path = out.join(issue::HALVES);
    std::fs::read(&path)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))
}
