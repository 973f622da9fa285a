//! The roll itself: `voter_id,name,contact,district[,style][,weight]`.
//!
//! | column | what it holds |
//! |---|---|
//! | `voter_id` | what the voter types to identify; unique in the election; 1 to 64 characters |
//! | `name` | name; 1 to 200 characters |
//! | `contact` | e-mail address or telephone number for one-time codes |
//! | `district` | title of a reporting unit, Korean or English |
//! | `style` | title of a ballot style; may be left out if there is only one |
//! | `weight` | 1 to 4,294,967,295; 1 if left out |
//!
//! No text begins like a formula of a spreadsheet (`=`, `+`, `-`, `@`), but telephone numbers may
//! begin with `+`.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::mem;

use hanpyo_ledger::manifest::{Bilingual, Manifest};
use lettre::Address;

use super::FileError;
use super::assignment::{Fingerprint, fingerprint};
use super::identifier::{LOOKALIKE, is_plain};
use super::parts::Parts;
use super::report::Report;
use super::table::{Column, Limits, Next, Row, Table, is_formula};
use crate::db;
use crate::db::connection::Connection;
use crate::db::roll_changes::Mark;
use crate::ids::{ElectionId, TenantId};

const VOTER_ID: usize = 0;
const NAME: usize = 1;
const CONTACT: usize = 2;
const DISTRICT: usize = 3;
const STYLE: usize = 4;
const WEIGHT: usize = 5;

const COLUMNS: [Column; 6] = [
    Column {
        name: "voter_id",
        required: true,
        limits: Limits { min: 1, max: 64 },
    },
    Column {
        name: "name",
        required: true,
        limits: Limits { min: 1, max: 200 },
    },
    Column {
        name: "contact",
        required: true,
        limits: Limits { min: 3, max: 254 },
    },
    Column {
        name: "district",
        required: true,
        limits: Limits { min: 1, max: 4096 },
    },
    Column {
        name: "style",
        required: false,
        limits: Limits { min: 0, max: 4096 },
    },
    Column {
        name: "weight",
        required: false,
        limits: Limits { min: 0, max: 10 },
    },
];

/// The units and styles of a manifest by their titles.
pub struct Directory {
    units: Titles,
    styles: Titles,
    only_style: Option<i32>,
}

/// Number of each title; `None` where several have it.
type Titles = HashMap<String, Option<i32>>;

impl Directory {
    /// Reads the titles of `manifest`.
    #[must_use]
    pub fn new(manifest: &Manifest) -> Self {
        let styles = titles(manifest.styles.iter().map(|style| &style.title));
        Self {
            units: titles(manifest.units.iter().map(|unit| &unit.title)),
            styles,
            only_style: (manifest.styles.len() == 1).then_some(0),
        }
    }
}

fn titles<'m>(list: impl Iterator<Item = &'m Bilingual>) -> Titles {
    let mut titles = Titles::new();
    for (number, title) in (0_i32..).zip(list) {
        let (ko, en) = (title.ko.trim(), title.en.trim());
        let second = (en != ko && !en.is_empty()).then_some(en);
        for name in [Some(ko), second].into_iter().flatten() {
            titles
                .entry(name.to_owned())
                .and_modify(|known| *known = None)
                .or_insert(Some(number));
        }
    }
    titles
}

/// Whose roll a file is for.
#[derive(Debug, Clone, Copy)]
struct Owner {
    tenant: TenantId,
    election: ElectionId,
    /// Version of the roll that the rows begin with.
    version: i64,
}

/// Checks a file against itself, the manifest and the rows that are there already.
///
/// # Errors
/// The file cannot be read or a query fails; problems of the content are in the report.
pub fn check_voters(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    directory: &Directory,
    file: impl Read,
) -> Result<Report, FileError> {
    let mut report = Report::default();
    let Some(mut table) = Table::open(file, &COLUMNS, &mut report)? else {
        return Ok(report);
    };
    let owner = Owner {
        tenant,
        election,
        // Of no row: nothing is written.
        version: 0,
    };
    // Fingerprints, not the identifiers themselves: the same few bytes a row whatever their length.
    let mut seen: HashMap<Fingerprint, u64> = HashMap::new();
    let mut batch: Vec<(u64, String)> = Vec::with_capacity(db::roll::LOOKUP_ROWS);
    loop {
        match table.next(&mut report)? {
            Next::End => break,
            Next::Refused => {}
            Next::Row(row) => {
                let (line, voter_id) = (row.line, row.field(VOTER_ID).to_owned());
                let mut problems = Vec::new();
                parse(&row, owner, directory, &mut problems);
                for (column, reason) in problems {
                    report.add(Some(line), Some(column), reason);
                }
                match seen.entry(fingerprint(&voter_id)) {
                    Entry::Occupied(first) => {
                        let reason = format!("occurs twice; first in line {}", first.get());
                        report.add(Some(line), Some("voter_id"), reason);
                    }
                    Entry::Vacant(slot) => {
                        slot.insert(line);
                        batch.push((line, voter_id));
                    }
                }
            }
        }
        if batch.len() == db::roll::LOOKUP_ROWS {
            refuse_existing(connection, tenant, election, &mut batch, &mut report)?;
        }
    }
    refuse_existing(connection, tenant, election, &mut batch, &mut report)?;
    if report.rows == 0 && report.is_clean() {
        report.add(None, None, "the file has no rows");
    }
    Ok(report)
}

/// Writes a file that was checked, in parts; gives the number of rows.
///
/// # Errors
/// [`FileError::Changed`] if it no longer fits the roll; else as for [`check_voters`].
pub fn write_voters(
    parts: &Parts,
    directory: &Directory,
    file: impl Read,
) -> Result<u64, FileError> {
    let Mark {
        tenant,
        election,
        version,
        ..
    } = *parts.mark();
    let owner = Owner {
        tenant,
        election,
        version,
    };
    let mut report = Report::default();
    let mut table = Table::open(file, &COLUMNS, &mut report)?.ok_or(FileError::Changed)?;
    let mut batch = Vec::with_capacity(db::roll::INSERT_ROWS);
    loop {
        match table.next(&mut report)? {
            Next::End => break,
            Next::Refused => return Err(FileError::Changed),
            Next::Row(row) => {
                let mut problems = Vec::new();
                let row = parse(&row, owner, directory, &mut problems);
                batch.push(row.ok_or(FileError::Changed)?);
            }
        }
        if batch.len() == db::roll::INSERT_ROWS {
            insert(parts, mem::take(&mut batch))?;
        }
    }
    if !batch.is_empty() {
        insert(parts, batch)?;
    }
    Ok(report.rows)
}

fn insert(parts: &Parts, part: Vec<db::roll::NewRow>) -> Result<(), FileError> {
    parts.write(move |connection| db::roll::insert(connection, &part).map_err(FileError::of_unique))
}

fn refuse_existing(
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
        if existing.contains(id.as_str()) {
            report.add(
                Some(*line),
                Some("voter_id"),
                "is in the stored roll already",
            );
        }
    }
    batch.clear();
    Ok(())
}

/// Why a text that begins like a formula is refused.
const FORMULA: &str = "begins with one of = + - @, which a spreadsheet would compute";

/// The row to insert, or every problem with its content.
fn parse(
    row: &Row<'_>,
    owner: Owner,
    directory: &Directory,
    problems: &mut Vec<(&'static str, String)>,
) -> Option<db::roll::NewRow> {
    for (column, name) in [(VOTER_ID, "voter_id"), (NAME, "name")] {
        if is_formula(row.field(column)) {
            problems.push((name, FORMULA.to_owned()));
        }
    }
    if !is_plain(row.field(VOTER_ID)) {
        problems.push(("voter_id", LOOKALIKE.to_owned()));
    }
    let contact = row.field(CONTACT);
    // +82 and so on is a telephone number: nothing in it can be computed that matters.
    if contact.contains('@') && is_formula(contact) {
        problems.push(("contact", FORMULA.to_owned()));
    } else if !is_contact(contact) {
        let reason = "expected an e-mail address or a telephone number of 7 to 15 digits";
        problems.push(("contact", reason.to_owned()));
    }
    let unit = number_of(&directory.units, row.field(DISTRICT), "reporting unit");
    let unit = unit
        .map_err(|reason| problems.push(("district", reason)))
        .ok();
    let style = match (row.field(STYLE), directory.only_style) {
        ("", Some(only)) => Ok(only),
        ("", None) => Err("is empty, and the election has several ballot styles".to_owned()),
        (title, _) => number_of(&directory.styles, title, "ballot style"),
    };
    let style = style
        .map_err(|reason| problems.push(("style", reason)))
        .ok();
    let weight = match row.field(WEIGHT) {
        "" => Some(1),
        text => text.parse::<u32>().ok().filter(|weight| *weight > 0),
    };
    if weight.is_none() {
        problems.push((
            "weight",
            "expected a whole number from 1 to 4294967295".to_owned(),
        ));
    }
    if !problems.is_empty() {
        return None;
    }
    Some(db::roll::NewRow {
        tenant_id: owner.tenant,
        election_id: owner.election,
        version: owner.version,
        voter_id: row.field(VOTER_ID).to_owned(),
        name: row.field(NAME).to_owned(),
        contact: contact.to_owned(),
        unit: unit?,
        style: style?,
        weight: i64::from(weight?),
    })
}

fn number_of(titles: &Titles, title: &str, what: &str) -> Result<i32, String> {
    match titles.get(title) {
        Some(Some(number)) => Ok(*number),
        Some(None) => Err(format!(
            "more than one {what} of the manifest has this title"
        )),
        None => Err(format!("no {what} of the manifest has this title")),
    }
}

/// An address that lettre can send to, or digits with the usual separators.
#[must_use]
pub fn is_contact(text: &str) -> bool {
    if text.contains('@') {
        return text.parse::<Address>().is_ok();
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (7..=15).contains(&digits)
        && rest
            .bytes()
            .all(|b| b.is_ascii_digit() || b" -().".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts() {
        for good in [
            "a@b.kr",
            "한표@example.org",
            "010-1234-5678",
            "+82 10 1234 5678",
            "(02)123-4567",
        ] {
            assert!(is_contact(good), "{good}");
        }
        for bad in [
            "a@",
            "@b.kr",
            "a b@c.kr",
            "123456",
            "1234567890123456",
            "010-1234-567x",
            "++82101234567",
        ] {
            assert!(!is_contact(bad), "{bad}");
        }
    }
}
