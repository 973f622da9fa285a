//! Reads a CSV file row by row: UTF-8 with or without a byte order mark, LF or CRLF, quoted
//! fields; columns by name, in any order. Memory is bounded whatever the file holds.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::ByteRecord;

use super::report::Report;

const NOT_UTF8: &str = "not UTF-8; save the file as \"CSV UTF-8\"";
/// Longest row, in bytes. A missing closing quote would otherwise swallow the rest of the file.
const MAX_ROW: usize = 64 * 1024;
/// Read-ahead of the CSV parser, in bytes.
const BUFFER: usize = 64 * 1024;

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) limits: Limits,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Least number of characters.
    pub min: usize,
    /// Greatest number of characters.
    pub max: usize,
}

/// A CSV file whose header was understood.
pub(super) struct Table<R> {
    csv: csv::Reader<Lines<R>>,
    budget: Rc<Cell<usize>>,
    /// Position in the file of each known column, in the order they were asked for.
    places: Vec<Option<usize>>,
    columns: &'static [Column],
    width: usize,
    record: ByteRecord,
}

/// One row: its line and its fields in the order the columns were asked for. Outer white space is
/// removed; a column that the file does not have is empty.
pub(super) struct Row<'t> {
    pub(super) line: u64,
    fields: Vec<&'t str>,
}

impl<'t> Row<'t> {
    pub(super) fn field(&self, column: usize) -> &'t str {
        self.fields.get(column).copied().unwrap_or_default()
    }
}

/// What the next line of a file was.
pub(super) enum Next<'t> {
    /// A row without problems of form.
    Row(Row<'t>),
    /// A row with problems, which are in the report.
    Refused,
    /// The end, or a place after which nothing can be read, which is in the report.
    End,
}

impl<R: Read> Table<R> {
    /// Reads the header. `None` if it is not understood; why is in the report.
    pub(super) fn open(
        file: R,
        columns: &'static [Column],
        report: &mut Report,
    ) -> io::Result<Option<Self>> {
        let budget = Rc::new(Cell::new(MAX_ROW));
        let lines = Lines {
            inner: file,
            budget: Rc::clone(&budget),
            last: None,
        };
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(lines);
        let mut table = Self {
            csv,
            budget,
            places: vec![None; columns.len()],
            columns,
            width: 0,
            record: ByteRecord::new(),
        };
        if !table.advance(report)? {
            if report.is_clean() {
                report.add(
                    None,
                    None,
                    format!("the file is empty; expected {}", names(columns)),
                );
            }
            return Ok(None);
        }
        table.read_header(report);
        Ok(report.is_clean().then_some(table))
    }

    fn read_header(&mut self, report: &mut Report) {
        let line = self.line();
        if self
            .record
            .iter()
            .any(|name| std::str::from_utf8(name).is_err() || name.contains(&0))
        {
            report.add(line, None, NOT_UTF8);
            return;
        }
        self.width = self.record.len();
        for (place, name) in self.record.iter().enumerate() {
            let name = String::from_utf8_lossy(name).trim().to_lowercase();
            let known = self.columns.iter().position(|column| column.name == name);
            match known.and_then(|known| Some((known, self.places.get_mut(known)?))) {
                Some((_, slot @ None)) => *slot = Some(place),
                Some((known, Some(_))) => {
                    let column = self.columns.get(known).map(|column| column.name);
                    report.add(line, column, "this column occurs twice");
                }
                None => {
                    let shown: String = name.chars().take(40).collect();
                    let reason =
                        format!("unknown column {shown:?}; expected {}", names(self.columns));
                    report.add(line, None, reason);
                }
            }
        }
        for (column, place) in self.columns.iter().zip(&self.places) {
            if column.required && place.is_none() {
                report.add(line, Some(column.name), "this column is missing");
            }
        }
    }

    /// Reads the next row.
    pub(super) fn next(&mut self, report: &mut Report) -> io::Result<Next<'_>> {
        // Spreadsheets keep empty rows as separators alone.
        loop {
            if !self.advance(report)? {
                return Ok(Next::End);
            }
            if self
                .record
                .iter()
                .any(|field| !field.trim_ascii().is_empty())
            {
                break;
            }
        }
        report.rows += 1;
        let line = self.line();
        if self.record.len() != self.width {
            let (expected, found) = (self.width, self.record.len());
            report.add(
                line,
                None,
                format!("expected {expected} fields, found {found}"),
            );
            return Ok(Next::Refused);
        }
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut holds = true;
        for (column, place) in self.columns.iter().zip(&self.places) {
            let bytes = place
                .and_then(|place| self.record.get(place))
                .unwrap_or_default();
            match check_field(bytes, column) {
                Ok(field) => fields.push(field),
                Err(reason) => {
                    report.add(line, Some(column.name), reason);
                    holds = false;
                }
            }
        }
        let line = line.unwrap_or_default();
        Ok(if holds {
            Next::Row(Row { line, fields })
        } else {
            Next::Refused
        })
    }

    /// Reads a record. False at the end, also at the end forced by an overlong row.
    fn advance(&mut self, report: &mut Report) -> io::Result<bool> {
        self.budget.set(MAX_ROW + BUFFER);
        match self.csv.read_byte_record(&mut self.record) {
            Ok(found) => Ok(found),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    let line = Some(self.csv.position().line());
                    let reason = format!(
                        "the row is longer than {MAX_ROW} bytes; is a closing quote missing before?"
                    );
                    report.add(line, None, reason);
                    Ok(false)
                }
                csv::ErrorKind::Io(error) => Err(error),
                other => Err(io::Error::other(format!("{other:?}"))),
            },
        }
    }

    /// Line where the record just read begins. Where the parser stood before is no answer: empty lines are between.
    fn line(&self) -> Option<u64> {
        let fields = self.record.iter().flatten();
        let within = fields.filter(|byte| **byte == b'\n').count();
        let after = self.csv.position().line();
        after.checked_sub(1 + u64::try_from(within).ok()?)
    }
}

fn names(columns: &[Column]) -> String {
    let all: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let needed: Vec<&str> = columns
        .iter()
        .filter(|column| column.required)
        .map(|column| column.name)
        .collect();
    if all.len() == needed.len() {
        all.join(",")
    } else {
        format!("{} (required: {})", all.join(","), needed.join(","))
    }
}

fn check_field<'f>(bytes: &'f [u8], column: &Column) -> Result<&'f str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| NOT_UTF8.to_owned())?
        .trim();
    if text.chars().any(char::is_control) {
        return Err("contains a control character, a line break for example".to_owned());
    }
    let Limits { min, max } = column.limits;
    let found = text.chars().count();
    if found == 0 && min > 0 {
        return Err("is empty".to_owned());
    }
    if !(min..=max).contains(&found) {
        return Err(format!("expected {min} to {max} characters, found {found}"));
    }
    Ok(text)
}

/// Whether a spreadsheet would take `text` for a formula and compute it: rolls come from and go to
/// spreadsheets, and a voter's name must not run on the desk of whoever opens a list. The wide forms
/// count too.
pub(crate) fn is_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

/// The file with every line ended by one LF, the last one too, so that lines can be counted. Fails once more than
/// the budget was read since it was last set.
struct Lines<R> {
    inner: R,
    budget: Rc<Cell<usize>>,
    /// The last byte of the file that was read.
    last: Option<u8>,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            match self.budget.get().checked_sub(read) {
                Some(left) => self.budget.set(left),
                None => return Err(io::ErrorKind::FileTooLarge.into()),
            }
            let Some(found) = buffer.get_mut(..read) else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            if found.is_empty() {
                return Ok(self.end(buffer));
            }
            let mut written = 0;
            for place in 0..read {
                let byte = found.get(place).copied().unwrap_or_default();
                let before = self.last.replace(byte);
                if byte == b'\n' && before == Some(b'\r') {
                    continue;
                }
                if let Some(slot) = found.get_mut(written) {
                    *slot = if byte == b'\r' { b'\n' } else { byte };
                    written += 1;
                }
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

impl<R> Lines<R> {
    /// The end of a last line that has none.
    fn end(&mut self, buffer: &mut [u8]) -> usize {
        let ended = matches!(self.last, None | Some(b'\n' | b'\r'));
        match buffer.first_mut() {
            Some(slot) if !ended => {
                *slot = b'\n';
                self.last = Some(b'\n');
                1
            }
            _ => 0,
        }
    }
}
