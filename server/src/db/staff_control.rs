//! Who had whose account in hand, for two-person rules.
//!
//! Whoever makes an account, resets its password, changes its roles or unlocks it could act through
//! it, or through accounts made with it. Two-person rules count all of these as one person.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::staff_control;
use crate::ids::StaffId;

/// Notes that `by` had the account of `staff` in hand.
///
/// # Errors
/// The query fails.
pub fn note(connection: &mut Connection, staff: StaffId, by: StaffId) -> QueryResult<()> {
    if staff == by {
        return Ok(());
    }
    diesel::insert_into(staff_control::table)
        .values((
            staff_control::staff_id.eq(staff),
            staff_control::by_id.eq(by),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

/// Whether two accounts could be one person: one of them could have acted as the other.
///
/// # Errors
/// The query fails.
pub fn could_be_one(connection: &mut Connection, a: StaffId, b: StaffId) -> QueryResult<bool> {
    Ok(could_act_as(connection, a)?.contains(&b) || could_act_as(connection, b)?.contains(&a))
}

/// Who had both accounts in hand: for the trail, because such a person could have been both.
///
/// # Errors
/// The query fails.
pub fn common_hands(
    connection: &mut Connection,
    a: StaffId,
    b: StaffId,
) -> QueryResult<BTreeSet<StaffId>> {
    let a = could_act_as(connection, a)?;
    let b = could_act_as(connection, b)?;
    Ok(a.intersection(&b).copied().collect())
}

/// Everyone who could have acted through the account of `staff`: itself, who had it in hand, who had
/// theirs in hand, and so on.
///
/// # Errors
/// The query fails.
pub fn could_act_as(connection: &mut Connection, staff: StaffId) -> QueryResult<BTreeSet<StaffId>> {
    let mut found = BTreeSet::from([staff]);
    let mut newest = vec![staff];
    while !newest.is_empty() {
        let by: Vec<StaffId> = staff_control::table
            .filter(staff_control::staff_id.eq_any(&newest))
            .select(staff_control::by_id)
            .load(connection)?;
        newest = by.into_iter().filter(|by| found.insert(*by)).collect();
    }
    Ok(found)
}
