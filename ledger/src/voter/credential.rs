//! From voting codes to a credential, and the credential's place in the roll (docs/PROTOCOL.md section 7).

use alloc::vec::Vec;

use hanpyo_crypto::credential::{
    Authority, CredentialDerivation, CredentialError, CredentialSecret, VotingCode, VotingCodeError,
};

use super::election::VotingElection;
use crate::entry::{
    CredentialIndex, EncodedPoint, EntryError, EntryType, Reissue, RollChunk, RollRow, Signed,
    StyleNumber, UnitNumber, Weight, decode_as,
};
use crate::signature::SignatureError;

/// Why codes give no credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodesError {
    /// The number of codes is not the number of authorities.
    #[error("{expected} voting codes are needed, one of each authority; {found} given")]
    Count {
        /// Authorities of the election.
        expected: usize,
        /// Codes given.
        found: usize,
    },
    /// A code is mistyped.
    #[error("voting code: {source}")]
    Code {
        /// Which one, from 0.
        place: usize,
        /// What is wrong with it.
        source: VotingCodeError,
    },
    /// The codes give no usable secret.
    #[error("voting code: {0}")]
    Credential(#[from] CredentialError),
}

/// The secret of a voter's code, or of one code of each authority, in their order.
///
/// # Errors
/// [`CodesError`].
pub fn credential_secret<C: AsRef<str>>(
    election: &VotingElection,
    codes: &[C],
) -> Result<CredentialSecret, CodesError> {
    let authorities: &[Authority] = match election.manifest().manifest().roles.authorities.len() {
        1 => &[Authority::Sole],
        _ => &[Authority::First, Authority::Second],
    };
    let count = CodesError::Count {
        expected: authorities.len(),
        found: codes.len(),
    };
    if codes.len() != authorities.len() {
        return Err(count);
    }
    let context = election.context();
    let derive = |(place, (code, authority)): (usize, (&C, &Authority))| {
        let derivation = CredentialDerivation::new(
            context.manifest_hash(),
            &context.joint_key().encoded(),
            *authority,
        );
        let code = VotingCode::parse(code.as_ref());
        let code = code.map_err(|source| CodesError::Code { place, source })?;
        Ok::<_, CodesError>(derivation.secret(&code)?)
    };
    let mut secrets = codes.iter().zip(authorities).enumerate().map(derive);
    let first = secrets.next().unwrap_or(Err(count))?;
    match secrets.next() {
        Some(second) => Ok(CredentialSecret::combine(&first, &second?)?),
        None => Ok(first),
    }
}

/// What the roll says of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPlace {
    /// Public credential P.
    pub credential: EncodedPoint,
    /// Ballot style.
    pub style: StyleNumber,
    /// Public weight.
    pub weight: Weight,
    /// Reporting unit.
    pub unit: UnitNumber,
}

/// Why entries do not tell a credential's place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    /// Bytes that are no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// An entry that the authorities did not sign.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The credential is in none of them.
    #[error("credential {0} is in none of these entries of the roll")]
    Missing(CredentialIndex),
    /// Re-issues that name each other.
    #[error("the re-issues of credential {0} lead in a circle")]
    Circle(CredentialIndex),
}

/// Finds a credential in roll chunks and re-issues of the record, which are believed by the signatures of all
/// authorities. Entries of other types are passed over.
///
/// # Errors
/// [`RollError`].
pub fn find_in_roll<'e>(
    election: &VotingElection,
    index: CredentialIndex,
    entries: impl IntoIterator<Item = &'e [u8]>,
) -> Result<RollPlace, RollError> {
    let mut rows: Vec<(u64, RollRow)> = Vec::new();
    let mut reissues: Vec<Reissue> = Vec::new();
    for bytes in entries {
        match EntryType::peek(bytes)? {
            EntryType::RollChunk => {
                let chunk: Signed<RollChunk> = decode_as(EntryType::RollChunk, bytes)?;
                election.manifest().keys().verify(&chunk)?;
                let first = u64::from(chunk.payload.first);
                rows.extend((first..).zip(chunk.payload.rows.into_vec()));
            }
            EntryType::Reissue => {
                let reissue: Signed<Reissue> = decode_as(EntryType::Reissue, bytes)?;
                election.manifest().keys().verify(&reissue)?;
                reissues.push(reissue.payload);
            }
            _ => {}
        }
    }
    // A re-issued credential has a point of its own and inherits the rest.
    let mut point = None;
    let mut wanted = index;
    for _ in 0..=reissues.len() {
        let Some(reissue) = reissues.iter().find(|reissue| reissue.new == wanted) else {
            let row = rows.iter().find(|(at, _)| *at == u64::from(wanted));
            return row
                .map(|(_, row)| RollPlace {
                    credential: point.unwrap_or(row.credential),
                    style: row.style,
                    weight: row.weight,
                    unit: row.unit,
                })
                .ok_or(RollError::Missing(wanted));
        };
        point.get_or_insert(reissue.credential);
        wanted = reissue.revoked;
    }
    Err(RollError::Circle(index))
}
