//! The authority's letters, read as a voter would read them.

use std::collections::HashMap;
use std::io::Read;

use super::choices::ChoicesError;

const COLUMNS: [&str; 6] = [
    "voter_id",
    "credential_index",
    "authority",
    "code",
    "fingerprint",
    "url",
];

/// Voting codes by voter, in the order of the authorities.
///
/// # Errors
/// [`ChoicesError::Row`] of the first bad row.
pub fn read(mut input: impl Read) -> Result<HashMap<String, Vec<String>>, ChoicesError> {
    let row_error = |row: u64, what: String| ChoicesError::Row { row, what };
    let mut text = String::new();
    input
        .read_to_string(&mut text)
        .map_err(|error| row_error(0, error.to_string()))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heading = reader
        .headers()
        .map_err(|error| row_error(1, error.to_string()))?;
    if heading.iter().map(str::trim).ne(COLUMNS) {
        return Err(row_error(
            1,
            format!("the columns must be {}", COLUMNS.join(",")),
        ));
    }
    let mut codes: HashMap<String, Vec<(u8, String)>> = HashMap::new();
    for (index, record) in reader.records().enumerate() {
        let row = index as u64 + 2;
        let record = record.map_err(|error| row_error(row, error.to_string()))?;
        let field = |column: usize| record.get(column).unwrap_or_default().trim();
        let authority = field(2)
            .parse()
            .map_err(|_| row_error(row, format!("authority: {:?} is not a number", field(2))))?;
        codes
            .entry(field(0).to_owned())
            .or_default()
            .push((authority, field(3).to_owned()));
    }
    let in_order = |mut codes: Vec<(u8, String)>| {
        codes.sort_by_key(|(authority, _)| *authority);
        codes.into_iter().map(|(_, code)| code).collect()
    };
    Ok(codes
        .into_iter()
        .map(|(voter, codes)| (voter, in_order(codes)))
        .collect())
}
