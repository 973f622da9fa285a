//! Credentials as entries: roll chunks and half-list chunks (docs/PROTOCOL.md section 10.3, step 5).

use hanpyo_crypto::{group, labels};
use hanpyo_ledger::entry::bounded::{List, WrongLength};
use hanpyo_ledger::entry::{
    AuthorityNumber, CredentialIndex, ElectorateSize, EncodedPoint, EntryError, HalfListChunk,
    HalfListCommitment, Hash, OutOfRange, RollChunk, RollRow, RollSealed, StyleNumber, Subject,
    UnitNumber, Weight,
};
use thiserror::Error;

use super::roll::Roll;

/// Rows in every roll chunk but the last. Both authorities must cut alike; 1,400 rows of the largest size with
/// three signatures are 64,621 bytes, within an entry.
pub const ROWS_PER_CHUNK: usize = 1400;
/// Half credentials in every half-list chunk but the last: 64,000 bytes.
pub const HALVES_PER_CHUNK: usize = 2000;

/// Why credentials do not fit into entries.
#[derive(Debug, Error)]
pub enum ChunkError {
    /// A number is out of range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// Too many or too few items.
    #[error(transparent)]
    Length(#[from] WrongLength),
    /// The entry is too long.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// There is no voter for a credential.
    #[error("credential {0} belongs to no voter of the roll")]
    NoVoter(u32),
}

/// The roll chunk of `points`, which begin at index `first`. `rows` gives the roll's row of each index.
///
/// # Errors
/// [`ChunkError`].
pub fn roll_chunk(
    first: u32,
    points: &[[u8; 32]],
    roll: &Roll,
    rows: &[u32],
) -> Result<RollChunk, ChunkError> {
    let row = |(index, point): (u32, &[u8; 32])| {
        let voter = rows
            .get(index as usize)
            .and_then(|row| roll.voter(*row as usize))
            .ok_or(ChunkError::NoVoter(index))?;
        Ok(RollRow {
            credential: EncodedPoint(*point),
            style: StyleNumber::from(voter.style),
            weight: Weight::try_from(u64::from(voter.weight))?,
            unit: UnitNumber::from(voter.unit),
        })
    };
    let rows = (first..)
        .zip(points)
        .map(row)
        .collect::<Result<Vec<_>, ChunkError>>()?;
    Ok(RollChunk {
        first: CredentialIndex::from(first),
        rows: List::new(rows)?,
    })
}

/// What the roll seals: all credentials, and those of each unit.
///
/// # Errors
/// [`ChunkError`].
pub fn seal(roll: &Roll, units: usize) -> Result<RollSealed, ChunkError> {
    let mut per_unit = vec![0_u64; units];
    for voter in roll.voters() {
        if let Some(count) = per_unit.get_mut(usize::from(voter.unit)) {
            *count += 1;
        }
    }
    Ok(RollSealed {
        credentials: ElectorateSize::try_from(roll.len() as u64)?,
        per_unit: List::new(per_unit)?,
    })
}

/// The commitment to a half list, `points` being all of it joined.
#[must_use]
pub fn half_commitment(
    manifest: &Hash,
    authority: AuthorityNumber,
    subject: Subject,
    points: &[u8],
) -> HalfListCommitment {
    let parts: [&[u8]; 4] = [
        manifest.as_bytes(),
        &[authority.get()],
        &subject.to_bytes(),
        points,
    ];
    HalfListCommitment {
        authority,
        subject,
        hash: Hash(group::hash(labels::hash::HALF_LIST, &parts)),
    }
}

/// All chunks of a half list, in order.
///
/// # Errors
/// [`ChunkError`].
pub fn half_chunks(
    authority: AuthorityNumber,
    subject: Subject,
    points: &[u8],
) -> Result<Vec<HalfListChunk>, ChunkError> {
    let step = u32::try_from(HALVES_PER_CHUNK).unwrap_or(u32::MAX);
    (0_u32..)
        .zip(points.chunks(HALVES_PER_CHUNK * 32))
        .map(|(number, points)| {
            Ok(HalfListChunk {
                authority,
                subject,
                first: CredentialIndex::from(number.saturating_mul(step)),
                points: points.to_vec().try_into()?,
            })
        })
        .collect()
}
