//! Whether the roll of credentials on the board is the imported roll.
//!
//! The authority publishes credentials; that each of them belongs to a voter only the server can
//! tell, because the imported roll is personal data and not public. The commission's signature of
//! the seal says so to everyone, so it is given only if every credential on the board is assigned to
//! exactly one imported voter and has that voter's unit, style and weight: no ghost can vote.

use hanpyo_ledger::entry::RollSealed;
use hanpyo_ledger::record::RecordChecker;

use crate::db;
use crate::db::connection::Connection;
use crate::db::roll::{Eligibility, UnitCount};
use crate::ids::{ElectionId, TenantId};
use crate::sequencer::LedgerError;

/// Why the roll on the board is not the imported roll. Names credentials, never voters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// Nothing was imported.
    #[error("no voter was imported")]
    NoVoters,
    /// The assignment is missing or not complete.
    #[error("{assigned} of {voters} voters have a credential")]
    Unassigned {
        /// Voters of the imported roll.
        voters: i64,
        /// Those with a credential.
        assigned: i64,
    },
    /// Numbers of voters and credentials.
    #[error("the imported roll has {imported} voters, {place} {found} credentials")]
    Total {
        /// Where the other number stands.
        place: &'static str,
        /// Voters of the imported roll.
        imported: i64,
        /// The other number.
        found: u64,
    },
    /// The numbers of one unit.
    #[error("unit {unit} has {imported} imported voters, the seal says {found}")]
    Unit {
        /// Number of the unit.
        unit: usize,
        /// Voters of the imported roll.
        imported: i64,
        /// What the seal says.
        found: u64,
    },
    /// A voter's credential is not on the board.
    #[error("credential {0} is assigned to a voter but not on the board")]
    Missing(i64),
    /// A credential is not what its voter should have.
    #[error("credential {index}: {what} of its voter is {imported}, on the board it is {found}")]
    Credential {
        /// Index.
        index: i64,
        /// Which property.
        what: &'static str,
        /// What the imported roll says.
        imported: i64,
        /// What the board says.
        found: i64,
    },
    /// Roll or assignment changed since they were compared.
    #[error("roll or assignment were changed meanwhile")]
    Changed,
}

/// Compares the imported roll and its assignment with the roll chunks in `board` and with `seal`.
/// Gives the version of the roll that was compared; [`db::elections::set_roll_sealed`] takes it.
///
/// # Errors
/// [`LedgerError::Roll`] with the first difference, or a query fails.
pub fn compare_with_board(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    board: &RecordChecker,
    seal: &RollSealed,
) -> Result<i64, LedgerError> {
    let version = db::elections::roll_version(connection, tenant, election)?;
    let units = db::roll::count_by_unit(connection, tenant, election)?;
    compare_counts(&units, board.credentials().into(), seal)?;
    // As many voters as credentials, and no two voters have one credential (a unique constraint):
    // when each voter's is there, no credential is left over.
    let mut after = None;
    loop {
        let page = db::roll::eligibility_after(connection, tenant, election, after)?;
        let Some(last) = page.last() else {
            return Ok(version);
        };
        after = Some(last.id);
        for voter in &page {
            compare_credential(voter, board)?;
        }
    }
}

fn compare_counts(
    imported: &[UnitCount],
    on_board: u64,
    seal: &RollSealed,
) -> Result<(), Disagreement> {
    let voters: i64 = imported.iter().map(|unit| unit.voters).sum();
    let assigned: i64 = imported.iter().map(|unit| unit.assigned).sum();
    if voters == 0 {
        return Err(Disagreement::NoVoters);
    }
    if assigned != voters {
        return Err(Disagreement::Unassigned { voters, assigned });
    }
    let sealed = u64::from(seal.credentials);
    for (place, found) in [("the board has", on_board), ("the seal says", sealed)] {
        if i64::try_from(found) != Ok(voters) {
            return Err(Disagreement::Total {
                place,
                imported: voters,
                found,
            });
        }
    }
    for (unit, &found) in seal.per_unit.iter().enumerate() {
        let is_it = |count: &&UnitCount| usize::try_from(count.unit) == Ok(unit);
        let imported = imported.iter().find(is_it).map_or(0, |count| count.voters);
        if i64::try_from(found) != Ok(imported) {
            return Err(Disagreement::Unit {
                unit,
                imported,
                found,
            });
        }
    }
    Ok(())
}

fn compare_credential(voter: &Eligibility, board: &RecordChecker) -> Result<(), Disagreement> {
    let index = voter.credential_index.unwrap_or(-1);
    let credential = u32::try_from(index).ok().and_then(|i| board.credential(i));
    let Some(credential) = credential else {
        return Err(Disagreement::Missing(index));
    };
    let properties = [
        ("unit", voter.unit.into(), credential.unit.into()),
        ("style", voter.style.into(), credential.style.into()),
        ("weight", voter.weight, credential.weight.into()),
    ];
    match properties
        .into_iter()
        .find(|(_, imported, found)| imported != found)
    {
        None => Ok(()),
        Some((what, imported, found)) => Err(Disagreement::Credential {
            index,
            what,
            imported,
            found,
        }),
    }
}
