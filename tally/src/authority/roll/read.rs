//! Reading a roll row by row, collecting everything that is wrong.

use std::fmt;
use std::io::Read;

use csv::ByteRecord;

use super::{KEPT_ERRORS, Roll, RollError, RollLimits, RowError, Voter};

/// How a formula of a spreadsheet begins, wide forms too.
const FORMULA: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];
const LONGEST_ID: usize = 255;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where each column stands in a row.
struct Columns {
    id: usize,
    style: usize,
    unit: usize,
    weight: usize,
    index: Option<usize>,
    count: usize,
}

impl Columns {
    fn find(heading: &ByteRecord, index: Option<&str>) -> Result<Self, RollError> {
        let mut names = vec!["voter_id", "style", "unit", "weight"];
        names.extend(index);
        let wrong = |reason: String| RollError::Heading {
            expected: names.join(","),
            reason,
        };
        for field in heading {
            if !names.iter().any(|name| name.as_bytes() == field) {
                return Err(wrong(format!(
                    "unknown column {:?}",
                    String::from_utf8_lossy(field)
                )));
            }
        }
        let place = |name: &str| {
            let mut places = heading
                .iter()
                .enumerate()
                .filter(|(_, field)| *field == name.as_bytes());
            match (places.next(), places.next()) {
                (Some((place, _)), None) => Ok(place),
                (None, _) => Err(wrong(format!("there is no column {name}"))),
                (Some(_), Some(_)) => Err(wrong(format!("column {name} is named twice"))),
            }
        };
        Ok(Self {
            id: place("voter_id")?,
            style: place("style")?,
            unit: place("unit")?,
            weight: place("weight")?,
            index: index.map(place).transpose()?,
            count: heading.len(),
        })
    }
}

#[derive(Default)]
struct Errors {
    kept: Vec<RowError>,
    total: u64,
}

impl Errors {
    fn add(&mut self, row: u64, reason: impl fmt::Display) {
        self.total += 1;
        if self.kept.len() < KEPT_ERRORS {
            self.kept.push(RowError {
                row,
                reason: reason.to_string(),
            });
        }
    }
}

pub(super) fn read_with_index(
    mut input: impl Read,
    limits: RollLimits,
    index_column: Option<&str>,
) -> Result<(Roll, Vec<u32>), RollError> {
    let unreadable = |error: &dyn fmt::Display| RollError::Read(error.to_string());
    let mut start = Vec::new();
    input
        .by_ref()
        .take(3)
        .read_to_end(&mut start)
        .map_err(|error| unreadable(&error))?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 20)
        .from_reader(start.as_slice().chain(input));
    let mut record = ByteRecord::new();
    reader
        .read_byte_record(&mut record)
        .map_err(|error| unreadable(&error))?;
    let columns = Columns::find(&record, index_column)?;

    let mut roll = Roll::default();
    let mut rows = Vec::new();
    let mut indices = Vec::new();
    let mut errors = Errors::default();
    let mut row = 1;
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| unreadable(&error))?
    {
        // Not the reader's line number: it is off by one where lines end in CRLF.
        row += 1;
        if let Some((voter, index)) = parse_row(&record, row, &columns, limits, &mut errors) {
            roll.push(voter);
            rows.push(row);
            indices.extend(index);
        }
    }
    if roll.len() as u64 > u64::from(u32::MAX) {
        return Err(RollError::TooMany);
    }
    find_duplicates(&roll, &rows, &mut errors);
    if index_column.is_some() && errors.total == 0 {
        check_permutation(&indices, &rows, &mut errors);
    }
    if errors.total > 0 {
        errors.kept.sort_by_key(|error| error.row);
        return Err(RollError::Rows {
            errors: errors.kept,
            total: errors.total,
        });
    }
    if roll.is_empty() {
        return Err(RollError::Empty);
    }
    Ok((roll, indices))
}

fn parse_row<'a>(
    record: &'a ByteRecord,
    row: u64,
    columns: &Columns,
    limits: RollLimits,
    errors: &mut Errors,
) -> Option<(Voter<'a>, Option<u32>)> {
    if record.len() != columns.count {
        errors.add(
            row,
            format!(
                "{} columns where {} are expected",
                record.len(),
                columns.count
            ),
        );
        return None;
    }
    let id = record
        .get(columns.id)
        .and_then(|id| identifier(id, row, errors));
    let style = number(
        record,
        columns.style,
        "style",
        0,
        last_of(limits.styles),
        row,
        errors,
    );
    let unit = number(
        record,
        columns.unit,
        "unit",
        0,
        last_of(limits.units),
        row,
        errors,
    );
    let weight = number(record, columns.weight, "weight", 1, u32::MAX, row, errors);
    let index = match columns.index {
        Some(column) => Some(number(
            record,
            column,
            "credential_index",
            0,
            u32::MAX - 1,
            row,
            errors,
        )?),
        None => None,
    };
    let voter = Voter {
        id: id?,
        style: u16::try_from(style?).ok()?,
        unit: u16::try_from(unit?).ok()?,
        weight: weight?,
    };
    Some((voter, index))
}

fn last_of(count: usize) -> u32 {
    u16::try_from(count.saturating_sub(1))
        .unwrap_or(u16::MAX)
        .into()
}

fn identifier<'a>(id: &'a [u8], row: u64, errors: &mut Errors) -> Option<&'a str> {
    let Ok(text) = std::str::from_utf8(id) else {
        errors.add(row, "voter_id is not UTF-8");
        return None;
    };
    let reason = if text.is_empty() {
        "voter_id is empty"
    } else if text.len() > LONGEST_ID {
        "voter_id has more than 255 bytes"
    } else if text.chars().any(char::is_control) {
        "voter_id has a control character"
    } else if text.starts_with(FORMULA) {
        // The lists that are printed from are opened in spreadsheets.
        "voter_id begins with one of = + - @, which a spreadsheet would compute"
    } else if text.trim() != text {
        "voter_id begins or ends with a space"
    } else {
        return Some(text);
    };
    errors.add(row, reason);
    None
}

fn number(
    record: &ByteRecord,
    column: usize,
    name: &str,
    least: u32,
    most: u32,
    row: u64,
    errors: &mut Errors,
) -> Option<u32> {
    let text = record.get(column).unwrap_or_default();
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let value = std::str::from_utf8(text)
        .ok()
        .filter(|_| digits)
        .and_then(|text| text.parse().ok());
    let value = value.filter(|value| (least..=most).contains(value));
    if value.is_none() {
        let found = String::from_utf8_lossy(text)
            .chars()
            .take(40)
            .collect::<String>();
        errors.add(
            row,
            format!("{name} is {found:?}, expected a number from {least} to {most}"),
        );
    }
    value
}

fn find_duplicates(roll: &Roll, rows: &[u64], errors: &mut Errors) {
    let sorted = roll.sorted_rows();
    for pair in sorted.windows(2) {
        let &[first, second] = pair else { continue };
        let (Some(one), Some(other)) = (roll.voter(first as usize), roll.voter(second as usize))
        else {
            continue;
        };
        if one.id == other.id {
            let row_of = |place: u32| rows.get(place as usize).copied().unwrap_or(0);
            errors.add(
                row_of(second),
                format!(
                    "voter_id {:?} stands in row {} already",
                    one.id,
                    row_of(first)
                ),
            );
        }
    }
}

fn check_permutation(indices: &[u32], rows: &[u64], errors: &mut Errors) {
    let mut seen = vec![0_u64; indices.len()];
    for (&index, &row) in indices.iter().zip(rows) {
        match seen.get_mut(index as usize) {
            None => errors.add(
                row,
                format!("credential_index {index} is not below {}", indices.len()),
            ),
            Some(0) => {
                if let Some(slot) = seen.get_mut(index as usize) {
                    *slot = row;
                }
            }
            Some(first) => errors.add(
                row,
                format!("credential_index {index} stands in row {first} already"),
            ),
        }
    }
}
