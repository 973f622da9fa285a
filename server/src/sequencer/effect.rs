//! What an entry changes beside the log.

use hanpyo_ledger::entry::Entry;

use super::error::LedgerError;
use crate::clock::Millis;
use crate::db;
use crate::db::connection::Connection;
use crate::ids::{ElectionId, TenantId};
use crate::roll::Disagreement;

/// What an entry changes beside the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Revoke(u32),
    Strike(u32),
    Reissue {
        revoked: u32,
        new: u32,
    },
    /// Of the roll at this version.
    Seal(i64),
    Accept,
    /// Takes no ballots any more; those that are durable come first.
    Refuse,
}

impl Effect {
    /// What `entry` changes; of a seal it is known only once the roll was looked at.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        match entry {
            Entry::Revocation(signed) => Some(Self::Revoke(signed.payload.credential.get())),
            Entry::PaperStrike(signed) => Some(Self::Strike(signed.payload.credential.get())),
            Entry::Reissue(signed) => Some(Self::Reissue {
                revoked: signed.payload.revoked.get(),
                new: signed.payload.new.get(),
            }),
            Entry::Open(_) => Some(Self::Accept),
            Entry::Close(_) | Entry::Void(_) => Some(Self::Refuse),
            _ => None,
        }
    }

    /// Makes the change, in the transaction that gives the entry its place.
    pub(crate) fn apply(
        self,
        c: &mut Connection,
        (tenant, election): (TenantId, ElectionId),
        now: Millis,
    ) -> Result<(), LedgerError> {
        match self {
            Self::Revoke(index) | Self::Strike(index) => {
                let mut state = db::credentials::find(c, election, index)?;
                // A ballot may have become durable after the entry was checked.
                if state.has_ballot() {
                    return Err(LedgerError::HasBallot(index));
                }
                match self {
                    Self::Revoke(_) => state.revoked = true,
                    _ => state.struck = true,
                }
                db::credentials::put(c, election, &state)?;
            }
            Self::Reissue { revoked, new } => {
                db::roll::reissue(c, (tenant, election), revoked, new)?;
            }
            Self::Seal(version) => {
                if !db::elections::set_roll_sealed(c, (tenant, election), version, now)? {
                    return Err(Disagreement::Changed.into());
                }
            }
            Self::Accept => db::ledgers::set_accepting(c, election, true)?,
            Self::Refuse => db::ledgers::set_accepting(c, election, false)?,
        }
        Ok(())
    }
}
