//! Bringing the roll to the board: signed chunks of a sole authority, or proposals that two authorities sign one
//! after the other. The board says how far it is, so an interrupted upload goes on where it stopped.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use hanpyo_crypto::credential::combine_public;
use hanpyo_crypto::group::decode_point;
use hanpyo_ledger::entry::{AuthorityNumber, Entry, EntryError, RollChunk, RollSealed, Subject};
use hanpyo_ledger::record::Phase;
use hanpyo_ledger::signature::{Proposal, ProposalError, Role, SignatureError, SigningKey};
use rayon::prelude::*;
use thiserror::Error;

use super::chunks::{
    ChunkError, HALVES_PER_CHUNK, ROWS_PER_CHUNK, half_chunks, half_commitment, roll_chunk, seal,
};
use super::order;
use super::roll::Roll;
use crate::api::{ApiError, LARGEST_BUNDLE, ProposalState};
use crate::board::BoardError;
use crate::checks::{CheckRefusal, Progress, UP_TO_ROLL};
use crate::session::{Session, SessionError, push};

/// Why an upload stops.
#[derive(Debug, Error)]
pub enum UploadError {
    /// Board or server.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no bundle of roll chunks.
    #[error("{path}: {reason}")]
    NotChunks {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The board holds other credentials than this file.
    #[error("credential {0} on the board is not the one in the file: another issue was uploaded")]
    OtherRoll(u32),
    /// The board holds another half list than this authority's.
    #[error(
        "the half list of authority {0} on the board is not the one that was committed to here"
    )]
    OtherHalves(AuthorityNumber),
    /// The other authority must act first.
    #[error("authority {authority} has not {what} yet")]
    OtherFirst {
        /// Which.
        authority: AuthorityNumber,
        /// What is missing.
        what: &'static str,
    },
    /// Halves do not add up to credentials.
    #[error("half credential {0} is no point, or the halves cancel")]
    BadHalf(u32),
    /// This step is for two authorities.
    #[error("the manifest names one authority; there are no half lists")]
    OneAuthority,
    /// The roll is on the board and sealed.
    #[error("the roll is not open for changes on the board (it is {0})")]
    Closed(&'static str),
    /// Entries cannot be made.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    /// Entries cannot be encoded.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// Signing failed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A proposal is refused.
    #[error(transparent)]
    Proposal(#[from] ProposalError),
}

impl From<BoardError> for UploadError {
    fn from(error: BoardError) -> Self {
        Self::Session(error.into())
    }
}

impl From<ApiError> for UploadError {
    fn from(error: ApiError) -> Self {
        Self::Session(error.into())
    }
}

impl From<CheckRefusal> for UploadError {
    fn from(error: CheckRefusal) -> Self {
        Self::Session(BoardError::from(error).into())
    }
}

/// Who uploads.
#[derive(Clone, Copy)]
pub struct Uploader<'a> {
    /// Number of this authority.
    pub number: AuthorityNumber,
    /// Its key.
    pub key: &'a SigningKey,
}

/// Reads a bundle file entry by entry.
struct BundleFile {
    path: PathBuf,
    reader: BufReader<File>,
}

impl BundleFile {
    fn open(path: &Path) -> Result<Self, UploadError> {
        let file = File::open(path).map_err(|source| UploadError::Read {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            reader: BufReader::with_capacity(1 << 20, file),
        })
    }

    fn next(&mut self) -> Result<Option<(Vec<u8>, RollChunk)>, UploadError> {
        let mut length = [0; 2];
        let read = |source| UploadError::Read {
            path: self.path.clone(),
            source,
        };
        match self.reader.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other.map_err(read)?,
        }
        let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
        self.reader.read_exact(&mut bytes).map_err(read)?;
        match Entry::decode(&bytes) {
            Ok(Entry::RollChunk(signed)) => Ok(Some((bytes, signed.payload))),
            Ok(other) => Err(self.wrong(format!(
                "a {} entry where roll chunks are expected",
                other.entry_type()
            ))),
            Err(error) => Err(self.wrong(error.to_string())),
        }
    }

    fn wrong(&self, reason: String) -> UploadError {
        UploadError::NotChunks {
            path: self.path.clone(),
            reason,
        }
    }
}

/// Uploads `credentials.cbor-bundle` of a sole authority. `done` hears how many credentials are on the board.
///
/// # Errors
/// [`UploadError`]; run again to go on.
pub fn upload_bundle(
    path: &Path,
    session: &mut Session,
    done: &mut dyn FnMut(u64),
) -> Result<(), UploadError> {
    session.refresh()?;
    loop {
        let before = session.board.checker().credentials();
        if send_rest(path, session, done)? {
            return Ok(());
        }
        // A lost answer or a conflict: the board says where to go on; it must have moved.
        if session.board.checker().credentials() == before {
            return Err(
                SessionError::Stuck("the roll chunks are not on the board".to_owned()).into(),
            );
        }
    }
}

/// Sends everything the board does not have; false if an answer was lost.
fn send_rest(
    path: &Path,
    session: &mut Session,
    done: &mut dyn FnMut(u64),
) -> Result<bool, UploadError> {
    session.board.require(UP_TO_ROLL, Progress::Growing)?;
    let mut file = BundleFile::open(path)?;
    let mut bundle = Vec::new();
    while let Some((entry, chunk)) = file.next()? {
        if is_on_board(&chunk, session)? {
            continue;
        }
        if session.board.checker().phase() != Phase::Roll {
            return Err(UploadError::Closed(
                "sealed with fewer credentials, or voting has begun",
            ));
        }
        if bundle.len() + entry.len() + 2 > LARGEST_BUNDLE {
            if !session.send(&bundle)? {
                return Ok(false);
            }
            bundle.clear();
            done(u64::from(session.board.checker().credentials()));
        }
        push(&mut bundle, &entry);
    }
    let sent = bundle.is_empty() || session.send(&bundle)?;
    done(u64::from(session.board.checker().credentials()));
    Ok(sent)
}

/// Whether a chunk is on the board already; refuses if something else is.
fn is_on_board(chunk: &RollChunk, session: &Session) -> Result<bool, UploadError> {
    let checker = session.board.checker();
    let mut first = chunk.first.get();
    if first >= checker.credentials() {
        return Ok(false);
    }
    for row in &chunk.rows {
        let known = checker.credential(first);
        if known.is_none_or(|known| known.point != *row.credential.as_bytes()) {
            return Err(UploadError::OtherRoll(first));
        }
        first = first.saturating_add(1);
    }
    Ok(true)
}

/// Publishes this authority's commitment to its half list, unless it is on the board.
///
/// # Errors
/// [`UploadError`].
pub fn commit_halves(
    points: &[u8],
    who: Uploader<'_>,
    session: &mut Session,
) -> Result<(), UploadError> {
    session.refresh()?;
    let election = session.board.keyed_election()?.election;
    two_authorities(election.keys.authorities())?;
    let commitment = half_commitment(&election.hash, who.number, Subject::Roll, points);
    match session
        .board
        .seen()
        .commitments
        .get(&(who.number, Subject::Roll))
    {
        Some(hash) if *hash == commitment.hash => return Ok(()),
        Some(_) => return Err(UploadError::OtherHalves(who.number)),
        None => {}
    }
    let entry = Entry::from(election.keys.sign(commitment, &[who.key])?).encode()?;
    Ok(session.publish(&entry)?)
}

/// Publishes this authority's half list, as far as it is not on the board. Both must have committed.
///
/// # Errors
/// [`UploadError`].
pub fn open_halves(
    points: &[u8],
    who: Uploader<'_>,
    session: &mut Session,
    done: &mut dyn FnMut(u64),
) -> Result<(), UploadError> {
    session.refresh()?;
    loop {
        let election = session.board.keyed_election()?.election;
        two_authorities(election.keys.authorities())?;
        let seen = session.board.seen();
        for authority in [AuthorityNumber::MIN, AuthorityNumber::MAX] {
            if !seen.commitments.contains_key(&(authority, Subject::Roll)) {
                return Err(UploadError::OtherFirst {
                    authority,
                    what: "committed to its half list",
                });
            }
        }
        let commitment = half_commitment(&election.hash, who.number, Subject::Roll, points);
        if seen.commitments.get(&(who.number, Subject::Roll)) != Some(&commitment.hash) {
            return Err(UploadError::OtherHalves(who.number));
        }
        let there = seen
            .half_counts
            .get(&(who.number, Subject::Roll))
            .copied()
            .unwrap_or(0) as usize;
        done(there as u64);
        if there * 32 >= points.len() {
            return Ok(());
        }
        if !there.is_multiple_of(HALVES_PER_CHUNK) {
            return Err(UploadError::OtherHalves(who.number));
        }
        let entries = half_chunks(who.number, Subject::Roll, points)?
            .into_iter()
            .skip(there / HALVES_PER_CHUNK)
            .take(LARGEST_BUNDLE / (HALVES_PER_CHUNK * 32 + 256))
            .map(|chunk| Ok(Entry::from(election.keys.sign(chunk, &[who.key])?).encode()?))
            .collect::<Result<Vec<_>, UploadError>>()?;
        session.publish_all(&entries)?;
    }
}

fn two_authorities(authorities: usize) -> Result<(), UploadError> {
    if authorities == 2 {
        Ok(())
    } else {
        Err(UploadError::OneAuthority)
    }
}

/// The server's kind of problem when too many proposals wait for signatures.
const TOO_MANY: &str = "too-many-proposals";

/// Signs the roll chunks of two authorities as proposals: P = P_1 + P_2 from the half lists on the board, style,
/// weight and unit from this authority's own roll. Stops when the server wants the other authority to sign first.
/// `done` hears how many credentials are signed.
///
/// # Errors
/// [`UploadError`].
pub fn propose_chunks(
    roll: &Roll,
    indices: &[u32],
    own: &[u8],
    who: Uploader<'_>,
    session: &mut Session,
    done: &mut dyn FnMut(u64),
) -> Result<(), UploadError> {
    session.refresh()?;
    let election = session.board.keyed_election()?.election;
    two_authorities(election.keys.authorities())?;
    let halves = &session.board.seen().halves;
    let (one, two) = (
        halves.of(AuthorityNumber::MIN),
        halves.of(AuthorityNumber::MAX),
    );
    for (authority, list) in [(AuthorityNumber::MIN, one), (AuthorityNumber::MAX, two)] {
        if list.len() != indices.len() * 32 {
            return Err(UploadError::OtherFirst {
                authority,
                what: "published its whole half list",
            });
        }
    }
    if halves.of(who.number) != own {
        return Err(UploadError::OtherHalves(who.number));
    }
    let points = sums(one, two)?;
    let rows = order::inverse(indices);
    let there = session.board.checker().credentials();
    for (first, points) in (0_u32..)
        .step_by(ROWS_PER_CHUNK)
        .zip(points.chunks(ROWS_PER_CHUNK))
    {
        let chunk = roll_chunk(first, points, roll, &rows)?;
        if !is_on_board(&chunk, session)? {
            if session.board.checker().phase() != Phase::Roll {
                return Err(UploadError::Closed("sealed"));
            }
            let mut proposal = Proposal::new(&chunk, &election.keys);
            proposal.sign(&election.keys, Role::Authority(who.number), who.key)?;
            match session.api().post_proposal(&proposal.encode()) {
                // The server keeps some open proposals only: the other authority signs these first.
                Err(error) if error.is_kind(TOO_MANY) => return Ok(()),
                other => other?,
            };
        }
        done(u64::from(first.max(there)) + points.len() as u64);
    }
    Ok(())
}

fn sums(one: &[u8], two: &[u8]) -> Result<Vec<[u8; 32]>, UploadError> {
    let (one, two) = (one.as_chunks::<32>().0, two.as_chunks::<32>().0);
    one.par_iter()
        .zip(two)
        .enumerate()
        .map(|(index, (one, two))| {
            let bad = || UploadError::BadHalf(u32::try_from(index).unwrap_or(u32::MAX));
            let one = decode_point(one).map_err(|_| bad())?;
            let two = decode_point(two).map_err(|_| bad())?;
            let sum = combine_public(&one, &two).map_err(|_| bad())?;
            Ok(sum.compress().to_bytes())
        })
        .collect()
}

/// Signs the proposal that seals the roll, unless it is sealed: all credentials must be on the board.
///
/// # Errors
/// [`UploadError`].
pub fn propose_seal(
    payload: RollSealed,
    who: Uploader<'_>,
    session: &mut Session,
) -> Result<Option<ProposalState>, UploadError> {
    session.refresh()?;
    session.board.require(UP_TO_ROLL, Progress::Growing)?;
    if session.board.checker().phase() > Phase::Roll {
        return Ok(None);
    }
    let election = session.board.keyed_election()?.election;
    let mut proposal = Proposal::new(&payload, &election.keys);
    proposal.sign(&election.keys, Role::Authority(who.number), who.key)?;
    Ok(Some(session.api().post_proposal(&proposal.encode())?))
}

/// The seal of the chunks in a bundle file.
///
/// # Errors
/// [`UploadError`].
pub fn seal_of_bundle(path: &Path, units: usize) -> Result<RollSealed, UploadError> {
    let mut file = BundleFile::open(path)?;
    let (mut credentials, mut per_unit) = (0_u64, vec![0_u64; units]);
    while let Some((_, chunk)) = file.next()? {
        for row in &chunk.rows {
            credentials += 1;
            if let Some(count) = per_unit.get_mut(row.unit.position()) {
                *count += 1;
            }
        }
    }
    Ok(RollSealed {
        credentials: credentials.try_into().map_err(ChunkError::from)?,
        per_unit: per_unit.try_into().map_err(ChunkError::from)?,
    })
}

/// The seal of a roll.
///
/// # Errors
/// [`UploadError`].
pub fn seal_of_roll(roll: &Roll, units: usize) -> Result<RollSealed, UploadError> {
    Ok(seal(roll, units)?)
}
