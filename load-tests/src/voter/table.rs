//! CSV files that people make and send: how the codes file and the choices file are read.

use std::io::Read;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};

/// Why a file of rows cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It cannot be read.
    #[error("cannot read: {0}")]
    Read(#[from] std::io::Error),
    /// A row that is not as it should be.
    #[error("row {row}: {what}")]
    Row {
        /// Line of the file where the row begins, the heading's being 1.
        row: u64,
        /// What is wrong.
        what: String,
    },
    /// A heading and nothing below.
    #[error("no rows below the heading")]
    Empty,
}

/// One row, its fields trimmed.
pub(super) struct Row<'a> {
    /// Line where it begins.
    pub(super) number: u64,
    columns: &'a [&'a str],
    record: StringRecord,
}

impl Row<'_> {
    /// An error in this row.
    pub(super) fn wrong(&self, what: impl Into<String>) -> TableError {
        TableError::Row {
            row: self.number,
            what: what.into(),
        }
    }

    /// The field of a column, which may be empty.
    pub(super) fn field(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| *name == column);
        let field = place.and_then(|place| self.record.get(place));
        field.unwrap_or_default()
    }

    /// The field of a column that must not be empty.
    pub(super) fn filled(&self, column: &str) -> Result<&str, TableError> {
        match self.field(column) {
            "" => Err(self.wrong(format!("{column} is empty"))),
            field => Ok(field),
        }
    }

    /// The number in a column.
    pub(super) fn number<T: std::str::FromStr>(&self, column: &str) -> Result<T, TableError> {
        let field = self.field(column);
        let wrong = |_| self.wrong(format!("{column}: {field:?} is not a number"));
        field.parse().map_err(wrong)
    }
}

/// Reads a CSV file in UTF-8, with or without byte order mark, with either line ending: a heading of exactly these
/// columns, then at least one row, each made into a `T`.
pub(super) fn read<T>(
    mut input: impl Read,
    columns: &[&str],
    mut make: impl FnMut(&Row<'_>) -> Result<T, TableError>,
) -> Result<Vec<T>, TableError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut lines = Lines {
        below: text,
        at: 0,
        line: 1,
    };
    let mut records = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text)
        .into_records();
    let heading = records.next().transpose();
    let heading = heading.map_err(|error| lines.unreadable(&error))?;
    if !heading.is_some_and(|heading| heading.iter().eq(columns.iter().copied())) {
        return Err(TableError::Row {
            row: 1,
            what: format!("the columns must be {}", columns.join(",")),
        });
    }
    let mut rows = Vec::new();
    for record in records {
        let record = record.map_err(|error| lines.unreadable(&error))?;
        let row = Row {
            number: lines.of(record.position()),
            columns,
            record,
        };
        let (found, expected) = (row.record.len(), columns.len());
        if found != expected {
            return Err(row.wrong(format!("{found} columns, {expected} expected")));
        }
        rows.push(make(&row)?);
    }
    if rows.is_empty() {
        return Err(TableError::Empty);
    }
    Ok(rows)
}

/// Finds the lines of records, as an editor counts them, going down the file. The reader's own count is of where it
/// stopped before a record, which is above the empty lines and line endings that it skips.
struct Lines<'a> {
    below: &'a [u8],
    at: u64,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&Position>) -> u64 {
        let stopped = position.map_or(self.at, Position::byte);
        let ahead = usize::try_from(stopped.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let (passed, below) = self
            .below
            .split_at_checked(ahead)
            .unwrap_or((self.below, &[]));
        self.line += feeds(passed);
        (self.below, self.at) = (below, stopped);
        let skipped = below
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let (skipped, _) = below.split_at(skipped.count());
        self.line + feeds(skipped)
    }

    fn unreadable(&mut self, error: &csv::Error) -> TableError {
        let row = self.of(error.position());
        let what = match error.kind() {
            ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
            _ => error.to_string(),
        };
        TableError::Row { row, what }
    }
}

fn feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &[u8]) -> Result<Vec<(String, u8)>, String> {
        read(text, &["name", "number"], |row| {
            Ok((row.filled("name")?.to_owned(), row.number("number")?))
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_byte_order_mark_carriage_returns_and_spaces_make_no_difference() {
        let expected = Ok(vec![("a".to_owned(), 1), ("b, c".to_owned(), 2)]);
        for text in [
            "name,number\na,1\n\"b, c\",2\n",
            "\u{feff}name,number\r\na,1\r\n\"b, c\",2",
            " name , number\n\n a, 1 \n\n\"b, c\" ,2\n\n",
        ] {
            assert_eq!(numbers(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        for (text, expected) in [
            (&b""[..], "row 1: the columns must be name,number"),
            (
                b"number,name\n1,a\n",
                "row 1: the columns must be name,number",
            ),
            (b"name,number\n", "no rows below the heading"),
            (b"name,number\na,1\nb\n", "row 3: 1 columns, 2 expected"),
            (b"name,number\na,1,\n", "row 2: 3 columns, 2 expected"),
            (
                b"name,number\n\n\na,x\n",
                "row 4: number: \"x\" is not a number",
            ),
            (
                b"name,number\na,256\n",
                "row 2: number: \"256\" is not a number",
            ),
            (b"name,number\n\"a\nb\",1\n,2\n", "row 4: name is empty"),
            (b"name,number\na,1\n\xff,2\n", "row 3: is not UTF-8"),
            (b"\xff\xfen\0a\0", "row 1: is not UTF-8"),
        ] {
            assert_eq!(numbers(text).unwrap_err(), expected, "{text:?}");
        }
    }
}
