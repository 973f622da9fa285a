//! Who signs which entry: the column "signed by" of the table in docs/PROTOCOL.md section 10.1.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::entry::{AuthorityNumber, TrusteeNumber};

/// Who signs entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The election commission.
    Commission,
    /// A credential authority.
    Authority(AuthorityNumber),
    /// A trustee.
    Trustee(TrusteeNumber),
    /// The tally operator.
    Tally,
}

impl core::fmt::Display for Role {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Commission => f.write_str("commission"),
            Self::Authority(number) => write!(f, "authority {number}"),
            Self::Trustee(number) => write!(f, "trustee {number}"),
            Self::Tally => f.write_str("tally operator"),
        }
    }
}

/// The column "signed by" of the table in section 10.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signers {
    /// One role.
    One(Role),
    /// Every authority.
    Authorities,
    /// Every authority, then the commission.
    AuthoritiesAndCommission,
}

impl Signers {
    /// The roles in the order of their signatures, in an election with that many authorities.
    #[must_use]
    pub fn roles(self, authorities: usize) -> Vec<Role> {
        let every = (1..=authorities)
            .filter_map(|number| AuthorityNumber::try_from(number).ok())
            .map(Role::Authority);
        match self {
            Self::One(role) => vec![role],
            Self::Authorities => every.collect(),
            Self::AuthoritiesAndCommission => every.chain([Role::Commission]).collect(),
        }
    }

    /// Numbers of signatures that occur, whatever the number of authorities.
    pub(crate) const fn counts(self) -> RangeInclusive<usize> {
        match self {
            Self::One(_) => 1..=1,
            Self::Authorities => 1..=2,
            Self::AuthoritiesAndCommission => 2..=3,
        }
    }
}

/// Trustees 1 to `number`.
pub(crate) fn trustees(number: usize) -> impl Iterator<Item = Role> {
    (1..=number)
        .filter_map(|number| TrusteeNumber::try_from(number).ok())
        .map(Role::Trustee)
}
