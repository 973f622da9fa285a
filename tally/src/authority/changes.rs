//! Revocations and re-issues (docs/PROTOCOL.md section 10.3, step 6): proposals that every authority and the
//! commission sign.

use hanpyo_crypto::credential::combine_public;
use hanpyo_crypto::group::decode_point;
use hanpyo_ledger::entry::{
    CredentialIndex, EncodedPoint, Entry, Reason, Reissue, Revocation, Subject,
};
use hanpyo_ledger::record::Phase;
use hanpyo_ledger::signature::{Proposal, Role};
use rand::rngs::OsRng;
use thiserror::Error;

use super::chunks::{ChunkError, half_chunks, half_commitment};
use super::codes::CodeBook;
use super::state::{AuthorityState, ReissueCode, salt};
use super::upload::{UploadError, Uploader};
use crate::api::ProposalState;
use crate::board::BoardError;
use crate::checks::{Progress, UP_TO_ROLL};
use crate::role_file::{RoleFile, RoleFileError};
use crate::session::Session;

/// Why a credential is not revoked or re-issued.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// Board, server or signature.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The secret file cannot be saved; nothing was published.
    #[error(transparent)]
    File(#[from] RoleFileError),
    /// The rules forbid it now.
    #[error("credential {index}: {reason}")]
    Forbidden {
        /// Which.
        index: u32,
        /// Why.
        reason: &'static str,
    },
}

impl From<BoardError> for ChangeError {
    fn from(error: BoardError) -> Self {
        Self::Upload(error.into())
    }
}

macro_rules! through_upload {
    ($($source:ty),*) => {$(
        impl From<$source> for ChangeError {
            fn from(error: $source) -> Self {
                Self::Upload(error.into())
            }
        }
    )*};
}

through_upload!(
    crate::session::SessionError,
    crate::api::ApiError,
    hanpyo_ledger::signature::SignatureError,
    hanpyo_ledger::signature::ProposalError,
    hanpyo_ledger::entry::EntryError,
    ChunkError
);

/// Refuses what the board would refuse, in words.
fn check_state(session: &Session, index: u32, revoked: bool) -> Result<(), ChangeError> {
    session.board.require(UP_TO_ROLL, Progress::Growing)?;
    let checker = session.board.checker();
    let forbid = |reason| Err(ChangeError::Forbidden { index, reason });
    if !matches!(checker.phase(), Phase::Sealed | Phase::Voting) {
        return forbid("changes are possible only from the sealing of the roll to the close");
    }
    let Some(voter) = checker.voter(index) else {
        return forbid("there is no such credential");
    };
    if voter.counted.is_some() {
        return forbid("it has a counted ballot");
    }
    match (revoked, voter.revoked, voter.reissued) {
        (false, true, _) => forbid("it is revoked already"),
        (true, false, _) => forbid("it is not revoked; revoke it first"),
        (true, _, true) => forbid("it was re-issued already"),
        _ => Ok(()),
    }
}

/// Signs the revocation of a credential.
///
/// # Errors
/// [`ChangeError`].
pub fn revoke(
    index: u32,
    reason: Reason,
    who: Uploader<'_>,
    session: &mut Session,
) -> Result<ProposalState, ChangeError> {
    session.refresh()?;
    check_state(session, index, false)?;
    let election = session.board.election()?;
    let payload = Revocation {
        credential: CredentialIndex::from(index),
        reason,
    };
    let mut proposal = Proposal::new(&payload, &election.keys);
    proposal.sign(&election.keys, Role::Authority(who.number), who.key)?;
    Ok(session.api().post_proposal(&proposal.encode())?)
}

/// How far a re-issue is.
pub enum Reissued {
    /// Signed: the code for the letter, the new index, and who has not signed.
    Proposed {
        /// The voter's new code, to be printed.
        code: ReissueCode,
        /// The new index.
        new: u32,
        /// Who has not signed.
        state: ProposalState,
    },
    /// The other authority must act; run again later.
    Waiting(&'static str),
}

/// Signs the re-issue of a revoked credential under the next free index, with a fresh code. Two authorities first
/// commit to their halves, then publish them: run again until it is proposed.
///
/// # Errors
/// [`ChangeError`].
pub fn reissue(
    revoked: u32,
    file: &mut RoleFile<AuthorityState>,
    session: &mut Session,
) -> Result<Reissued, ChangeError> {
    session.refresh()?;
    check_state(session, revoked, true)?;
    let keyed = session.board.keyed_election()?;
    let election = keyed.election;
    let number = election
        .authority(file.key())
        .map_err(|_| ChangeError::Forbidden {
            index: revoked,
            reason: "this secret file is none of the manifest's authorities",
        })?;
    let code = file.state().reissue(&keyed, revoked, &mut OsRng);
    let state = file.state().with_reissue(code.clone());
    file.save(state)?;
    let authorities = election.keys.authorities();
    let book = reissue_book(&keyed, &code, number, authorities);
    let half = book.points(0..1).into_iter().next().unwrap_or_default();
    let new = session.board.checker().credentials();
    let credential = if authorities == 2 {
        match combined_half(&half, revoked, number, file, session)? {
            Ok(point) => point,
            Err(waiting) => return Ok(Reissued::Waiting(waiting)),
        }
    } else {
        half
    };
    let election = session.board.election()?;
    let payload = Reissue {
        revoked: CredentialIndex::from(revoked),
        new: CredentialIndex::from(new),
        credential: EncodedPoint(credential),
    };
    let mut proposal = Proposal::new(&payload, &election.keys);
    proposal.sign(&election.keys, Role::Authority(number), file.key())?;
    let state = session.api().post_proposal(&proposal.encode())?;
    Ok(Reissued::Proposed { code, new, state })
}

/// The codes of a re-issue: one, at place 0.
#[must_use]
pub fn reissue_book(
    keyed: &crate::election::KeyedElection<'_>,
    code: &ReissueCode,
    number: hanpyo_ledger::entry::AuthorityNumber,
    authorities: usize,
) -> CodeBook {
    let key = curve25519_dalek::ristretto::CompressedRistretto(*keyed.joint_key.as_bytes());
    CodeBook::new(
        code.seed(),
        &keyed.election.hash.0,
        &key,
        salt(number, authorities),
    )
}

/// Commits to this authority's half, then publishes it, then adds the other's; says whom to wait for.
fn combined_half(
    half: &[u8; 32],
    revoked: u32,
    number: hanpyo_ledger::entry::AuthorityNumber,
    file: &RoleFile<AuthorityState>,
    session: &mut Session,
) -> Result<Result<[u8; 32], &'static str>, ChangeError> {
    use hanpyo_ledger::entry::AuthorityNumber as Number;
    let subject = Subject::Reissue(CredentialIndex::from(revoked));
    let other = if number == Number::MIN {
        Number::MAX
    } else {
        Number::MIN
    };
    let election = session.board.election()?;
    let commitment = half_commitment(&election.hash, number, subject, half);
    match session.board.seen().commitments.get(&(number, subject)) {
        Some(hash) if *hash != commitment.hash => {
            return Err(UploadError::OtherHalves(number).into());
        }
        Some(_) => {}
        None => {
            let entry = Entry::from(election.keys.sign(commitment, &[file.key()])?).encode()?;
            session.publish(&entry)?;
        }
    }
    if !session
        .board
        .seen()
        .commitments
        .contains_key(&(other, subject))
    {
        return Ok(Err("the other authority to commit to its half"));
    }
    if !session
        .board
        .seen()
        .reissue_halves
        .contains_key(&(number, subject))
    {
        let election = session.board.election()?;
        let chunks = half_chunks(number, subject, half)?.into_iter();
        let entries = chunks
            .map(|chunk| Ok(Entry::from(election.keys.sign(chunk, &[file.key()])?).encode()?))
            .collect::<Result<Vec<_>, ChangeError>>()?;
        session.publish_all(&entries)?;
    }
    let Some(theirs) = session.board.seen().reissue_halves.get(&(other, subject)) else {
        return Ok(Err("the other authority to publish its half"));
    };
    let bad = || ChangeError::Upload(UploadError::BadHalf(revoked));
    let theirs: &[u8; 32] = theirs.as_slice().try_into().map_err(|_| bad())?;
    let (ours, theirs) = (
        decode_point(half).map_err(|_| bad())?,
        decode_point(theirs).map_err(|_| bad())?,
    );
    let sum = combine_public(&ours, &theirs).map_err(|_| bad())?;
    Ok(Ok(sum.compress().to_bytes()))
}
