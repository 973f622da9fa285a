//! Which credential is whose: `voter_id,credential_index`, from the credential authority.
//!
//! | column | what it holds |
//! |---|---|
//! | `voter_id` | a voter of the roll; every voter occurs exactly once |
//! | `credential_index` | index of the voter's credential in the roll chunks; each at most once |

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::mem;

use sha2::{Digest as _, Sha256};

use super::FileError;
use super::parts::Parts;
use super::report::Report;
use super::table::{Column, Limits, Next, Table};
use crate::db;
use crate::db::connection::Connection;
use crate::db::roll_changes::Mark;
use crate::ids::{ElectionId, TenantId};

const VOTER_ID: usize = 0;
const INDEX: usize = 1;

const COLUMNS: [Column; 2] = [
    Column {
        name: "voter_id",
        required: true,
        limits: Limits { min: 1, max: 64 },
    },
    Column {
        name: "credential_index",
        required: true,
        limits: Limits { min: 1, max: 10 },
    },
];

/// Stands for a voter identifier while a file is checked: fixed size, and no two collide.
pub(super) type Fingerprint = [u8; 16];

/// The fingerprint of an identifier.
pub(super) fn fingerprint(voter_id: &str) -> Fingerprint {
    let hash: [u8; 32] = Sha256::digest(voter_id.as_bytes()).into();
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = hash;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

/// Checks that a file gives every voter of the roll exactly one credential, and none twice.
///
/// # Errors
/// The file cannot be read or a query fails; problems of the content are in the report.
pub fn check_assignment(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    file: impl Read,
) -> Result<Report, FileError> {
    let mut report = Report::default();
    let Some(mut table) = Table::open(file, &COLUMNS, &mut report)? else {
        return Ok(report);
    };
    let mut voters: HashMap<Fingerprint, u64> = HashMap::new();
    let mut indexes: HashMap<u32, u64> = HashMap::new();
    let mut batch: Vec<(u64, String)> = Vec::with_capacity(db::roll::LOOKUP_ROWS);
    loop {
        match table.next(&mut report)? {
            Next::End => break,
            Next::Refused => {}
            Next::Row(row) => {
                let line = row.line;
                let voter_id = row.field(VOTER_ID);
                match voters.entry(fingerprint(voter_id)) {
                    Entry::Occupied(first) => {
                        let reason = format!("occurs twice; first in line {}", first.get());
                        report.add(Some(line), Some("voter_id"), reason);
                    }
                    Entry::Vacant(slot) => {
                        slot.insert(line);
                        batch.push((line, voter_id.to_owned()));
                    }
                }
                match row.field(INDEX).parse::<u32>() {
                    Err(_) => {
                        let reason = "expected a whole number from 0 to 4294967295";
                        report.add(Some(line), Some("credential_index"), reason);
                    }
                    Ok(index) => {
                        let first = *indexes.entry(index).or_insert(line);
                        if first != line {
                            let reason = format!("occurs twice; first in line {first}");
                            report.add(Some(line), Some("credential_index"), reason);
                        }
                    }
                }
            }
        }
        if batch.len() == db::roll::LOOKUP_ROWS {
            refuse_unknown(connection, tenant, election, &mut batch, &mut report)?;
        }
    }
    refuse_unknown(connection, tenant, election, &mut batch, &mut report)?;
    report_missing(connection, tenant, election, &voters, &mut report)?;
    Ok(report)
}

/// Writes a file that was checked, in parts, beside any assignment there was; gives the number of rows.
///
/// # Errors
/// [`FileError::Changed`] if it no longer fits the roll; else as for [`check_assignment`].
pub fn write_assignment(parts: &Parts, file: impl Read) -> Result<u64, FileError> {
    let mut report = Report::default();
    let mut table = Table::open(file, &COLUMNS, &mut report)?.ok_or(FileError::Changed)?;
    let mut part = HashMap::with_capacity(db::roll::LOOKUP_ROWS);
    loop {
        match table.next(&mut report)? {
            Next::End => break,
            Next::Refused => return Err(FileError::Changed),
            Next::Row(row) => {
                let index: u32 = row.field(INDEX).parse().map_err(|_| FileError::Changed)?;
                part.insert(row.field(VOTER_ID).to_owned(), index);
            }
        }
        if part.len() == db::roll::LOOKUP_ROWS {
            assign(parts, mem::take(&mut part))?;
        }
    }
    if !part.is_empty() {
        assign(parts, part)?;
    }
    Ok(report.rows)
}

fn assign(parts: &Parts, part: HashMap<String, u32>) -> Result<(), FileError> {
    let Mark {
        tenant,
        election,
        version,
        ..
    } = *parts.mark();
    parts.write(move |connection| {
        let all = db::roll::assign(connection, (tenant, election), version, &part);
        if all.map_err(FileError::of_unique)? {
            Ok(())
        } else {
            Err(FileError::Changed)
        }
    })
}

fn refuse_unknown(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    batch: &mut Vec<(u64, String)>,
    report: &mut Report,
) -> Result<(), FileError> {
    let ids: Vec<&str> = batch.iter().map(|(_, id)| id.as_str()).collect();
    let existing = db::roll::existing(connection, tenant, election, &ids)?;
    let existing: HashSet<&str> = existing.iter().map(String::as_str).collect();
    for (line, id) in batch.iter() {
        if !existing.contains(id.as_str()) {
            report.add(Some(*line), Some("voter_id"), "is not in the roll");
        }
    }
    batch.clear();
    Ok(())
}

fn report_missing(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    voters: &HashMap<Fingerprint, u64>,
    report: &mut Report,
) -> Result<(), FileError> {
    let mut after = None;
    loop {
        let page = db::roll::voter_ids_after(connection, tenant, election, after)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (_, voter_id) in &page {
            if !voters.contains_key(&fingerprint(voter_id)) {
                let reason = format!("voter {voter_id:?} of the roll is not in the file");
                report.add(None, Some("voter_id"), reason);
            }
        }
    }
}
