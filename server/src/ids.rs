//! Identifiers. Inside: integers of the database, one type each. Outside: slugs.

use std::fmt;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;

use serde::{Deserialize, Serialize};

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow,
            Serialize, Deserialize,
        )]
        #[diesel(sql_type = BigInt)]
        #[serde(transparent)]
        pub struct $name(pub(crate) i64);

        impl $name {
            /// The database's number.
            #[must_use]
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(bytes).map(Self)
            }
        }

        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
    };
}

row_id! {
    /// A tenant. Code outside this crate gets one only from an authorised session or a lookup by
    /// slug, and every query about a tenant's things asks for it.
    TenantId
}
row_id! {
    /// A member of a tenant's staff.
    StaffId
}
row_id! {
    /// An election of some tenant.
    ElectionId
}
row_id! {
    /// A row of an electoral roll.
    RollId
}

/// Longest slug, as in a host name's label.
pub const SLUG_MAX: usize = 63;

/// Why a text is no slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected 1 to {SLUG_MAX} of a-z, 0-9 and single hyphens, beginning and ending with a letter or digit"
)]
pub struct SlugError;

/// Checks a slug: the name of a tenant or an election in paths and in the board's origin.
///
/// # Errors
/// It is empty, too long, or has other characters than `a-z`, `0-9` and inner single hyphens.
pub fn check_slug(text: &str) -> Result<(), SlugError> {
    let words_hold = text.split('-').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if words_hold && text.len() <= SLUG_MAX {
        Ok(())
    } else {
        Err(SlugError)
    }
}

/// Whether `text` can be a log-in name: 1 to 64 of `a-z`, `0-9` and `.-_@+`.
#[must_use]
pub fn is_login(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_@+".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["a", "7", "seoul-2011", "a-b-c", &"x".repeat(63)] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "-",
            "a-",
            "-a",
            "a--b",
            "A",
            "a_b",
            "서울",
            "a/b",
            "..",
            &"x".repeat(64),
        ] {
            assert_eq!(check_slug(bad), Err(SlugError), "{bad}");
        }
    }
}
